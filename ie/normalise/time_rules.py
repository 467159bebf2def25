"""What the time expressions of periods.toml mean: each kind of rule, with what the report's anchor fills in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from ie.normalise.dates import last_of_month, make_date, shift_months
from ie.normalise.feasts import tet
from ie.normalise.time_table import Anchor, Span, time_table

_MONTHS = {"năm": 12, "quý": 3, "tháng": 1}
_PARTS_OF_MONTH = {
    "đầu": (1, 10), "giữa": (11, 20), "cuối": (21, 31), "nửa đầu": (1, 15), "nửa cuối": (16, 31),
    "thượng": (1, 10), "trung": (11, 20), "hạ": (21, 31),
}  # fmt: skip
ROUGH = "approximate bounds"


def by_rule(text: str, anchor: Anchor | None) -> Span | None:
    """Return what the first rule that fits the whole folded text makes of it."""
    for kind, pattern in time_table().rules:
        match = pattern.fullmatch(text)
        if match and kind in _MEANING:
            found = _MEANING[kind](_Fields(match.groupdict(), anchor))
            if found:
                return found
    return None


def months(year: int, first: int, last: int, notes: tuple[str, ...] = (), *, borrowed: bool = False) -> Span | None:
    """Return the span of the months `first` to `last` of a year, None when they are no months."""
    start, end = make_date(year, first, 1), last_of_month(year, last)
    return Span(start, end, notes, borrowed) if start and end and start <= end else None


@dataclass(frozen=True)
class _Year:
    number: int
    notes: tuple[str, ...] = ()
    borrowed: bool = False


class _Fields:
    """What one rule found in the text, as numbers, with the anchor for what it left out."""

    def __init__(self, groups: Mapping[str, str | None], anchor: Anchor | None) -> None:
        self.groups, self.anchor = groups, anchor

    def text(self, name: str) -> str:
        """Return a part of the match, "" when it is not there."""
        return self.groups.get(name) or ""

    def number(self, name: str) -> int | None:
        """Return a part as a number, written in digits, Roman or words."""
        text = self.text(name)
        if not text:
            return None
        return int(text) if text.isdecimal() else time_table().numbers[name].get(text)

    @property
    def is_bare(self) -> bool:
        """Whether months are only counted, without `đầu` and without a year."""
        return self.text("of") == "tháng" and not self.text("year") and not self.text("edge")

    @property
    def offset(self) -> int:
        """How many years, months … from the anchor the words lead away."""
        return time_table().offsets.get(self.text("offset"), 0)

    @property
    def year(self) -> _Year | None:
        """The year named or, with a note, the anchor's."""
        year = self.number("year")
        if year is not None:
            return _Year(year) if year > 99 else _Year(2000 + year, ("two-digit year",))
        if self.anchor is None:
            return None
        source = self.anchor.source
        if self.text("offset") and self.text("of") == "":
            return _Year(self.anchor.year + self.offset, (f"year from the {source}",))
        notes = (f"year {self.anchor.year} from the {source}",) if source else ()
        return _Year(self.anchor.year, notes, borrowed=True)

    @property
    def month(self) -> int | None:
        """The month named, else the anchor's."""
        named = self.number("month")
        return named if named is not None or self.anchor is None else self.anchor.month

    @property
    def month_note(self) -> tuple[str, ...]:
        """The note on a month that the anchor gave."""
        if self.text("month") or self.anchor is None or not self.anchor.source:
            return ()
        return (f"month from the {self.anchor.source}",)

    def months(self, first: int, last: int) -> Span | None:
        """Return the span of months of the year named or borrowed."""
        year = self.year
        return months(year.number, first, last, year.notes, borrowed=year.borrowed) if year else None


def _date(fields: _Fields) -> Span | None:
    year, month, day = fields.year, fields.month, fields.number("day")
    found = make_date(year.number, month, day) if year and month and day else None
    return Span(found, found, (*year.notes, *fields.month_note), year.borrowed) if found and year else None


def _month(fields: _Fields) -> Span | None:
    month = fields.month
    found = fields.months(month, month) if month else None
    return replace(found, notes=(*found.notes, *fields.month_note)) if found else None


