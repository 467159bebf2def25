"""What the report page shows beyond scores: confusion, effects of length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evaluation.limits import Limits
from evaluation.marks import Span, mark
from evaluation.match import match_spans, token_cover, tokens
from evaluation.mistakes import mistakes
from evaluation.scores import Counts, Tally, total
from ie.document import Document

NOTHING = "nothing"
LENGTHS = ((1, 1), (2, 2), (3, 4), (5, 8), (9, 16), (17, 10**9))
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
