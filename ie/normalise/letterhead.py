"""The head of a report: issuing bodies, number, date and title, from lines that two columns may have run together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice

from ie.normalise.about_table import about_table
from ie.normalise.dates import make_date
from ie.normalise.fold import clean, fold, respell, unmarked

HEAD_LINES = 30
_TITLE_LINES = 4
_TITLE_LENGTH = 320
_SHORTEST = 12
_PARAGRAPH = 200
_MARKDOWN = re.compile(r"^[\s#*|>_]+|[\s*|_]+$")
# Where the right column of a letterhead begins: the motto, the number, the date.
_RIGHT = re.compile(r"\s+(?:CONG H|DANG CONG|Doc lap|So ?:|BAO CAO).*|\s+[-–]\s+\S.*ngay.*")
_TITLE_INSIDE = re.compile(r" (?=(?:BAO CAO|KE HOACH|TO TRINH)\b)")
_DATE = re.compile(r",? ?ngày ?([0-9]{0,2})[ .…]*tháng ?([0-9]{1,2}) ?năm ?([0-9]{4})")
_SHORT_DATE = re.compile(r", ?ngày ?([0-9]{1,2}) ?[/-] ?([0-9]{1,2}) ?[/-] ?([0-9]{4})")
_DATELINE = re.compile(r"(?:^|[/0-9A-ZĐ)] |[-–] |phúc )([A-ZĐ][^,;:0-9]{1,40}?), ?ngày")
_PART = r"[A-ZĐ][A-ZĐ&]{1,12}[a-z]?(?![a-zà-ỹđ])"
_SYMBOL = rf"{_PART}(?: ?[-/] ?{_PART})*"
_NUMBER = re.compile(
    rf"(?:^S[ốôỐÔ]|\bS[ốôỐÔ] ?:) ?:? ?([0-9]*[a-zđ]?) ?([/-]) ?((?:(?:19|20)[0-9]{{2}} ?/ ?)?{_SYMBOL})"
)


@dataclass(frozen=True)
class Dated:
    """The date of a letterhead; `day` is None when it was left for the pen, `place` the place before the date."""

    year: int
    month: int
    day: date | None
    place: str | None = None

    @property
    def text(self) -> str:
        """The date in ISO form, `YYYY-MM` without a day."""
        return self.day.isoformat() if self.day else f"{self.year}-{self.month:02}"


@dataclass(frozen=True)
class Head:
    """The first lines of a report, cleaned, and the index of the line its title begins on."""

    lines: tuple[str, ...]
    title_at: int | None


def read_head(text: str) -> Head:
    """Return the first lines that say something, without Markdown marks."""
    plain = (_MARKDOWN.sub("", respell(clean(line))).replace(" | ", " ") for line in text.splitlines() if line.strip())
    cut = (part for line in plain if line and line != "[img]" for part in _columns(line))
    lines = tuple(islice(cut, HEAD_LINES))
    return Head(lines, _title_line(lines))


def _columns(line: str) -> list[str]:
    """Cut a title off the letterhead that it has run together with: `ỦY BAN NHÂN DÂN XÃ X BÁO CÁO …`."""
    first = line.partition(" ")[0]
    inside = _TITLE_INSIDE.search(unmarked(line)) if first == first.upper() else None
    if inside and about_table().body.match(unmarked(fold(line))) and line[: inside.start()].isupper():
        return [line[: inside.start()], line[inside.end() :]]
    return [line]


def _title_line(lines: tuple[str, ...]) -> int | None:
    for index, line in enumerate(lines):
        match = about_table().title.match(fold(line))
        if match and (line[:3].isupper() or (index < 3 and _is_title(line, match[0]))):
            return index
    return None


def _is_title(line: str, kind: str) -> bool:
    """Tell whether a line in small letters is a title and no sentence: a report or plan, without a full stop."""
    return kind in about_table().small and len(line) < _TITLE_LENGTH and not line.endswith((".", ":", ";"))


def title_of(head: Head) -> str | None:
    """Return the title on one line, from `BÁO CÁO` to where the text begins, at most four lines."""
    if head.title_at is None:
        return None
    parts: list[str] = []
    for line in head.lines[head.title_at : head.title_at + _TITLE_LINES + 1]:
        if parts and _ends(line, parts):
            break
        parts.append(line)
    whole = " ".join(parts)
    end = about_table().run_on.search(whole, _SHORTEST)
    return whole[: end.start() if end else _TITLE_LENGTH].strip()


def _ends(line: str, parts: list[str]) -> bool:
    """Tell whether a line goes on with the text: it opens like a section or a letter, or the title was closed."""
    if len(parts) == 1 and len(parts[0]) < _SHORTEST:
        return False
    if fold(line).startswith(about_table().title_ends) or _dated(line) or parts[-1].endswith((".", ":")):
        return True
    closed = parts[-1][-1:].isdigit() or parts[-1].endswith(")")
    return len(parts) > 1 and (len(line) > _PARAGRAPH or (closed and line[:1].isupper()))


def heading_of(head: Head) -> str | None:
    """Return the first heading in capitals of an excerpt without a title, None when its text begins at once."""
    return next((line for line in head.lines[:3] if line.isupper() and len(line) >= _SHORTEST), None)


def date_of(head: Head) -> Dated | None:
    """Return the letterhead's date: `…, ngày 15 tháng 6 năm 2021`, `…, ngày 12/8/2025`."""
    last = len(head.lines) if head.title_at is None else head.title_at + 4
    found = (_dated(line) for line in head.lines[: max(last, 4)] if len(line) < 160)
    return next((dated for dated in found if dated), None)


