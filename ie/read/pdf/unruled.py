"""Tables without rulings: which rows are one, their columns, and the rows that go on with the one above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ie.read.pdf.columns import FIGURE
from ie.read.pdf.lines import around
from ie.read.pdf.piece import Row, covered
from ie.read.pdf.sheet import Cells
from ie.read.pdf.strips import Strip

NEXT_LINE = 1.7
"""Distance in type sizes up to which a line may go on with the cell above it."""


def unruled(band: Sequence[Row]) -> Iterator[Cells]:
    """Yield the rows of a table without rulings; a row that goes on with the one above is joined with it."""
    columns = _table_columns(band)
    made: list[list[list[Strip]]] = []
    for row in band:
        cells: list[list[Strip]] = [[] for _ in columns]
        for strip in row:
            cells[_column(columns, strip)].append(strip)
        if made and _continues(made[-1], cells, columns):
            for above, cell in zip(made[-1], cells, strict=True):
                above += cell
        else:
            made.append(cells)
    return (tuple(tuple(cell) for cell in cells) for cells in made)


def _table_columns(band: Sequence[Row]) -> list[tuple[float, float]]:
    """Return the columns of the rows with most cells, else the stretches that rows of several cells cover."""
    most = max(len(row) for row in band)
    full = [around(strip.box for strip in cells) for cells in zip(*(r for r in band if len(r) == most), strict=True)]
    if all(one[2] < other[0] for one, other in pairwise(full)):
        return [(box[0], box[2]) for box in full]
    return covered([row for row in band if len(row) > 1])


def _continues(
    above: Sequence[list[Strip]], cells: Sequence[list[Strip]], columns: Sequence[tuple[float, float]]
) -> bool:
    """Tell whether a row holds the second lines of cells: below words each, in small letters or for want of room."""
    filled = [index for index, cell in enumerate(cells) if cell]
    if any(not above[index] or FIGURE.fullmatch(above[index][-1].text) for index in filled):
        return False
    first, last = cells[filled[0]][0], above[filled[0]][-1]
    if first.band[0] - last.band[0] > NEXT_LINE * first.size or FIGURE.fullmatch(first.text):
        return False
    end = columns[filled[0] + 1][0] if filled[0] + 1 < len(columns) else columns[-1][1]
    if filled[0] > 0 or first.text[0].islower():
        return True
    figures = any(FIGURE.fullmatch(strip.text) for index in filled for strip in cells[index])
    return not figures and last.right + 0.3 * first.size + first.first > end


def _column(columns: Sequence[tuple[float, float]], strip: Strip) -> int:
    """Return the column that most of a line stands in."""
    shared = [min(strip.right, right) - max(strip.left, left) for left, right in columns]
    return shared.index(max(shared))
