"""The time that a part of a report speaks of: under `NHIỆM VỤ QUÝ II` a bare `quý` or `tháng 5` looks ahead.

Headings that open a part on what is planned give it an anchor of its own: the time they name, else the one that the
title names after `phương hướng`, `nhiệm vụ` …. The part ends at the next heading of its rank that does not look ahead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date

from ie.normalise.about_table import about_table
from ie.normalise.fold import clean, fold
from ie.normalise.reporting import Reporting, reporting_period
from ie.normalise.time_table import Anchor

_HEADING = re.compile(
    r"[#*\s]*(?:(?P<part>phần (?:thứ )?[^\W_]+|[a-hk](?=[./-]))|(?P<roman>[ivx]+)(?=[ .:/-])"
    r"|(?P<number>[0-9]{1,2})(?=[.)/]))[ .:/)-]*"
)
_LONGEST = 150
_MARKS = "*#_ "


@dataclass(frozen=True)
class Sections:
    """Where the parts of a report begin, in characters, and the anchor of each."""

    starts: tuple[int, ...]
    anchors: tuple[Anchor | None, ...]

    def anchor_at(self, position: int) -> Anchor | None:
        """Return the anchor of the part that a character is in."""
        return self.anchors[bisect_right(self.starts, position) - 1]


def read_sections(text: str, anchor: Anchor | None, title: str | None) -> Sections:
    """Return the parts of a report; the whole is one part where no heading looks ahead."""
    starts, anchors = [0], [anchor]
    if anchor is None or anchor.source != "title":
        return Sections((0,), (anchor,))
    planned = _planned(title, anchor)
    rank: int | None = None
    position = 0
    for line in text.splitlines(keepends=True):
        found = _rank(line)
        if found is not None:
            ahead = _ahead(line, anchor, planned)
            if ahead and (rank is None or found <= rank):
                rank = found
                starts.append(position)
                anchors.append(ahead)
            elif rank is not None and found <= rank:
                rank = None
                starts.append(position)
                anchors.append(anchor)
        position += len(line)
    return Sections(tuple(starts), tuple(anchors))


def _rank(line: str) -> int | None:
    """Return how deep a heading stands: 0 a part, 1 a Roman numeral, 2 a number; None for a line that is none."""
    if len(line) > _LONGEST:
        return None
    match = _HEADING.match(fold(line))
    if match is None:
        return 1 if line.strip(_MARKS + "\n").isupper() and len(line.split()) > 2 else None
    return 0 if match["part"] else 1 if match["roman"] else 2


def _ahead(line: str, anchor: Anchor, planned: Anchor | None) -> Anchor | None:
    """Return the anchor of a heading that looks ahead, None for one that does not or whose time is not known."""
    words = clean(line).strip(_MARKS)
    plain = fold(words)
    match = _HEADING.match(plain)
    plain = plain[match.end() :].strip(_MARKS) if match else plain
    if not about_table().looks_ahead.match(plain):
        return None
    year = planned.year if planned else anchor.year
    return _anchored(reporting_period(plain, written=None, year=year), anchor) or planned


def _planned(title: str | None, anchor: Anchor) -> Anchor | None:
    """Return the time that the title looks ahead to, None when it names none or the report's own."""
    cut = about_table().ahead.search(fold(title or ""))
    if cut is None:
        return None
    found = reporting_period(fold(title or "")[cut.end() :], written=None, year=anchor.year)
    if found and anchor.start and found.end < anchor.start:
        found = _later(found)
    return _anchored(found, anchor)


def _later(found: Reporting) -> Reporting:
    """Move a planned time that came out before the report's own into the next year: `quý I` after `quý IV`."""
    return replace(found, start=_next_year(found.start), end=_next_year(found.end))


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _anchored(found: Reporting | None, anchor: Anchor) -> Anchor | None:
    if found is None:
        return None
    return Anchor(found.end.year, found.month, anchor.date, "heading", found.start, found.end)
