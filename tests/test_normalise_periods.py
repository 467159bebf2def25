"""Time expressions: what each means in a report of February 2024, without a report, and round trips."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Value
from ie.normalise.dates import find_date, last_of_month, make_date, shift_months
from ie.normalise.periods import Anchor, parse_period

FEBRUARY = Anchor(2024, 2, date(2024, 2, 20), "title")


def period(text: str, anchor: Anchor | None = FEBRUARY) -> Value:
    value = parse_period(text, anchor=anchor)
    assert value is not None, text
    return value


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("ngày 31/12/2023", "2023-12-31", "2023-12-31"),
        ("31/12/2023", "2023-12-31", "2023-12-31"),
        ("ngày 22.4.2024", "2024-04-22", "2024-04-22"),
        ("ngày 3-2-2017", "2017-02-03", "2017-02-03"),
        ("ngày 5 tháng 3 năm 2024", "2024-03-05", "2024-03-05"),
        ("Ngày 05 tháng 3 năm\n2024", "2024-03-05", "2024-03-05"),
        ("chiều ngày 10/6/2020", "2020-06-10", "2020-06-10"),
        ("tháng 3 năm 2023", "2023-03-01", "2023-03-31"),
        ("tháng 5/2025", "2025-05-01", "2025-05-31"),
        ("tháng 02-2024", "2024-02-01", "2024-02-29"),
        ("THÁNG TƯ NĂM 2023", "2023-04-01", "2023-04-30"),
        ("ngày … tháng 8 năm 2021", "2021-08-01", "2021-08-31"),
        ("tháng 1-6/2024", "2024-01-01", "2024-06-30"),
        ("quý III/2023", "2023-07-01", "2023-09-30"),
        ("quý 2-2022", "2022-04-01", "2022-06-30"),
        ("Quý IV năm 2026", "2026-10-01", "2026-12-31"),
        ("năm 2023", "2023-01-01", "2023-12-31"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("cả năm 2022", "2022-01-01", "2022-12-31"),
        ("6 tháng đầu năm 2022", "2022-01-01", "2022-06-30"),
        ("sáu tháng đầu năm 2022", "2022-01-01", "2022-06-30"),
        ("9 tháng năm 2020", "2020-01-01", "2020-09-30"),
        ("9 tháng 2016", "2016-01-01", "2016-09-30"),
        ("2 quý đầu năm 2021", "2021-01-01", "2021-06-30"),
        ("6 tháng cuối năm 2022", "2022-07-01", "2022-12-31"),
        ("giai đoạn 2021-2025", "2021-01-01", "2025-12-31"),
        ("giai đoạn 2021 – 2025", "2021-01-01", "2025-12-31"),
        ("Thời kỳ 2011-2020", "2011-01-01", "2020-12-31"),
        ("nhiệm kỳ 2020 - 2025", "2020-01-01", "2025-12-31"),
        ("hai năm 2012 - 2013", "2012-01-01", "2013-12-31"),
        ("năm 2022 đến hết năm 2026", "2022-01-01", "2026-12-31"),
        ("từ ngày 01/7/2025 đến ngày 31/12/2025", "2025-07-01", "2025-12-31"),
        ("ngày 9/12 đến ngày 11/12/2008", "2008-12-09", "2008-12-11"),
        ("ngày 14 đến 18/12/2008", "2008-12-14", "2008-12-18"),
        ("tháng 10 đến tháng 3/2024", "2023-10-01", "2024-03-31"),
        ("từ tháng 7 năm 2023 đến tháng 3 năm 2024", "2023-07-01", "2024-03-31"),
        ("Quý IV/2025 - Quý I/2026", "2025-10-01", "2026-03-31"),
        ("quý I - II/2024", "2024-01-01", "2024-06-30"),
        ("năm học 2023-2024", "2023-09-01", "2024-05-31"),
        ("năm học 2023-2026", "2023-09-01", "2026-05-31"),
        ("học kỳ 2 năm học 2018-2019", "2019-01-16", "2019-05-31"),
        ("tháng 10 và tháng 11/2004", "2004-10-01", "2004-11-30"),
    ],
)
def test_what_names_its_year_needs_no_report(text: str, start: str, end: str) -> None:
    assert (period(text, None).start, period(text, None).end) == (start, end)
    assert (period(text).start, period(text).end) == (start, end)


YEAR = "year 2024 from the title"
DATE = "date 2024-02-20 of the report"


@pytest.mark.parametrize(
    ("text", "start", "end", "notes"),
    [
        ("tháng 02", "2024-02-01", "2024-02-29", (YEAR,)),
        ("trong tháng 02", "2024-02-01", "2024-02-29", (YEAR,)),
        ("tháng", "2024-02-01", "2024-02-29", ("month from the title",)),
        ("tháng trước", "2024-01-01", "2024-01-31", ("month from the title",)),
        ("quý I", "2024-01-01", "2024-03-31", (YEAR,)),
        ("quý", "2024-01-01", "2024-03-31", ("month from the title",)),
        ("quý trước", "2023-10-01", "2023-12-31", ("month from the title",)),
        ("cả năm", "2024-01-01", "2024-12-31", ("year from the title",)),
        ("năm nay", "2024-01-01", "2024-12-31", ("year from the title",)),
        ("năm trước", "2023-01-01", "2023-12-31", ("year from the title",)),
        ("6 tháng đầu năm", "2024-01-01", "2024-06-30", (YEAR,)),
        ("Bốn tháng đầu năm", "2024-01-01", "2024-04-30", (YEAR,)),
        ("9 tháng", "2024-01-01", "2024-09-30", (YEAR,)),
        ("3 tháng cuối năm", "2024-10-01", "2024-12-31", (YEAR,)),
        ("lũy kế 2 tháng", "2024-01-01", "2024-02-29", (YEAR, "cumulative")),
        ("luỹ kế  2 tháng", "2024-01-01", "2024-02-29", (YEAR, "cumulative")),
        ("cộng dồn 2 tháng", "2024-01-01", "2024-02-29", (YEAR, "cumulative")),
        ("lũy kế", "2024-01-01", "2024-02-20", ("cumulative", YEAR)),
        ("ngày 22.4", "2024-04-22", "2024-04-22", (YEAR,)),
        ("ngày 05", "2024-02-05", "2024-02-05", (YEAR, "month from the title")),
        ("21-25/12", "2024-12-21", "2024-12-25", (YEAR,)),
        ("14/10 đến 31/12", "2024-10-14", "2024-12-31", (YEAR,)),
        ("nay", "2024-02-20", "2024-02-20", (DATE,)),
        ("hiện nay", "2024-02-20", "2024-02-20", (DATE,)),
        ("hôm qua", "2024-02-19", "2024-02-19", (DATE,)),
        ("đến nay", None, "2024-02-20", (DATE, "until")),
        ("lũy kế đến nay", None, "2024-02-20", (DATE, "until", "cumulative")),
        ("năm 2014 đến nay", "2014-01-01", "2024-02-20", (DATE,)),
        ("hết tháng 4/2018", None, "2018-04-30", ("until",)),
        ("tính đến ngày 31/12", None, "2024-12-31", (YEAR, "until")),
        ("giai đoạn đến năm 2030", None, "2030-12-31", ("until",)),
        ("cùng kỳ năm 2019", "2019-01-01", "2019-12-31", ("same period",)),
        ("cùng kỳ quý I/2024", "2024-01-01", "2024-03-31", ("same period",)),
        ("cùng kỳ", "2023-01-01", "2023-12-31", ("same period", YEAR)),
        ("đầu năm 2021", "2021-01-01", "2021-04-30", ("approximate bounds",)),
        ("cuối năm 2021", "2021-09-01", "2021-12-31", ("approximate bounds",)),
        ("giữa tháng 7/2016", "2016-07-11", "2016-07-20", ("approximate bounds",)),
        ("trung tuần tháng 7", "2024-07-11", "2024-07-20", (YEAR, "approximate bounds")),
        ("nửa cuối tháng 2/2024", "2024-02-16", "2024-02-29", ("approximate bounds",)),
        ("cuối quý II/2023", "2023-06-01", "2023-06-30", ("approximate bounds",)),
        ("vụ Đông Xuân 2022-2023", "2022-11-01", "2023-05-31", ("approximate bounds",)),
        ("3 năm qua", "2021-02-21", "2024-02-20", ("approximate bounds", DATE)),
        ("tháng 9, tháng 10", "2024-09-01", "2024-10-31", (YEAR, "from the first to the last of a list")),
        ("tháng 1 vừa qua", "2024-01-01", "2024-01-31", (YEAR,)),
        ("ngày 1/2/24", "2024-02-01", "2024-02-01", ("two-digit year",)),
        ("10h sáng nay", "2024-02-20", "2024-02-20", (DATE,)),
    ],
)
def test_the_report_fills_in_and_the_notes_say_so(
    text: str, start: str | None, end: str, notes: tuple[str, ...]
) -> None:
    value = period(text)
    assert (value.kind, value.start, value.end) == ("period", start, end)
    assert sorted(value.notes) == sorted(notes)


@pytest.mark.parametrize(
    ("text", "key"), [("hằng năm", "R/P1Y"), ("hàng tháng", "R/P1M"), ("mỗi quý", "R/P3M"), ("hằng ngày", "R/P1D")]
)
def test_recurring_times_have_an_interval_and_no_bounds(text: str, key: str) -> None:
    value = period(text, None)
    assert (value.key, value.start, value.end) == (key, None, None)


@pytest.mark.parametrize("text", ["tháng 02", "tháng", "quý I", "cả năm", "6 tháng đầu năm", "đến nay", "ngày 22.4"])
def test_without_a_report_the_year_is_not_guessed(text: str) -> None:
    assert parse_period(text) is None


@pytest.mark.parametrize("text", ["tháng", "quý", "đầu tháng"])
def test_without_a_month_the_month_is_not_guessed(text: str) -> None:
    assert parse_period(text, anchor=Anchor(2024)) is None


def test_now_in_a_report_without_a_date_is_assumed_and_said() -> None:
    value = period("đến nay", Anchor(2024, 2))
    assert (value.start, value.end) == (None, "2024-02-29")
    assert "date 2024-02-29 assumed: end of the report's month" in value.notes
    assert period("nay", Anchor(2024)).end == "2024-12-31"


@pytest.mark.parametrize(
    "text",
    [
        "", "thời gian qua", "những năm qua", "thời gian tới", "Tết Nguyên đán", "31/02/2023", "tháng 13",
        "ngày 32/1/2024", "quý V", "13 tháng đầu năm", "năm học 2023-2020", "10 năm", "năm thứ nhất",
        "2025-2021", "năm 40", "x" * 121,
    ],
)  # fmt: skip
def test_vague_and_impossible_times_stay_open(text: str) -> None:
    assert parse_period(text, anchor=FEBRUARY) is None


def test_composition_does_not_matter() -> None:
    assert period(unicodedata.normalize("NFD", "Luỹ kế 6 tháng đầu năm 2022")).end == "2022-06-30"


days = st.dates(date(1950, 1, 1), date(2098, 12, 31))


@given(days, st.sampled_from(["{d}/{m}/{y}", "ngày {d:02}/{m:02}/{y}", "{d}.{m}.{y}", "ngày {d} tháng {m} năm {y}"]))
def test_dates_come_back(day: date, shape: str) -> None:
    text = shape.format(d=day.day, m=day.month, y=day.year)
    assert (period(text, None).start, period(text, None).end) == (day.isoformat(), day.isoformat())
    assert find_date(text) == day


@given(days, st.sampled_from(["{d}/{m}", "ngày {d}.{m}", "ngày {d} tháng {m}"]))
def test_days_without_a_year_take_the_report_s(day: date, shape: str) -> None:
    anchor = Anchor(day.year, source="letterhead")
    assert period(shape.format(d=day.day, m=day.month), anchor).start == day.isoformat()


@given(days, days, st.sampled_from(["{} đến {}", "từ ngày {} đến ngày {}", "{} - {}", "{} – {}"]))
def test_ranges_of_dates_come_back(one: date, other: date, shape: str) -> None:
    start, end = sorted((one, other))
    value = period(shape.format(*(f"{day.day}/{day.month}/{day.year}" for day in (start, end))), None)
    assert (value.start, value.end) == (start.isoformat(), end.isoformat())


@given(days, st.integers(0, 300))
def test_a_range_lends_its_year_to_its_start(day: date, length: int) -> None:
    end = day + timedelta(length)
    value = period(f"ngày {day.day}/{day.month} đến ngày {end.day}/{end.month}/{end.year}", None)
    assert (value.start, value.end) == (day.isoformat(), end.isoformat())


@given(days)
def test_months_and_quarters_come_back(day: date) -> None:
    month = period(f"tháng {day.month:02}/{day.year}", None)
    quarter = period(f"quý {['I', 'II', 'III', 'IV'][(day.month - 1) // 3]} năm {day.year}", None)
    for value in (month, quarter):
        assert value.start is not None
        assert value.end is not None
        assert value.start <= day.isoformat() <= value.end
    assert month.end == str(last_of_month(day.year, day.month))


@given(st.integers(1, 12), st.integers(-40, 40))
def test_shifting_months_there_and_back(month: int, by: int) -> None:
    assert shift_months(*shift_months(2024, month, by), -by) == (2024, month)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    value = parse_period(text, anchor=FEBRUARY)
    assert value is None or value.start or value.end or value.key


TIME_WORDS = ["từ", "đến", "ngày", "tháng", "năm", "quý", "nay", "đầu", "cuối", "-", ",", "5", "2024", "1/2", "lũy kế"]


@given(st.lists(st.sampled_from(TIME_WORDS), max_size=12))
def test_no_heap_of_time_words_breaks_the_reader(words: list[str]) -> None:
    value = parse_period(" ".join(words), anchor=FEBRUARY)
    if value is not None and value.start and value.end:
        assert value.start <= value.end


def test_the_calendar_refuses_what_it_does_not_have() -> None:
    assert make_date(2023, 2, 29) is None
    assert make_date(2024, 2, 29) == date(2024, 2, 29)
    assert make_date(2024, 13, 1) is None
    assert last_of_month(2024, 0) is None


ACROSS = Anchor(2025, 3, date(2025, 3, 20), "title", date(2024, 12, 15), date(2025, 3, 14))
AUGUST = Anchor(2025, 8, date(2025, 8, 25), "title", date(2025, 8, 1), date(2025, 8, 31))


@pytest.mark.parametrize(
    ("text", "anchor", "start", "end"),
    [
        ("lũy kế từ 01/7", AUGUST, "2025-07-01", "2025-08-31"),
        ("lũy kế từ đầu năm", AUGUST, "2025-01-01", "2025-08-31"),
        ("từ đầu năm đến nay", AUGUST, "2025-01-01", "2025-08-25"),
        ("từ 01/7", AUGUST, "2025-07-01", None),
        ("tháng 6 năm ngoái", AUGUST, "2024-06-01", "2024-06-30"),
        ("quý II năm trước", AUGUST, "2024-04-01", "2024-06-30"),
        ("những tháng còn lại", AUGUST, "2025-09-01", "2025-12-31"),
        ("đầu kỳ", AUGUST, "2025-08-01", "2025-08-01"),
        ("hai ngày 31/8 và 01/9", AUGUST, "2025-08-31", "2025-09-01"),
        ("6 tháng (từ tháng 4 đến tháng 9) năm 2024", AUGUST, "2024-04-01", "2024-09-30"),
        ("tháng 12", ACROSS, "2024-12-01", "2024-12-31"),
        ("tháng 2", ACROSS, "2025-02-01", "2025-02-28"),
        ("15/12", ACROSS, "2024-12-15", "2024-12-15"),
        ("6 tháng cuối năm", ACROSS, "2025-07-01", "2025-12-31"),
        ("lũy kế từ 01/7", ACROSS, "2024-07-01", "2025-03-14"),
    ],
)
def test_times_by_the_reporting_period(text: str, anchor: Anchor, start: str, end: str | None) -> None:
    found = parse_period(text, anchor=anchor)
    assert found is not None
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("text", ["tháng 8 và 8 tháng đầu năm", "5 tháng (từ tháng 4 đến tháng 9/2025)", "đợt 1"])
def test_what_is_no_single_time_has_no_bounds(text: str) -> None:
    assert parse_period(text, anchor=AUGUST) is None
