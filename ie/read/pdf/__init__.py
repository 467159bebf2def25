"""Read PDF: characters with their places through PDFium, put into reading order by what this package knows of reports.

`chars` and `rulings` ask PDFium, `lines`, `grid` and `strips` make lines and tables of a page, `furniture`, `notes`,
`order` and `paragraphs` say what they are, `write` puts them into characters. PDFium is not safe in threads: use
processes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium

from ie.errors import InputError
from ie.read.pdf.chars import PageChars, characters
from ie.read.pdf.furniture import furniture
from ie.read.pdf.notes import split_notes, tie
from ie.read.pdf.order import Piece, ordered
from ie.read.pdf.paragraphs import body_size, habit
from ie.read.pdf.rulings import rulings
from ie.read.pdf.sheet import Sheet, sheet
from ie.read.pdf.write import Writer
from ie.read.source import Content, ReadOptions


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read a PDF; InputError when it is damaged, protected by a password or holds no text."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise InputError(f"{name}: {_reason(error)}") from error
    try:
        sheets = [_sheet(document, index, options) for index in range(min(len(document), options.max_pages))]
    finally:
        document.close()
    return _content(sheets)


def _reason(error: pdfium.PdfiumError) -> str:
    text = str(error)
    if "assword" in text:
        return "is protected by a password; save a copy without one"
    return "is damaged or no PDF; open it in a viewer and save it again"


def _sheet(document: pdfium.PdfDocument, index: int, options: ReadOptions) -> Sheet:
    page = document[index]
    try:
        found: PageChars = characters(page, index + 1, limit=options.max_characters)
        return sheet(found, rulings(page, found.frame, found.turns))
    finally:
        page.close()


def _content(sheets: list[Sheet]) -> Content:
    left_out = furniture(sheets)
    size = body_size((strip.size, len(strip.text)) for sheet in sheets for strip in sheet.strips)
    parts = []
    for sheet in sheets:
        known = left_out.get(sheet.number, {})
        kept = [strip for index, strip in enumerate(sheet.strips) if index not in known]
        body, notes = split_notes(sheet, kept, size)
        pieces = ordered(sheet, body)
        tie(notes, pieces)
        dropped = [(sheet.strips[index], kind) for index, kind in sorted(known.items())]
        parts.append((sheet, pieces, notes, dropped))
    writer = Writer(habit([piece for _, pieces, _, _ in parts for piece in pieces]))
    for part in parts:
        writer.page(*part)
    return Content("".join(writer.text), "pdf", (), writer.layout())
