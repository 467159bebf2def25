"""ODT as an office program shows it: paragraphs with their labels, tables as rows, notes at their markers.

Deleted text stands apart in ODT and is passed over; nothing is fetched. Headers, footers and comments are no text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ie.errors import InputError
from ie.read.build import Builder, Call, Paragraph, Run
from ie.read.labels import symbol
from ie.read.legacy import font_encoding
from ie.read.odf import OUTLINE, Lists, Styles
from ie.read.ooxml import child, value, whole
from ie.read.package import Package, local
from ie.read.source import Content, ReadOptions
from ie.read.tables import MAX_COLUMNS, Cell, table_paragraphs

if TYPE_CHECKING:
    from lxml import etree

_LEFT_OUT = frozenset(
    ("annotation", "annotation-end", "tracked-changes", "ruby-text", "note", "forms", "sequence-decls", "number")
)
_WRITTEN = {"tab": "\t", "line-break": "\n", "soft-hyphen": "\u00ad"}
_FRAMES = frozenset(("frame", "custom-shape", "rect", "g", "text-box"))
_SECTIONS = frozenset(("section", "index-body", "table-of-content", "illustration-index", "index-title"))
MAX_BLANKS = 1000
"""Most blanks or covered cells that one element may stand for."""


@dataclass(frozen=True)
class _List:
    """A list being read: its style, its level from 0, whether its next paragraph gets a label and from which number."""

    style: str
    level: int
    labelled: bool = True
    start: int | None = None


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read an ODT; InputError with one line when it is damaged, protected or no text document."""
    package = Package(data, name, options)
    manifest = package.read("META-INF/manifest.xml") or b""
    if b"encryption-data" in manifest:
        raise InputError(f"{name}: is protected by a password; save it without one first")
    root = package.xml("content.xml")
    body = child(root, "body", "text")
    if root is None or body is None:
        raise InputError(f"{name}: has no text document in it; open it in a word processor and save it as ODT")
    return _Reader(Styles(root, package.xml("styles.xml")), options).read(body)


