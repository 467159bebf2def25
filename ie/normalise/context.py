"""What a report says of itself: the time it speaks of, who issued it, its number, how it writes numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import islice

from ie.normalise.dates import make_date
from ie.normalise.digits import UNKNOWN, Habit
from ie.normalise.fold import clean, fold, respell
from ie.normalise.time_table import Anchor, time_table
from ie.normalise.units import unit_table

_HEAD_LINES = 30
_TITLE_LINES = 4
_TITLE = re.compile(
    r"(?:báo cáo|kế hoạch|tờ trình|thông báo|chương trình|nghị quyết|quyết định|công văn|kết quả|tình hình)\b"
)
_LETTER_DATE = re.compile(r", ?ngày ?([0-9]{0,2})[ .…]*tháng ?([0-9]{1,2}) ?năm ?([0-9]{4})")
_OWN_NUMBER = re.compile(r"(?:^| )[Ss][ốỐ] ?: ?([0-9]+[a-zđ]? ?[/-] ?[^ ,;]+)")
_LETTERHEAD_END = r"(?=\s+CỘNG H|\s+ĐẢNG CỘNG|\s+Độc lập|\s+Số ?:|\s*$)"
_ISSUER = re.compile(
    r"(?:UBND|ỦY BAN NHÂN DÂN|HĐND|HỘI ĐỒNG NHÂN DÂN|SỞ|PHÒNG|CHI CỤC|CỤC|BỘ|BAN|CÔNG AN|"
    rf"(?:TỈNH|THÀNH|HUYỆN|QUẬN|THỊ|ĐẢNG) ỦY)\b.*?{_LETTERHEAD_END}"
)
_UNIT_OF_STATE = re.compile(
    rf"(?:TỈNH|THÀNH PHỐ|TP|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\b.*?{_LETTERHEAD_END}"
)
_HORIZON = re.compile(r"(?:đến|tới|tầm nhìn) (?:hết |cuối )?năm [0-9]{4}")
_STRETCH = re.compile(r"(?:giai đoạn|thời kỳ|nhiệm kỳ)[^0-9]{0,20}[0-9]{4} ?- ?[0-9]{4}")
_TITLE_YEAR = re.compile(r"(?:năm |/)((?:19|20)[0-9]{2})(?![0-9])")
_TITLE_MONTH = re.compile(
    r"(?<!\w)(?:([0-9]{1,2}|[^\W\d_]+(?: một| hai)?) tháng đầu năm|quý (iv|i{1,3}|[1-4])\b|tháng ([0-9]{1,2})\b)"
)
# Numbers with marks and the two words after them; dates, section numbers and numbers after an ordinal word are none.
_SECTION = re.compile(r"^\s*[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}\.?(?=\s|$)", re.MULTILINE)
_MARKED = re.compile(
    r"(?<![\w/.,-])(?<!ngày )(?<!điều )(?<!mục )(?<!khoản )([0-9]+(?:[.,][0-9]+)+)(?![0-9/])"
    r"(?: ?(%|[^\W\d_]+[23]?)(?: ([^\W\d_]+))?)?"
)


@dataclass(frozen=True)
class Context:
    """What the whole report tells about the values in it; None where it does not say."""

    anchor: Anchor | None = None
    issuer: str | None = None
    number: str | None = None
    habit: Habit = UNKNOWN


def read_context(text: str) -> Context:
    """Return what a report says of itself, read from its letterhead, its title and all its numbers."""
    head = list(islice((respell(clean(line)) for line in text.splitlines() if line.strip()), _HEAD_LINES))
    return Context(anchor=_anchor(head, text), issuer=_issuer(head), number=_number(head), habit=number_habit(text))


@dataclass(frozen=True)
class _Dated:
    year: int
    month: int
    day: date | None


def _anchor(head: list[str], text: str) -> Anchor | None:
    """Find the report's time: that of its title, then of its letterhead, then the year that it names most often."""
    dated = next(filter(None, map(_letter_date, head)), None)
    year, month = _title_time(head)
    if year or (month and dated):
        return Anchor(year or (dated.year if dated else 0), month, dated.day if dated else None, "title")
    if dated:
        return Anchor(dated.year, dated.month, dated.day, "letterhead")
    named = Counter(map(int, _TITLE_YEAR.findall(_HORIZON.sub("", _STRETCH.sub("", clean(text).lower())))))
    if not named:
        return None
    most = max(named.values())
    return Anchor(max(year for year, count in named.items() if count == most), source="text")


