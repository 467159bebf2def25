"""Every miss and every spurious item under one cause, so that it is known where mending pays.

A missed gold item and the spurious prediction that stands in its place are one mistake. What no system on reflow,
tokenizer and candidate pairs could find (`evaluation.limits`) is told apart from what the model missed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evaluation.context import describe
from evaluation.limits import Limits, limits
from evaluation.marks import Link, Marked, Span, mark, shared
from evaluation.match import fit, match_links, match_spans, pair
from ie.document import Document

WRONG_END = {
    "HAS_UNIT": "wrong unit",
    "MEASURES": "wrong indicator",
    "IN_PERIOD": "wrong period",
    "LOCATED_IN": "wrong place",
    "BASED_ON": "wrong document",
    "FUNDED": "wrong amount",
    "RATIO_OF": "wrong whole",
    "PART_OF": "wrong whole",
}


@dataclass(frozen=True)
class Mistake:
    """A gold item missed, a predicted one that should not be, or both at once; `kind` is the gold's label if any."""

    cause: str
    document: str
    gold: Span | Link | None
    found: Span | Link | None

    @property
    def kind(self) -> str:
        """The label or relation type."""
        item = self.gold or self.found
        return item.kind if item else ""


def mistakes(gold: Document, found: Document, *, reach: Limits | None = None) -> list[Mistake]:
    """Return the mistakes of one document under headline matching; `reach` spares working out the limits."""
    wanted, given = mark(gold, gold.text, gold=True), mark(found, gold.text)
    reach = reach or limits(gold, wanted)
    return [*_span_mistakes(wanted, given, reach), *_link_mistakes(wanted, given, reach)]


def _span_mistakes(wanted: Marked, given: Marked, reach: Limits) -> Iterator[Mistake]:
    matching = match_spans(wanted, given, mode="headline")
    missed, spurious = list(matching.missed), list(matching.spurious)
    for span in [span for span in missed if span.id in reach.spans]:
        missed.remove(span)
        yield Mistake(reach.spans[span.id], wanted.name, span, None)
    for cause, rival in (("label", _same_chars), ("boundary", _same_label), ("label and boundary", _any_overlap)):
        for gold, answer in _partners(missed, spurious, rival):
            missed.remove(gold)
            spurious.remove(answer)
            yield Mistake(cause, wanted.name, gold, answer)
    for span in missed:
        yield Mistake("missed", wanted.name, span, None)
    for span in spurious:
        again = any(fit(other, span, "overlap") for other in wanted.spans)
        yield Mistake("found twice or in parts" if again else "invented", wanted.name, None, span)


def _same_chars(gold: Span, found: Span) -> int:
    return gold.size if gold.chars == found.chars else 0


def _same_label(gold: Span, found: Span) -> int:
    return fit(gold, found, "overlap")


def _any_overlap(gold: Span, found: Span) -> int:
    return shared(gold.chars, found.chars)


def _partners(
    missed: Sequence[Span], spurious: Sequence[Span], rival: Callable[[Span, Span], int]
) -> list[tuple[Span, Span]]:
    """Pair missed and spurious spans whatever their labels, by characters shared."""
    plain = [Span(str(i), "", span.chars) for i, span in enumerate(missed)]
    other = [Span(str(j), "", span.chars) for j, span in enumerate(spurious)]
    matching = pair(plain, other, lambda a, b: rival(missed[int(a.id)], spurious[int(b.id)]))
    return [(missed[int(a.id)], spurious[int(b.id)]) for a, b in matching.pairs]


def _link_mistakes(wanted: Marked, given: Marked, reach: Limits) -> Iterator[Mistake]:
    matching = match_links(wanted, given, mode="headline")
    spurious = list(matching.spurious)
    for link in matching.missed:
        cause, answer = _link_cause(link, given, spurious, reach)
        if answer is not None:
            spurious.remove(answer)
        yield Mistake(cause, wanted.name, link, answer)
    for link in spurious:
        ends = [any(fit(gold, end, "headline") for gold in wanted.spans) for end in (link.head, link.tail)]
        cause = "relation invented" if all(ends) else "relation of a wrong span"
        yield Mistake(cause, wanted.name, None, link)


def _link_cause(link: Link, given: Marked, spurious: Sequence[Link], reach: Limits) -> tuple[str, Link | None]:
    lost = [end for end in (link.head, link.tail) if not any(fit(end, span, "headline") for span in given.spans)]
    if lost:
        unreachable = [end for end in lost if end.id in reach.spans]
        return ("relation of an unreachable span" if unreachable else "relation of a missed span"), None
    if link.id in reach.pairs:
        return "relation pair never proposed", None
    for other in spurious:
        cause = _confusion(link, other)
        if cause:
            return cause, other
    return "relation missed", None


def _confusion(gold: Link, found: Link) -> str:
    """Name what is wrong when `found` stands in the place of `gold`, "" when it does not."""
    head, tail = fit(gold.head, found.head, "headline"), fit(gold.tail, found.tail, "headline")
    if head and tail:
        return "wrong relation type"
    if fit(gold.head, found.tail, "headline") and fit(gold.tail, found.head, "headline"):
        return "wrong direction"
    if gold.type != found.type:
        return ""
    return WRONG_END.get(gold.type, "wrong tail") if head else "wrong quantity or project" if tail else ""


def counted(found: Sequence[Mistake]) -> dict[str, dict[str, int]]:
    """Return how many mistakes of each cause there are, by label or relation type, the most frequent cause first."""
    table: dict[str, Counter[str]] = {}
    for mistake in found:
        table.setdefault(mistake.kind, Counter())[mistake.cause] += 1
    return {kind: dict(sorted(causes.items(), key=lambda p: (-p[1], p[0]))) for kind, causes in sorted(table.items())}


def written(found: Sequence[Mistake], texts: dict[str, str], *, examples: int) -> str:
    """Write the mistakes by cause, most frequent first, with a count by label and a few examples each."""
    lines = [f"{len(found)} mistakes"]
    causes: dict[str, list[Mistake]] = {}
    for mistake in found:
        causes.setdefault(mistake.cause, []).append(mistake)
    for cause, members in sorted(causes.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        kinds: dict[str, int] = {}
        for mistake in members:
            kinds[mistake.kind] = kinds.get(mistake.kind, 0) + 1
        shown = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items(), key=lambda p: (-p[1], p[0])))
        lines.append(f"\n{cause}: {len(members)} ({shown})")
        lines += [line for mistake in members[:examples] for line in _example(mistake, texts[mistake.document])]
    return "\n".join(lines) + "\n"


def _example(mistake: Mistake, text: str) -> Iterator[str]:
    if mistake.gold is not None:
        yield f"  {mistake.document}: gold {describe(mistake.gold, text)}"
    if mistake.found is not None:
        lead = "    " if mistake.gold is not None else f"  {mistake.document}: "
        yield f"{lead}found {describe(mistake.found, text)}"
