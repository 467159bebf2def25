"""Days of Tết, and times that stay without bounds: the reason is said and counted."""

import itertools
from datetime import date

import pytest

from ie.document import Document, Entity
from ie.normalise import normalisation_report, normalise
from ie.normalise.feasts import feasts, year_of
from ie.normalise.periods import Anchor, parse_period
from ie.normalise.unbounded import reason_of, unbounded

QUARTER = Anchor(2025, 3, date(2025, 3, 20), "title", date(2024, 12, 15), date(2025, 3, 14))
AUTUMN = Anchor(2025, 10, date(2025, 10, 25), "title", date(2025, 10, 1), date(2025, 10, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("dịp Tết Ất Tỵ", "2025-01-29", "2025-01-31"),
        ("Tết Nguyên đán Bính Ngọ 2026", "2026-02-17", "2026-02-19"),
        ("mùng 6 Tết", "2025-02-03", "2025-02-03"),
        ("đêm giao thừa", "2025-01-28", "2025-01-28"),
        ("ba ngày Tết", "2025-01-29", "2025-01-31"),
        ("Tết Đinh Hợi", "2007-02-17", "2007-02-19"),  # a day before the Chinese calendar
    ],
)
def test_days_of_tet(text: str, start: str, end: str) -> None:
    found = parse_period(text, anchor=QUARTER)
    assert found is not None
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize("text", ["Tết", "mùng 6 Tết", "giao thừa", "Tết Ất Ngọ"])
def test_a_tet_that_may_be_of_two_years_has_no_days(text: str) -> None:
    assert parse_period(text, anchor=AUTUMN) is None


def test_names_of_years_come_round_in_sixty() -> None:
    assert year_of("ất tỵ", near=2025) == 2025
    assert year_of("ất tỵ", near=1970) == 1965
    assert year_of("ất ngọ", near=2025) is None  # such a stem never meets such a branch


def test_tet_is_on_a_new_moon_of_january_or_february() -> None:
    days = [feasts().tet[year] for year in sorted(feasts().tet)]
    assert all((1, 20) < (day.month, day.day) < (2, 21) for day in days)
    lengths = {(after - before).days for before, after in itertools.pairwise(days)}
    assert lengths <= {353, 354, 355, 383, 384, 385}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("đợt 1", "a round or phase without dates"),
        ("giai đoạn II", "a round or phase without dates"),
        ("vụ trước", "a season without fixed months"),
        ("mùa mưa", "a season without fixed months"),
        ("Tết", "a feast whose year is not said"),
        ("tháng 8 và 8 tháng đầu năm", "two times"),
        ("lũy kế từ khởi công", "an event whose date is not said"),
        ("thời gian tới", "an open stretch of years or months"),
        ("ba năm", "a number of years or months without a beginning"),
        ("chiều thứ Sáu", "a day without its month"),
        ("muời hai thnág", "not read"),
    ],
)
def test_why_a_time_has_no_bounds(text: str, reason: str) -> None:
    assert parse_period(text, anchor=AUTUMN) is None
    found = unbounded(text, AUTUMN)
    assert reason_of(found) == reason
    assert found.start is None
    assert found.end is None


def test_reasons_are_counted() -> None:
    text = "BÁO CÁO\nTình hình tháng 10 năm 2025\nTrong đợt 1 và tháng 10."
    at = {words: text.rindex(words) for words in ("đợt 1", "tháng 10")}
    periods = tuple(
        Entity(f"T{n}", "PERIOD", ((start, start + len(words)),), words)
        for n, (words, start) in enumerate(at.items(), 1)
    )
    found = normalise(Document("r", text, periods))
    counts = normalisation_report(found)["PERIOD"]
    assert counts == {"done": 1, "failed": 1, "a round or phase without dates": 1}


def test_without_a_date_the_report_is_the_reason() -> None:
    assert reason_of(unbounded("tháng trước", None)) == "the report has no date"
