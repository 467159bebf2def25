"""Read a file into decoded characters: `read(path)` chooses the reader by content and suffix."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from ie.errors import InputError
from ie.layout import Layout
from ie.read.text import decode


@dataclass(frozen=True)
class Source:
    """The decoded characters of a file, as annotations index them, and where they came from.

    `format` names the reader (text, pdf, docx, odt, doc, html); `layout` says what it knew beyond the characters.
    """

    name: str
    text: str
    sha256: str
    encoding: str
    warnings: tuple[str, ...] = ()
    format: str = "text"
    layout: Layout | None = None


_OTHER = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP container (DOCX, ODT, XLSX …)",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
}


def read(path: Path, *, any_language: bool = False) -> Source:
    """Read one file; InputError with one line when it is missing, empty, binary or not Vietnamese.

    `any_language` skips the language check.
    """
    if path.is_dir():
        raise InputError(f"{path}: is a directory; name the files in it, for example {path}/*.txt")
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the name") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    return replace(read_bytes(data, str(path), any_language=any_language), name=path.name)


def read_bytes(data: bytes, name: str, *, any_language: bool = False) -> Source:
    """Read the bytes of a file that stands nowhere by itself, such as a member of an archive; errors as of `read`.

    `name` is the file's, its suffix included: it becomes the name of the source and stands in messages.
    """
    for magic, kind in _OTHER.items():
        if data.startswith(magic):
            raise InputError(f"{name}: is {kind}; extract its text first, this version reads plain text")
    text, encoding, warnings = decode(data, name, any_language=any_language)
    return Source(name, text, hashlib.sha256(data).hexdigest(), encoding, warnings)
