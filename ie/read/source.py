"""What reading asks for and gives: options, the content a reader makes of bytes, the source a file becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ie.document import Fragment
from ie.layout import Layout, Page
from ie.read.offsets import back

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class ReadOptions:
    """How to read and where to stop. A limit that is hit is named in an error or a warning, never passed in silence.

    Attributes:
        any_language: Do not refuse text that does not look Vietnamese.
        ocr: Recognise the text of pages that hold none, when Tesseract is installed.
        max_bytes: Largest file read.
        max_unpacked: Most bytes that a packed file (DOCX, ODT, a stream of a PDF) may become.
        max_pages: Most pages read; further ones are left out with a warning.
        max_characters: Most characters read; what follows is left out with a warning.
        max_pixels: Most pixels of a page rendered for recognition; larger pages are rendered coarser.
    """

    any_language: bool = False
    ocr: bool = False
    max_bytes: int = 256 * 2**20
    max_unpacked: int = 512 * 2**20
    max_pages: int = 5_000
    max_characters: int = 20_000_000
    max_pixels: int = 25_000_000


@dataclass(frozen=True)
class Content:
    """What a reader makes of the bytes of a file: characters, what it knows beyond them, what it could not do.

    `raw` and `offsets` are as in `Source`.
    """

    text: str
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    layout: Layout | None = None
    raw: str | None = None
    offsets: np.ndarray | None = None


@dataclass(frozen=True)
class Source:
    """The characters of a file in Unicode, as they are reflowed and tagged, and where they came from.

    `format` names the reader (text, pdf, docx, odt, doc, html); `layout` says what it knew beyond the characters and
    indexes `text`. Where a legacy encoding was converted, letters composed or invisible characters left out, `raw`
    holds the decoded characters as they were and `offsets` maps `text` to them (see `ie.read.offsets`); source
    fragments of entities index these. Both are None when `text` is just what was decoded.
    """

    name: str
    text: str
    sha256: str
    encoding: str
    warnings: tuple[str, ...] = ()
    format: str = "text"
    layout: Layout | None = None
    raw: str | None = None
    offsets: np.ndarray | None = None

    def fragments(self, found: Iterable[Fragment]) -> tuple[Fragment, ...]:
        """Return fragments of `text` as fragments of the decoded characters of the file."""
        return back(found, self.offsets)

    def pages(self) -> tuple[Page, ...]:
        """Return the pages of the layout with their bounds in the decoded characters of the file."""
        pages = self.layout.pages if self.layout else ()
        if self.offsets is None or self.raw is None:
            return pages
        edges = [*map(int, self.offsets[:, 0]), len(self.raw)]
        return tuple(replace(page, start=edges[page.start], end=edges[page.end]) for page in pages)
