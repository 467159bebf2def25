"""PDF: reading order, furniture, footnotes, tables, turned pages, characters without a map, legacy fonts."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

import ie
from ie.layout import Layout
from ie.read import ReadOptions, Source, read_bytes
from ie.reflow import Reflowed, reflow
from tests.pdfs import LEFT, TABLE, Report, drawn, letterhead, whole

SENTENCE = "Tổng thu ngân sách xã Khe Lánh ước đạt 260 triệu đồng, tăng so với cùng kỳ năm trước."


def opened(data: bytes, **options: object) -> tuple[Source, Layout, Reflowed]:
    source = read_bytes(data, "r.pdf", options=ReadOptions(**options))  # type: ignore[arg-type]
    assert source.layout is not None
    return source, source.layout, reflow(source.text, source.layout)


def blocks(flowed: Reflowed, *kinds: str) -> list[str]:
    return [flowed.text[block.start : block.end] for block in flowed.blocks if block.kind in kinds]


@pytest.fixture(scope="module")
def report() -> tuple[Source, Layout, Reflowed]:
    return opened(whole())


Opened = tuple[Source, Layout, Reflowed]


def test_letterhead_is_read_column_by_column(report: Opened) -> None:
    assert blocks(report[2], "letterhead") == [
        "ỦY BAN NHÂN DÂN", "XÃ KHE LÁNH", "Số: 214/BC-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Khe Lánh, ngày 25 tháng 9 năm 2023",
    ]  # fmt: skip


def test_foot_of_the_report_is_read_column_by_column(report: Opened) -> None:
    assert blocks(report[2], "recipients") == ["Nơi nhận:", "- UBND huyện;", "- Lưu: VT."]
    assert blocks(report[2], "signature") == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Hoàng Văn Slao"]


def test_page_numbers_and_running_heads_are_dropped(report: Opened) -> None:
    source, _, flowed = report
    dropped = [(kind, source.text[start:end]) for start, end, kind in flowed.dropped]
    assert dropped == [pair for page in "123" for pair in (("page number", page), ("running head", "UBND xã Khe Lánh"))]


def test_paragraph_is_joined_over_pages(report: Opened) -> None:
    joined = next(text for text in blocks(report[2], "paragraph") if text.startswith("Công tác"))
    assert joined.endswith("đã vận động nhân dân hiến 157 m đường và 91 ngày công tại xã Khe Lánh.")


def test_footnotes_are_tied_and_exponents_left_alone(report: Opened) -> None:
    flowed = report[2]
    notes = [(flowed.text[note.start : note.end], note.called_at) for note in flowed.footnotes]
    assert [text for text, _ in notes] == [
        "1 Thôn Khe Lánh 52 ha; thôn Nà Pục 94,5 ha.",
        "2 Giống ngô lai do huyện cấp cho 41 hộ.",
    ]
    assert [flowed.text[at - 3 : at] for _, at in notes if at is not None] == ["mùa", "ngô"]
    assert "12.400 m2 và 37 ha ngô." in flowed.text


def test_ruled_table_is_kept_as_rows(report: Opened) -> None:
    rows = blocks(report[2], "table row")
    assert rows == ["| " + " | ".join(cell.replace("\n", " ") for cell in row) + " |" for row in TABLE]


def test_pages_and_boxes(report: Opened) -> None:
    source, layout, _ = report
    assert [(page.number, page.width, page.height, page.confidence) for page in layout.pages] == [
        (number, 595.0, 842.0, None) for number in (1, 2, 3)
    ]
    assert layout.pages[0].start == 0
    assert layout.pages[-1].end == len(source.text)
    at = source.text.index("Trong tháng")
    assert layout.boxes is not None
    left, top, right, bottom = layout.boxes[at].tolist()
    assert left == pytest.approx(LEFT + 36, abs=1)
    assert right - left == pytest.approx(8.7, abs=1)
    assert 8 < bottom - top < 20
    assert layout.page_of(source.text.index("Trường Tiểu học")) == 3


def test_every_span_points_to_its_characters_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(whole())
    source, layout, _ = opened(path.read_bytes())
    assert layout.boxes is not None
    document = ie.tag(path)
    assert len(document.entities) > 25
    for entity in document.entities:
        said = "".join(source.text[a:b] for a, b in entity.source)
        assert "".join(said.split()) == "".join(entity.text.split())
        assert entity.page == layout.page_of(entity.source[0][0])
        for (start, end), box in zip(entity.source, entity.bbox, strict=True):
            inside = layout.boxes[start:end]
            inside = inside[inside[:, 0] == inside[:, 0]]
            assert len(inside)
            assert (inside[:, :2] >= box[1:3]).all()
            assert (inside[:, 2:] <= box[3:]).all()


def test_table_cells_become_figures_with_unit_and_indicator(tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(whole())
    facts = {fact.text: fact for fact in ie.facts_of(ie.tag(path))}
    assert (facts["430"].unit, facts["430"].value) == ("VND", "430000000")
    assert facts["430"].indicator == "Lệ phí trước bạ"


def unruled(report: Report) -> None:
    report.paragraph("Kết quả trồng rừng của các thôn trong xã như sau:")
    rows = (("Thôn", "Kế hoạch (ha)", "Thực hiện (ha)"), ("Nà Pục", "12,5", "11"), ("Khe Lánh", "30", "28,5"))
    report.table(rows, (190, 120, 120), ruled=False)
    report.paragraph("Diện tích rừng trồng mới tăng so với cùng kỳ năm trước, các thôn đều chăm sóc tốt.")


def test_table_without_rulings() -> None:
    _, _, flowed = opened(drawn(unruled))
    assert blocks(flowed, "table row") == [
        "| Thôn | Kế hoạch (ha) | Thực hiện (ha) |", "| Nà Pục | 12,5 | 11 |", "| Khe Lánh | 30 | 28,5 |",
    ]  # fmt: skip
    assert len(blocks(flowed, "paragraph")) == 2


def long_table(report: Report) -> None:
    head = ("Thôn", "Diện tích (ha)")
    for page in range(3):
        report.table([head, *((f"Nà Pục {page}{row}", f"{row + 5},5") for row in range(4))], (190, 120))
        report.page(str(page + 1))


def test_head_of_a_table_is_kept_once() -> None:
    _, _, flowed = opened(drawn(long_table))
    rows = blocks(flowed, "table row")
    assert rows[0] == "| Thôn | Diện tích (ha) |"
    assert len(rows) == 1 + 12
    assert sum(kind == "running head" for *_, kind in flowed.dropped) == 2


def two_columns(report: Report) -> None:
    words = "Nhân dân các thôn trong xã tích cực làm đường và trồng rừng sản xuất theo kế hoạch".split()  # noqa: SIM905
    for x, side in ((60, "trái"), (320, "phải")):
        for row in range(9):
            report.at(x, 100 + 18 * row, f"{side} {row} " + " ".join(words[row % 3 : row % 3 + 5]), 11)


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    _, _, flowed = opened(drawn(two_columns))
    said = [word for word in flowed.text.split() if word in ("trái", "phải")]
    assert said == ["trái"] * 9 + ["phải"] * 9


def plain_line(report: Report) -> None:
    report.paragraph("Diện tích rừng trồng mới của xã Khe Lánh là 146,5 ha, đạt 98% kế hoạch năm.")


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_turned_page_is_read_and_boxed_as_shown(turns: int) -> None:
    document = PdfDocument(drawn(plain_line))
    document[0].set_rotation(90 * turns)
    stream = BytesIO()
    document.save(stream)
    source, layout, flowed = opened(stream.getvalue())
    assert "của xã Khe Lánh là 146,5 ha, đạt 98% kế hoạch năm." in flowed.text
    assert layout.boxes is not None
    page = layout.pages[0]
    assert (page.width, page.height) == ((842, 595) if turns % 2 else (595, 842))
    left, top, right, bottom = layout.boxes[source.text.index("D")].tolist()
    wanted = {1: (842 - 75, 121), 2: (595 - 121, 842 - 75), 3: (75, 595 - 121)}[turns]
    assert abs((left + right) / 2 - wanted[0]) < 18
    assert abs((top + bottom) / 2 - wanted[1]) < 18


@pytest.mark.parametrize("angle", [90, 270])
def test_text_set_on_its_side_is_read_in_lines(angle: int) -> None:
    def draw(report: Report) -> None:
        canvas = report.canvas
        canvas.translate(*((500, 60) if angle == 90 else (100, 780)))
        canvas.rotate(angle)
        report.height = 0
        for index, text in enumerate(("Phụ lục kết quả trồng", "rừng của xã Khe Lánh là 146,5 ha")):
            report.at(0, -300 + 20 * index, text)

    source, layout, flowed = opened(drawn(draw))
    assert flowed.text == "Phụ lục kết quả trồng rừng của xã Khe Lánh là 146,5 ha\n"
    ((_, left, top, right, bottom),) = layout.boxes_of([(source.text.index("xã"), source.text.index("146"))])
    assert bottom - top > 4 * (right - left)


def test_landscape_annex_beside_upright_pages() -> None:
    def draw(report: Report) -> None:
        report.paragraph("Báo cáo của Ủy ban nhân dân xã Khe Lánh về kết quả trồng rừng.")
        report.page()
        report.canvas.setPageSize((842, 595))
        report.height, report.width = 595, 842
        report.table((("Thôn", "Lúa (ha)", "Ngô (ha)"), ("Nà Pục", "12", "8,5")), (300, 200, 200))

    _, layout, flowed = opened(drawn(draw))
    assert [(page.width, page.height) for page in layout.pages] == [(595, 842), (842, 595)]
    assert blocks(flowed, "table row") == ["| Thôn | Lúa (ha) | Ngô (ha) |", "| Nà Pục | 12 | 8,5 |"]


def plain(report: Report) -> None:
    letterhead(report)
    report.paragraph("Tổng thu ngân sách xã Khe Lánh ước đạt 260 triệu đồng, tăng so với cùng kỳ năm trước.")


def test_missing_character_map_is_reported() -> None:
    broken = drawn(plain).replace(b"/ToUnicode", b"/ToUnicodX")
    source = read_bytes(broken, "r.pdf", options=ReadOptions(any_language=True))
    assert any("page 1 with a broken character map (ToUnicode)" in warning for warning in source.warnings)
    assert not read_bytes(drawn(plain), "r.pdf").warnings


def test_legacy_fonts_are_converted_and_reported() -> None:
    def draw(report: Report) -> None:
        report.paragraph(
            "T\u00e6ng thu ng\u00a9n s\u00b8ch x\u00b7 Khe L\u00b8nh "
            + "\u00ad\u00edc \u00ae\u00b9t 260 tri\u00d6u \u00ae\u00e5ng."
        )

    data = drawn(draw).replace(b"DejaVuSerif", b".VnTimeXXXX")
    source, layout, _ = opened(data)
    assert source.text.strip() == "Tổng thu ngân sách xã Khe Lánh ước đạt 260 triệu đồng."
    assert any("tcvn3" in warning for warning in source.warnings)
    assert layout.boxes is not None
    assert (layout.boxes[:, 0] == layout.boxes[:, 0]).sum() == sum(not char.isspace() for char in source.text)


def test_small_print_without_a_mark_is_no_footnote() -> None:
    def draw(report: Report) -> None:
        report.paragraph("Diện tích rừng trồng mới của xã Khe Lánh là 146,5 ha, đạt 98% kế hoạch năm.")
        report.notes(["Nguồn: Hạt Kiểm lâm; số liệu đến hết tháng 9."], bar=False)

    _, _, flowed = opened(drawn(draw))
    assert not flowed.footnotes
    assert "Nguồn: Hạt Kiểm lâm" in flowed.text


def test_footnote_goes_on_below_the_next_page() -> None:
    def draw(report: Report) -> None:
        report.paragraph("Xã Khe Lánh trồng 146,5 ha rừng^1^ trong năm nay.")
        report.notes(["1^^ Gồm rừng sản xuất 100 ha, rừng phòng hộ 40 ha và"])
        report.page()
        report.paragraph("Các thôn đều chăm sóc tốt.")
        report.notes(["cây phân tán 6,5 ha."])
        report.page()

    _, _, flowed = opened(drawn(draw))
    (note,) = flowed.footnotes
    assert flowed.text[note.start : note.end] == (
        "1 Gồm rừng sản xuất 100 ha, rừng phòng hộ 40 ha và cây phân tán 6,5 ha."
    )


def test_columns_whose_lines_stand_on_different_heights() -> None:
    def draw(report: Report) -> None:
        for y, text in ((70, "ỦY BAN NHÂN DÂN"), (87, "XÃ KHE LÁNH"), (104, "Số: 12/BC-UBND")):
            report.at(90, y, text, 11)
        for y, text in ((79, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (96, "Độc lập - Tự do - Hạnh phúc")):
            report.at(280, y, text, 11)
        report.y = 150
        report.line("BÁO CÁO", centre=True, font="Bold")
        report.paragraph(SENTENCE)
        for y, text in ((300, "Nơi nhận:"), (318, "- UBND huyện;"), (336, "- Lưu: VT.")):
            report.at(LEFT, y, text, 11)
        for y, text in ((309, "CHỦ TỊCH"), (327, "Hoàng Văn Slao")):
            report.at(380, y, text)

    _, _, flowed = opened(drawn(draw))
    assert flowed.text.split("\n")[:6] == [
        "ỦY BAN NHÂN DÂN", "XÃ KHE LÁNH", "Số: 12/BC-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO",
    ]  # fmt: skip
    assert blocks(flowed, "recipients") == ["Nơi nhận:", "- UBND huyện;", "- Lưu: VT."]
    assert blocks(flowed, "signature") == ["CHỦ TỊCH", "Hoàng Văn Slao"]
