"""Which predicted span or relation answers which gold one.

Matching is one to one and greedy: among items of one label or type, the pair that shares most characters goes first.
An exact pair shares all of its characters and never loses its place to another. Every gold item is found or missed,
every predicted item answers one or is spurious; only what leans on an `Open` gold span is set aside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from evaluation.marks import Link, Marked, Span, shared
from ie.document import Fragment
from ie.schema import schema

Mode = Literal["exact", "overlap", "headline"]
MODES: tuple[Mode, ...] = ("exact", "overlap", "headline")
"""`headline`: exact for the schema's core labels, overlap for the others (INDICATOR, PERIOD)."""

Item = TypeVar("Item", Span, Link)

# Letters with their combining marks, digits, or one mark of punctuation: no system's own tokenizer is favoured.
_TOKEN = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+|\d+|\S")


@dataclass(frozen=True)
class Matching(Generic[Item]):
    """The outcome: `pairs` of (gold, predicted), gold `missed`, predicted `spurious`, predicted `ignored`."""

    pairs: tuple[tuple[Item, Item], ...]
    missed: tuple[Item, ...]
    spurious: tuple[Item, ...]
    ignored: tuple[Item, ...] = ()


def fit(gold: Span, found: Span, mode: Mode) -> int:
    """Return how many characters two spans share, 0 when `found` is no answer to `gold` in this mode."""
    if gold.label != found.label:
        return 0
    if mode == "exact" or (mode == "headline" and schema().labels[gold.label].core):
        return gold.size if gold.chars == found.chars else 0
    return shared(gold.chars, found.chars)


def fit_links(gold: Link, found: Link, mode: Mode) -> int:
    """Return how many characters two links share at their ends, 0 when type or either end does not fit."""
    if gold.type != found.type:
        return 0
    head = fit(gold.head, found.head, mode)
    tail = fit(gold.tail, found.tail, mode) if head else 0
    return head + tail if tail else 0


def pair(gold: Sequence[Item], found: Sequence[Item], weigh: Callable[[Item, Item], int]) -> Matching[Item]:
    """Match one to one, heaviest pair first; ties go to the closer extent, then to the earlier in the text."""
    edges = []
    rivals: dict[str, list[int]] = defaultdict(list)
    for j, item in enumerate(found):
        rivals[item.kind].append(j)
    for i, wanted in enumerate(gold):
        for j in rivals[wanted.kind]:
            weight = weigh(wanted, found[j])
            if weight:
                apart = wanted.size + found[j].size - 2 * weight
                edges.append((-weight, apart, wanted.key, found[j].key, i, j))
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in sorted(edges):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return Matching(
        tuple((gold[i], found[j]) for i, j in sorted(partner.items())),
        tuple(item for i, item in enumerate(gold) if i not in partner),
        tuple(item for j, item in enumerate(found) if j not in taken),
    )


def match_spans(gold: Marked, found: Marked, *, mode: Mode) -> Matching[Span]:
    """Match the spans of two documents; unmatched predictions over an `Open` span of their label are ignored."""
    matching = pair(gold.spans, found.spans, lambda a, b: fit(a, b, mode))
    ignored = tuple(span for span in matching.spurious if _leans_on(gold.open, span))
    spurious = tuple(span for span in matching.spurious if not _leans_on(gold.open, span))
    return Matching(matching.pairs, matching.missed, spurious, ignored)


def match_links(gold: Marked, found: Marked, *, mode: Mode) -> Matching[Link]:
    """Match the relations of two documents.

    Unmatched predictions with an end that is itself ignored, or that answer a gold relation of an `Open` span, are
    ignored.
    """
    matching = pair(gold.links, found.links, lambda a, b: fit_links(a, b, mode))
    aside = {span.id for span in match_spans(gold, found, mode=mode).ignored} if gold.open else set()

    def free(link: Link) -> bool:
        answers = any(fit_links(other, link, "overlap") for other in gold.open_links)
        return answers or bool({link.head.id, link.tail.id} & aside)

    ignored = tuple(link for link in matching.spurious if free(link))
    spurious = tuple(link for link in matching.spurious if not free(link))
    return Matching(matching.pairs, matching.missed, spurious, ignored)


def match_links_given_spans(gold: Marked, found: Marked, *, mode: Mode = "headline") -> Matching[Link]:
    """Match relations among spans that both sides have, so that missed and invented spans weigh nothing.

    Gold relations take part when a predicted span fits each end, predicted ones when each end fits a gold span.
    """
    wanted = [x for x in gold.links if _answered(x.head, found, mode) and _answered(x.tail, found, mode)]
    aside = {link.id for link in match_links(gold, found, mode=mode).ignored}
    known = [x for x in found.links if _called_for(x.head, gold, mode) and _called_for(x.tail, gold, mode)]
    given = [x for x in known if x.id not in aside]
    return pair(wanted, given, lambda a, b: fit_links(a, b, mode))


def _leans_on(open_spans: Iterable[Span], span: Span) -> bool:
    return any(fit(gold, span, "overlap") for gold in open_spans)


def _answered(span: Span, found: Marked, mode: Mode) -> bool:
    return any(fit(span, other, mode) for other in found.spans)


def _called_for(span: Span, gold: Marked, mode: Mode) -> bool:
    return any(fit(other, span, mode) for other in gold.spans)


def tokens(text: str) -> list[Fragment]:
    """Cut the text into the scorer's own tokens: letter runs, digit runs, single other characters."""
    return [match.span() for match in _TOKEN.finditer(text)]


def token_cover(spans: Iterable[Span], cut: Sequence[Fragment]) -> Counter[tuple[str, int]]:
    """Count for each `(label, token)` how many spans touch the token; nested spans of one label count twice."""
    ends = [end for _, end in cut]
    cover: Counter[tuple[str, int]] = Counter()
    for span in spans:
        touched = set()
        for start, end in span.chars:
            index = bisect_right(ends, start)
            while index < len(cut) and cut[index][0] < end:
                touched.add(index)
                index += 1
        cover.update((span.label, index) for index in touched)
    return cover


def token_counts(gold: Marked, found: Marked, cut: Sequence[Fragment]) -> dict[str, tuple[int, int, int]]:
    """Return `(tp, fp, fn)` in tokens for each label; tokens of `Open` gold spans are no false positives."""
    wanted, given = token_cover(gold.spans, cut), token_cover(found.spans, cut)
    free = token_cover(gold.open, cut)
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for cell in wanted | given:
        both = min(wanted[cell], given[cell])
        counts = totals[cell[0]]
        counts[0] += both
        counts[1] += given[cell] - both if not free[cell] else 0
        counts[2] += wanted[cell] - both
    return {label: (tp, fp, fn) for label, (tp, fp, fn) in totals.items()}
