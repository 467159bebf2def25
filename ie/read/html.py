"""HTML: the main content of a page, tables as rows, notes at their markers. No script is run, nothing is fetched."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ie.errors import InputError
from ie.lines import BULLETS
from ie.read.build import Builder, Call, Paragraph, Part, Run
from ie.read.labels import number
from ie.read.legacy import font_encoding
from ie.read.ooxml import whole
from ie.read.page import is_shown, main_content, words
from ie.read.source import Content, ReadOptions
from ie.read.tables import MAX_COLUMNS, Cell, table_paragraphs
from ie.read.text import decode
from ie.read.webnotes import find_notes

if TYPE_CHECKING:
    from lxml import html

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_FONT_FAMILY = re.compile(r"font-family\s*:\s*['\"]?([^;,'\"]+)", re.IGNORECASE)
_LIST_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that a page may not hold and that its tree cannot be given."""
MAX_BYTES = 64 * 2**20
"""Largest page parsed; its tree takes about ten times the memory."""
Font = tuple[str | None, bool]


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read an HTML page; InputError with one line when it holds no text or is too large."""
    from lxml import etree, html

    if len(data) > MAX_BYTES:
        raise InputError(f"{name}: is an HTML page of more than {MAX_BYTES // 2**20} MB; split it or save its text")
    text, encoding = _decoded(data, name)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(_CONTROLS.sub(" ", _DECLARATION.sub("", text).replace("\0", "")), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise InputError(f"{name}: cannot be parsed as HTML ({error}); save the page anew") from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise InputError(f"{name}: its elements are nested too deep, text would be lost; save the page's text")
    return _Reader(root, options).read(encoding)


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """Decode a page by its mark, by what it declares, else by what its bytes say."""
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            encoding = codecs.lookup(declared[1].decode("ascii")).name
            text = data.decode(encoding, "replace")
            # A few broken bytes do not belie what a page declares.
            if not encoding.startswith("utf-16") and text.count("\ufffd") <= len(text) / 200:
                return text, encoding
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    try:
        found = decode(data, name, any_language=True)
    except InputError:
        return data.decode("utf-8", "replace"), "utf-8"
    if found.raw is None:
        return found.text, found.encoding
    # Tags must be parsed before old fonts are converted, so the unconverted characters are taken.
    return found.raw, "utf-8" if found.raw.encode("utf-8", "replace") == data else "cp1252"


class _Reader:
    """Walks the main content once; notes follow the paragraph that calls them."""

    def __init__(self, root: html.HtmlElement, options: ReadOptions) -> None:
        self.notes = find_notes(root)
        self.top = main_content(root, keep=self.notes.bodies)
        self.builder = Builder(options)
        self.cells: list[list[Paragraph]] = []
        self.called: list[tuple[Call, html.HtmlElement]] = []
        self.open = _Line()

    def read(self, encoding: str) -> Content:
        """Return the content of the page."""
        self.walk(self.top, (None, False))
        self.close()
        return self.builder.content(encoding=encoding)

    def walk(self, element: html.HtmlElement, font: Font) -> None:
        """Read an element's text and what stands below it; the tail is the caller's."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if (
            tag in words("left_out")
            or not is_shown(element)
            or element in self.notes.bodies
            or element in self.notes.backs
        ):
            return
        if element in self.notes.calls:
            self.call(element)
            return
        if tag == "br":
            self.open.break_line()
            return
        if tag == "table":
            self.table(element, font)
            return
        block = tag in words("blocks")
        if block:
            self.close()
        self.inside(element, _font(element) or font, kept=tag == "pre")
        if block:
            self.close()

    def inside(self, element: html.HtmlElement, font: Font, *, kept: bool = False) -> None:
        """Read the text and children of an element, items of lists with their labels."""
        self.open.add(element.text, font, kept=kept)
        for child, label in zip(element, _labels(element), strict=True):
            if label:
                self.close()
                self.open.label = label
            self.walk(child, font)
            self.open.add(child.tail, font, kept=kept)

    def call(self, element: html.HtmlElement) -> None:
        call = Call("".join(element.text_content().split()))
        self.open.parts.append(call)
        self.called.append((call, self.notes.calls[element]))

    def close(self) -> None:
        """End the open paragraph; in a table its notes wait for the table's end."""
        made, self.open = self.open.paragraph(), _Line(label=self.open.label if not self.open.parts else "")
        if made is not None:
            self.add(made)
            self.follow()

    def add(self, made: Paragraph) -> None:
        """Take a paragraph into the cell that is being read, else into the document."""
        if self.cells:
            self.cells[-1].append(made)
        else:
            self.builder.add(made)

    def follow(self) -> None:
        """Write the notes that were called."""
        while self.called and not self.cells:
            call, body = self.called.pop(0)
            self.cells.append([])
            self.inside(body, (None, False))
            self.close()
            parts: list[Part] = []
            for paragraph in self.cells.pop():
                parts += [Run("\n"), *paragraph.parts] if parts else paragraph.parts
            made = Paragraph(parts, "footnote", call)
            if not made.text().startswith(call.mark):
                made.parts.insert(0, Run(f"{call.mark} "))
            self.builder.add(made)

    def table(self, table: html.HtmlElement, font: Font) -> None:
        """Read a table row by row; a cell merged over rows leaves empty ones below, over columns none beside."""
        self.close()
        rows: list[list[Cell]] = []
        spans: dict[int, int] = {}
        for row in table.iter("tr"):
            if next(row.iterancestors("table"), None) is table and is_shown(row):
                rows.append(self.row(row, spans, _font(row) or _font(table) or font))
        for caption in table.findall("caption"):
            self.walk(caption, font)
        for made in table_paragraphs(rows):
            self.add(made)
        self.follow()

    def row(self, row: html.HtmlElement, spans: dict[int, int], font: Font) -> list[Cell]:
        cells: list[Cell] = []

        def covered() -> None:
            while spans.get(len(cells), 0) > 0:
                spans[len(cells)] -= 1
                cells.append(Cell())

        for element in row:
            if element.tag in ("td", "th") and len(cells) < MAX_COLUMNS:
                covered()
                down = min(whole(element.get("rowspan"), 1), 1000) - 1
                across = min(max(whole(element.get("colspan"), 1), 1), MAX_COLUMNS)
                if down > 0:
                    spans.update(dict.fromkeys(range(len(cells), len(cells) + across), down))
                self.cells.append([])
                self.walk(element, font)
                cells += [Cell(self.cells.pop()), *(Cell() for _ in range(across - 1))]
        covered()
        return cells


