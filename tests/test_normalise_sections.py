"""Times under headings that look ahead, the same period, stretches of a report of odd months."""

from __future__ import annotations

import pytest

from ie.normalise import normalise
from ie.normalise.context import read_context
from ie.normalise.periods import parse_period
from ie.normalise.sections import read_sections
from ie.normalise.time_table import Anchor
from tests.inline_gold import document

REPORT = """BÁO CÁO
Kết quả quý IV năm 2021 và nhiệm vụ quý I năm 2022
I. KẾT QUẢ
Trong {P1 quý} và {P2 tháng 12}, xã mở 5 lớp.
II. NHIỆM VỤ QUÝ I
1. Hoàn thành trong {P3 quý}; đến {P4 tháng 2}, so với {P5 cùng kỳ}.
III. KIẾN NGHỊ
Bổ sung trong {P6 quý IV}.
"""


def test_a_heading_that_looks_ahead_moves_the_anchor_until_the_next_of_its_rank() -> None:
    found = normalise(document(REPORT))
    assert {e.id: (e.value.start, e.value.end) for e in found.entities if e.value} == {
        "P1": ("2021-10-01", "2021-12-31"),
        "P2": ("2021-12-01", "2021-12-31"),
        "P3": ("2022-01-01", "2022-03-31"),
        "P4": ("2022-02-01", "2022-02-28"),
        "P5": ("2021-01-01", "2021-03-31"),
        "P6": ("2021-10-01", "2021-12-31"),
    }


@pytest.mark.parametrize(
    ("title", "heading", "year", "month"),
    [
        ("Kết quả năm 2021 và phương hướng năm 2022", "PHẦN II. NHIỆM VỤ, GIẢI PHÁP", 2022, None),
        ("Kết quả năm 2021 và phương hướng năm 2022", "PHẦN THỨ HAI - NHIỆM VỤ QUÝ I/2022", 2022, 3),
        ("Kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2021", "C/ NHIỆM VỤ 6 THÁNG CUỐI NĂM", 2021, 12),
        ("Kết quả quý IV và nhiệm vụ quý I năm 2022", "V. PHƯƠNG HƯỚNG", 2022, 3),
        ("Tình hình tháng 12, nhiệm vụ tháng 01 năm 2026", "**II. Nhiệm vụ tháng 01/2026**", 2026, 1),
    ],
)
def test_where_the_planned_time_stands(title: str, heading: str, year: int, month: int | None) -> None:
    text = f"BÁO CÁO\n{title}\nI. KẾT QUẢ\nTốt.\n{heading}\nLàm."
    context = read_context(text)
    anchor = read_sections(text, context.anchor, context.about.title).anchor_at(len(text) - 1)
    assert anchor is not None
    assert (anchor.year, anchor.month, anchor.source) == (year, month, "heading")


def test_a_report_without_a_title_is_one_part() -> None:
    text = "Thu năm 2021 tăng.\nII. NHIỆM VỤ NĂM 2022\nThu tốt."
    anchor = Anchor(2021, source="text")
    assert read_sections(text, anchor, None).anchors == (anchor,)


def anchored(title: str) -> Anchor | None:
    return read_context(f"BÁO CÁO\n{title}").anchor


@pytest.mark.parametrize(
    ("title", "words", "start", "end"),
    [
        ("Kết quả 6 tháng đầu năm 2022", "cùng kỳ năm 2021", "2021-01-01", "2021-06-30"),
        ("Kết quả quý I năm 2018", "cùng kỳ năm trước", "2017-01-01", "2017-03-31"),
        ("Kết quả năm 2022 (số liệu đến ngày 15/5/2022)", "cùng kỳ năm 2021", "2021-01-01", "2021-05-15"),
        ("Kết quả 5 năm 2021-2025", "cùng kỳ năm 2019", "2019-01-01", "2019-12-31"),
        ("Kết quả 6 tháng (từ tháng 4 đến tháng 9/2005)", "6 tháng", "2005-04-01", "2005-09-30"),
        ("Kết quả 6 tháng (từ tháng 4 đến tháng 9/2005)", "9 tháng", "2005-01-01", "2005-09-30"),
        ("Kết quả 6 tháng (từ tháng 4 đến tháng 9/2005)", "6 tháng đầu năm", "2005-01-01", "2005-06-30"),
        ("Kết quả 5 năm 2021-2025", "5 năm", "2021-01-01", "2025-12-31"),
        ("Kết quả 5 năm 2021-2025", "cả giai đoạn", "2021-01-01", "2025-12-31"),
        ("Kết quả năm 2022", "5 năm", None, None),
        ("Kết quả năm học 2021-2022", "học kỳ I", "2021-09-01", "2022-01-15"),
        ("Kết quả tháng 11 năm 2022", "10 ngày đầu tháng 11", "2022-11-01", "2022-11-10"),
        ("Kết quả tháng 11 năm 2022", "tuần thứ hai của tháng 11", "2022-11-08", "2022-11-14"),
        ("Kết quả năm 2022", "hai tháng đầu quý IV", "2022-10-01", "2022-11-30"),
        ("Kết quả năm 2025", "niên vụ 2024-2025", "2024-07-01", "2025-06-30"),
        ("Kết quả năm 2025", "hè thu", "2025-04-01", "2025-09-30"),
        ("Kết quả 5 tháng đầu năm 2025", "05 tháng cùng kỳ năm 2024", "2024-01-01", "2024-05-31"),
        ("Kết quả 4 tháng đầu năm 2025", "những tháng đầu năm", "2025-01-01", "2025-04-30"),
    ],
)
def test_words_by_the_reporting_period(title: str, words: str, start: str | None, end: str | None) -> None:
    value = parse_period(words, anchor=anchored(title))
    assert (value and value.start, value and value.end) == (start, end)


def test_a_day_of_every_month_recurs() -> None:
    value = parse_period("ngày 25 hằng tháng")
    assert value is not None
    assert value.key == "R/P1M"
