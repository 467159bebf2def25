"""Huge pictures and very many pages: read or refused in one line, never unpacked."""

import base64
import io
import resource
import struct
import zipfile
import zlib

import pytest
from pypdfium2 import PdfDocument

from ie.errors import InputError
from ie.read import ReadOptions, read_bytes
from ie.read.pdf import pages
from tests.office_files import R, docx, p, zipped
from tests.pdfs import Report, drawn
from tests.test_read_pdf_hostile import document_bytes, objects

SIDE = 30_000
SENTENCE = "Tổng thu ngân sách xã Khe Lánh ước đạt 260 triệu đồng, tăng so với cùng kỳ năm trước."
MOST = 100 * 1024
"""Most growth of memory in KiB; the picture unpacked takes 110 MB of bits, 900 MB of grey."""


def packed(rows: int, row: bytes) -> bytes:
    squeeze = zlib.compressobj(9)
    return b"".join(squeeze.compress(row) for _ in range(rows)) + squeeze.flush()


def png() -> bytes:
    """Return a black PNG picture of 30,000 x 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 1, 0, 0, 0, 0))
    body = chunk(b"IDAT", packed(SIDE, b"\0" * (SIDE // 8 + 1)))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def picture() -> bytes:
    return png()


@pytest.fixture
def little_memory() -> object:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST


@pytest.mark.usefixtures("little_memory")
def test_docx_with_a_huge_picture(picture: bytes) -> None:
    data = docx(p(SENTENCE), relations=f'<Relationship Id="i" Type="{R}/image" Target="media/i.png"/>')
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    source = read_bytes(zipped({**parts, "word/media/i.png": picture}), "r.docx")
    assert source.text.strip() == SENTENCE


@pytest.mark.usefixtures("little_memory")
def test_page_with_a_huge_picture(picture: bytes) -> None:
    inside = f'<p>{SENTENCE}</p><img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
    assert read_bytes(f"<html><body>{inside}</body></html>".encode(), "r.html").text.strip() == SENTENCE


@pytest.mark.usefixtures("little_memory")
def test_pdf_with_a_huge_picture_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "missing", str)
    data = packed(SIDE, b"\0" * (SIDE // 8))
    image = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray" % (SIDE, SIDE)
    image += b"/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(data), data)
    contents = b"<</Length 28>>\nstream\nq 595 0 0 842 0 0 cm /I Do Q\nendstream"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>"
    whole = objects(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, contents, image
    )  # fmt: skip
    with pytest.raises(InputError, match="they are pictures; use --ocr"):
        read_bytes(whole, "r.pdf")
    with pytest.raises(InputError, match="a picture has more than 400 million pixels"):
        read_bytes(whole, "r.pdf", options=ReadOptions(ocr=True))


def page_of(text: str) -> PdfDocument:
    def draw(report: Report) -> None:
        report.line(text)

    return PdfDocument(drawn(draw))


def test_two_thousand_pages_are_read_to_the_last() -> None:
    document = page_of("UBND xã Khe Lánh thu 260 triệu đồng.")
    while len(document) < 1999:
        count = min(len(document), 1999 - len(document))
        document.import_pages(PdfDocument(document_bytes(document)), list(range(count)))
    document.import_pages(page_of(SENTENCE))
    source = read_bytes(document_bytes(document), "r.pdf")
    assert source.layout is not None
    assert len(source.layout.pages) == 2000
    assert source.layout.page_of(source.text.index("260 triệu đồng, tăng")) == 2000
    assert not source.warnings
