"""Whether a system's scores mean what they say: bins of scores against the share that was right, and their distance.

Expected calibration error: the mean distance between the mean score of a bin and the share of its predictions that are
right, weighted by how many the bin holds. Predictions are judged by headline matching.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.marks import mark
from evaluation.match import match_links, match_spans
from ie.document import Document

BINS = 10
CUTS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Values of `--min-score` that results show."""
KINDS = ("entities", "relations")
Pairs = Sequence[tuple[Document, Document]]
Scored = list[tuple[float, bool]]


@dataclass(frozen=True)
class Bin:
    """Predictions whose score lies in one tenth: how many, their mean score, the share that is right."""

    size: int
    score: float
    right: float


def binned(scored: Scored) -> list[Bin]:
    """Return the bins that hold something, lowest first."""
    members: dict[int, Scored] = defaultdict(list)
    for score, right in scored:
        members[min(int(score * BINS), BINS - 1)].append((score, right))
    return [
        Bin(len(found), sum(s for s, _ in found) / len(found), sum(r for _, r in found) / len(found))
        for _, found in sorted(members.items())
    ]


def error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error; None without predictions."""
    size = sum(one.size for one in bins)
    return sum(one.size * abs(one.score - one.right) for one in bins) / size if size else None


def reliability(pairs: Pairs) -> dict[str, Any]:
    """Return for `entities` and `relations` the bins, the error and what each cut keeps, over all and by name.

    Empty when the system gives no scores.
    """
    found: dict[str, dict[str, Scored]] = {kind: defaultdict(list) for kind in KINDS}
    gold = dict.fromkeys(KINDS, 0)
    for wanted, given in pairs:
        for kind, name, score, right in _judged(wanted, given):
            found[kind][name].append((score, right))
        for kind, size in zip(KINDS, _support(wanted), strict=True):
            gold[kind] += size
    return {kind: _table(names, gold[kind]) for kind, names in found.items() if names}


def _judged(gold: Document, found: Document) -> Iterator[tuple[str, str, float, bool]]:
    """Yield kind, label or type, score and truth of every scored prediction."""
    wanted, given = mark(gold, gold.text, gold=True), mark(found, gold.text)
    matchings = (match_spans(wanted, given, mode="headline"), match_links(wanted, given, mode="headline"))
    for kind, matching in zip(KINDS, matchings, strict=True):
        for right, items in ((True, [b for _, b in matching.pairs]), (False, matching.spurious)):
            yield from ((kind, item.kind, item.score, right) for item in items if item.score is not None)


def _support(gold: Document) -> tuple[int, int]:
    wanted = mark(gold, gold.text, gold=True)
    return len(wanted.spans), len(wanted.links)


def _table(names: dict[str, Scored], gold: int) -> dict[str, Any]:
    whole = [answer for scored in names.values() for answer in scored]
    return {
        "all": _entry(whole),
        "names": {name: _entry(scored) for name, scored in sorted(names.items())},
        "cuts": [[cut, *_kept(whole, cut), gold] for cut in CUTS],
    }


def _entry(scored: Scored) -> dict[str, Any]:
    bins = binned(scored)
    distance = error(bins)
    return {
        "error": None if distance is None else round(distance, 4),
        "score": round(sum(score for score, _ in scored) / len(scored), 4),
        "right": round(sum(right for _, right in scored) / len(scored), 4),
        "bins": [[one.size, round(one.score, 4), round(one.right, 4)] for one in bins],
    }


def _kept(scored: Scored, cut: float) -> tuple[int, int]:
    """Return how many predictions of at least that score are right and wrong."""
    kept = [right for score, right in scored if score >= cut]
    return sum(kept), len(kept) - sum(kept)
