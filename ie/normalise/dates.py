"""Calendar arithmetic of the reports: dates that may not exist, months, quarters and stretches of them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2099
_DATE = re.compile(
    r"(?<![0-9])([0-9]{1,2}) ?(?:[-/.]|,? ?tháng) ?([0-9]{1,2}) ?(?:[-/.]|,? ?năm) ?([0-9]{4})(?![0-9])", re.IGNORECASE
)


def make_date(year: int, month: int, day: int) -> date | None:
    """Return the date, None when the calendar has no such day or the year is not of our time."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def last_of_month(year: int, month: int) -> date | None:
    """Return the last day of a month, None when there is no such month."""
    first = make_date(year, month, 1)
    return first and first.replace(day=monthrange(year, month)[1])


def shift_months(year: int, month: int, by: int) -> tuple[int, int]:
    """Return year and month `by` months later (earlier when negative)."""
    index = year * 12 + month - 1 + by
    return index // 12, index % 12 + 1


def year_before(day: date) -> date:
    """Return the same day of the year before, the last of February for 29 February and from a common to a leap year."""
    if day.month == 2 and day.day == monthrange(day.year, 2)[1]:
        return day.replace(year=day.year - 1, day=monthrange(day.year - 1, 2)[1])
    return day.replace(year=day.year - 1)


def find_date(text: str) -> date | None:
    """Return the first full date of a cleaned text: `15/6/2021`, `15-6-2021`, `15 tháng 6 năm 2021`."""
    found = (make_date(int(m[3]), int(m[2]), int(m[1])) for m in _DATE.finditer(text))
    return next((day for day in found if day), None)
