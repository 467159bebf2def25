"""What the report page shows beyond scores: confusion, reliability of the system's scores, effects of length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.limits import Limits
from evaluation.marks import Link, Span, mark
from evaluation.match import match_links, match_spans, token_cover, tokens
from evaluation.mistakes import mistakes
from evaluation.scores import Counts, Tally, total
from ie.document import Document

NOTHING = "nothing"
LENGTHS = ((1, 1), (2, 2), (3, 4), (5, 8), (9, 16), (17, 10**9))
BINS = 10
Pairs = Sequence[tuple[Document, Document]]


def confusion(pairs: Pairs) -> Counter[tuple[str, str]]:
    """Count `(gold label, predicted label)`, `nothing` on either side for what has no counterpart.

    Every span stands in one cell: right matches first, then what is left of both sides by shared characters. So a
    PLACE inside a PROJECT is never taken for a confusion of the two.
    """
    cells: Counter[tuple[str, str]] = Counter()
    for gold, found in pairs:
        wanted, given = mark(gold, gold.text, gold=True), mark(found, gold.text)
        cells.update((a.label, b.label) for a, b in match_spans(wanted, given, mode="headline").pairs)
        for mistake in mistakes(gold, found, reach=Limits({}, frozenset())):
            if isinstance(mistake.gold or mistake.found, Span):
                sides = (mistake.gold, mistake.found)
                cells[tuple(side.kind if side else NOTHING for side in sides)] += 1  # type: ignore[index]
    return cells


@dataclass(frozen=True)
class Bin:
    """Predictions whose score lies in one tenth: how many, their mean score, the share that is right."""

    size: int
    score: float
    right: float


def reliability(pairs: Pairs) -> dict[str, list[Bin]]:
    """Return the bins of `entities` and `relations` that hold predictions with a score, lowest first."""
    spans: list[tuple[float, bool]] = []
    links: list[tuple[float, bool]] = []
    for gold, found in pairs:
        wanted, given = mark(gold, gold.text, gold=True), mark(found, gold.text)
        by_span = match_spans(wanted, given, mode="headline")
        by_link = match_links(wanted, given, mode="headline")
        spans += [*_scored([b for _, b in by_span.pairs], right=True), *_scored(by_span.spurious, right=False)]
        links += [*_scored([b for _, b in by_link.pairs], right=True), *_scored(by_link.spurious, right=False)]
    return {"entities": _bins(spans), "relations": _bins(links)}


def _scored(items: Sequence[Span] | Sequence[Link], *, right: bool) -> list[tuple[float, bool]]:
    return [(item.score, right) for item in items if item.score is not None]


def _bins(scored: Sequence[tuple[float, bool]]) -> list[Bin]:
    members: dict[int, list[tuple[float, bool]]] = {}
    for score, right in scored:
        members.setdefault(min(int(score * BINS), BINS - 1), []).append((score, right))
    return [
        Bin(len(found), sum(s for s, _ in found) / len(found), sum(r for _, r in found) / len(found))
        for _, found in sorted(members.items())
    ]


def by_length(pairs: Pairs) -> dict[str, Counts]:
    """Count exact spans by their length in tokens: gold ones found or missed, spurious ones by their own length."""
    cells: dict[str, list[Counts]] = {_range(*bounds): [] for bounds in LENGTHS}
    for gold, found in pairs:
        wanted, given = mark(gold, gold.text, gold=True), mark(found, gold.text)
        cut = tokens(gold.text)
        matching = match_spans(wanted, given, mode="exact")
        for items, one in (
            ([a for a, _ in matching.pairs], Counts(tp=1)),
            (matching.missed, Counts(fn=1)),
            (matching.spurious, Counts(fp=1)),
        ):
            for span in items:
                cells[_bucket(sum(token_cover([span], cut).values()))].append(one)
    return {name: total(counts) for name, counts in cells.items()}


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}+" if high > 1000 else f"{low}–{high}"


def _bucket(size: int) -> str:
    return next(_range(low, high) for low, high in LENGTHS if low <= size <= high)


def by_document(gold: Sequence[Document], tallies: dict[str, Tally]) -> list[tuple[int, float, float]]:
    """Return for each document its length in tokens and headline F1 of entities and relations (nan for none)."""
    rows = []
    for document in gold:
        found = [total(tallies[document.name][f"{part}.headline"].values()).f1 for part in ("entities", "relations")]
        entities, relations = (float("nan") if f1 is None else f1 for f1 in found)
        rows.append((len(tokens(document.text)), entities, relations))
    return rows
