"""What a report says of itself: issuer, place, number, date, title and reporting period."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import About, Document
from ie.export.jsonl import dumps, from_dict
from ie.normalise import normalise
from ie.normalise.about import read_about
from ie.normalise.about_table import level_of
from ie.normalise.context import read_context
from ie.normalise.periods import parse_period
from ie.normalise.reporting import reporting_period

TWO_LEVELS = """UBND THÀNH PHỐ SƠN LA CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
UBND XÃ CHIỀNG CỌ Độc lập - Tự do - Hạnh phúc
Số: 96/BC-UBND Chiềng Cọ, ngày 05 tháng 7 năm 2022
BÁO CÁO
Công tác dân số 6 tháng đầu năm 2022 và phương hướng 6 tháng cuối năm
Kính gửi: UBND tỉnh Sơn La.
Thực hiện kế hoạch năm, xã đã mở 12 lớp.
"""


def about(text: str) -> About:
    return read_about(text)[0]


def test_a_letterhead_of_two_levels() -> None:
    found = about(TWO_LEVELS)
    assert (found.issuer, found.body, found.place, found.level) == (
        "UBND xã Chiềng Cọ", "UBND", "xã Chiềng Cọ", "commune",
    )  # fmt: skip
    assert found.parents == ("thành phố Sơn La", "tỉnh Sơn La")
    assert (found.number, found.symbol, found.date) == ("96/BC-UBND", "BC-UBND", "2022-07-05")
    assert found.title == "BÁO CÁO Công tác dân số 6 tháng đầu năm 2022 và phương hướng 6 tháng cuối năm"
    assert (found.period_start, found.period_end) == ("2022-01-01", "2022-06-30")
    assert (found.anchor, found.anchor_source) == ("2022-06", "title")


@pytest.mark.parametrize(
    ("head", "issuer", "place"),
    [
        ("ỦY BAN NHÂN DÂN\nHUYỆN MƯỜNG LA\nBÁO CÁO\nNăm 2021", "UBND huyện Mường La", "huyện Mường La"),
        ("UY BAN NHAN DAN | HUYÊN MUONG LA\nHuyện Mường La họp.", "UBND huyện Mường La", "huyện Mường La"),
        ("UBND XÃ CHIỀNG CỌ BÁO CÁO KẾT QUẢ NĂM 2021", "UBND xã Chiềng Cọ", "xã Chiềng Cọ"),
        ("**UBND PHƯỜNG 5**\n# BÁO CÁO", "UBND phường 5", "phường 5"),
        ("UBND TỈNH SƠN LA\nSỞ Y TẾ\nBÁO CÁO\nNăm 2021\nSở Y tế nhận 5 đơn.", "Sở Y tế tỉnh Sơn La", "tỉnh Sơn La"),
        ("BÁO CÁO\nNăm 2021\nUBND xã Chiềng Cọ báo cáo như sau.", "UBND xã Chiềng Cọ", "xã Chiềng Cọ"),
        ("BÁO CÁO\nNăm 2021\nTrên đây là báo cáo của UBND xã Chiềng Cọ./.", "UBND xã Chiềng Cọ", "xã Chiềng Cọ"),
        ("BÁO CÁO\nKết quả năm 2021 trên địa bàn huyện Mường La", None, "huyện Mường La"),
        ("Chiềng Cọ, ngày 12/8/2025\nBÁO CÁO\nNăm 2025\nXã Chiềng Cọ có 12 bản.", None, "xã Chiềng Cọ"),
        ("BÁO CÁO\nNăm 2021\nUBND xã báo cáo UBND huyện theo dõi./.", None, None),
        ("Chủ tịch UBND tỉnh Nguyễn Văn Tám báo cáo.", None, None),
        ("Theo UBND tỉnh, các UBND xã đã họp.", None, None),
    ],
)
def test_who_issued_it(head: str, issuer: str | None, place: str | None) -> None:
    assert (about(head).issuer, about(head).place) == (issuer, place)


def test_a_body_without_its_place_still_tells_the_level() -> None:
    found = about("BÁO CÁO\nNăm 2021\nUBND xã báo cáo UBND huyện theo dõi./.")
    assert (found.level, found.notes) == ("commune", ("level from the text",))


def test_districts_ended_in_july_2025() -> None:
    head = "UBND XÃ CHIỀNG CỌ\n…, ngày 15 tháng {} năm 2025\nBÁO CÁO\nNăm 2025\n"
    text = head + "UBND huyện Mường La, UBND tỉnh Sơn La và UBND tỉnh Sơn La."
    assert about(text.format(6)).parents == ("huyện Mường La", "tỉnh Sơn La")
    assert about(text.format(8)).parents == ("tỉnh Sơn La",)


@pytest.mark.parametrize(
    ("place", "year", "level"),
    [
        ("thành phố Huế", 2024, "district"),
        ("thành phố Huế", 2025, "province"),
        ("thành phố Đà Nẵng", 2010, "province"),
        ("thành phố Sơn La", 2010, "district"),
        ("đặc khu Côn Đảo", 2025, "commune"),
        ("chợ Viềng", 2025, None),
    ],
)
def test_levels(place: str, year: int, level: str | None) -> None:
    assert level_of(place, year) == level


@pytest.mark.parametrize(
    ("lines", "number", "symbol"),
    [
        ("Số: 214 /BC - UBND", "214/BC-UBND", "BC-UBND"),
        ("Số:      /BC-UBND", None, "BC-UBND"),
        ("Số 35-BC/HU", "35-BC/HU", "HU"),
        ("Số: 12/2022/NQ-HĐND", "12/2022/NQ-HĐND", "NQ-HĐND"),
        ("Số: 37/BC-UBND – Chiềng Cọ, ngày 12/8/2025", "37/BC-UBND", "BC-UBND"),
        ("Theo Quyết định số 12/QĐ-UBND của huyện", None, None),
    ],
)
def test_the_reports_own_number(lines: str, number: str | None, symbol: str | None) -> None:
    assert (about(lines).number, about(lines).symbol) == (number, symbol)


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("Tình hình tháng 02, nhiệm vụ trọng tâm tháng 3 năm 2023", "2023-02-01", "2023-02-28"),
        ("Kết quả nhiệm vụ tháng 12, công tác trọng tâm tháng 01 năm 2026", "2025-12-01", "2025-12-31"),
        ("Tình hình quý IV, ước cả năm 2016 và nhiệm vụ quý I/2017", "2016-10-01", "2016-12-31"),
        ("Vốn đầu tư 9 tháng đầu năm và dự kiến kế hoạch đầu tư công năm 2016", "2015-01-01", "2015-09-30"),
        ("Nhiệm vụ 6 tháng đầu năm và kế hoạch 6 tháng cuối năm 2021", "2021-01-01", "2021-06-30"),
        ("Kết quả 6 tháng (quý II, quý III năm 2025)", "2025-04-01", "2025-09-30"),
        ("Kết quả 6 tháng (từ tháng 4 đến tháng 9) năm 2025", "2025-04-01", "2025-09-30"),
        ("Công tác năm 2024 (số liệu từ 15/12/2023 đến 14/12/2024)", "2023-12-15", "2024-12-14"),
        ("Kết quả 5 năm 2021 - 2025, phương hướng giai đoạn 2026 - 2030", "2021-01-01", "2025-12-31"),
        ("Kết quả giai đoạn 2021-2025", "2021-01-01", "2025-12-31"),
        ("Chương trình giai đoạn 2021-2025 trong năm 2022", "2022-01-01", "2022-12-31"),
        ("Tổng kết năm học 2023-2024, nhiệm vụ năm học 2024-2025", "2023-09-01", "2024-05-31"),
        ("Về việc phòng cháy", None, None),
    ],
)
def test_the_time_of_a_title(title: str, start: str | None, end: str | None) -> None:
    found = reporting_period(title, written=None, year=None)
    assert (found and found.start.isoformat(), found and found.end.isoformat()) == (start, end)


def test_a_report_is_not_of_a_time_after_its_date() -> None:
    found = reporting_period("Kết quả quý IV và nhiệm vụ năm 2022", written=date(2021, 12, 20), year=2021)
    assert found is not None
    assert found.start == date(2021, 10, 1)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("cùng kỳ", "2021-01-01", "2021-06-30"),
        ("lũy kế", "2022-01-01", "2022-06-30"),
        ("trong kỳ", "2022-01-01", "2022-06-30"),
        ("tháng", "2022-06-01", "2022-06-30"),
        ("quý I", "2022-01-01", "2022-03-31"),
        ("giai đoạn 2021-2025", "2021-01-01", "2025-12-31"),
        ("năm học 2021-2022", "2021-09-01", "2022-05-31"),
        ("đến nay", None, "2022-07-05"),
    ],
)
def test_words_without_a_year_go_by_the_anchor(words: str, start: str | None, end: str | None) -> None:
    value = parse_period(words, anchor=read_context(TWO_LEVELS).anchor)
    assert value is not None
    assert (value.start, value.end) == (start, end)


def test_the_record_goes_into_the_json_and_back() -> None:
    document = normalise(Document("r.txt", TWO_LEVELS))
    assert document.about is not None
    line = json.loads(dumps(document))
    assert line["about"]["place"] == "xã Chiềng Cọ"
    assert from_dict(line).about == document.about
    del line["about"]
    assert from_dict(line).about is None


@given(st.text(max_size=300))
def test_no_text_breaks_the_head(text: str) -> None:
    found = about(text)
    assert (found.period_start is None) == (found.period_end is None)
