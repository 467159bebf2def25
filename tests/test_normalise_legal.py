"""References to documents: one key for one document, however it is written."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.normalise.legal import parse_legal, read_legal


def key(text: str) -> str | None:
    value = parse_legal(text)
    return value.key if value else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị định số 27/2019/NĐ-CP", "NĐ-CP:27/2019"),
        ("Nghị định 27/2019/NĐ-CP ngày 13/3/2019 của Chính phủ", "NĐ-CP:27/2019"),
        ("nghị định số: 27/2019/NĐ-CP", "NĐ-CP:27/2019"),
        ("Nghị định số 09/2025/NĐ-CP", "NĐ-CP:9/2025"),
        ("Nghị định số 36-CP", "NĐ-CP:36"),
        ("Nghị quyết số 12/2022/NQ-HĐND ngày 15/7/2022 của HĐND tỉnh", "NQ-HĐND:12/2022"),
        ("Nghị quyết số 36a/NQ-CP ngày 14 tháng 10 năm 2015", "NQ-CP:36a/2015"),
        ("Nghị quyết 19-NQ/TW năm 2022", "NQ/TW:19/2022"),
        ("Nghị quyết số 05-NQ/TU", "NQ/TU:5"),
        ("Chỉ thị 08-CT/HU", "CT/HU:8"),
        ("Nghị quyết số 202/2025/QH15", "QH15:202/2025"),
        ("Nghị quyết số 1654/NQ-UBTVQH15", "NQ-UBTVQH15:1654"),
        ("Nghị quyết 1211/2016/UBTVQH13", "UBTVQH13:1211/2016"),
        ("Quyết định số 185/QĐ-TTg ngày 17/9/2025", "QĐ-TTg:185/2025"),
        ("Quyết định 806/QĐ-UBND năm 2022", "QĐ-UBND:806/2022"),
        ("Quyết định 806/QĐ-UBND 2022", "QĐ-UBND:806/2022"),
        ("Quyết định 806/QĐ-UBND, ngày 3/8/2022", "QĐ-UBND:806/2022"),
        ("Quyết định số 97/2005/QĐ-UB", "QĐ-UBND:97/2005"),
        ("Quyết định số 77-HĐBT", "QĐ-HĐBT:77"),
        ("Thông tư liên tịch số 02/2007/TTLT-BCA-BTC", "TTLT-BCA-BTC:2/2007"),
        ("Thông tư số 10/2024/TT-BTC", "TT-BTC:10/2024"),
        ("Công văn 312/UBND-VX", "UBND-VX:312"),
        ("văn bản số 450/TTg-KTTH ngày 20 tháng 5 năm 2022", "TTg-KTTH:450/2022"),
        ("Kế hoạch số 15/KH-UBND", "KH-UBND:15"),
        ("KH 15/KH-UBND", "KH-UBND:15"),
        ("Tờ trình số 35/TTr-UBND ngày 09/6/2008", "TTr-UBND:35/2008"),
        ("Đề án số 09/ĐA-UBND", "ĐA-UBND:9"),
        ("Báo cáo thẩm tra số 165/BC-KTNS", "BC-KTNS:165"),
        ("123/BC-UBND", "BC-UBND:123"),
        ("Số 15 /KH-UBND", "KH-UBND:15"),
        ("11/QĐ-UBND", "QĐ-UBND:11"),
        ("TCVN 5574:2018", "TCVN:5574/2018"),
    ],
)
def test_number_and_symbol(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết số 12/2020/NQ-HĐND",
        "Nghị quyết số 12/2020/NQ - HĐND",
        "Nghị quyết số 12 /2020/ NQ-HĐND",
        "Nghị quyết số\n12/2020/NQ-\nHĐND",
        "Nghị quyết số 12/2020/NQ–HĐND",
        "NGHỊ QUYẾT SỐ 12/2020/NQ-HĐND",
        "Nghị quyết số **12/2020/NQ-HĐND**",
        "Nghị quyết 012/2020/NQ-HĐND ngày 10/12/2020 của HĐND huyện",
        unicodedata.normalize("NFD", "Nghị quyết số 12/2020/NQ-HĐND"),
    ],
)
def test_blanks_line_breaks_and_composition_do_not_matter(text: str) -> None:
    assert key(text) == "NQ-HĐND:12/2020"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị quyết 83", "NQ:83"),
        ("Quyết định số 282 ngày 26/2/2021", "QĐ:282/2021"),
        ("Quyết định 1448 của Thủ tướng năm 2009", "QĐ-TTg:1448/2009"),
        ("Nghị quyết 04 của Trung ương", "NQ/TW:4"),
        ("Nghị quyết số 30 của Chính phủ", "NQ-CP:30"),
        ("Quyết định 2573 QĐ UBND", "QĐ-UBND:2573"),
        ("Quyết định 386 QĐ-TTg năm 2020", "QĐ-TTg:386/2020"),
        ("Quyết định 364/QĐ-UBND TP Hà Nội năm 2025", "QĐ-UBND:364/2025"),
        ("Quyết định 18/2014/QĐ-UBNDThành phố Hà Nội", "QĐ-UBND:18/2014"),
    ],
)
def test_short_and_careless_references(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Luật Đất đai năm 2013", "luật:đất đai/2013"),
        ("Luật Đất đai 2013", "luật:đất đai/2013"),
        ("Luật đất đai", "luật:đất đai"),
        ("Bộ luật Lao động", "bộ luật:lao động"),
        ("Luật Phòng, chống ma túy", "luật:phòng, chống ma túy"),
        ("Luật Phòng, chống ma tuý", "luật:phòng, chống ma túy"),
        ("Luật Tổ chức HĐND và UBND ngày 26/11/2003", "luật:tổ chức hđnd và ubnd/2003"),
        ("Luật Quốc tịch Việt Nam (sửa đổi)", "luật:quốc tịch việt nam"),
        ("Luật Thủ đô số 39/2024/QH15", "QH15:39/2024"),
        ("Luật số 87/2025/QH15", "QH15:87/2025"),
        ("Hiến pháp năm 2013", "hiến pháp/2013"),
        ("Hiến pháp", "hiến pháp"),
        ("Pháp lệnh Dân quân tự vệ", "pháp lệnh:dân quân tự vệ"),
    ],
)
def test_laws_by_title(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nghị quyết của HĐND huyện", "NQ@hđnd huyện"),
        ("Nghị quyết HĐND thành phố", "NQ@hđnd thành phố"),
        ("Quyết định của UBND tỉnh", "QĐ@ubnd tỉnh"),
        ("quyết định của UBND tỉnh ra ngày 8/7/2002", "QĐ@ubnd tỉnh/2002"),
    ],
)
def test_documents_without_a_number_by_issuer(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize("text", ["", "Quyết định", "nghị quyết", "các quyết định", "Luật", "dự án 5", "x" * 601])
def test_what_identifies_nothing_has_no_key(text: str) -> None:
    assert parse_legal(text) is None


def test_everything_a_reference_tells() -> None:
    found = read_legal("Nghị quyết số 09/2022/NQ-HĐND ngày 14 tháng 7 năm 2022 của Hội đồng nhân dân tỉnh Gia Lai")
    assert found is not None
    assert (found.type, found.number, found.year, found.symbol) == ("nghị quyết", "9", "2022", "NQ-HĐND")
    assert (found.issuer, found.date) == ("Hội đồng nhân dân tỉnh Gia Lai", date(2022, 7, 14))


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Quyết định số 185/QĐ-TTg", "Thủ tướng Chính phủ"),
        ("Thông tư số 10/2024/TT-BTC", "Bộ Tài chính"),
        ("Nghị quyết số 202/2025/QH15", "Quốc hội"),
        ("Nghị quyết 19-NQ/TW", "Trung ương"),
        ("Công văn số 12/STC-QLNS", None),
    ],
)
def test_the_symbol_names_the_issuer(text: str, issuer: str | None) -> None:
    found = read_legal(text)
    assert found is not None
    assert found.issuer == issuer


def test_value_of_a_reference() -> None:
    value = parse_legal("Kế hoạch số 15/KH-UBND ngày 3/4/2023 của UBND huyện")
    assert value is not None
    assert value.as_dict() == {
        "kind": "legal",
        "number": "15",
        "start": "2023-04-03",
        "end": "2023-04-03",
        "key": "KH-UBND:15/2023",
        "notes": ["type: kế hoạch", "year: 2023", "symbol: KH-UBND", "issuer: UBND huyện"],
    }


symbols = st.sampled_from(["NĐ-CP", "QĐ-UBND", "QĐ-TTg", "NQ-HĐND", "TT-BTC", "KH-UBND", "TTr-UBND", "TB-VPCP"])


@given(st.integers(1, 99_999), st.integers(1950, 2049), symbols, st.sampled_from(["", " ", "\n"]))
def test_numbers_come_back(number: int, year: int, symbol: str, gap: str) -> None:
    assert key(f"Văn bản số {number:02}{gap}/{gap}{year}/{gap}{symbol}") == f"{symbol}:{number}/{year}"
    assert key(f"số {number}/{symbol} năm {year}") == f"{symbol}:{number}/{year}"


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    for shape in (text, f"Quyết định số {text}", f"Luật {text}", f"12/{text}"):
        value = parse_legal(shape)
        assert value is None or value.key
