"""Rows that other rows add up to: told by the sums themselves, in every column that can be added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ie.normalise.digits import read_digits
from ie.tables.heads import Columns, unit_in
from ie.tables.rows import Cell, Table

_LEAST = Decimal(20)
"""Smaller totals may come out by chance."""
MAX_ROWS = 400
"""Longest table looked at."""


def sums(table: Table, found: Columns) -> Iterator[tuple[Cell, Cell]]:
    """Yield a figure and the total of its column for each row that adds up to one.

    A total stands above its parts, or at the foot of the table below all of them.
    """
    rows = [row for row in table.body if len(row) == table.width][:MAX_ROWS]
    added = [column for column in range(table.width) if _can_be_added(column, found)]
    values = [[_value(row[column]) for column in added] for row in rows]
    for total, parts in _groups(values):
        for part in parts:
            for column, value in zip(added, values[part], strict=True):
                if value is not None and values[total][added.index(column)] is not None:
                    yield rows[part][column], rows[total][column]


def _can_be_added(column: int, found: Columns) -> bool:
    """Tell whether a column holds amounts and no shares, rates or labels."""
    if column in (found.index, found.label, found.unit):
        return False
    return not any("%" in head.text or (unit_in(head) and "/" in head.text) for head in found.heads(column))


def _value(cell: Cell) -> Decimal | None:
    reading = read_digits(cell.figure) if cell.figure else None
    return reading.number if reading else None


Values = Sequence[Sequence[Decimal | None]]


def _groups(values: Values) -> Iterator[tuple[int, range]]:
    """Yield a total's row and the rows of its parts."""
    count = len(values)
    if count > 2 and _adds_up(values, count - 1, range(count - 1)):
        yield count - 1, range(count - 1)
        return
    row = 0
    while row < count - 2:
        end = next((end for end in range(row + 3, count + 1) if _adds_up(values, row, range(row + 1, end))), row)
        if end > row:
            yield row, range(row + 1, end)
        row = max(end, row + 1)


def _adds_up(values: Values, total: int, parts: range) -> bool:
    """Tell whether rows add up to another in all columns, but for the last digit of each."""
    checked = 0
    for column, whole in enumerate(values[total]):
        addends = [values[part][column] for part in parts]
        known = [value for value in addends if value is not None]
        if whole is None or not known:
            continue
        step = min(Decimal(1).scaleb(int(value.as_tuple().exponent)) for value in (whole, *known))
        if len(known) < 2 or abs(sum(known) - whole) > (step * len(known) / 2 if step < 1 else 0):
            return False
        checked += whole >= _LEAST
    return checked > 0