class _Line:
    """A paragraph being read: white space of the source is squeezed, breaks are kept."""

    def __init__(self, *, label: str = "") -> None:
        self.parts: list[Part] = []
        self.label = label
        self.blank = True

    def add(self, text: str | None, font: Font, *, kept: bool = False) -> None:
        """Add characters; after a blank or at the start no further blank is written."""
        if not text:
            return
        written = []
        for char in text:
            if kept and char == "\n":
                written.append("\n")
                self.blank = True
            elif char in " \t\n\r\f":
                written.append("" if self.blank else " ")
                self.blank = True
            else:
                written.append(char)
                self.blank = False
        if any(written):
            self.parts.append(Run("".join(written), *font))

    def break_line(self) -> None:
        self.parts.append(Run("\n"))
        self.blank = True

    def paragraph(self) -> Paragraph | None:
        """Return the paragraph with its label, None when it holds nothing."""
        text = "".join(part.text if isinstance(part, Run) else part.mark for part in self.parts)
        if not text.strip():
            return None
        parts = self.parts
        while isinstance(last := parts[-1], Run) and not last.text.strip():
            parts.pop()
        if isinstance(last, Run):
            parts[-1] = replace(last, text=last.text.rstrip())
        return Paragraph([*([Run(self.label)] if self.label else []), *parts])


def _font(element: html.HtmlElement) -> Font | None:
    """Return the encoding of the font that an element sets, None when it sets none."""
    name = element.get("face") if element.tag == "font" else None
    family = _FONT_FAMILY.search(element.get("style") or "")
    name = name or (family[1] if family else None)
    return None if name is None else font_encoding(name.split(",")[0]) or (None, False)


def _labels(element: html.HtmlElement) -> Iterable[str]:
    """Yield the label of each child of a list, "" for other children and other elements."""
    count = whole(element.get("start"), 1)
    form = _LIST_TYPES.get(element.get("type") or "", "decimal")
    for child in element:
        if child.tag != "li" or element.tag not in ("ol", "ul"):
            yield ""
        elif element.tag == "ul":
            yield "" if re.match(rf"\s*[{BULLETS}]\s", child.text_content()[:20]) else "• "
        else:
            count = whole(child.get("value"), count)
            yield f"{number(count, form)}. "
            count += 1
