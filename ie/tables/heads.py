"""What the columns of a table hold: number of the row, label, unit, or figures with a unit and a time of their own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.normalise.fold import fold
from ie.normalise.units import parse_unit, unit_table
from ie.tables.rows import Cell, Row, Table

_DECLARED = re.compile(r"(?:ĐVT|[ĐđDd]ơn vị(?: tính)?)\s*:?\s*([^;|()\n]{1,40})", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\s*(?:(?:ĐVT|Đơn vị(?: tính)?)\s*:?\s*)?([^()]{1,30}?)\s*\)", re.IGNORECASE)
_LINES_ABOVE = 4
Fragment = tuple[int, int]


@cache
def words(kind: str) -> frozenset[str]:
    """Return the folded words of one kind."""
    data = tomllib.loads((resources.files("ie.tables") / "words.toml").read_text("utf-8"))
    return frozenset(fold(word) for word in data[kind])


def bare(text: str) -> str:
    """Return a head or label folded, without brackets and numbering."""
    plain = re.sub(r"\([^()]*\)", " ", text)
    return " ".join(fold(plain).strip(" .:*_-").split())


@dataclass(frozen=True)
class Columns:
    """The columns of a table by number; -1 where there is none of a kind."""

    table: Table
    index: int
    label: int
    unit: int

    def heads(self, column: int) -> Iterator[Cell]:
        """Yield the head cells over a column, the nearest first: a cell over several stands at their left."""
        for depth, row in enumerate(reversed(self.table.head)):
            at = min(column, len(row) - 1)
            while depth and at > 0 and not row[at].text and self._spans(row, at):
                at -= 1
            if row[at].text:
                yield row[at]

    def _spans(self, row: Row, at: int) -> bool:
        """Tell whether the empty field of a head goes on with the cell to its left."""
        below = self.table.head[self.table.head.index(row) + 1]
        return at < len(below) and bool(below[at].text)


def columns(table: Table) -> Columns:
    """Find the columns that hold no figures."""
    plain = {cell.column: bare(cell.text) for row in reversed(table.head) for cell in row if cell.text}
    index = next((column for column, text in plain.items() if text in words("index")), -1)
    unit = next((column for column, text in plain.items() if text in words("unit")), -1)
    if index < 0 and _numbers_rows(table):
        index = 0
    label = next((at for at in range(table.width) if at not in (index, unit) and _holds_words(table, at)), -1)
    return Columns(table, index, label, unit)


def _numbers_rows(table: Table) -> bool:
    """Tell whether an unnamed first column counts the rows."""
    if any(row[0].text for row in table.head):
        return False
    texts = [row[0].text for row in table.body if row[0].text]
    return len(texts) > 1 and all(re.fullmatch(r"(?:\d{1,3}|[IVX]+)\.?", text) for text in texts)


def _holds_words(table: Table, column: int) -> bool:
    cells = [row[column] for row in table.body if column < len(row) and row[column].text]
    return bool(cells) and sum(any(map(str.isalpha, cell.text)) for cell in cells) > len(cells) / 2


def unit_in(cell: Cell) -> Fragment | None:
    """Return where a head or label names its unit: in brackets, after `ĐVT:`, or a percent sign."""
    for pattern, known in ((_BRACKETED, _is_known), (_DECLARED, parse_unit)):
        for match in pattern.finditer(cell.text):
            if known(match.group(1)):
                return (cell.start + match.start(1), cell.start + match.start(1) + len(match.group(1).rstrip()))
    at = cell.text.find("%")
    return (cell.start + at, cell.start + at + 1) if at >= 0 else None


def _is_known(text: str) -> bool:
    """Tell whether a bracket holds a unit of the table of units: any word might be a counter."""
    unit = parse_unit(text)
    return unit is not None and (not unit.counter or fold(text) in unit_table().counters)


def unit_above(text: str, table: Table) -> Fragment | None:
    """Return where the lines above a table name its unit: `ĐVT: triệu đồng`, or in brackets behind its title."""
    end = text.rfind("\n", 0, table.start)
    for number in range(_LINES_ABOVE):
        start = text.rfind("\n", 0, max(end, 0)) + 1
        line = text[start : max(end, 0)]
        if line.lstrip().startswith("|"):
            return None
        found = _in_line(line, start, bracketed=number < 2)
        if found or start == 0:
            return found
        end = start - 1
    return None


def _in_line(line: str, start: int, *, bracketed: bool) -> Fragment | None:
    for pattern in (_DECLARED, _BRACKETED) if bracketed else (_DECLARED,):
        for match in reversed(list(pattern.finditer(line))):
            unit = match.group(1).strip(" .*_")
            if parse_unit(unit) if pattern is _DECLARED else _is_known(unit):
                return (start + match.start(1), start + match.start(1) + len(unit))
    return None