def _letter_date(line: str) -> _Dated | None:
    """Read `…, ngày 15 tháng 6 năm 2021`; the day may be left blank for the pen."""
    match = _LETTER_DATE.search(line)
    if match is None or make_date(int(match[3]), int(match[2]), 1) is None:
        return None
    year, month = int(match[3]), int(match[2])
    return _Dated(year, month, make_date(year, month, int(match[1])) if match[1] else None)


def _title_time(head: list[str]) -> tuple[int | None, int | None]:
    """Return the first year and month of the title, which is a line in capitals and those after it."""
    for index, line in enumerate(head):
        if _TITLE.match(fold(line)) and (line[:3].isupper() or index < 3):
            title = _STRETCH.sub("", fold(" ".join(head[index : index + _TITLE_LINES])))
            year, month = _TITLE_YEAR.search(title), _TITLE_MONTH.search(title)
            return int(year[1]) if year else None, _month(month) if month else None
    return None, None


def _month(match: re.Match[str]) -> int | None:
    """Return the month that a title ends with: `6 tháng đầu năm` 6, `quý II` 6, `tháng 02` 2."""
    count, quarter, month = match.groups()
    numbers = time_table().numbers
    if quarter:
        return 3 * (numbers["quarter"].get(quarter) or int(quarter))
    text = count or month
    found = int(text) if text.isdecimal() else numbers["count"].get(text)
    return found if found and 1 <= found <= 12 else None


def _issuer(head: list[str]) -> str | None:
    """Return the body in the letterhead, with its administrative unit where that stands on the next line."""
    for index, line in enumerate(head[:10]):
        match = _ISSUER.match(line)
        if match and match.group().isupper():
            following = _UNIT_OF_STATE.match(head[index + 1]) if index + 1 < len(head) else None
            named = _UNIT_OF_STATE.search(match.group())
            return f"{match.group()} {following.group()}" if following and not named else match.group()
    return None


def _number(head: list[str]) -> str | None:
    """Return the report's own number as written, without blanks inside: `123/BC-UBND`."""
    match = next(filter(None, map(_OWN_NUMBER.search, head[:12])), None)
    return match[1].replace(" ", "") if match else None


def number_habit(text: str) -> Habit:
    """Count the numbers of a report whose shape tells how it uses dot and comma."""
    plain = "\n".join(clean(line).lower() for line in _SECTION.sub("", text).splitlines())
    counted = Counter(_shape(*match.groups()) for match in _MARKED.finditer(plain))
    names = ("dot_thousands", "comma_decimals", "dot_decimals", "comma_thousands")
    return Habit(**{name: counted[name] for name in names})


def _shape(number: str, first: str | None, second: str | None) -> str:
    """Name the habit that a number speaks for, "" when it could be two things."""
    groups, marks = re.split(r"[.,]", number), re.findall(r"[.,]", number)
    full = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(set(marks)) == 2:
        return {",": "dot_thousands", ".": "comma_thousands"}[marks[-1]] if marks.count(marks[-1]) == 1 else ""
    if len(marks) > 1:
        return {".": "dot_thousands", ",": "comma_thousands"}[marks[0]] if full else ""
    if marks == [","]:
        return "" if full else "comma_decimals"
    if full and groups[0] != "0":
        return "dot_thousands" if _stands_in(first, second, whole=True) else ""
    return "dot_decimals" if _stands_in(first, second, whole=False) else ""


def _stands_in(first: str | None, second: str | None, *, whole: bool) -> bool:
    """Tell whether a unit follows: one of whole things (a counter, `đồng`), or any measure or scale word."""
    table = unit_table()
    words = [fold(word) for word in (first, f"{first} {second}") if word]
    if whole:
        return any(word in table.counters or word == "đồng" for word in words)
    return any(word in table.forms or word in table.scales for word in words)
