"""What gold and a pipeline that never saw it disagree about, as questions that do not say which of them said what.

Gold that was read once has mistakes. Those that a pipeline trained on the other reports (`evaluation.folds`) does not
share are worth a second look, and the one who looks must not know whose reading is whose. The answers are applied by
`evaluation.verdicts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

from evaluation.context import quote, surface
from evaluation.marks import Link, Marked, Span, mark
from evaluation.match import fit, match_spans, pair
from ie.document import Document

Kind = Literal["BOUNDARY", "SPAN", "RELATION", "ATTRIBUTE"]
_ORDER: tuple[Kind, ...] = ("BOUNDARY", "SPAN", "RELATION", "ATTRIBUTE")
_WIDTH = 28
_WITH = 5
"""Relations of a span that are shown with it."""


@dataclass(frozen=True)
class Question:
    """One disagreement: `gold` stands in the gold now, `found` in the prediction; one of them is None but for BOUNDARY.

    The ends of a relation are gold spans on both sides. Of an ATTRIBUTE `gold` is the quantity. `options` of a BOUNDARY
    are the two spans in the order they are shown in.
    """

    at: int
    kind: Kind
    words: str
    gold: Span | Link | None = None
    found: Span | Link | None = None
    attribute: tuple[str, str] | None = None
    options: tuple[Span, ...] = ()

    @property
    def present(self) -> bool:
        """Whether what is asked about stands in the gold now."""
        if self.attribute and isinstance(self.gold, Span):
            return self.attribute in self.gold.attributes
        return self.gold is not None


@dataclass(frozen=True)
class Doubts:
    """The questions of a document in order of its text; `partner` is the gold span of each predicted one by its id."""

    questions: tuple[Question, ...]
    partner: Mapping[str, Span]
    predicted: Marked


def doubts(gold: Document, found: Document, *, min_score: float = 0.5) -> Doubts:
    """Return what `gold` and `found` disagree about; predictions with a score under `min_score` are not asked about.

    Spans with the attribute `Open` are left alone. Of spans that differ in their ends alone the ends are asked for.
    InputError when the prediction does not fit the gold text (`evaluation.marks.mark`).
    """
    text = gold.text
    wanted, given = mark(gold, text, gold=True), mark(found, text)
    matched = match_spans(wanted, given, mode="headline")
    cut = pair(matched.missed, matched.spurious, lambda a, b: fit(a, b, "overlap"))
    partner = {prediction.id: span for span, prediction in matched.pairs}
    asked = [_boundary(text, gold.name, *both) for both in cut.pairs]
    asked += [_span(text, span, gold=True, links=()) for span in cut.missed]
    asked += [_span(text, span, gold=False, links=given.links) for span in cut.spurious if _sure(span, min_score)]
    asked += _relations(text, wanted, given, partner, min_score)
    asked += [question for both in matched.pairs for question in _attributes(text, *both)]
    asked.sort(key=lambda question: (question.at, _ORDER.index(question.kind), question.words))
    return Doubts(tuple(asked), partner, given)


def _sure(item: Span | Link, limit: float) -> bool:
    return item.score is None or item.score >= limit


def _boundary(text: str, name: str, gold: Span, found: Span) -> Question:
    at = gold.chars[0][0]
    # Which comes first is drawn by name and place, so that it says nothing and is the same again.
    options = (gold, found) if crc32(f"{name} {at}".encode()) % 2 else (found, gold)
    shown = "  ".join(f"{letter}: {quote(text, o.chars, width=20)}" for letter, o in zip("AB", options, strict=True))
    return Question(at, "BOUNDARY", f"{gold.label} {shown}", gold, found, options=options)


def _span(text: str, span: Span, *, gold: bool, links: Sequence[Link]) -> Question:
    words = f"{span.label} {quote(text, span.chars, width=_WIDTH)}"
    own = [link for link in links if span in (link.head, link.tail)][:_WITH]
    if own:
        words += f" [with {', '.join(_end(text, link, span) for link in own)}]"
    return Question(span.chars[0][0], "SPAN", words, span if gold else None, None if gold else span)


def _end(text: str, link: Link, span: Span) -> str:
    other = link.tail if link.head == span else link.head
    return f"{link.type} {'to' if link.head == span else 'from'} {surface(text, other.chars)[:40]}"


def _relations(
    text: str, wanted: Marked, given: Marked, partner: Mapping[str, Span], min_score: float
) -> Iterator[Question]:
    """Yield the relations that one side alone has, of spans that both have."""
    inside = set(partner.values())
    gold = {(link.type, link.head, link.tail): link for link in wanted.links}
    shared = [x for x in given.links if x.head.id in partner and x.tail.id in partner]
    found = {(x.type, partner[x.head.id], partner[x.tail.id]): x for x in shared}
    for key, link in gold.items():
        if key not in found and link.head in inside and link.tail in inside:
            yield _relation(text, link, wanted, gold=True)
    for key, link in found.items():
        if key not in gold and _sure(link, min_score):
            yield _relation(text, replace(link, head=key[1], tail=key[2]), wanted, gold=False)


def _relation(text: str, link: Link, wanted: Marked, *, gold: bool) -> Question:
    head, tail = quote(text, link.head.chars, width=22), quote(text, link.tail.chars, width=14)
    words = f"{link.type} {head} → {tail}"
    others = [x.tail for x in wanted.links if x.type == link.type and x.head == link.head and x.tail != link.tail]
    if others:
        words += f" [its other {link.type}: {'; '.join(surface(text, span.chars)[:40] for span in others)}]"
    return Question(link.head.chars[0][0], "RELATION", words, link if gold else None, None if gold else link)


def _attributes(text: str, gold: Span, found: Span) -> Iterator[Question]:
    for name, value in sorted({*gold.attributes} ^ {*found.attributes}):
        words = f"{f'{name}={value}' if value else name} {quote(text, gold.chars)}"
        yield Question(gold.chars[0][0], "ATTRIBUTE", words, gold, attribute=(name, value))


def sheet(document: Document, found: Doubts) -> str:
    """Return what the one who decides reads: the text, its lines numbered, and the numbered questions."""
    lines = [f"L{number}| {line}" for number, line in enumerate(document.text.split("\n"), 1) if line.strip()]
    asked = [
        f"{number} {question.kind} L{document.text.count(chr(10), 0, question.at) + 1} {question.words}"
        for number, question in enumerate(found.questions, 1)
    ]
    return "\n".join([f"# {document.name}", *lines, "", "## Questions", *asked, ""])
