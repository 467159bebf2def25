"""Tables as rows of text, `| cell | cell |`, a row a line; tables that only place text on the page as paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ie import lines as look
from ie.read.build import Call, Paragraph, Part, Run

MAX_COLUMNS = 256
"""Most cells of a row that are kept; office programs allow 63 and 1,024, reports have less than 40."""


@dataclass
class Cell:
    """What stands in a cell; a cell covered by a merged one is empty."""

    paragraphs: list[Paragraph] = field(default_factory=list)

    def text(self) -> str:
        """Return the characters as they came, a paragraph a line."""
        return "\n".join(paragraph.text() for paragraph in self.paragraphs)


def table_paragraphs(rows: Sequence[Sequence[Cell]]) -> Iterator[Paragraph]:
    """Yield the rows of a table, or the paragraphs of its cells one after the other where it only places them."""
    if _is_placing(rows):
        letterhead = any(look.MOTTO.search(cell.text()) for row in rows for cell in row)
        for row in rows:
            for cell in row:
                kind = "letterhead" if letterhead else _kind(cell.text())
                yield from (replace(p, kind=kind) if p.kind == "paragraph" else p for p in cell.paragraphs)
        return
    for row in rows:
        if any(cell.text().strip() for cell in row):
            yield _row(row[:MAX_COLUMNS])


def _is_placing(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a table only places text on the page: letterhead, signatures, a frame around something."""
    if max((len(row) for row in rows), default=0) <= 1:
        return True
    if any(p.kind != "paragraph" for row in rows for cell in row for p in cell.paragraphs):
        return True
    if len(rows) > 4 or max(map(len, rows)) > 3:
        return False
    return any(_is_official(cell.text()) for row in rows for cell in row)


def _is_official(text: str) -> bool:
    lines = text.split("\n")
    return bool(look.MOTTO.search(text)) or any(look.RECIPIENTS.match(x) or look.SIGNATURE.match(x) for x in lines)


def _kind(text: str) -> str:
    if look.RECIPIENTS.match(text):
        return "recipients"
    return "signature" if any(look.SIGNATURE.match(line) for line in text.split("\n")) else "paragraph"


def _row(cells: Sequence[Cell]) -> Paragraph:
    parts: list[Part] = [Run("|")]
    for cell in cells:
        for paragraph in cell.paragraphs:
            parts += [Run(" "), *map(_on_one_line, paragraph.parts)]
        parts.append(Run(" |"))
    return Paragraph(parts, "table row")


def _on_one_line(part: Part) -> Part:
    if isinstance(part, Call):
        return part
    return replace(part, text=part.text.replace("\n", " ").replace("\t", " ").replace("|", "/"))
