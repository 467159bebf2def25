"""Heads of tables that are printed again on each page: kept once."""

from __future__ import annotations

from collections.abc import Sequence

from ie.read.pdf.order import Piece
from ie.read.pdf.sheet import Cells

_MOST = 4
"""Rows that the head of a table may have."""


def split_repeated(pieces: Sequence[Piece], above: Sequence[Cells]) -> tuple[list[Piece], list[Piece]]:
    """Part the pieces of a page from the head that its first table repeats of the table `above` it."""
    first = next((index for index, piece in enumerate(pieces) if piece.cells), len(pieces))
    count = 0
    while count < min(_MOST, len(above)) and first + count < len(pieces):
        cells = pieces[first + count].cells
        if not cells or _words(cells) != _words(above[count]) or not any(map(str.isalpha, "".join(_words(cells)))):
            break
        count += 1
    return [*pieces[:first], *pieces[first + count :]], list(pieces[first : first + count])


def _words(cells: Cells) -> list[str]:
    return [" ".join(strip.text for strip in cell) for cell in cells]


def last_table(pieces: Sequence[Piece], above: Sequence[Cells]) -> Sequence[Cells]:
    """Return the rows of the table that a page ends with; `above` where it only goes on, () without one."""
    rows: list[Cells] = []
    for piece in reversed(pieces):
        if not piece.cells:
            break
        rows.insert(0, piece.cells)
    if not rows:
        return ()
    goes_on = len(rows) == len(pieces) and above and len(rows[0]) == len(above[0])
    return above if goes_on else rows
