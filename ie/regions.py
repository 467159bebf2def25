"""Reflow by regions: the reader saw paragraphs, rows, footnotes and running heads; they are only put in order here.

Lines of a region become one block. A region that `continues` goes on with the last one of its sort, over the footnotes
and running heads of a page break. A footnote stands after the block that calls it, its marker left out of the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ie import lines as look
from ie.blocks import Reflowed, Writer, kind_of
from ie.layout import DROPPED_KINDS, Region
from ie.lines import Line


@dataclass
class _Piece:
    """One block to be written: its regions in order of the source, and the footnotes that stand after it."""

    regions: list[Region]
    notes: list[_Piece] = field(default_factory=list)

    @property
    def first(self) -> Region:
        return self.regions[0]


def from_regions(source: str, regions: Sequence[Region]) -> Reflowed:
    """Return the text of the regions; what stands outside all of them is kept as paragraphs."""
    body, notes, dropped = _pieces(list(_whole(source, regions)))
    leading = _tie(body, notes)
    calls = {note.first.call[0]: (note.first.mark, note.first.call[1]) for note in notes if note.first.call is not None}
    writer = Writer(source, calls)
    for note in leading:
        _write_note(writer, source, note)
    for piece in body:
        _write(writer, source, piece)
        for note in piece.notes:
            _write_note(writer, source, note)
    return writer.finish(dropped)


def _whole(source: str, regions: Sequence[Region]) -> Iterator[Region]:
    """Yield the regions with paragraphs for the text between them."""
    at = 0
    for region in (*regions, Region(len(source), len(source), "")):
        if source[at : region.start].strip():
            yield Region(at, region.start, "paragraph")
        if source[region.start : region.end].strip():
            yield region
        at = max(at, region.end)


def _pieces(regions: Sequence[Region]) -> tuple[list[_Piece], list[_Piece], list[tuple[int, int, str]]]:
    """Return the blocks, the footnotes and what is dropped; a footnote knows the block before it by its offset."""
    body: list[_Piece] = []
    notes: list[_Piece] = []
    dropped: list[tuple[int, int, str]] = []
    for region in regions:
        if region.kind in DROPPED_KINDS:
            dropped.append((region.start, region.end, region.kind))
            continue
        kept = notes if region.kind == "footnote" else body
        if region.continues and kept:
            kept[-1].regions.append(region)
        else:
            kept.append(_Piece([region]))
    return body, notes, dropped


def _tie(body: Sequence[_Piece], notes: Sequence[_Piece]) -> list[_Piece]:
    """Give each footnote to the block that calls it, else to the block it stands below; return those above all."""
    owners = sorted((region.start, region.end, index) for index, piece in enumerate(body) for region in piece.regions)
    starts = [start for start, _, _ in owners]
    leading: list[_Piece] = []
    for note in sorted(notes, key=_called_at):
        above = bisect_right(starts, note.first.start) - 1
        call = note.first.call
        if call is not None:
            caller = bisect_right(starts, call[0]) - 1
            above = caller if caller >= 0 and owners[caller][1] >= call[0] else above
        (body[owners[above][2]].notes if above >= 0 else leading).append(note)
    return leading


def _called_at(note: _Piece) -> tuple[int, int]:
    return (note.first.call[0] if note.first.call is not None else note.first.start, note.first.start)


def _lines(source: str, piece: _Piece) -> list[Line]:
    if piece.first.kind == "table row" and len(piece.regions) > 1:
        cells = _joined_cells(source, piece.regions)
        if cells:
            return cells
    return [line for region in piece.regions for line in look.cut(source, region.start, region.end) if line.stripped]


def _joined_cells(source: str, regions: Sequence[Region]) -> list[Line]:
    """Return the lines of a row that a page break tore, cell by cell and with the bars of its first part alone.

    The list is empty when the parts differ in cells.
    """
    parts = [_cells(source, region) for region in regions]
    if len({len(cells) for cells in parts}) != 1 or not all(parts):
        return []
    found: list[Line] = []
    for across in zip(*parts, strict=True):
        # The first part of a cell brings the bar before it; the others leave theirs out.
        stretches = [(start + bool(index), end) for index, (start, end) in enumerate(across)]
        found += [line for start, end in stretches for line in look.cut(source, start, end) if line.stripped]
    end = regions[0].end
    return [*found, *look.cut(source, end - 1, end)]


def _cells(source: str, region: Region) -> list[tuple[int, int]]:
    """Return the cells of a row, each with the bar before it; [] when it is not written between bars."""
    if not (region.kind == "table row" and source[region.start] == source[region.end - 1] == "|"):
        return []
    bars = [at for at in range(region.start, region.end) if source[at] == "|"]
    return list(pairwise(bars))


def _write(writer: Writer, source: str, piece: _Piece) -> None:
    start = len(writer.offsets)
    lines = _lines(source, piece)
    text = writer.lines(lines)
    marker = look.marker(text) if piece.first.kind in ("paragraph", "heading", "item") else ""
    kind = kind_of(text, marker) if piece.first.kind == "paragraph" else piece.first.kind
    writer.block(start, kind, marker.strip(), lines[-1])


def _write_note(writer: Writer, source: str, note: _Piece) -> None:
    call = note.first.call
    writer.note(_lines(source, note), note.first.mark, call[0] if call else None)
