"""Puts pieces into characters: the text of a document, a box for each character, its regions and pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ie.layout import Layout, Page, Region
from ie.read.pdf.notes import Note
from ie.read.pdf.order import Piece
from ie.read.pdf.paragraphs import Habit, goes_on
from ie.read.pdf.sheet import Sheet
from ie.read.pdf.strips import Strip

_NO_BOX = np.full((1, 4), np.nan, dtype=np.float32)


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

    def page(self, sheet: Sheet, pieces: Sequence[Piece], notes: Sequence[Note], left_out: Sequence[tuple[Strip, str]]) -> None:
        """Write one page: its text, its footnotes, then page number and running heads."""
        start = self.size
        for piece in pieces:
            self._piece(piece)
        for note in notes:
            self._note(note)
        for strip, kind in left_out:
            begin = self.size
            self._strip(strip)
            self._close(Region(begin, self.size, kind))
        self._raw("\f")
        self.pages.append(
            Page(sheet.number, start, self.size, *(round(side, 2) for side in sheet.shown), sheet.confidence)
        )

    def layout(self) -> Layout:
        """Return what is known beyond the characters."""
        boxes = np.concatenate(self.boxes) if self.boxes else np.zeros((0, 4), dtype=np.float32)
        return Layout(tuple(self.pages), tuple(self.regions), boxes)

    def _raw(self, text: str) -> None:
        self.text.append(text)
        self.boxes.append(np.repeat(_NO_BOX, len(text), axis=0))
        self.size += len(text)

    def _strip(self, strip: Strip) -> None:
        self.places[id(strip)] = self.size
        self.text.append(strip.text)
        self.boxes.append(strip.shown)
        self.size += len(strip.text)

    def _close(self, region: Region) -> None:
        self.regions.append(region)
        self._raw("\n")

    def _piece(self, piece: Piece) -> None:
        joined = self.last is not None and goes_on(self.last, piece, self.usual, self.alone)
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
            self._strip(strip)
        call = None
        if note.call is not None and note.call[0] in self.places:
            at = self.places[note.call[0]]
            call = (at + note.call[1], at + note.call[2])
        self._close(Region(begin, self.size, "footnote", note.mark, call, continues=not note.mark))
