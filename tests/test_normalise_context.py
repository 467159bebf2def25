"""What a report says of itself, the folding of spellings, and the keys of names."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.normalise.context import read_context
from ie.normalise.digits import Habit
from ie.normalise.fold import clean, fold, respell
from ie.normalise.habit import number_habit
from ie.normalise.names import parse_place
from ie.normalise.time_table import Anchor

REPORT = """UBND HUYỆN MƯỜNG LA CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 123/BC-UBND Độc lập - Tự do - Hạnh phúc
Mường La, ngày 15 tháng 6 năm 2021
BÁO CÁO
Tình hình kinh tế - xã hội 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2021
I. KẾT QUẢ
1.1. Trồng trọt
Diện tích lúa 1.234,5 ha, năng suất 52,4 tạ/ha; thu ngân sách 1.250.000 đồng, đạt 98,3% kế hoạch.
"""


def test_a_whole_letterhead() -> None:
    found = read_context(REPORT)
    assert found.anchor == Anchor(2021, 6, date(2021, 6, 15), "title", date(2021, 1, 1), date(2021, 6, 30))
    assert (found.about.issuer, found.about.place, found.about.level) == (
        "UBND huyện Mường La",
        "huyện Mường La",
        "district",
    )
    assert (found.about.number, found.about.symbol, found.about.date) == ("123/BC-UBND", "BC-UBND", "2021-06-15")
    assert (found.about.period_start, found.about.period_end) == ("2021-01-01", "2021-06-30")
    assert found.habit == Habit(dot_thousands=2, comma_decimals=2)


@pytest.mark.parametrize(
    ("title", "year", "month"),
    [
        ("BÁO CÁO\nTình hình tháng 02, nhiệm vụ tháng 3 năm 2023", 2023, 2),
        ("BÁO CÁO TÌNH HÌNH KINH TẾ - XÃ HỘI NĂM 2022 VÀ KẾ HOẠCH NĂM 2023", 2022, None),
        ("BÁO CÁO\nKết quả 9 tháng đầu năm 2020", 2020, 9),
        ("BÁO CÁO\nKết quả sáu tháng đầu năm 2020", 2020, 6),
        ("BÁO CÁO\nquý III/2019", 2019, 9),
        ("KẾ HOẠCH\nThực hiện giai đoạn 2021-2025 trong năm 2022", 2022, None),
        ("KẾT QUẢ CÔNG TÁC THÁNG 5/2018", 2018, 5),
    ],
)
def test_the_title_gives_year_and_month(title: str, year: int, month: int | None) -> None:
    anchor = read_context(title).anchor
    assert anchor is not None
    assert (anchor.year, anchor.month, anchor.date, anchor.source) == (year, month, None, "title")


def test_the_letterhead_date_stands_in_for_a_silent_title() -> None:
    text = "Sông Mã, ngày 05 tháng 11 năm 2019\nBÁO CÁO\nVề việc phòng cháy"
    assert read_context(text).anchor == Anchor(2019, 11, date(2019, 11, 5), "letterhead")


def test_a_day_left_for_the_pen() -> None:
    assert read_context("Sông Mã, ngày tháng 11 năm 2019\nVề việc").anchor == Anchor(2019, 11, None, "letterhead")
    assert read_context("Sông Mã, ngày … tháng 11 năm 2019").anchor == Anchor(2019, 11, None, "letterhead")


def test_an_excerpt_goes_by_the_year_it_names_most() -> None:
    text = "Thu năm 2018 tăng. Chi năm 2018 giảm so với năm 2017, hướng tới năm 2030, tầm nhìn đến năm 2045."
    assert read_context(text).anchor == Anchor(2018, source="text")


def test_a_text_without_years_has_no_anchor() -> None:
    assert read_context("Xã có 12 thôn.") == read_context("")
    assert read_context("").anchor is None


def test_issuer_on_two_lines_with_the_old_tone() -> None:
    text = "UỶ BAN NHÂN DÂN\nHUYỆN TỦA CHÙA\nSố: 04 /BC-UB\nBÁO CÁO"
    found = read_context(text)
    assert (found.about.issuer, found.about.number) == ("UBND huyện Tủa Chùa", "04/BC-UB")


def test_a_sentence_about_a_body_is_no_issuer() -> None:
    assert read_context("UBND huyện đã giao vốn cho 12 xã.").about.issuer is None


@pytest.mark.parametrize(
    ("text", "habit"),
    [
        ("1.234.567 đồng và 1.234,5 ha", Habit(dot_thousands=2)),
        ("1.234 hộ, 2.500 đồng, 3.100 lượt khách", Habit(dot_thousands=3)),
        ("8,5% và 0,25 km", Habit(comma_decimals=2)),
        ("21.4ha, 98.3%, 3.5 triệu đồng", Habit(dot_decimals=3)),
        ("1,234,567 đồng; 1,234.5 ha", Habit(comma_thousands=2)),
        ("1.234 km, 1,234 km", Habit()),
        ("ngày 22.4.2024, ngày 22.4, 1/2.000, mục 3.2, Điều 4.1 ha", Habit()),
        ("1.2. Thu ngân sách\n2.1 Chi ngân sách", Habit()),
    ],
)
def test_only_telling_shapes_count(text: str, habit: Habit) -> None:
    assert number_habit(text) == habit


@given(st.text(max_size=200))
def test_no_text_breaks_the_context(text: str) -> None:
    assert read_context(text) is not None


# --- folding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "hòa bình"),
        ("Uỷ ban", "ủy  ban"),
        ("khoẻ", "khỏe"),
        ("THUỶ LỢI", "thủy lợi"),
        ("2021–2025", "2021-2025"),
        ("lũy\nkế", "luỹ kế"),
        ("đ\u1ed3ng", "đô\u0300ng"),
        ("ð", "đ"),
        ("dự\u200b án", "dự án"),
    ],
)
def test_spellings_of_one_word_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["quý", "quỹ", "khuỷu", "hoàn", "toàn", "ngoại", "thuế", "quả"])
def test_words_that_only_look_old_stay(word: str) -> None:
    assert respell(word) == word


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert respell(respell(text)) == respell(text)


@given(st.text(alphabet="aáàăắâấeéêếoóòôốơớuúưứyýiíqthkđng -", max_size=30))
def test_folding_does_not_see_composition_or_case(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text) == fold(text.upper()) == fold(fold(text))


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("thành phố Sơn La", "thành phố Sơn La", "thành phố"),
        ("Thành phố  Sơn\nLa", "thành phố Sơn La", "thành phố"),
        ("TP. Sơn La", "thành phố Sơn La", "thành phố"),
        ("TP Sơn La", "thành phố Sơn La", "thành phố"),
        ("TP.Sơn La", "thành phố Sơn La", "thành phố"),
        ("TPHCM", "thành phố Hồ Chí Minh", "thành phố"),
        ("X. Chiềng Cọ", "xã Chiềng Cọ", "xã"),
        ("P. 12", "phường 12", "phường"),
        ("TX An Nhơn", "thị xã An Nhơn", "thị xã"),
        ("TT. Ít Ong", "thị trấn Ít Ong", "thị trấn"),
        ("QL18", "quốc lộ 18", "quốc lộ"),
        ("Quốc lộ 4D", "quốc lộ 4D", "quốc lộ"),
        ("KCN Phú Bài", "khu công nghiệp Phú Bài", "khu công nghiệp"),
        ("tỉnh Hoà Bình", "tỉnh Hòa Bình", "tỉnh"),
        ("HUYỆN MƯỜNG LA", "huyện Mường La", "huyện"),
        ("Hua La", "Hua La", None),
        ("Phú Yên", "Phú Yên", None),
    ],
)
def test_places(text: str, key: str, kind: str | None) -> None:
    value = parse_place(text)
    assert value is not None
    assert (value.kind, value.key, value.dimension) == ("place", key, kind)


@pytest.mark.parametrize("text", ["", "…", " - "])
def test_names_without_letters_are_none(text: str) -> None:
    assert parse_place(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_names(text: str) -> None:
    value = parse_place(text)
    assert value is None or value.key
