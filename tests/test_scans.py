"""Pictures of pages: lines of tables, footnote calls that recognition misread, specks."""

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ie.read import ReadOptions, read_bytes
from ie.read.pdf import ocr, pages
from ie.read.pdf.scanlines import lines_of
from ie.reflow import reflow
from tests.pdfs import Report, drawn
from tests.test_ocr import words_of

SCALE = 200 / 72


def table(tilt: float = 0.0) -> Image.Image:
    """Return a page with a table of two rows and columns, a short line and words."""
    image = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(image)
    for y in (400, 500, 600):
        draw.line((200, y, 1400, y), fill=0, width=3)
    for x in (200, 800, 1400):
        draw.line((x, 400, x, 600), fill=0, width=3)
    draw.line((200, 2000, 600, 2000), fill=0, width=2)
    for y in range(700, 1900, 60):
        draw.text((200, y), "mot hai ba bon nam sau bay", fill=0)
    return image.rotate(tilt, fillcolor=255, resample=Image.Resampling.BICUBIC)


@pytest.mark.parametrize("tilt", [0.0, 0.4, -0.4])
def test_lines_of_a_table_are_seen_though_the_page_lies_askew(tilt: float) -> None:
    across, down, mask = lines_of(table(tilt), SCALE)
    assert (len(across), len(down)) == (4, 3)
    longest = max(across, key=lambda box: box[2] - box[0])
    assert longest[2] - longest[0] == pytest.approx(1200 / SCALE, abs=3)
    assert mask.shape == (2339, 1654)
    assert 0 < mask.mean() < 0.02


def test_a_dark_picture_holds_no_lines() -> None:
    across, down, mask = lines_of(Image.new("L", (900, 900), 0), SCALE)
    assert (across, down, mask.any()) == ([], [], np.False_)


def test_lines_of_tables_are_taken_out_before_recognition() -> None:
    across, _, cleaned = ocr._without_tables(table(), SCALE)
    assert (np.asarray(cleaned)[395:605, 195:1405] == 255).all()
    assert (np.asarray(cleaned)[700:1900] < 255).any()
    assert len(across) == 4


def recognised(monkeypatch: pytest.MonkeyPatch, *rows: tuple[str, int, int]) -> Any:
    """Return the reflowed text of a page on which Tesseract sees words of `rows`: text, height and top in pixels."""
    found = []
    for number, (text, height, top) in enumerate(rows):
        left = 300
        for word in text.split():
            found.append((word, left, top, 22 * len(word), height, 91.0, number))
            left += 22 * len(word) + 14
    pytesseract = pytest.importorskip("pytesseract")
    monkeypatch.setattr(pytesseract, "image_to_data", lambda image, **options: words_of(*found))
    monkeypatch.setattr(pages, "missing", str)
    source = read_bytes(drawn(Report.picture), "r.pdf", options=ReadOptions(ocr=True))
    return reflow(source.text, source.layout)


@pytest.mark.parametrize(("first", "second"), [("mùa1", "ngô2"), ("mùa”", "ngô'"), ("mùa1", "ngô’")])
def test_footnotes_are_tied_to_marks_that_recognition_misread(
    monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    flowed = recognised(
        monkeypatch,
        (f"Xã Khe Lánh gieo cấy được 146,5 ha lúa {first} trong vụ", 50, 300),
        (f"này và “trồng” mới 37 ha {second} tại thôn Nà Pục năm nay.", 50, 375),
        ("1 Thôn Khe Lánh cấy 52 ha còn thôn Nà Pục cấy 94,5 ha.", 30, 3000),
        ("2 Giống ngô lai do huyện cấp cho 41 hộ của hai thôn.", 30, 3050),
    )
    ends = [flowed.text[: note.called_at][-3:] for note in flowed.footnotes if note.called_at is not None]
    assert ends == ["mùa", "ngô"]


def test_specks_are_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    flowed = recognised(monkeypatch, ("- _ Xã Khe \\ Lánh gieo cấy được 146,5 ha lúa trong vụ này.", 50, 300))
    assert flowed.text == "- Xã Khe Lánh gieo cấy được 146,5 ha lúa trong vụ này.\n"
