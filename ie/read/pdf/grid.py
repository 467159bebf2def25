"""Ruled tables: drawn lines that cross make a grid, and the characters inside fall into its cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ie.read.pdf.chars import Char
from ie.read.pdf.frame import Rect
from ie.read.pdf.lines import around
from ie.read.pdf.rulings import Rulings

_NEAR = 3.0
"""Points within which lines meet or coincide."""
MAX_LINES = 4_000
"""Most lines of one direction that are looked at on a page."""


@dataclass
class Cell:
    """A cell over rows `[row, row_end)` and columns `[column, column_end)` with its characters."""

    row: int
    column: int
    row_end: int
    column_end: int
    box: Rect
    chars: list[Char] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """A ruled table: its box and its cells by rows and columns; merged cells stand where they begin."""

    box: Rect
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]

    @cached_property
    def fields(self) -> dict[tuple[int, int], Cell]:
        """The cell over each row and column."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row_end)
            for column in range(cell.column, cell.column_end)
        }

    def at(self, x: float, y: float) -> Cell | None:
        """Return the cell that holds a point, None outside."""
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        return self.fields.get((row, column))


def grids(rulings: Rulings) -> list[Grid]:
    """Return the tables that the lines of a page draw, from the top downward; frames of one cell are none."""
    across = _merged(rulings.across[:MAX_LINES], 1)
    down = _merged(rulings.down[:MAX_LINES], 0)
    found = [_grid(*group) for group in _connected(across, down)]
    return sorted((grid for grid in found if grid is not None), key=_top)


def _top(grid: Grid) -> float:
    return grid.box[1]


def _merged(lines: Sequence[Rect], side: int) -> list[Rect]:
    """Join lines that lie on one another or go on: side 1 for level lines, 0 for upright ones."""
    along = 1 - side
    found: list[list[float]] = []
    for line in sorted(lines, key=lambda box: (round((box[side] + box[side + 2]) / 2 / _NEAR), box[along])):
        middle = (line[side] + line[side + 2]) / 2
        for last in reversed(found[-6:]):
            same = abs((last[side] + last[side + 2]) / 2 - middle) <= _NEAR
            if same and line[along] <= last[along + 2] + _NEAR and line[along + 2] >= last[along] - _NEAR:
                last[along] = min(last[along], line[along])
                last[along + 2] = max(last[along + 2], line[along + 2])
                break
        else:
            found.append(list(line))
    return [(box[0], box[1], box[2], box[3]) for box in found]


def _connected(across: Sequence[Rect], down: Sequence[Rect]) -> Iterable[tuple[list[Rect], list[Rect]]]:
    """Yield the level and upright lines of each set that hangs together."""
    left = set(range(len(down)))
    rest = set(range(len(across)))
    while rest:
        levels: list[Rect] = []
        uprights: list[Rect] = []
        queue = [(rest.pop(), True)]
        while queue:
            index, is_level = queue.pop()
            (levels if is_level else uprights).append(across[index] if is_level else down[index])
            others, pool = (down, left) if is_level else (across, rest)
            line = across[index] if is_level else down[index]
            met = [other for other in pool if _meet(line, others[other])]
            pool.difference_update(met)
            queue.extend((other, not is_level) for other in met)
        if len(levels) >= 2 and uprights:
            yield levels, uprights


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one[0] - _NEAR <= other[2]
        and other[0] - _NEAR <= one[2]
        and one[1] - _NEAR <= other[3]
        and other[1] - _NEAR <= one[3]
    )


def _positions(values: Iterable[float]) -> list[float]:
    """Return distinct positions, those that lie near each other as their first."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR + 1:
            found.append(value)
    return found


def _grid(across: Sequence[Rect], down: Sequence[Rect]) -> Grid | None:
    box = around([*across, *down])
    xs = _positions([*((line[0] + line[2]) / 2 for line in down), box[0], box[2]])
    ys = _positions([*((line[1] + line[3]) / 2 for line in across), box[1], box[3]])
    if len(xs) < 3 or len(ys) < 3:
        return None
    cells = _cells(xs, ys, across, down)
    columns = {cell.column for cell in cells}
    if len(cells) < 4 or len(columns) < 2:
        return None
    return Grid(box, tuple(xs), tuple(ys), tuple(cells))


def _cells(xs: Sequence[float], ys: Sequence[float], across: Sequence[Rect], down: Sequence[Rect]) -> list[Cell]:
    """Merge the fields of the grid that no line parts."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            column_end, row_end = column + 1, row + 1
            middle = (ys[row] + ys[row + 1]) / 2
            while column_end < len(xs) - 1 and not _parted(down, 0, xs[column_end], middle):
                column_end += 1
            while row_end < len(ys) - 1 and not any(
                _parted(across, 1, ys[row_end], (xs[at] + xs[at + 1]) / 2) for at in range(column, column_end)
            ):
                row_end += 1
            taken.update((r, c) for r in range(row, row_end) for c in range(column, column_end))
            cells.append(Cell(row, column, row_end, column_end, (xs[column], ys[row], xs[column_end], ys[row_end])))
    return cells


def _parted(lines: Sequence[Rect], side: int, position: float, at: float) -> bool:
    """Tell whether a line stands at `position` and passes `at`."""
    along = 1 - side
    return any(
        abs((line[side] + line[side + 2]) / 2 - position) <= _NEAR + 1 and line[along] <= at <= line[along + 2]
        for line in lines
    )


def fill(found: Sequence[Grid], chars: Sequence[Char]) -> list[Char]:
    """Put characters into the cells they stand in and return those outside of all tables."""
    if not found:
        return list(chars)
    rest: list[Char] = []
    for char in chars:
        x, y = (char.box[0] + char.box[2]) / 2, (char.box[1] + char.box[3]) / 2
        cell = next(filter(None, (grid.at(x, y) for grid in found)), None)
        (cell.chars if cell else rest).append(char)
    return rest
