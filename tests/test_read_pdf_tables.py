"""Tables of PDF: torn by page breaks, without rulings and close together, with the row of their unit."""

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics

import ie
from ie.read import ReadOptions, read_bytes
from ie.reflow import Reflowed, reflow
from tests.pdfs import LEFT, RIGHT, Report, drawn


def flowed(data: bytes) -> Reflowed:
    source = read_bytes(data, "r.pdf", options=ReadOptions(any_language=True))
    return reflow(source.text, source.layout)


def rows(found: Reflowed) -> list[str]:
    return [found.text[block.start : block.end] for block in found.blocks if block.kind == "table row"]


HEAD = ("TT", "Nội dung", "Diện tích (ha)")


def torn(report: Report) -> None:
    report.y = 700
    report.table(
        [HEAD, ("1", "Trồng rừng sản xuất", "12,5"), ("2", "Trồng rừng phòng hộ\ntại Nà Pục và", "30")], WIDTHS
    )
    report.page("1")
    report.table([HEAD, ("", "các thôn còn lại", ""), ("3", "Chăm sóc rừng", "28,5")], WIDTHS)
    report.page("2")


WIDTHS = (40, 200, 100)


def test_a_row_torn_by_a_page_break_is_one_row() -> None:
    data = drawn(torn)
    found = flowed(data)
    assert rows(found) == [
        "| TT | Nội dung | Diện tích (ha) |",
        "| 1 | Trồng rừng sản xuất | 12,5 |",
        "| 2 | Trồng rừng phòng hộ tại Nà Pục và các thôn còn lại | 30 |",
        "| 3 | Chăm sóc rừng | 28,5 |",
    ]
    assert sum(kind == "running head" for *_, kind in found.dropped) == 1
    source = read_bytes(data, "r.pdf", options=ReadOptions(any_language=True))
    assert source.layout is not None
    for words, page in (("các thôn", 2), ("| 30", 1), ("Nà Pục", 1)):
        start = found.text.index(words) + words.startswith("| ") * 2
        ((a, b),) = found.source(start, found.text.index(words) + len(words), source.text)
        assert source.text[a:b] == words.removeprefix("| ")
        assert source.layout.page_of(a) == page


def anew(report: Report) -> None:
    report.y = 760
    report.table([HEAD, ("1", "Trồng rừng", "12,5")], WIDTHS)
    report.page("1")
    report.table([HEAD, ("", "Tổng cộng", "28,5"), ("", "Trong đó", "")], WIDTHS)
    report.page("2")


def test_a_row_with_empty_cells_of_its_own_is_not_torn() -> None:
    assert rows(flowed(drawn(anew)))[1:] == ["| 1 | Trồng rừng | 12,5 |", "| | Tổng cộng | 28,5 |", "| | Trong đó | |"]


CLOSE = (
    ("Chỉ tiêu", "Kế hoạch", "Thực hiện", "Năm sau"),
    ("Thu tiền sử dụng đất tại chợ", "1.250", "937", "1.300"),
    ("Lệ phí trước bạ", "430", "322", "-"),
    ("Thu thuế ngoài quốc doanh xã", "5.600.250", "2.912", "361"),
)


def placed(report: Report, x: float, text: str, align: str, width: float) -> None:
    wide = pdfmetrics.stringWidth(text, "Serif", 11)
    shift = {"left": 0.0, "right": width - wide, "middle": (width - wide) / 2}[align]
    report.at(x + shift, report.y, text, 11)


@pytest.mark.parametrize("align", ["left", "right", "middle"])
def test_cells_that_touch_are_parted_by_the_columns_of_other_rows(align: str) -> None:
    def draw(report: Report) -> None:
        longest = max(pdfmetrics.stringWidth(row[0], "Serif", 11) for row in CLOSE)
        for row in CLOSE:
            placed(report, LEFT, row[0], "left", longest)
            for column, cell in enumerate(row[1:]):
                placed(report, LEFT + longest + 4 + 80 * column, cell, align, 66)
            report.y += 16

    assert rows(flowed(drawn(draw))) == ["| " + " | ".join(row) + " |" for row in CLOSE]


def test_second_lines_of_cells_go_on_with_the_first_and_names_of_groups_do_not() -> None:
    def draw(report: Report) -> None:
        lines = (
            ("Nội", "Thực hiện", "Kế hoạch"), ("dung", "9 tháng", "năm"), ("Thu thuế ngoài", "12.500", "14.000"),
            ("quốc doanh", "", ""), ("Chi", "", ""), ("Chi đầu tư", "2.400", "3.000"), ("Chi khác", "100", "200"),
        )  # fmt: skip
        for line in lines:
            for x, cell in zip((85, 190, 300), line, strict=True):
                report.at(x, report.y, cell, 11)
            report.y += 14

    assert rows(flowed(drawn(draw))) == [
        "| Nội dung | Thực hiện 9 tháng | Kế hoạch năm |", "| Thu thuế ngoài quốc doanh | 12.500 | 14.000 |",
        "| Chi | | |", "| Chi đầu tư | 2.400 | 3.000 |", "| Chi khác | 100 | 200 |",
    ]  # fmt: skip


@pytest.mark.parametrize("ruled", [True, False])
def test_unit_above_the_table_is_that_of_its_figures(tmp_path: Path, ruled: bool) -> None:
    def draw(report: Report) -> None:
        report.paragraph("Kết quả thu ngân sách của xã Khe Lánh trong tháng 9 năm 2023 như sau:")
        unit = "ĐVT: triệu đồng"
        report.at(RIGHT - pdfmetrics.stringWidth(unit, "Serif", 11), report.y, unit, 11)
        report.y += 22
        rows = (("Chỉ tiêu", "Kế hoạch", "Thực hiện"), ("Lệ phí trước bạ", "430", "322"), ("Thu phạt", "75", "56"))
        report.table(rows, (190, 120, 120), ruled=ruled)

    path = tmp_path / "r.pdf"
    path.write_bytes(drawn(draw))
    facts = {fact.text: fact for fact in ie.facts_of(ie.tag(path))}
    assert {(facts[text].value, facts[text].unit) for text in ("430", "56")} == {
        ("430000000", "VND"),
        ("56000000", "VND"),
    }
    assert facts["430"].indicator == "Lệ phí trước bạ"
