"""Broken and hostile PDFs: one clear line each, bounded work, limits named."""

import re
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import PdfDocument
from reportlab.lib.pdfencrypt import StandardEncryption

from ie.errors import IEError, InputError
from ie.pipeline import Failure, tag_many
from ie.read import ReadOptions, read_bytes
from ie.read.pdf import guard
from tests.examples import examples
from tests.pdfs import Report, drawn, whole

SENTENCE = "Tổng thu ngân sách xã Khe Lánh ước đạt 260 triệu đồng, tăng so với cùng kỳ năm trước."


def plain(report: Report) -> None:
    report.paragraph(SENTENCE)


def scanned(report: Report) -> None:
    report.paragraph(SENTENCE)
    report.page()
    report.picture()
    report.page()
    report.picture()


def refused(data: bytes, message: str, **options: object) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_bytes(data, "r.pdf", options=ReadOptions(**options))  # type: ignore[arg-type]
    assert str(caught.value).startswith("r.pdf: ")
    assert "\n" not in str(caught.value)


def objects(*bodies: bytes) -> bytes:
    """Write a PDF of numbered objects without a cross-reference table, which PDFium rebuilds."""
    return (
        b"%PDF-1.5\n"
        + b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in enumerate(bodies, 1))
        + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"
    )


def page_with(contents: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    stream = b"<</Length %d/Filter %s>>\nstream\n%s\nendstream" % (len(contents), filters, contents)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream)


def test_password_is_named() -> None:
    locked = StandardEncryption("bí mật".encode().decode("latin-1"), ownerPassword="x", strength=128)
    refused(drawn(plain, encrypt=locked), "protected by a password")


def test_owner_password_alone_does_not_matter() -> None:
    guarded = StandardEncryption("", ownerPassword="x", canCopy=0, strength=128)
    assert "260 triệu đồng" in read_bytes(drawn(plain, encrypt=guarded), "r.pdf").text


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5])
def test_torn_file(share: float) -> None:
    data = whole()
    with pytest.raises(InputError, match=r"r\.pdf: "):
        read_bytes(data[: max(8, int(share * len(data)))], "r.pdf")


def test_file_without_its_end_is_mended() -> None:
    data = whole()
    assert "146,5 ha" in read_bytes(data[: data.rindex(b"xref")], "r.pdf").text


def test_rubbish_before_the_head_and_after_the_end() -> None:
    data = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + drawn(plain) + b"\0" * 3000
    assert "260 triệu đồng" in read_bytes(data, "r.pdf").text


def test_pages_without_text_are_counted_and_a_file_of_them_refused() -> None:
    source = read_bytes(drawn(scanned), "r.pdf")
    assert source.warnings == ("pages 2-3 without text (pictures); recognise them with --ocr",)
    refused(drawn(Report.picture), "none of its 1 pages holds text, they are pictures; use --ocr")
    refused(drawn(lambda report: report.page()), "no text was found on its 1 pages")


def test_limits_are_named() -> None:
    def many(report: Report) -> None:
        for _ in range(6):
            report.paragraph(SENTENCE)
            report.page()

    source = read_bytes(drawn(many), "r.pdf", options=ReadOptions(max_pages=4))
    assert source.layout is not None
    assert len(source.layout.pages) == 4
    assert source.warnings == ("only the first 4 of 6 pages were read (max_pages)",)
    source = read_bytes(drawn(many), "r.pdf", options=ReadOptions(max_characters=100))
    assert sum(not char.isspace() for char in source.text) <= 100
    assert any("characters were left out (max_characters 100)" in warning for warning in source.warnings)


def test_many_pages_in_one_file() -> None:
    document = PdfDocument(drawn(plain))
    for _ in range(7):
        document.import_pages(PdfDocument(document_bytes(document)))
    source = read_bytes(document_bytes(document), "r.pdf")
    assert source.layout is not None
    assert len(source.layout.pages) == 128


def document_bytes(document: PdfDocument) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("times", [1, 2])
def test_packed_bomb_is_refused_before_it_is_unpacked(times: int) -> None:
    contents = zlib.compress(b" " * (guard.MAX_STREAM + 2**20), 9)
    if times == 2:
        contents = zlib.compress(contents, 9)
    filters = b"[/FlateDecode/FlateDecode]" if times == 2 else b"/FlateDecode"
    refused(page_with(contents, filters), "unpacks to more than 48 MB")


def test_streams_that_are_too_much_together() -> None:
    refused(page_with(zlib.compress(b"BT ET " * 200_000)), "max_unpacked", max_unpacked=2**20)


def test_huge_page_is_read() -> None:
    document = PdfDocument(drawn(plain))
    document[0].set_mediabox(0, 0, 14_400, 14_400)
    source = read_bytes(document_bytes(document), "r.pdf")
    assert source.layout is not None
    assert source.layout.pages[0].width == 14_400


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 100_000, id="arrays"),
        pytest.param(b"<</A" * 50_000, id="dictionaries"),
        pytest.param(b"<</Type/Pages/Kids[2 0 R]/Count 1>>", id="page tree in a circle"),
        pytest.param(b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>", id="pages promised"),
    ],
)
def test_deep_and_circular_structures(body: bytes) -> None:
    data = objects(b"<</Type/Catalog/Pages 2 0 R>>", body, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    with pytest.raises(InputError):
        read_bytes(data, "r.pdf", options=ReadOptions(max_pages=50))


def test_forms_within_themselves() -> None:
    resources = b"/Resources<</XObject<</F 4 0 R>>>>"
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length 5>>\nstream\n/F Do\nendstream" % resources
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s/Contents 5 0 R>>" % resources
    contents = b"<</Length 5>>\nstream\n/F Do\nendstream"
    data = objects(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, form, contents)
    with pytest.raises(InputError):
        read_bytes(data, "r.pdf")


@given(st.data())
@examples(30)
def test_bytes_changed_at_random_give_text_or_one_line(data: st.DataObject) -> None:
    changed = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(9, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    with suppress(IEError):
        source = read_bytes(bytes(changed), "r.pdf", options=ReadOptions(any_language=True, max_pages=20))
        assert source.layout is not None
        assert source.layout.boxes is not None
        assert len(source.layout.boxes) == len(source.text)


WHOLE = whole()


def test_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.pdf" for name in ("torn", "empty", "good")]
    for path, data in zip(paths, (WHOLE[:2000], b"", WHOLE), strict=True):
        path.write_bytes(data)
    torn, empty, good = tag_many(paths)
    assert isinstance(torn, Failure)
    assert re.search(r"torn\.pdf: is a damaged PDF", torn.reason)
    assert isinstance(empty, Failure)
    assert "is empty" in empty.reason
    assert not isinstance(good, Failure)
    assert good.meta["format"] == "pdf"
