"""Puts pieces into characters: the text of a document, a box for each character, its regions and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ie.layout import Layout, Page, Region
from ie.read.pdf.furniture import furniture
from ie.read.pdf.heads import last_table, mark_torn, split_repeated
from ie.read.pdf.notes import Note, split_notes, tie, tie_recognised
from ie.read.pdf.order import edges, ordered
from ie.read.pdf.paragraphs import Habit, body_size, goes_on, habit
from ie.read.pdf.piece import Piece
from ie.read.pdf.sheet import Cells, Sheet
from ie.read.pdf.strips import Strip

_NO_BOX = np.full((1, 5), np.nan, dtype=np.float32)


@dataclass
class Part:
    """One page in reading order: pieces, footnotes, repeated heads of tables, lines to leave out with their kind."""

    sheet: Sheet
    pieces: list[Piece]
    notes: list[Note]
    left_out: list[tuple[Strip, str]]
    repeated: list[Piece] = field(default_factory=list)


class Writer:
    """Writes the pages of a document one after the other."""

    def __init__(self, usual: Habit) -> None:
        self.usual = usual
        self.text: list[str] = []
        self.boxes: list[np.ndarray] = []
        self.size = 0
        self.regions: list[Region] = []
        self.pages: list[Page] = []
        self.last: Piece | None = None
        self.alone = True
        self.places: dict[int, int] = {}
        """Id of a strip -> offset of its first character."""

    def page(self, part: Part) -> None:
        """Write one page: its text, its footnotes, then repeated heads, page number and running heads."""
        start, sheet = self.size, part.sheet
        for piece in part.pieces:
            self._piece(piece)
        for note in part.notes:
            self._note(note)
        for piece in part.repeated:
            begin = self.size
            self._row(piece)
            self._close(Region(begin, self.size, "running head"))
        for strip, kind in part.left_out:
            begin = self.size
            self._strip(strip)
            self._close(Region(begin, self.size, kind))
        self._raw("\f")
        width, height = (round(side, 2) for side in sheet.shown)
        self.pages.append(Page(sheet.number, start, self.size, width, height, sheet.confidence))

    def layout(self) -> Layout:
        """Return what is known beyond the characters."""
        known = np.concatenate(self.boxes) if self.boxes else np.zeros((0, 5), dtype=np.float32)
        sure = known[:, 4] if any(page.confidence is not None for page in self.pages) else None
        return Layout(tuple(self.pages), tuple(self.regions), known[:, :4], sure)

    def _raw(self, text: str) -> None:
        self.text.append(text)
        self.boxes.append(np.repeat(_NO_BOX, len(text), axis=0))
        self.size += len(text)

    def _strip(self, strip: Strip, mark: int = 0) -> None:
        """Write a line; a footnote's mark of `mark` characters is set off by a blank from a word glued to it."""
        self.places[id(strip)] = self.size
        self._boxed(strip.text[:mark], strip.shown[:mark])
        if mark and strip.text[mark : mark + 1].isalpha():
            self._raw(" ")
        self._boxed(strip.text[mark:], strip.shown[mark:])

    def _boxed(self, text: str, boxes: np.ndarray) -> None:
        self.text.append(text)
        self.boxes.append(boxes)
        self.size += len(text)

    def _close(self, region: Region) -> None:
        self.regions.append(region)
        self._raw("\n")

    def _piece(self, piece: Piece) -> None:
        joined = piece.torn or (self.last is not None and goes_on(self.last, piece, self.usual, self.alone))
        begin = self.size
        if piece.cells:
            self._row(piece)
        else:
            for index, strip in enumerate(piece.strips):
                if index:
                    self._raw(" ")
                self._strip(strip)
        self.alone = not joined
        kind = "paragraph" if piece.kind == "text" else piece.kind
        if joined and self.last is not None and self.last.page == piece.page:
            self.regions[-1] = Region(self.regions[-1].start, self.size, kind, continues=self.regions[-1].continues)
            self._raw("\n")
        else:
            self._close(Region(begin, self.size, kind, continues=joined))
        self.last = piece

    def _row(self, piece: Piece) -> None:
        """Write the cells of a row between bars, the lines of a cell below each other."""
        self._raw("|")
        for cell in piece.cells:
            self._raw(" ")
            for index, strip in enumerate(cell):
                if index:
                    self._raw("\n")
                self._strip(strip)
            self._raw(" |")

    def _note(self, note: Note) -> None:
        begin = self.size
        for index, strip in enumerate(note.strips):
            if index:
                self._raw("\n")
            self._strip(strip, len(note.mark) if not index and strip.text.startswith(note.mark) else 0)
        call = None
        if note.call is not None and note.call[0] in self.places:
            at = self.places[note.call[0]]
            call = (at + note.call[1], at + note.call[2])
        self._close(Region(begin, self.size, "footnote", note.mark, call, continues=not note.mark))


def written(sheets: Sequence[Sheet]) -> tuple[str, Layout]:
    """Return the text of a document and its layout."""
    left_out = furniture(sheets)
    size = body_size((strip.size, len(strip.text)) for sheet in sheets for strip in sheet.strips)
    right = _right_edges(sheets)
    parts: list[Part] = []
    above: Sequence[Cells] = ()
    for sheet in sheets:
        part = _part(sheet, left_out.get(sheet.number, {}), size, right[round(sheet.size[0])])
        kept, again = split_repeated(part.pieces, above)
        part.pieces = kept
        part.repeated = again
        mark_torn(parts[-1].pieces if parts else (), kept)
        above = last_table(kept, above)
        parts.append(part)
    writer = Writer(habit([piece for part in parts for piece in part.pieces]))
    for part in parts:
        writer.page(part)
    return "".join(writer.text), writer.layout()


def _right_edges(sheets: Sequence[Sheet]) -> dict[int, float]:
    """Return the right edge of the text on pages of each width."""
    strips: dict[int, list[Strip]] = {}
    for sheet in sheets:
        strips.setdefault(round(sheet.size[0]), []).extend(sheet.strips)
    return {width: edges(group)[1] for width, group in strips.items()}


def _part(sheet: Sheet, known: Mapping[int, str], size: float, right: float) -> Part:
    kept = [strip for index, strip in enumerate(sheet.strips) if index not in known]
    if sheet.confidence is not None:
        # Type sizes of a recognised page are only measured against each other.
        size = body_size((strip.size, len(strip.text)) for strip in sheet.strips)
    body, notes = split_notes(sheet, kept, size)
    pieces = ordered(sheet, body, usual=right)
    tie(notes, pieces)
    if sheet.confidence is not None:
        tie_recognised(notes, pieces)
    return Part(sheet, pieces, notes, [(sheet.strips[index], kind) for index, kind in sorted(known.items())])