def _several_months(fields: _Fields) -> Span | None:
    first, last = fields.number("month"), fields.number("last")
    return fields.months(first, last) if first and last else None


def _quarter(fields: _Fields) -> Span | None:
    quarter = fields.number("quarter")
    return fields.months(3 * quarter - 2, 3 * quarter) if quarter else None


def _year(fields: _Fields) -> Span | None:
    return fields.months(1, 12)


def _first(fields: _Fields) -> Span | None:
    """Read `6 tháng đầu năm`; without a count it is half a year.

    `6 tháng` alone is the reporting period where that is six months of another part of the year.
    """
    anchor, count = fields.anchor, fields.number("count")
    if anchor and anchor.start and anchor.end and count and fields.is_bare and _month_count(anchor) == count:
        return Span(anchor.start, anchor.end, (f"reporting period from the {anchor.source}",))
    return fields.months(1, (fields.number("count") or 6) * _MONTHS[fields.text("of") or "tháng"])


def _month_count(anchor: Anchor) -> int | None:
    """Return how many whole months of one year the reporting period has, None when it is none."""
    start, end = anchor.start, anchor.end
    if not start or not end or start.day != 1 or end != last_of_month(end.year, end.month) or start.year != end.year:
        return None
    return end.month - start.month + 1


def _last(fields: _Fields) -> Span | None:
    return fields.months(13 - (fields.number("count") or 6) * _MONTHS[fields.text("of") or "tháng"], 12)


def _part_of_month(fields: _Fields) -> Span | None:
    """Read `đầu tháng 6` as its first ten days, `nửa đầu` as fifteen, with a note that the bounds are rough."""
    whole = _month(fields)
    if whole is None or whole.start is None or whole.end is None:
        return None
    first, last = _PARTS_OF_MONTH[fields.text("part").removesuffix(" tuần")]
    end = whole.end.replace(day=min(last, whole.end.day))
    return replace(whole, start=whole.start.replace(day=first), end=end, notes=(*whole.notes, ROUGH))


def _part_of(fields: _Fields, first: int, size: int) -> Span | None:
    """Return the first, middle or last third of the `3 * size` months from `first`, with a note on the bounds."""
    start = first + size * ["đầu", "giữa", "cuối"].index(fields.text("part"))
    found = fields.months(start, start + size - 1)
    return replace(found, notes=(*found.notes, ROUGH)) if found else None


def _part_of_quarter(fields: _Fields) -> Span | None:
    if fields.number("count"):
        return _months_of_quarter(fields)
    quarter = fields.number("quarter")
    return _part_of(fields, 3 * quarter - 2, 1) if quarter else None


def _part_of_year(fields: _Fields) -> Span | None:
    return _part_of(fields, 1, 4)


def _school(fields: _Fields) -> Span | None:
    """Read school years, September to May, or a term of one (the second starts in mid-January)."""
    year, following = fields.number("year"), fields.number("next")
    if year is None or (following is not None and following <= year):
        return None
    last = following or year + 1
    term = {"1": 1, "i": 1, "2": 2, "ii": 2}.get(fields.text("term"))
    start = make_date(year + 1, 1, 16) if term == 2 else make_date(year, 9, 1)
    end = make_date(year + 1, 1, 15) if term == 1 else make_date(last, 5, 31)
    return Span(start, end, ("school year from September to May",))


def _this_school(fields: _Fields) -> Span | None:
    """Read `học kỳ I`, `năm học trước`, `cuối năm học`: of the school year that the report's date is in."""
    anchor, today = fields.anchor, fields.anchor.today if fields.anchor else None
    if anchor is None or today is None:
        return None
    year = today.year - (today.month < 8) + fields.offset
    said = f"school year from the {anchor.source}"
    groups = {
        "year": str(year),
        "next": None,
        "term": fields.text("term").rpartition(" ")[2],
        "edge": fields.text("edge"),
    }
    found = _edge_of_school(_Fields(groups, anchor)) if fields.text("edge") else _school(_Fields(groups, anchor))
    return replace(found, notes=(*found.notes, said)) if found else None


