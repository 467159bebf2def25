"""The time a report is about, from its title: `6 tháng đầu năm 2022 và phương hướng …` is January to June 2022."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from ie.normalise.about_table import about_table
from ie.normalise.dates import find_date
from ie.normalise.fold import fold
from ie.normalise.periods import parse_period
from ie.normalise.time_table import Anchor, time_table

_YEAR = re.compile(r"(?:năm |/|- ?)((?:19|20)[0-9]{2})(?![0-9])")
_PLAN_YEAR = re.compile(r"(?:kế hoạch|dự toán) (?:[^\W\d_]+ ){0,6}năm (?:19|20)[0-9]{2}")
_CUT_OFF = re.compile(r"số liệu (?:tính )?(?:đến|tới)(?: hết)?(?: ngày)? ([0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{4})")
_FULL_YEAR = 365


@dataclass(frozen=True)
class Reporting:
    """The reporting period: its words, its inclusive bounds, and what had to be assumed."""

    text: str
    start: date
    end: date
    notes: tuple[str, ...] = ()

    @property
    def month(self) -> int | None:
        """The month it ends with, None for whole years and longer."""
        return self.end.month if (self.end - self.start).days < _FULL_YEAR - 1 else None


def reporting_period(title: str, *, written: date | None, year: int | None) -> Reporting | None:
    """Return the time of a title; `written` is the report's date, `year` its year, for what the title leaves out.

    The part that looks ahead (`phương hướng …`, `nhiệm vụ …`) is set aside, but may lend the year.
    """
    plain = fold(title)
    cut = about_table().ahead.search(plain)
    past = plain[: cut.start()] if cut else plain
    window = _patterns()["between"].search(plain)
    found = _bounded(window[0], None) if window else None
    found = found or _first(past, plain, written, year)
    found = _up_to(found, plain) if found else None
    return found or (_first(plain, plain, written, year) if cut else None)


def _up_to(found: Reporting, title: str) -> Reporting:
    """End the period with the figures: `năm 2022 … (số liệu đến ngày 15/5/2022)`."""
    named = _CUT_OFF.search(title)
    last = find_date(named[1]) if named else None
    if last is None or not found.start < last < found.end:
        return found
    return replace(found, end=last, notes=(*found.notes, "figures up to the date that the title names"))


def _first(text: str, whole: str, written: date | None, year: int | None) -> Reporting | None:
    for expression, at in _expressions(text):
        years = [int(match[1]) for match in _YEAR.finditer(whole, at)]
        named = years[0] if years else year
        found = _bounded(expression, Anchor(named, source="title") if named else None)
        if found and named and str(named) not in text and _is_later(found, named, written, whole[len(text) :]):
            found = _bounded(expression, Anchor(named - 1, source="title"))
        if found:
            return found
    return None


def _is_later(found: Reporting, named: int, written: date | None, ahead: str) -> bool:
    """Tell whether a year that only the part that looks ahead names is a year too late for what lies behind.

    So it is where what lies ahead would come first (`tháng 12, nhiệm vụ tháng 01 năm 2026`), and where part of a year
    has a plan for a whole one (`9 tháng đầu năm và dự kiến kế hoạch năm 2016`).
    """
    if written and found.start > written:
        return True
    planned = (_bounded(expression, Anchor(named, source="title")) for expression, _ in _expressions(ahead))
    first = next((each for each in planned if each), None)
    if first and first.month is not None:
        return first.end < found.start
    return bool(_PLAN_YEAR.search(ahead)) and found.month is not None


def _bounded(expression: str, anchor: Anchor | None) -> Reporting | None:
    value = parse_period(expression, anchor=anchor)
    if value is None or not value.start or not value.end:
        return None
    notes = tuple(note for note in value.notes if note.startswith("year"))
    return Reporting(expression, date.fromisoformat(value.start), date.fromisoformat(value.end), notes)


def _expressions(text: str) -> Iterator[tuple[str, int]]:
    """Yield the time expressions of a folded title with their places: stretches between two dates first."""
    patterns = _patterns()
    for match in patterns["between"].finditer(text):
        yield match[0], match.start()
    late = []
    for match in patterns["one"].finditer(text):
        inner = re.match(r" ?\(([^)]*)\)", text[match.end() :])
        if inner and match["bare"]:
            yield inner[1], match.start()
        if match["stretch"]:
            late.append((match[0], match.start()))
        else:
            yield match[0], match.start()
    yield from late


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    counts = "|".join(sorted(time_table().numbers["count"], key=len, reverse=True))
    count, year = rf"(?:[0-9]{{1,2}}|{counts})", r"(?:19|20)[0-9]{2}"
    day = rf"(?:ngày )?[0-9]{{1,2}}[/-][0-9]{{1,2}}(?:[/-]{year})?"
    of_year = rf"(?: ?/ ?{year}|,? (?:của )?năm {year})?"
    month = rf"tháng [0-9]{{1,2}}{of_year}"
    return {
        "between": re.compile(rf"từ {day} (?:đến|tới)(?: hết)? {day}|từ {month} (?:đến|tới)(?: hết)? {month}"),
        "one": re.compile(
            rf"(?<!\w)(?:(?P<stretch>(?:giai đoạn|nhiệm kỳ) {year} ?- ?{year})"
            rf"|năm học {year} ?[-/] ?{year}|(?:{count} năm )?{year} ?- ?{year}"
            rf"|{count} (?:tháng|quý) (?:đầu|cuối) năm(?: {year})?|(?:những|các) tháng (?:đầu|cuối) năm(?: {year})?"
            rf"|{count} tháng năm {year}|(?P<bare>{count} tháng)(?!\w)"
            rf"|quý (?:iv|i{{1,3}}|[1-4])\b{of_year}|{month}|năm {year})"
        ),
    }
