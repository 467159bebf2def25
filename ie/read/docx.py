"""DOCX as Word shows it: paragraphs with their labels, tables as rows, notes at their markers, changes accepted.

The XML is walked by local names, so that transitional, strict and older files read alike. Nothing is fetched: linked
files, embedded objects and pictures are left out. Headers, footers and comments are no part of the text.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ie.errors import InputError
from ie.read.build import Builder, Call, Paragraph, Run
from ie.read.labels import number, symbol
from ie.read.legacy import font_encoding
from ie.read.ooxml import Numbering, Styles, child, is_on, value, whole
from ie.read.package import Package, local
from ie.read.source import Content, ReadOptions
from ie.read.tables import MAX_COLUMNS, Cell, table_paragraphs

if TYPE_CHECKING:
    from lxml import etree

_LEFT_OUT = frozenset(
    ("del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "sdtPr", "sdtEndPr", "pPr", "rPr", "Fallback")
)
_WRITTEN = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_DRAWINGS = frozenset(("drawing", "pict", "object", "AlternateContent"))
_NOTE_MARKS = frozenset(("footnoteRef", "endnoteRef"))
_ON = ("1", "true", "on")


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read a DOCX; InputError with one line when it is damaged, protected or no Word document."""
    package = Package(data, name, options)
    main = _related(package, "", "officeDocument") or "word/document.xml"
    root = package.xml(main)
    body = child(root, "body")
    if body is None:
        raise InputError(f"{name}: has no document in it; open it in a word processor and save it as DOCX")
    return _Reader(package, main, options).read(body)


def _related(package: Package, part: str, kind: str) -> str | None:
    """Return the part of a kind that another one (the package when "") names among its relations; never a link."""
    folder, file = posixpath.split(part)
    root = package.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
    for relation in root if root is not None else ():
        if value(relation, "TargetMode") != "External" and (value(relation, "Type") or "").endswith(f"/{kind}"):
            target = value(relation, "Target") or ""
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return None


class _Notes:
    """Footnotes or endnotes: their text by id, and the marks they get in order of their calls."""

    def __init__(self, root: etree._Element | None, settings: etree._Element | None, kind: str, form: str) -> None:
        self.known = {value(note, "id") or "": note for note in (root if root is not None else ())}
        properties = child(settings, f"{kind}Pr")
        self.form = value(child(properties, "numFmt")) or form
        self.next = whole(value(child(properties, "numStart")), 1)

    def mark(self) -> str:
        """Return the next mark."""
        self.next += 1
        return number(self.next - 1, self.form)


