"""Tables over several pages: heads that are printed again are kept once, rows that a page break tore are joined."""

from __future__ import annotations

from collections.abc import Sequence

from ie.read.pdf.columns import FIGURE
from ie.read.pdf.piece import Piece
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


def mark_torn(before: Sequence[Piece], pieces: Sequence[Piece]) -> None:
    """Mark the row that a page begins with when it goes on with the row that the page `before` ends with."""
    if before and pieces and before[-1].cells and pieces[0].cells:
        pieces[0].torn = _is_torn(_words(before[-1].cells), _words(pieces[0].cells))


def _is_torn(above: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether the cells of a row are the rest of those above: some ended there, none begins anew.

    A rest stands below a cell that holds something, is no figure, and one of them at least goes on in small letters.
    """
    rests = [(one, other) for one, other in zip(above, below, strict=False) if other]
    if len(above) != len(below) or not rests or len(rests) == len(below):
        return False
    if any(not one or FIGURE.fullmatch(other) for one, other in rests):
        return False
    return any(_runs_on(one, other) for one, other in rests)


def _runs_on(one: str, other: str) -> bool:
    return other[0].islower() or other[0] in "(-–,;.)%" or one[-1] in ",-–(/"
