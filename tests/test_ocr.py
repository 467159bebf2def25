"""Recognition of scanned pages: boxes, confidence, what is missing; with Tesseract where it is installed."""

from typing import Any

import pytest
from pypdfium2 import PdfDocument
from reportlab.lib.utils import ImageReader

import ie
from ie.errors import InputError
from ie.layout import Layout
from ie.read import ReadOptions, Source, read_bytes
from ie.read.pdf import ocr, pages
from tests.pdfs import Report, drawn

OCR = ReadOptions(ocr=True)
SENTENCE = "Tổng thu ngân sách xã Khe Lánh ước đạt 260 triệu đồng, tăng so với cùng kỳ năm trước."


def layout_of(source: Source) -> Layout:
    assert source.layout is not None
    return source.layout


def words_of(*rows: tuple[str, int, int, int, int, float, int]) -> dict[str, list[Any]]:
    names = ("text", "left", "top", "width", "height", "conf", "line_num")
    found: dict[str, list[Any]] = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return {**found, "block_num": [1] * len(rows), "par_num": [1] * len(rows)}


@pytest.fixture
def tesseract(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A recogniser that sees two lines at known places on any picture, sure of the first and not of the second."""
    asked: list[Any] = []

    def image_to_data(image: Any, **options: Any) -> dict[str, list[Any]]:
        asked.append(image.size)
        return words_of(
            ("Xã", 300, 300, 100, 50, 96.0, 1),
            ("Khe", 420, 300, 130, 50, 90.0, 1), ("Lánh", 570, 300, 160, 50, 93.0, 1),
            ("đạt", 300, 375, 120, 50, 40.0, 2), ("260", 440, 375, 120, 50, 30.0, 2), ("", 0, 0, 9, 9, -1.0, 3),
        )  # fmt: skip

    pytesseract = pytest.importorskip("pytesseract")
    monkeypatch.setattr(pytesseract, "image_to_data", image_to_data)
    monkeypatch.setattr(pages, "missing", str)
    return asked


def test_words_carry_boxes_and_confidence(tesseract: list[Any]) -> None:
    source = read_bytes(drawn(Report.picture), "r.pdf", options=OCR)
    layout = layout_of(source)
    assert source.text.split() == ["Xã", "Khe", "Lánh", "đạt", "260"]
    at = source.text.index("260")
    ((page, left, top, right, bottom),) = layout.boxes_of([(at, at + 3)])
    assert (page, left, top) == (1, pytest.approx(440 * 0.24, abs=0.05), pytest.approx(375 * 0.24, abs=0.05))
    assert (right, bottom) == (pytest.approx(560 * 0.24, abs=0.05), pytest.approx(425 * 0.24, abs=0.05))
    assert layout.confidence_of([(at, at + 3)]) == 30.0
    assert layout.confidence_of([(source.text.index("Khe"), at + 3)]) == 30.0
    assert layout.pages[0].confidence == pytest.approx((2 * 96 + 3 * 90 + 4 * 93 + 3 * 40 + 3 * 30) / 15, abs=0.1)


def test_unsure_pages_are_named(tesseract: list[Any]) -> None:
    warnings = read_bytes(drawn(Report.picture), "r.pdf", options=OCR).warnings
    assert warnings == (
        "page 1 recognised by Tesseract",
        "page 1 recognised with low confidence; check them",
    )


def test_pages_with_text_are_left_alone(tesseract: list[Any]) -> None:
    def draw(report: Report) -> None:
        report.paragraph(SENTENCE)
        report.page()
        report.picture()

    layout = layout_of(read_bytes(drawn(draw), "r.pdf", options=OCR))
    assert [page.confidence is None for page in layout.pages] == [True, False]
    assert layout.confidence_of([(0, 20)]) is None
    assert len(tesseract) == 1


def test_picture_is_made_no_larger_than_the_limit(tesseract: list[Any]) -> None:
    data = drawn(Report.picture, size=(5000, 7000))
    read_bytes(data, "r.pdf", options=ReadOptions(ocr=True, max_pixels=10**6))
    ((width, height),) = tesseract
    assert width * height <= 1.01 * 10**6


def test_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "missing", lambda: "recognition needs the program Tesseract")
    with pytest.raises(InputError, match="they are pictures; recognition needs the program Tesseract"):
        read_bytes(drawn(Report.picture), "r.pdf", options=OCR)


def scan(report: Report) -> None:
    """Draw a page, take its picture and fill a page of its own with that."""

    def text(inner: Report) -> None:
        inner.paragraph(SENTENCE)

    image = PdfDocument(drawn(text))[0].render(scale=200 / 72, grayscale=True).to_pil()
    report.canvas.drawImage(ImageReader(image), 0, 0, report.width, report.height)


@pytest.mark.skipif(bool(ocr.missing()), reason="needs Tesseract with Vietnamese")
def test_scan_is_recognised_and_tagged() -> None:
    from ie.pipeline import tag_bytes

    document = tag_bytes(drawn(scan), "r.pdf", options=OCR)
    facts = {fact.text: fact for fact in ie.facts_of(document)}
    assert (facts["260"].value, facts["260"].unit) == ("260000000", "VND")
    amount = next(entity for entity in document.entities if entity.text == "260")
    assert amount.page == 1
    assert amount.confidence is not None
    assert amount.confidence > 50
