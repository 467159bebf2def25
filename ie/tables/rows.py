"""Tables as they stand in a text: paragraphs of cells between bars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_RULE = re.compile(r"[|\s:=-]+")
_FIGURE = re.compile(r"[-+−]?\d[\d.,]*(?: \d{3})*")
_YEAR = re.compile(r"(?:năm\s*)?(?:19|20)\d\d", re.IGNORECASE)
_ORDER = re.compile(r"\(?(?:[A-ZĐ]|\d{1,2})\)?(?:\s*=.*)?")
_WRAPPING = " \t*_"


@dataclass(frozen=True)
class Cell:
    """A cell: `[start, end)` in the document's text, white space and marks of emphasis left out, and its column."""

    start: int
    end: int
    text: str
    column: int

    @property
    def figure(self) -> str:
        """The number that fills the cell but for a percent sign, "" for any other cell."""
        match = _FIGURE.fullmatch(self.text.removesuffix("%").rstrip())
        return match.group() if match else ""


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A table: where it starts, its head rows and the rows below."""

    start: int
    head: tuple[Row, ...]
    body: tuple[Row, ...]

    @property
    def width(self) -> int:
        """Number of columns of the head."""
        return max((len(row) for row in self.head), default=0)


def tables(text: str) -> Iterator[Table]:
    """Yield the tables of a text: two rows of two cells or more."""
    if "|" not in text:
        return
    rows: list[Row] = []
    for match in re.finditer(r"[^\n]*\n?", text):
        line = match.group().rstrip("\n")
        if line.lstrip().startswith("|") and line.count("|") >= 3:
            if not _RULE.fullmatch(line):
                rows.append(_row(line, match.start()))
            continue
        if rows and line.strip():
            yield from _table(rows)
            rows = []
    yield from _table(rows)


def _row(line: str, offset: int) -> Row:
    """Cut a line at its bars; the stretch before the first and a blank one behind the last are no cells."""
    bars = [match.start() for match in re.finditer(r"\|", line)]
    edges = bars if line.rstrip().endswith("|") else [*bars, len(line)]
    return tuple(_cell(line, left + 1, right, offset, column) for column, (left, right) in enumerate(pairwise(edges)))


def _cell(line: str, left: int, right: int, offset: int, column: int) -> Cell:
    inner = line[left:right]
    start = left + len(inner) - len(inner.lstrip(_WRAPPING))
    end = max(start, right - (len(inner) - len(inner.rstrip(_WRAPPING))))
    return Cell(offset + start, offset + end, line[start:end], column)


def _table(rows: Sequence[Row]) -> Iterator[Table]:
    head = 0
    while head < len(rows) and _is_head(rows[head], first=head == 0):
        head += 1
    if head and head < len(rows):
        yield Table(rows[0][0].start, tuple(rows[:head]), tuple(rows[head:]))


def _is_head(row: Row, *, first: bool) -> bool:
    """Tell whether a row heads the columns: no figures but years, or the numbers of the columns."""
    filled = [cell for cell in row if cell.text]
    if not first and filled and all(_ORDER.fullmatch(cell.text) for cell in filled) and len(filled) > 1:
        return _counts([cell.text for cell in filled])
    figures = [cell for cell in filled if cell.figure and not _YEAR.fullmatch(cell.text)]
    return not figures and (first or (bool(filled) and not _is_group(row)))


def _counts(texts: Sequence[str]) -> bool:
    """Tell whether cells number the columns: 1, 2, 3 … after letters."""
    numbers = [int(match.group()) for text in texts if (match := re.search(r"\d+", text))]
    return bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 3


def _is_group(row: Row) -> bool:
    """Tell whether a row names a group of rows: one label, no figures, and the head is over."""
    filled = [cell for cell in row if cell.text]
    return len(filled) == 1 or (len(filled) == 2 and filled[0].column == 0 and len(filled[0].text) <= 4)