def _edge_of_school(fields: _Fields) -> Span | None:
    """Read `đầu năm học` as September, `cuối năm học` as May, with a note that the bounds are rough."""
    year = fields.number("year")
    if year is None:
        return None
    found = months(year, 9, 9) if fields.text("edge") == "đầu" else months(year + 1, 5, 5)
    return replace(found, notes=(ROUGH,)) if found else None


def _several_years(fields: _Fields) -> Span | None:
    """Read `5 năm`, `cả giai đoạn` as the reporting period where that is of several years, as many as are named."""
    anchor, count = fields.anchor, fields.number("count")
    if anchor is None or anchor.start is None or anchor.end is None:
        return None
    years = anchor.end.year - anchor.start.year + 1
    whole = anchor.start.month == 1 and anchor.end.month == 12
    if not whole or years < 2 or (count and count != years):
        return None
    return Span(anchor.start, anchor.end, (f"reporting period from the {anchor.source}",))


def _crop_year(fields: _Fields) -> Span | None:
    """Read `niên vụ 2024-2025` as July to June, roughly."""
    year = fields.year
    start, end = (make_date(year.number - 1, 7, 1), make_date(year.number, 6, 30)) if year else (None, None)
    return Span(start, end, (ROUGH,)) if start and end else None


def _early_months(fields: _Fields) -> Span | None:
    """Read `những tháng đầu năm` as January to the report's date, roughly; four months where the date does not help."""
    year, today = fields.year, fields.anchor.today if fields.anchor else None
    if year is None:
        return None
    last = today.month if today and today.year == year.number and today.month < 12 else 4
    return months(year.number, 1, last, (*year.notes, ROUGH), borrowed=year.borrowed)


def _months_of_quarter(fields: _Fields) -> Span | None:
    quarter, count = fields.number("quarter"), fields.number("count")
    if quarter is None or count is None or not 1 <= count <= 3:
        return None
    first = 3 * quarter - 2 if fields.text("part") == "đầu" else 3 * quarter + 1 - count
    return fields.months(first, first + count - 1)


def _days_of_month(fields: _Fields) -> Span | None:
    """Read `10 ngày đầu tháng 11`."""
    return _stretch_of_month(fields, fields.number("count") or 0, first=fields.text("part") == "đầu")


def _week_of_month(fields: _Fields) -> Span | None:
    """Read `tuần đầu tháng 11` and `tuần thứ hai của tháng 11` as seven days, roughly."""
    nth = {"nhất": 0, "hai": 7, "ba": 14, "tư": 21}.get(fields.text("nth"), 0)
    found = _stretch_of_month(fields, 7, first=fields.text("part") != "cuối", after=nth)
    return replace(found, notes=(*found.notes, ROUGH)) if found else None


def _stretch_of_month(fields: _Fields, days: int, *, first: bool, after: int = 0) -> Span | None:
    whole = _month(fields)
    if whole is None or whole.start is None or whole.end is None or not 1 <= days <= 28:
        return None
    start = whole.start + timedelta(after) if first else whole.end - timedelta(days - 1)
    return replace(whole, start=start, end=start + timedelta(days - 1))


def _half_year(fields: _Fields) -> Span | None:
    return _recent(_Fields({"count": "6", "of": "tháng"}, fields.anchor))


def _same_months(fields: _Fields) -> Span | None:
    """Read `6 tháng cùng kỳ năm 2024`: as many months as the reporting period, shifted into that year."""
    anchor, count = fields.anchor, fields.number("count")
    year = fields.number("year") or (anchor.year + fields.offset if anchor else None)
    if year is None or not count:
        return None
    last = anchor.month if anchor and anchor.month and anchor.month >= count else count
    return months(year, last - count + 1, last, ("same period",))


def _season(fields: _Fields) -> Span | None:
    """Read `vụ Đông Xuân 2022-2023` by the usual months of the crop, with a note that the bounds are rough."""
    year, (first, last) = fields.year, time_table().seasons[fields.text("season")]
    if year is None:
        return None
    start, end = make_date(*shift_months(year.number, 1, first - 1), 1), last_of_month(year.number, last)
    return Span(start, end, (*year.notes, ROUGH), year.borrowed)


