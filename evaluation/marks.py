"""What is judged: spans as sets of source characters, and typed links between two such spans.

A span is known by its label and the characters it covers that are not white space, so a span cut at a line end and the
same span uncut are one. `mark` turns a document, gold or predicted, into this form and refuses what does not fit the
source text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ie.document import Document, Entity, Fragment
from ie.errors import InputError
from ie.read.plain import canonical_text
from ie.schema import schema

Chars = tuple[Fragment, ...]
"""Runs `[start, end)` of source characters that are not white space, in order, none touching the next."""


@dataclass(frozen=True)
class Span:
    """A labelled set of source characters; `score` is the system's confidence, None for gold."""

    id: str
    label: str
    chars: Chars
    score: float | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """The label: only spans of one kind are ever matched."""
        return self.label

    @cached_property
    def size(self) -> int:
        """Number of characters covered."""
        return sum(end - start for start, end in self.chars)

    @property
    def key(self) -> tuple[str, Chars]:
        """What makes two spans the same."""
        return self.label, self.chars


@dataclass(frozen=True)
class Link:
    """A directed relation between two spans."""

    id: str
    type: str
    head: Span
    tail: Span
    score: float | None = None

    @property
    def kind(self) -> str:
        """The relation type: only links of one kind are ever matched."""
        return self.type

    @property
    def size(self) -> int:
        """Number of characters of both ends."""
        return self.head.size + self.tail.size

    @property
    def key(self) -> tuple[str, tuple[str, Chars], tuple[str, Chars]]:
        """What makes two links the same."""
        return self.type, self.head.key, self.tail.key


@dataclass(frozen=True)
class Marked:
    """A document as it is judged. `open` holds gold spans that count neither when found nor when missed.

    `open_links` holds the gold relations that touch one of them.
    """

    name: str
    spans: tuple[Span, ...]
    links: tuple[Link, ...]
    open: tuple[Span, ...] = ()
    open_links: tuple[Link, ...] = ()


def ink(text: str, fragments: Iterable[Fragment]) -> Chars:
    """Return the characters of the fragments that are not white space, as merged runs."""
    covered = sorted({at for start, end in fragments for at in range(start, end) if not text[at].isspace()})
    runs: list[list[int]] = []
    for at in covered:
        if runs and runs[-1][1] == at:
            runs[-1][1] = at + 1
        else:
            runs.append([at, at + 1])
    return tuple((start, end) for start, end in runs)


def shared(first: Sequence[Fragment], second: Sequence[Fragment]) -> int:
    """Return how many characters two spans have in common."""
    total = i = j = 0
    while i < len(first) and j < len(second):
        total += max(0, min(first[i][1], second[j][1]) - max(first[i][0], second[j][0]))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return total


def mark(document: Document, text: str, *, gold: bool = False) -> Marked:
    """Return the document as it is judged against a gold `text`.

    With `gold`, spans with the attribute `Open` are set aside, and so are relations that touch one. Raises
    InputError for offsets beyond the text, spans of white space, spans whose own text is not what the source says
    there, unknown labels and relations, and relations whose ends are not in the document.
    """
    spans = {entity.id: _span(entity, document, text) for entity in document.entities}
    if len(spans) < len(document.entities) or len({r.id for r in document.relations}) < len(document.relations):
        raise InputError(f"{document.name}: two entities or two relations have the same id; give each its own")
    aside = {entity.id for entity in document.entities if gold and entity.has("Open")}
    links = [
        Link(relation.id, relation.type, spans[relation.head], spans[relation.tail], relation.score)
        for relation in document.relations
        if _ends_known(relation.id, relation.type, (relation.head, relation.tail), spans, document.name)
    ]
    return Marked(
        document.name,
        tuple(span for id, span in spans.items() if id not in aside),
        tuple(link for link in links if not {link.head.id, link.tail.id} & aside),
        tuple(span for id, span in spans.items() if id in aside),
        tuple(link for link in links if {link.head.id, link.tail.id} & aside),
    )


def _span(entity: Entity, document: Document, text: str) -> Span:
    where = f"{document.name}: {entity.id}"
    if entity.label not in schema().labels:
        raise InputError(f"{where}: unknown label {entity.label!r}; use one of {', '.join(schema().labels)}")
    chars = ink(text, _fragments(entity, document, text, where))
    if not chars:
        raise InputError(f"{where}: {entity.label} covers no character but white space; drop it")
    _check_text(entity, text, chars, where)
    return Span(entity.id, entity.label, chars, entity.score, entity.attributes)


def _fragments(entity: Entity, document: Document, text: str, where: str) -> tuple[Fragment, ...]:
    if not entity.source and document.text != text:
        raise InputError(f"{where}: has no source offsets, and its text is not the gold text; predict with `source`")
    fragments = entity.source or entity.fragments
    for start, end in fragments:
        if not 0 <= start <= end <= len(text):
            raise InputError(f"{where}: offsets {start}-{end} lie beyond the text ({len(text)} characters)")
    return fragments


def _check_text(entity: Entity, text: str, chars: Chars, where: str) -> None:
    if not entity.text:
        return
    # Readers write each letter one way (composed, `Đ` for its look-alikes); the file holds it as it was found.
    found = "".join(text[start:end] for start, end in chars)
    if _plain(found) != _plain("".join(entity.text.split())):
        raise InputError(f"{where}: says {entity.text!r} but its offsets hold {found!r}; predict on the same text")


def _plain(text: str) -> str:
    return canonical_text(text)[0]


def _ends_known(id: str, type: str, ends: tuple[str, str], spans: dict[str, Span], name: str) -> bool:
    if type not in schema().relations:
        raise InputError(f"{name}: {id}: unknown relation {type!r}; use one of {', '.join(schema().relations)}")
    for end in ends:
        if end not in spans:
            raise InputError(f"{name}: {id}: {type} names {end}, which is not among the entities")
    return True