class _Reader:
    """Walks the body once; text boxes anchored in a paragraph and notes called in it follow it."""

    def __init__(self, styles: Styles, options: ReadOptions) -> None:
        self.styles = styles
        self.lists = Lists(styles)
        self.builder = Builder(options)
        self.cells: list[list[Paragraph]] = []
        self.frames: list[etree._Element] = []
        self.called: list[tuple[Call, etree._Element]] = []

    def read(self, body: etree._Element) -> Content:
        """Return the content of a document's body."""
        self.blocks(body, None)
        return self.builder.content()

    def blocks(self, parent: Iterable[etree._Element], within: _List | None) -> None:
        """Read the paragraphs, lists and tables below an element."""
        for element in parent:
            match local(element):
                case "p" | "h":
                    self.paragraph(element, within)
                    within = _List(within.style, within.level, labelled=False) if within else None
                case "list":
                    self.list(element, within)
                case "table":
                    self.table(element)
                case tag if tag in _FRAMES:
                    self.frames.append(element)
                    self.follow()
                case tag if tag in _SECTIONS:
                    self.blocks(element, within)

    def list(self, element: etree._Element, within: _List | None) -> None:
        """Read the items of a list; its style is its own, its parent's or that of its first paragraph."""
        level = within.level + 1 if within else 0
        style = value(element, "style-name") or (within.style if within else self._style_below(element))
        continued = value(element, "continue-numbering") == "true" or value(element, "continue-list") is not None
        if level == 0 and not continued:
            self.lists.start(style)
        for item in element:
            start = value(item, "start-value")
            here = _List(style, level, local(item) == "list-item", whole(start) if start else None)
            if local(item) in ("list-item", "list-header"):
                self.blocks(item, here)

    def _style_below(self, element: etree._Element) -> str:
        first = next((part for part in element.iter() if local(part) in ("p", "h")), None)
        return self.styles.list_of(value(first, "style-name")) or ""

    def paragraph(self, element: etree._Element, within: _List | None) -> None:
        """Read one paragraph or heading with its label, then what was anchored or called in it."""
        style = value(element, "style-name")
        made = Paragraph()
        label = self.label(element, within)
        if label:
            made.parts.append(Run(label))
        self.inline(element, self.styles.font(style), made)
        if self.styles.hides(style):
            return
        if self.cells:
            self.cells[-1].append(made)
            return
        self.builder.add(made)
        self.follow()

    def label(self, element: etree._Element, within: _List | None) -> str:
        """Return the label of a paragraph: as it was written down when it was shown, else counted."""
        written = child(element, "number")
        if within is not None and within.labelled:
            counted = self.lists.label(within.style, within.level, within.start)
        elif within is None and local(element) == "h" and value(element, "is-list-header") != "true":
            counted = self.lists.label(OUTLINE, max(whole(value(element, "outline-level"), 1) - 1, 0))
        else:
            counted = ""
        return f"{written.text} " if written is not None and written.text else counted

    def follow(self) -> None:
        """Read the text boxes and notes that wait; in a table they wait for its end."""
        if self.cells:
            return
        while self.frames:
            self.box(self.frames.pop(0))
        while self.called:
            call, body = self.called.pop(0)
            made = Paragraph([Run(f"{call.mark} ")], "footnote", call)
            for index, paragraph in enumerate(part for part in body.iter() if local(part) in ("p", "h")):
                made.parts += [Run("\n")] if index else []
                self.inline(paragraph, self.styles.font(value(paragraph, "style-name")), made)
            self.builder.add(made)

    def box(self, frame: etree._Element) -> None:
        """Read the text in a frame or shape; pictures hold none."""
        for part in frame:
            if local(part) in _FRAMES:
                self.box(part)
        if any(local(part) in ("p", "h", "list", "table") for part in frame):
            self.blocks((part for part in frame if local(part) not in _FRAMES), None)

    def inline(self, parent: etree._Element, font: str, made: Paragraph) -> None:
        """Read the text below an element into a paragraph."""
        self.write(parent.text, font, made)
        for element in parent:
            tag = local(element)
            if tag in _WRITTEN:
                made.parts.append(Run(_WRITTEN[tag]))
            elif tag == "s":
                made.parts.append(Run(" " * min(max(whole(value(element, "c"), 1), 1), MAX_BLANKS)))
            elif tag == "note":
                self.note(element, made)
            elif tag in _FRAMES:
                self.frames.append(element)
            elif tag and tag not in _LEFT_OUT:
                style = value(element, "style-name") if tag == "span" else None
                if not self.styles.hides(style):
                    self.inline(element, self.styles.font(style) or font, made)
            self.write(element.tail, font, made)

    def write(self, text: str | None, font: str, made: Paragraph) -> None:
        """Write characters of a font; white space of the XML is one blank (ODF 1.3, part 3, 6.1.2)."""
        if text:
            squeezed = "".join(" " if char in "\t\n\r" else symbol(char) for char in text)
            made.parts.append(Run(squeezed, *(font_encoding(font) or (None, False))))

    def note(self, element: etree._Element, made: Paragraph) -> None:
        """Write the marker of a note and put the note in line."""
        citation, body = child(element, "note-citation"), child(element, "note-body")
        if body is not None:
            call = Call(
                (value(citation, "label") or "".join(map(str, citation.itertext()))) if citation is not None else ""
            )
            made.parts.append(call)
            self.called.append((call, body))

    def table(self, table: etree._Element) -> None:
        """Read a table row by row; a cell covered by a merged one is empty."""
        rows = [[self.cell(cell) for cell in _cells(row)] for row in _rows(table)]
        for made in table_paragraphs(rows):
            if self.cells:
                self.cells[-1].append(made)
            else:
                self.builder.add(made)
        self.follow()

    def cell(self, cell: etree._Element) -> Cell:
        """Read a cell."""
        if local(cell) == "covered-table-cell":
            return Cell()
        self.cells.append([])
        self.blocks(cell, None)
        return Cell(self.cells.pop())


def _rows(parent: etree._Element) -> Iterator[etree._Element]:
    for element in parent:
        if local(element) == "table-row":
            yield element
        elif local(element) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(element)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if local(element) in ("table-cell", "covered-table-cell"):
            repeated = min(max(whole(value(element, "number-columns-repeated"), 1), 1), MAX_COLUMNS)
            yield from [element] * repeated
