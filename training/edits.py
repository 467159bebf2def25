"""Change a document's text and carry its annotation along exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ie.document import Document, Entity, Fragment, fragments_text


class Edit(NamedTuple):
    """Replace `[start, end)` of the old text by `text`; `start == end` inserts."""

    start: int
    end: int
    text: str


def apply(document: Document, edits: Sequence[Edit]) -> Document:
    """Return the document with the edits made; of edits that overlap the first in the text is made.

    An edit must lie inside a fragment, cover it, or lie outside; one that would cross a fragment's edge is left out. An
    insertion at a fragment's edge stays outside it.
    """
    edges = sorted({edge for e in document.entities for fragment in e.fragments for edge in fragment})
    chosen: list[Edit] = []
    for edit in sorted(edits):
        if chosen and edit.start < chosen[-1].end:
            continue
        if any(edit.start < edge < edit.end for edge in _between(edges, edit)):
            continue
        chosen.append(edit)
    if not chosen:
        return document
    text, move = _moved(document.text, chosen)
    entities = tuple(_entity(entity, text, move) for entity in document.entities)
    return replace(document, text=text, entities=entities)


def _between(edges: list[int], edit: Edit) -> list[int]:
    return edges[bisect_right(edges, edit.start) : bisect_right(edges, edit.end)]


class _Move:
    """Maps old offsets to new ones."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.starts = [edit.start for edit in edits]
        self.edits = edits
        self.shift = [0]
        for edit in edits:
            self.shift.append(self.shift[-1] + len(edit.text) - (edit.end - edit.start))

    def start(self, offset: int) -> int:
        """Return where a span that started at `offset` starts: after what was inserted there."""
        count = bisect_right(self.starts, offset)
        if count and self.edits[count - 1].start == offset and self.edits[count - 1].end > offset:
            count -= 1
        return offset + self.shift[count]

    def end(self, offset: int) -> int:
        """Return where a span that ended at `offset` ends: before what was inserted there."""
        count = bisect_right(self.starts, offset - 1)
        return offset + self.shift[count]


def _moved(text: str, edits: Sequence[Edit]) -> tuple[str, _Move]:
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]]), _Move(edits)


def _entity(entity: Entity, text: str, move: _Move) -> Entity:
    fragments: tuple[Fragment, ...] = tuple((move.start(start), move.end(end)) for start, end in entity.fragments)
    return replace(entity, fragments=fragments, text=fragments_text(text, fragments))
