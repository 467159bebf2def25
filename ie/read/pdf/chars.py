"""Characters of a PDF page with box, size and font, through the raw interface of PDFium."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import atan2, degrees, hypot

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ie.read.pdf.frame import Frame, Rect, level

_BLANKS = frozenset(" \t\r\n\f\v\u00a0\u2002\u2003\u2009\u3000")
_HYPHENS = frozenset("\x02\ufffe")
"""What PDFium gives for a hyphen at a line's end."""
_SLANT = 10
"""Degrees from a quarter turn beyond which text is slanted: a watermark or stamp."""


@dataclass(slots=True)
class Char:
    """One character: `box` as the text lies level, `shown` on the page as shown; `gap`: a blank is written before it.

    `turns` are quarter turns of the text upward, -1 when slanted.
    """

    text: str
    box: Rect
    shown: Rect
    size: float
    font: str
    gap: bool = False
    turns: int = 0
    confidence: float | None = None


@dataclass
class PageChars:
    """The characters of a page in the order of the file, and how they lie.

    `unmapped` counts characters whose code has no character, `cut` those left out by a limit.
    """

    number: int
    frame: Frame
    chars: list[Char]
    turns: int = 0
    unmapped: int = 0
    cut: int = 0
    images: float = 0.0
    objects: int = 0
    confidence: float | None = None
    lost: list[str] = field(default_factory=list)
    across: list[Rect] = field(default_factory=list)
    """Level and upright lines seen in the picture of a recognised page, as its text lies level."""
    down: list[Rect] = field(default_factory=list)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as its text lies level."""
        width, height = self.frame.size
        return (height, width) if self.turns % 2 else (width, height)


def frame_of(page: pdfium.PdfPage) -> Frame:
    """Return the frame of a page."""
    box = raw.FS_RECTF()
    if not raw.FPDF_GetPageBoundingBox(page.raw, box):
        return Frame(0, 0, page.get_width(), page.get_height())
    return Frame(box.left, box.bottom, box.right, box.top, raw.FPDFPage_GetRotation(page.raw) % 4)


def characters(page: pdfium.PdfPage, number: int, *, limit: int) -> PageChars:
    """Read at most `limit` characters of a page; those that lie as most of the page do are levelled with it."""
    frame = frame_of(page)
    textpage = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(textpage.raw)
        found = PageChars(number, frame, [], cut=max(0, count - limit))
        found.chars = list(_chars(textpage.raw, min(count, limit), found))
    finally:
        textpage.close()
    turns = Counter(char.turns for char in found.chars if char.turns >= 0)
    found.turns = turns.most_common(1)[0][0] if turns else 0
    for char in found.chars:
        char.box = level(char.shown, char.turns if char.turns >= 0 else found.turns, frame.size)
    return found


def _chars(textpage: ctypes.c_void_p, count: int, page: PageChars) -> Iterator[Char]:
    """Yield the characters that show something."""
    box = raw.FS_RECTF()
    styles = _Styles(textpage, page.frame)
    gap, high = False, ""
    for index in range(count):
        text = chr(raw.FPDFText_GetUnicode(textpage, index))
        if text in _BLANKS or (text == "\0" and raw.FPDFText_IsGenerated(textpage, index)):
            gap = gap or not raw.FPDFText_IsGenerated(textpage, index)
            continue
        if "\ud800" <= text < "\udc00":
            high = text
            continue
        if "\udc00" <= text <= "\udfff":
            text = (high + text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = "-" if text in _HYPHENS else text
        if _is_unmapped(text) or raw.FPDFText_HasUnicodeMapError(textpage, index):
            page.unmapped += 1
            text = "\ufffd" if _is_unmapped(text) else text
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        shown = page.frame.shown(box.left, box.bottom, box.right, box.top)
        font, size, turns = styles.of(index)
        yield Char(text, shown, shown, size, font, gap, turns)
        gap, high = False, ""


def _is_unmapped(text: str) -> bool:
    return "\ue000" <= text <= "\uf8ff" or text in "\ufffd\0" or (text < " " and text not in "\t\r\n")


class _Styles:
    """Font, size and direction of a character, looked up once for each text object."""

    def __init__(self, textpage: ctypes.c_void_p, frame: Frame) -> None:
        self.textpage = textpage
        self.frame = frame
        self.key: int | None = None
        self.style = ("", 0.0, 0)
        self.matrix = raw.FS_MATRIX()
        self.fonts: dict[int, str] = {}

    def of(self, index: int) -> tuple[str, float, int]:
        """Return font name without its subset mark, size in points, quarter turns upward as shown (-1: slanted)."""
        item = raw.FPDFText_GetTextObject(self.textpage, index)
        key = ctypes.cast(item, ctypes.c_void_p).value
        if key is None or key != self.key:
            self.key = key
            self.style = (self._font(item), *self._size(index))
        return self.style

    def _font(self, item: ctypes.c_void_p) -> str:
        font = raw.FPDFTextObj_GetFont(item) if item else None
        key = ctypes.cast(font, ctypes.c_void_p).value if font else None
        if key is None:
            return ""
        if key not in self.fonts:
            buffer = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
            name = buffer.value.decode("utf-8", "replace")
            self.fonts[key] = name[7:] if name[6:7] == "+" else name
        return self.fonts[key]

    def _size(self, index: int) -> tuple[float, int]:
        size = abs(raw.FPDFText_GetFontSize(self.textpage, index))
        if not raw.FPDFText_GetMatrix(self.textpage, index, self.matrix):
            return round(size, 1), 0
        matrix = self.matrix
        angle = degrees(atan2(matrix.b, matrix.a)) - 90 * self.frame.turns
        turns = round(angle / 90)
        slanted = abs(angle - 90 * turns) > _SLANT
        return round(size * (hypot(matrix.c, matrix.d) or 1.0), 1), -1 if slanted else turns % 4