class _Reader:
    """Walks the body once; text boxes anchored in a paragraph and notes called in it follow it."""

    def __init__(self, package: Package, main: str, options: ReadOptions) -> None:
        def part(kind: str) -> etree._Element | None:
            target = _related(package, main, kind)
            return package.xml(target) if target else None

        settings = part("settings")
        self.styles = Styles.of(part("styles"))
        self.numbering = Numbering(part("numbering"), self.styles)
        self.notes = {
            "footnoteReference": _Notes(part("footnotes"), settings, "footnote", "decimal"),
            "endnoteReference": _Notes(part("endnotes"), settings, "endnote", "lowerRoman"),
        }
        self.builder = Builder(options)
        self.cells: list[list[Paragraph]] = []
        self.boxes: list[etree._Element] = []
        self.called: list[tuple[Call, etree._Element]] = []
        self.open: Paragraph | None = None
        self.embedded = 0

    def read(self, body: etree._Element) -> Content:
        """Return the content of a document's body."""
        self.blocks(body)
        self.close()
        warnings = [f"{self.embedded} embedded documents were left out"] if self.embedded else []
        return self.builder.content(warnings=warnings)

    def blocks(self, parent: Iterable[etree._Element]) -> None:
        """Read the paragraphs and tables below an element, whatever wraps them."""
        for element in parent:
            match local(element):
                case "p":
                    self.paragraph(element)
                case "tbl":
                    self.table(element)
                case "altChunk":
                    self.embedded += 1
                case "AlternateContent":
                    self.blocks(_chosen(element))
                case tag if tag in _WRAPPERS:
                    self.blocks(element)

    def add(self, made: Paragraph) -> None:
        """Take a paragraph into the cell that is being read, else into the document."""
        if self.cells:
            self.cells[-1].append(made)
        else:
            self.builder.add(made)

    def paragraph(self, element: etree._Element) -> None:
        """Read one paragraph; one whose end was deleted goes on with the next."""
        properties = child(element, "pPr")
        made = self.open or Paragraph()
        label = self.numbering.of(properties)
        if label and not made.parts:
            made.parts.append(Run(label))
        self.inline(element, properties, made)
        self.open = made
        if not any(child(properties, "rPr", change) is not None for change in ("del", "moveFrom")):
            self.close()

    def close(self) -> None:
        """Hand the open paragraph over, then what was anchored or called in it; in a table that waits for its end."""
        made, self.open = self.open, None
        if made is not None:
            self.add(made)
        if self.cells:
            return
        while self.boxes:
            self.blocks(self.boxes.pop(0))
        while self.called:
            self.builder.add(self.note(*self.called.pop(0)))

    def note(self, call: Call, note: etree._Element) -> Paragraph:
        """Return a note as one paragraph that starts with its mark."""
        made = Paragraph([], "footnote", call)
        for index, paragraph in enumerate(part for part in note.iter() if local(part) == "p"):
            made.parts += [Run("\n")] if index else []
            self.inline(paragraph, child(paragraph, "pPr"), made)
        if not made.text().lstrip().startswith(call.mark) or any(local(part) in _NOTE_MARKS for part in note.iter()):
            made.parts.insert(0, Run(call.mark if made.text()[:1].isspace() else f"{call.mark} "))
        return made

    def inline(self, parent: Iterable[etree._Element], paragraph: etree._Element | None, made: Paragraph) -> None:
        """Read the runs below an element into a paragraph, whatever wraps them."""
        for element in parent:
            match local(element):
                case "r":
                    self.run(element, paragraph, made)
                case "AlternateContent":
                    self.inline(_chosen(element), paragraph, made)
                case tag if tag and tag not in _LEFT_OUT:
                    self.inline(element, paragraph, made)

    def run(self, run: etree._Element, paragraph: etree._Element | None, made: Paragraph) -> None:
        """Read one run: text, tabs, breaks, symbols, calls of notes, text boxes."""
        properties = child(run, "rPr")
        if is_on(child(properties, "vanish")):
            return
        font = font_encoding(self.styles.font(properties, paragraph)) or (None, False)
        custom = False
        for element in run:
            tag = local(element)
            if tag == "t" and not custom:
                made.parts.append(Run("".join(map(symbol, (element.text or "").replace("\n", " "))), *font))
            elif tag == "softHyphen":
                made.parts.append(Run("\u00ad", *font))  # shows as ư in fonts of TCVN3
            elif tag in _WRITTEN:
                made.parts.append(Run(_WRITTEN[tag]))
            elif tag == "sym":
                made.parts.append(Run(symbol(_character(value(element, "char")))))
            elif tag in self.notes:
                custom = value(element, "customMarkFollows") in _ON
                self.call(element, self.notes[tag], made, _text(run) if custom else None)
            elif tag in _DRAWINGS:
                self.find_boxes(element)
            elif tag == "ruby":
                self.inline(element, paragraph, made)

    def call(self, element: etree._Element, notes: _Notes, made: Paragraph, custom: str | None) -> None:
        """Write the marker of a note and put the note in line; a call of no note, or of a separator, is nothing."""
        note = notes.known.get(value(element, "id") or "")
        if note is None or value(note, "type") not in (None, "normal"):
            return
        call = Call(custom if custom is not None else notes.mark())
        made.parts.append(call)
        self.called.append((call, note))

    def find_boxes(self, element: etree._Element) -> None:
        """Note the text boxes below an element, each once."""
        if local(element) == "txbxContent":
            self.boxes.append(element)
            return
        for part in _chosen(element) if local(element) == "AlternateContent" else element:
            self.find_boxes(part)

    def table(self, table: etree._Element) -> None:
        """Read a table row by row; deleted rows and cells are no part of it, a merged cell stands once."""
        self.close()
        rows = []
        for row in _below(table, "tr"):
            if child(row, "trPr", "del") is None:
                cells = (cell for cell in _below(row, "tc") if child(cell, "tcPr", "cellDel") is None)
                rows.append([made for cell in cells for made in self.spread(cell)])
        for made in table_paragraphs(rows):
            self.add(made)
        self.close()

    def spread(self, cell: etree._Element) -> list[Cell]:
        """Read a cell; one over several columns stands in the first of them and is empty in the others."""
        across = whole(value(child(cell, "tcPr", "gridSpan")), 1)
        return [self.cell(cell), *(Cell() for _ in range(min(across, MAX_COLUMNS) - 1))]

    def cell(self, cell: etree._Element) -> Cell:
        """Read a cell; the text of one merged with the cell above stands there."""
        merge = child(cell, "tcPr", "vMerge")
        if merge is not None and value(merge) != "restart":
            return Cell()
        self.cells.append([])
        self.blocks(cell)
        self.close()
        return Cell(self.cells.pop())


def _below(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or cells of a row, whatever wraps them."""
    for element in parent:
        if local(element) == tag:
            yield element
        elif local(element) in _WRAPPERS:
            yield from _below(element, tag)


def _chosen(element: etree._Element) -> Iterable[etree._Element]:
    """Return one of the alternatives of the same content: the first choice, else what older programs see."""
    choice = child(element, "Choice")
    chosen = choice if choice is not None else child(element, "Fallback")
    return chosen if chosen is not None else ()


def _character(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""


def _text(run: etree._Element) -> str:
    return "".join(part.text or "" for part in run if local(part) == "t")
