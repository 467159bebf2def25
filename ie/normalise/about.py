"""What a report says of itself: issuer, place, number, date, title and the time it is about.

Letterhead, title, opening sentence and closing formula are asked in this order; what the text only lets one infer is
named in the notes. The result is the key `about` of a document, and the anchor that its time expressions go by.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date

from ie.document import About
from ie.normalise.fold import clean, fold, respell
from ie.normalise.issuer import BREAK, Issued, issued
from ie.normalise.letterhead import Dated, Head, date_of, heading_of, number_of, read_head, title_of
from ie.normalise.reporting import Reporting, reporting_period
from ie.normalise.time_table import Anchor

_HORIZON = re.compile(r"(?:đến|tới|tầm nhìn) (?:hết |cuối )?năm [0-9]{4}")
_STRETCH = re.compile(r"(?:giai đoạn|thời kỳ|nhiệm kỳ)[^0-9]{0,20}[0-9]{4} ?- ?[0-9]{4}")
_NAMED_YEAR = re.compile(r"(?:năm |/)((?:19|20)[0-9]{2})(?![0-9])")


def read_about(text: str) -> tuple[About, Anchor | None]:
    """Return what a report says of itself and the anchor of its time expressions, None when it has none."""
    head = read_head(text)
    dated, title = date_of(head), title_of(head)
    number, symbol = number_of(head)
    period = _period(title, dated) or _of_heading(head, title)
    anchor = _anchor(period, title, dated, text)
    plain = BREAK.join(respell(clean(line)) for line in text.splitlines() if line.strip())
    by = issued(head, title, plain, dated=dated, year=anchor.year if anchor else None)
    said = About(number=number, symbol=symbol, date=dated.text if dated else None, title=title)
    return _with_time(_with_issuer(said, by), period, anchor), anchor


def _period(title: str | None, dated: Dated | None) -> Reporting | None:
    if title is None:
        return None
    written = dated.day or date(dated.year, dated.month, 28) if dated else None
    return reporting_period(title, written=written, year=dated.year if dated else None)


def _of_heading(head: Head, title: str | None) -> Reporting | None:
    """Read the time of the first heading where an excerpt has no title."""
    heading = None if title else heading_of(head)
    found = reporting_period(heading, written=None, year=None) if heading else None
    return replace(found, notes=(*found.notes, "period from the first heading")) if found else None


def _anchor(period: Reporting | None, title: str | None, dated: Dated | None, text: str) -> Anchor | None:
    """Return the report's time: that of its title, then of its letterhead, then the year that it names most often."""
    day = dated.day if dated else None
    if period:
        return Anchor(period.end.year, period.month, day, "title", period.start, period.end)
    years = _NAMED_YEAR.findall(_STRETCH.sub("", fold(title or "")))
    if years:
        return Anchor(int(years[0]), None, day, "title")
    if dated:
        return Anchor(dated.year, dated.month, day, "letterhead")
    named = Counter(map(int, _NAMED_YEAR.findall(_HORIZON.sub("", _STRETCH.sub("", clean(text).lower())))))
    if not named:
        return None
    most = max(named.values())
    return Anchor(max(year for year, count in named.items() if count == most), source="text")


def _with_issuer(about: About, issued: Issued) -> About:
    return replace(
        about,
        issuer=issued.issuer,
        body=issued.body,
        place=issued.place,
        level=issued.level,
        parents=issued.parents,
        notes=issued.notes,
    )


def _with_time(about: About, period: Reporting | None, anchor: Anchor | None) -> About:
    if period:
        start, end = period.start.isoformat(), period.end.isoformat()
        notes = (*about.notes, *period.notes)
        about = replace(about, period=period.text, period_start=start, period_end=end, notes=notes)
    if anchor is None:
        return about
    month = f"{anchor.year}-{anchor.month:02}" if anchor.month else str(anchor.year)
    return replace(about, anchor=month, anchor_source=anchor.source)
