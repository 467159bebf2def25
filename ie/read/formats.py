"""Which format a file is: by its content first, by its suffix only where the content leaves it open."""

from __future__ import annotations

import io
import re
import zipfile

READERS = {
    "text": "ie.read.text",
    "pdf": "ie.read.pdf",
    "docx": "ie.read.docx",
    "odt": "ie.read.odt",
    "doc": "ie.read.doc",
    "rtf": "ie.read.doc",
    "html": "ie.read.html",
}
"""Format -> module with `read(data, name, *, options)`; imported when a file of the format comes."""

SUFFIXES = {
    ".txt": "text",
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".odt": "odt",
    ".doc": "doc",
    ".rtf": "rtf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mht": "html",
}

_PDF_REACH = 1024
"""How far from the start `%PDF-` may stand; readers at large allow for that much before it."""
_OTHER = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"GIF8": "a GIF image",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"\x1f\x8b": "a gzip archive",
}
_HTML = re.compile(
    rb"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|div|p)\b", re.I | re.S
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def detect(data: bytes, suffix: str) -> str:
    """Return the format's name in READERS, or what else the file is (`an XLSX sheet`), which has no reader."""
    if b"%PDF-" in data[:_PDF_REACH]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _package(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(data)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    for magic, kind in _OTHER.items():
        if data.startswith(magic):
            return kind
    if _HTML.match(_plain_head(data)) or (SUFFIXES.get(suffix) == "html" and b"<" in data[:4000]):
        return "html"
    return "text"


def _package(data: bytes) -> str:
    """Tell what a ZIP container holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return "a damaged ZIP container (DOCX, ODT, XLSX …)"
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "an XLSX sheet"
    if "content.xml" in names:
        return (
            "odt" if b"opendocument.text" in data[:200] or b"opendocument" not in data[:200] else "an ODS or ODP file"
        )
    return "a ZIP container without a document in it"


def _compound(data: bytes) -> str:
    """Tell what an old Office container holds, by the names of its streams."""
    for stream, kind in (("WordDocument", "doc"), ("Workbook", "an XLS sheet"), ("PowerPoint Document", "a PPT file")):
        if stream.encode("utf-16-le") in data:
            return kind
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "an Office file protected by a password"
    return "doc"


def _plain_head(data: bytes) -> bytes:
    """Return the first characters as ASCII, whatever Unicode form they are in, without mark and white space."""
    head = data[:2000]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip()
