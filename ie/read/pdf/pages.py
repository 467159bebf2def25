"""Open a PDF and make its pages ready one by one, within the limits of the options."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium

from ie.errors import InputError
from ie.read.pdf.chars import PageChars, characters
from ie.read.pdf.guard import check
from ie.read.pdf.ocr import missing, recognise
from ie.read.pdf.rulings import Rulings, rulings
from ie.read.pdf.sheet import Sheet, sheet
from ie.read.source import ReadOptions

_SCAN_LETTERS = 60
"""Characters up to which a page that is mostly picture holds no text of its own: a stamp or a scanner's mark."""
_SCAN_SHARE = 0.5
_PICTURE = 16
"""Times `max_pixels` that a picture may have: PDFium unpacks it before it makes it smaller."""
BROKEN_SHARE = 0.05
"""Share of characters without a character map from which a page's text is reported as broken …"""
LOST_SHARE = 0.3
"""… and from which it is recognised from its picture when that is asked."""


@dataclass
class Opened:
    """The pages of a file and what was left out of it."""

    sheets: list[Sheet] = field(default_factory=list)
    pages: int = 0
    cut: int = 0
    silent: list[int] = field(default_factory=list)
    """Numbers of pages that show something but hold no text."""
    broken: list[int] = field(default_factory=list)
    """Numbers of pages with many characters that have no character map."""
    failed: list[int] = field(default_factory=list)
    """Numbers of pages that PDFium cannot open."""
    recognised: list[int] = field(default_factory=list)
    hindered: str = ""
    """Why pages were not recognised although that was asked."""


def sheets(data: bytes, name: str, options: ReadOptions) -> Opened:
    """Read the pages of a file; InputError when it cannot be opened."""
    check(data, name, options)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise InputError(f"{name}: {_reason(error)}") from error
    try:
        opened = Opened(pages=len(document))
        left = options.max_characters
        for index in range(min(opened.pages, options.max_pages)):
            left -= _page(document, index, left, options, opened)
        return opened
    finally:
        document.close()


def _reason(error: pdfium.PdfiumError) -> str:
    text = str(error).lower()
    if "password" in text:
        return "is protected by a password; save a copy without one"
    if "security" in text:
        return "is encrypted in a way that cannot be opened; save a copy without protection"
    return "is a damaged PDF or none; open it in a viewer and save it again"


def _page(document: pdfium.PdfDocument, index: int, limit: int, options: ReadOptions, opened: Opened) -> int:
    """Make one page ready and return how many characters it took."""
    try:
        page = document[index]
    except pdfium.PdfiumError:
        opened.failed.append(index + 1)
        return 0
    try:
        found = characters(page, index + 1, limit=max(limit, 0))
        drawn = rulings(page, found.frame, found.turns)
        found = _judged(page, found, drawn, options, opened)
        drawn = replace(drawn, across=drawn.across + found.across, down=drawn.down + found.down)
    except pdfium.PdfiumError:
        opened.failed.append(index + 1)
        return 0
    finally:
        page.close()
    opened.cut += found.cut
    opened.sheets.append(sheet(found, drawn))
    return len(found.chars)


def _judged(page: pdfium.PdfPage, found: PageChars, drawn: Rulings, options: ReadOptions, opened: Opened) -> PageChars:
    """Note a page without text or with a broken character map, and recognise it when that is asked."""
    count = len(found.chars)
    silent = drawn.objects > 0 and (not count or (count <= _SCAN_LETTERS and drawn.images >= _SCAN_SHARE))
    share = found.unmapped / count if count else 0.0
    if options.ocr and (silent or share >= LOST_SHARE) and _can_recognise(drawn, options, opened):
        opened.recognised.append(found.number)
        return recognise(page, found, max_pixels=options.max_pixels)
    if silent:
        opened.silent.append(found.number)
    elif share >= BROKEN_SHARE:
        opened.broken.append(found.number)
    return found


def _can_recognise(drawn: Rulings, options: ReadOptions, opened: Opened) -> bool:
    limit = _PICTURE * options.max_pixels
    if drawn.pixels > limit:
        opened.hindered = f"a picture has more than {limit // 10**6} million pixels (max_pixels)"
    else:
        opened.hindered = missing() or opened.hindered
    return drawn.pixels <= limit and not missing()