def _day(fields: _Fields) -> Span | None:
    today = fields.anchor.today if fields.anchor else None
    if fields.anchor is None or today is None:
        return None
    day = today + timedelta(fields.offset)
    return Span(day, day, (fields.anchor.today_note,))


def _current(fields: _Fields) -> Span | None:
    """Read `cả năm`, `trong tháng`, `quý trước`: counted from the report's own year, month or quarter."""
    anchor, size = fields.anchor, _MONTHS[fields.text("of")]
    if anchor is None or (size < 12 and anchor.month is None):
        return None
    this = ((anchor.month or 1) - 1) // size * size + 1
    year, month = shift_months(anchor.year, this, fields.offset * size)
    said = f"{'year' if size == 12 else 'month'} from the {anchor.source or 'report'}"
    return months(year, month, month + size - 1, (said,))


def _reporting(fields: _Fields) -> Span | None:
    """Read `trong kỳ`, `kỳ báo cáo`: the reporting period of the title."""
    anchor = fields.anchor
    if anchor is None or anchor.start is None or anchor.end is None:
        return None
    return Span(anchor.start, anchor.end, (f"reporting period from the {anchor.source}",))


def _recent(fields: _Fields) -> Span | None:
    """Read `3 năm qua`: as much time up to the report's date."""
    count, today = fields.number("count"), fields.anchor.today if fields.anchor else None
    if fields.anchor is None or today is None or not count:
        return None
    year, month = shift_months(today.year, today.month, -count * _MONTHS[fields.text("of")])
    before = last_of_month(year, month)
    if before is None:
        return None
    start = before.replace(day=min(today.day, before.day)) + timedelta(1)
    return Span(start, today, (ROUGH, fields.anchor.today_note))


def _tet(fields: _Fields) -> Span | None:
    """Read `Tết Ất Tỵ`, `mùng 6 Tết`, `giao thừa`; a word of the cycle alone needs `Tết` before it."""
    day = 0 if fields.text("eve") else fields.number("day")
    return tet(fields.anchor, cyclic=fields.text("cyclic"), year=fields.number("year"), day=day)


def _edge_of_reporting(fields: _Fields) -> Span | None:
    """Read `đầu kỳ`, `cuối kỳ` as the first and the last day of the reporting period."""
    found = _reporting(fields)
    day = (found.start if fields.text("part") == "đầu" else found.end) if found else None
    return replace(found, start=day, end=day) if found and day else None


def _rest_of_year(fields: _Fields) -> Span | None:
    """Read `những tháng còn lại` as the months from the reporting period's end to December."""
    anchor, year = fields.anchor, fields.year
    if anchor is None or anchor.end is None or year is None or anchor.end.year != year.number or anchor.end.month > 11:
        return None
    return months(year.number, anchor.end.month + 1, 12, (f"after the reporting period from the {anchor.source}",))


def _part_of_this_quarter(fields: _Fields) -> Span | None:
    """Read `cuối quý` as the last month of the quarter that the reporting period ends in."""
    month = fields.month
    return _part_of(fields, (month - 1) // 3 * 3 + 1, 1) if month else None


_MEANING: dict[str, Callable[[_Fields], Span | None]] = {
    "date": _date,
    "month": _month,
    "months": _several_months,
    "quarter": _quarter,
    "year": _year,
    "first": _first,
    "last": _last,
    "part of month": _part_of_month,
    "part of quarter": _part_of_quarter,
    "part of year": _part_of_year,
    "school": _school,
    "season": _season,
    "now": _day,
    "day": _day,
    "current": _current,
    "reporting": _reporting,
    "this school year": _this_school,
    "edge of school year": _edge_of_school,
    "several years": _several_years,
    "crop year": _crop_year,
    "early months": _early_months,
    "days of month": _days_of_month,
    "week of month": _week_of_month,
    "half year": _half_year,
    "months of same period": _same_months,
    "recent": _recent,
    "tet": _tet,
    "edge of reporting": _edge_of_reporting,
    "rest of year": _rest_of_year,
    "part of this quarter": _part_of_this_quarter,
}
