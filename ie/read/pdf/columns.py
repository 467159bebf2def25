"""Parts the rows of a table without rulings where a cell ends close to the next one.

A wide gap parts cells at once (`ie.read.pdf.lines`); a long name that reaches to the figure behind it leaves none. The
rows around it that did fall apart say where the columns stand: a piece over two columns is cut where the second
begins, when what follows stands in that column as the cells above and below do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ie.read.pdf.lines import Line, Word, around, rows

FIGURE = re.compile(r"[-+]?\d[\d.,/%\s-]*(?:%|[^\W\d_]{1,6})?|-|x|…")
"""A cell with a figure, a dash or a cross."""
_LEADING = 2.4
"""Distance of rows in type sizes beyond which a table has ended."""
_ALIGNED = 2.0
"""Points by which the edges of the cells of a column may differ."""
_LEAST_ROWS = 2
_LONE_ROWS = 3
"""Rows of one piece that may follow one another in a table: a name over several lines, cells that leave no gap."""
Column = tuple[float, float]


def parted(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page with those cut that reach over columns of the rows around them."""
    found: list[Line] = []
    for run in _runs(rows(lines)):
        for row in _cut_rows(run):
            found += row
    return found


def _runs(found: Sequence[list[Line]]) -> Iterator[list[list[Line]]]:
    """Yield rows that follow one another closely, no more than a few of them of one piece in turn."""
    run: list[list[Line]] = []
    lone = 0
    for row in found:
        far = bool(run) and row[0].band[0] - run[-1][0].band[0] > _LEADING * row[0].size
        if far or (lone > _LONE_ROWS and len(row) > 1):
            yield run
            run = []
        lone = lone + 1 if len(row) == 1 else 0
        run.append(row)
    if run:
        yield run


def _cut_rows(run: Sequence[list[Line]]) -> Sequence[Sequence[Line]]:
    """Return the rows cut by the columns of those that fell into most cells, as they are when no other row has them."""
    groups: dict[int, list[list[Line]]] = defaultdict(list)
    for row in run:
        groups[len(row)].append(row)
    for count in sorted(groups, reverse=True):
        columns = column_edges(groups[count])
        if count > 1 and columns:
            cut = [row if len(row) >= count else _cut_row(row, columns) for row in run]
            if sum(len(row) == count for row in cut) >= _LEAST_ROWS:
                return cut
    return run


def column_edges(alike: Sequence[Sequence[Line]]) -> list[Column]:
    """Return left and right edge of each cell over rows of equally many, [] where they overlap."""
    cells = [around(line.box for line in cells) for cells in zip(*alike, strict=True)]
    edges = [(box[0], box[2]) for box in cells]
    return edges if all(one[1] < other[0] for one, other in pairwise(edges)) else []


def _cut_row(row: Sequence[Line], columns: Sequence[Column]) -> Sequence[Line]:
    cut = [piece for line in row for piece in _cut(line, columns)]
    lone = len(row) == 1 and not all(FIGURE.fullmatch(piece.text) for piece in cut[1:])
    return row if lone or len(cut) > len(columns) else cut


def _cut(line: Line, columns: Sequence[Column]) -> list[Line]:
    """Cut a line before each column that it reaches into, where the words behind the cut fill that column alone."""
    parts: list[list[Word]] = [[]]
    at = next((i for i, column in enumerate(columns) if line.box[0] < column[1]), len(columns))
    for index, word in enumerate(line.words):
        begins = next((i for i in range(at + 1, len(columns)) if _stands(line.words[index:], columns, i)), None)
        if begins is not None and parts[-1]:
            parts.append([])
            at = begins
        parts[-1].append(word)
    return [Line(tuple(part)) for part in parts]


def _stands(words: Sequence[Word], columns: Sequence[Column], index: int) -> bool:
    """Tell whether the words that begin here, up to the next column, stand as the cells of column `index` do."""
    left, right = columns[index]
    end = columns[index + 1][0] - _ALIGNED if index + 1 < len(columns) else float("inf")
    inside = [word for word in words if word.box[2] < end]
    if not inside or not columns[index - 1][1] < words[0].box[0] < right:
        return False
    first, last = inside[0].box[0], inside[-1].box[2]
    aligned = abs(first - left) <= _ALIGNED or abs(last - right) <= _ALIGNED
    centred = abs((first + last) - (left + right)) <= 2 * _ALIGNED
    return aligned or centred