def _dated(line: str) -> Dated | None:
    match = _DATE.search(line) or _SHORT_DATE.search(line)
    if match is None or not (match[0].startswith(",") or line.startswith("ngày")):
        return None
    year, month = int(match[3]), int(match[2])
    if make_date(year, month, 1) is None:
        return None
    place = _DATELINE.search(line[: match.start() + 6])
    day = make_date(year, month, int(match[1])) if match[1] else None
    return Dated(year, month, day, place[1].strip() if place else None)


def number_of(head: Head) -> tuple[str | None, str | None]:
    """Return the report's own number and its symbol, without blanks inside: `123/BC-UBND`, `BC-UBND`."""
    last = 12 if head.title_at is None else min(12, head.title_at + 2)
    for line in head.lines[:last]:
        match = _NUMBER.search(line)
        if match and len(line) < 160:
            symbol = re.sub(r"\s", "", match[3])
            return (f"{match[1]}{match[2]}{symbol}" if match[1] else None), symbol.split("/")[-1]
    return None, None


@dataclass(frozen=True)
class Issuer:
    """A body of the letterhead, by its short name where it has one, and its administrative unit as written."""

    body: str
    unit: str | None


_UNIT = re.compile(
    r"(?:TINH|THANH PHO|TP\.?|HUYEN|QUAN|THI XA|TX\.?|XA|PHUONG|THI TRAN|DAC KHU)\s+(?:[0-9]+$|[^\W\d_].*)"
)


def issuers_of(head: Head) -> list[Issuer]:
    """Return the bodies of the letterhead from the highest to the one that issued, each with its unit if it has one."""
    lines = [_left_column(line) for line in head.lines[: min(10, head.title_at or 10) + 1]]
    found = []
    for index, line in enumerate(lines):
        unit = _UNIT.match(unmarked(lines[index + 1])) if index + 1 < len(lines) else None
        body = _body(line, lines[index + 1] if unit and lines[index + 1].isupper() else None)
        if body:
            found.append(body)
    return found


def _left_column(line: str) -> str:
    right = _RIGHT.search(unmarked(line))
    return (line[: right.start()] if right else line).strip()


def _body(line: str, following: str | None) -> Issuer | None:
    """Read `UBND HUYỆN X`, and `ỦY BAN NHÂN DÂN` with `HUYỆN X` on the line after it; a letterhead is in capitals."""
    if not line.isupper() or len(line) > 120:
        return None
    table, bare = about_table(), unmarked(line)
    match = table.body.match(bare.lower())
    if match is None and not table.office.match(bare.lower()):
        return None
    inside = _UNIT.search(bare)
    unit = line[inside.start() :] if inside else following
    return Issuer(table.bodies[match[0]] if match else line[: inside.start() if inside else None].strip(), unit)
