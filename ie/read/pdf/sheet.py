"""One page made ready: its lines and its ruled tables as strips, and what was odd about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ie.read.pdf.chars import Char, PageChars
from ie.read.pdf.columns import parted
from ie.read.pdf.frame import Rect, level
from ie.read.pdf.grid import Grid, fill, grids
from ie.read.pdf.lines import around, lines, rows
from ie.read.pdf.rulings import Rulings
from ie.read.pdf.strips import Strip, strip

Cells = tuple[tuple[Strip, ...], ...]
"""The lines of each cell of a row, from left to right."""


@dataclass(frozen=True)
class Table:
    """A table: its box and its rows."""

    box: Rect
    rows: tuple[Cells, ...]


@dataclass
class Sheet:
    """A page: number from 1, size as shown and as its text lies, lines, tables, the short lines above footnotes."""

    number: int
    shown: tuple[float, float]
    size: tuple[float, float]
    strips: list[Strip] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    bars: list[Rect] = field(default_factory=list)
    letters: int = 0
    unmapped: int = 0
    confidence: float | None = None


def sheet(page: PageChars, drawn: Rulings) -> Sheet:
    """Make a page ready; text that lies otherwise than the page comes after it, unless it stands in a cell."""
    tables = grids(drawn)
    level_chars = [char for char in page.chars if char.turns == page.turns]
    rest = fill(tables, level_chars)
    made = Sheet(page.number, page.frame.size, page.size, letters=len(page.chars), unmapped=page.unmapped)
    made.confidence = page.confidence
    turned = _turned(page, tables)
    made.tables = [_table(grid, turned) for grid in tables if any(cell.chars for cell in grid.cells)]
    made.strips = [strip(line) for line in parted(lines(rest))]
    made.strips += [found for found in turned if not any(_inside(found.box, table.box) for table in made.tables)]
    made.bars = _bars(drawn, tables, page.size[0])
    return made


def _turned(page: PageChars, tables: Sequence[Grid]) -> list[Strip]:
    """Return the lines that lie otherwise, each with its box in the frame of the page."""
    found = []
    for turns in sorted({char.turns for char in page.chars} - {page.turns}):
        chars: list[Char] = [char for char in page.chars if char.turns == turns]
        for line in lines(chars):
            box = around(level(char.shown, page.turns, page.frame.size) for char in line.chars)
            found.append(replace(strip(line), box=box, band=(box[1], box[3])))
    return found


def _inside(box: Rect, outer: Rect) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _table(grid: Grid, turned: Iterable[Strip]) -> Table:
    """Write the cells of a grid row by row; a merged cell stands in its first row and is empty in the others."""
    standing = [found for found in turned if _inside(found.box, grid.box)]
    made: dict[int, tuple[Strip, ...]] = {}
    for cell in grid.cells:
        level_strips = [strip(line) for row in rows(lines(cell.chars)) for line in row]
        made[id(cell)] = (*level_strips, *(found for found in standing if _inside(found.box, cell.box)))
    table = []
    for row in range(len(grid.ys) - 1):
        across = [grid.fields[row, column] for column in range(len(grid.xs) - 1)]
        cells = tuple(
            made[id(cell)] if (cell.row, cell.column) == (row, column) else () for column, cell in enumerate(across)
        )
        if any(cells):
            table.append(cells)
    return Table(grid.box, tuple(table))


def _bars(drawn: Rulings, tables: Sequence[Grid], width: float) -> list[Rect]:
    """Return the short level lines outside of tables: one such stands above footnotes."""
    return [
        line
        for line in drawn.across
        if 0.08 * width < line[2] - line[0] < 0.6 * width and not any(_inside(line, grid.box) for grid in tables)
    ]
