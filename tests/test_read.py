"""Which reader a file gets, and what is said of files that get none."""

import io
import zipfile
from pathlib import Path

import pytest

from ie.errors import InputError
from ie.read import ReadOptions, read
from ie.read.formats import detect

TEXT = "Tổng thu ngân sách xã Tân Lập ước đạt 260 triệu đồng, tăng so với cùng kỳ."


def package(*names: str, mimetype: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "suffix", "wanted"),
    [
        pytest.param(b"%PDF-1.4\n", ".txt", "pdf", id="pdf"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n", ".pdf", "pdf", id="pdf after rubbish"),
        pytest.param(package("word/document.xml"), ".zip", "docx", id="docx"),
        pytest.param(
            package("content.xml", mimetype="application/vnd.oasis.opendocument.text"), ".odt", "odt", id="odt"
        ),
        pytest.param(package("xl/workbook.xml"), ".docx", "an XLSX sheet", id="xlsx"),
        pytest.param(package("a.txt"), ".zip", "a ZIP container without a document in it", id="zip"),
        pytest.param(package("a.txt")[:30], ".docx", "a damaged ZIP container (DOCX, ODT, XLSX …)", id="torn zip"),
        pytest.param(b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), ".doc", "doc", id="doc"),
        pytest.param(b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"), ".doc", "an XLS sheet", id="xls"),
        pytest.param(b"{\\rtf1 x}", ".doc", "rtf", id="rtf"),
        pytest.param("\ufeff<!DOCTYPE html>".encode(), ".txt", "html", id="html with mark"),
        pytest.param("<html>".encode("utf-16"), "", "html", id="html in utf-16"),
        pytest.param(b"<!-- x --><div>", ".htm", "html", id="html part"),
        pytest.param(TEXT.encode(), ".pdf", "text", id="text"),
        pytest.param("Mục tiêu < 5 %".encode(), ".txt", "text", id="text with an angle"),
        pytest.param(b"\x89PNG\r\n", ".pdf", "a PNG image", id="png"),
        pytest.param(b"", ".pdf", "text", id="empty"),
    ],
)
def test_detect(data: bytes, suffix: str, wanted: str) -> None:
    assert detect(data, suffix) == wanted


def test_wrong_suffix_is_read_by_content_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "r.docx"
    path.write_text(TEXT, encoding="utf-8")
    source = read(path)
    assert (source.text, source.format, source.layout) == (TEXT, "text", None)
    assert source.warnings == ("the suffix .docx says docx, but the content is text; read as text",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\x89PNG\r\n" + b"x" * 50, "is a PNG image; save it as PDF", id="image"),
        pytest.param(package("xl/workbook.xml"), "is an XLSX sheet", id="sheet"),
        pytest.param(b"\x07\x01\x02" * 50, "is a binary file", id="binary"),
    ],
)
def test_one_clear_line(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_size_limit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes(b"a" * 2**21)
    with pytest.raises(InputError, match="larger than 1 MB"):
        read(path, options=ReadOptions(max_bytes=2**20))
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a directory"):
        read(tmp_path)
