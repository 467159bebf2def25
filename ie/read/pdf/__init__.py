"""Read PDF: characters with their places through PDFium, put into reading order by what this package knows of reports.

`chars` and `rulings` ask PDFium, `lines`, `grid` and `strips` make lines and tables of a page, `furniture`, `notes`,
`order`, `heads` and `paragraphs` say what they are, `write` puts them into characters. PDFium is not safe in threads:
use processes.
"""

from __future__ import annotations

from ie.read.pdf.pages import sheets
from ie.read.pdf.report import text_found, warnings
from ie.read.pdf.write import written
from ie.read.source import Content, ReadOptions


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read a PDF; InputError when it is damaged, protected by a password, a bomb, or holds no text.

    Pages without text are recognised with `options.ocr`; else they are counted in a warning.
    """
    opened = sheets(data, name, options)
    text_found(opened, name)
    text, layout = written(opened.sheets)
    return Content(text, "pdf", warnings(opened, options), layout)
