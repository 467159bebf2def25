"""A golden text as a flat ODT, from which LibreOffice makes every office format and PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from corpus.golden.text import Block, Text

_LABEL = re.compile(r"(\d{1,2}|[IVX]+|[a-zđ])([.)/]) (?=\S)")
_FORMS = {"1": r"\d{1,2}", "I": r"[IVX]+", "a": r"[a-z]"}
_ROMAN = {"I": 1, "V": 5, "X": 10}
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)

_CELL = (
    '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties '
    'fo:border="0.5pt solid #000000" fo:padding="0.05cm"/></style:style>'
)
"""LibreOffice heeds the style of a cell among the automatic ones alone."""


@dataclass(frozen=True)
class Look:
    """How a document looks.

    `head` is the running head, `typed` says that labels are typed and no lists, `landscape` that pages lie on their
    side, `ruled` that tables have lines, `page` gives other pages in centimetres: small ones tear tables.
    """

    font: str = "Liberation Serif"
    head: str = "Báo cáo của Uỷ ban nhân dân"
    typed: bool = False
    landscape: bool = False
    ruled: bool = False
    page: tuple[float, float] = (21.0, 29.7)


def flat_odt(text: Text, look: Look) -> str:
    """Return the document: labels as real lists, rows as tables, notes as footnotes, running head and page number."""
    lists: dict[str, str] = {}
    groups = [_part(group, lists, typed=look.typed) for group in _grouped(text.blocks)]
    body = "".join(_head(text.letterhead) + groups)
    face = f'<style:font-face style:name="F" svg:font-family="\'{look.font}\'"/>'
    width, height = sorted(look.page, reverse=look.landscape)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_SPACES} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        f"<office:font-face-decls>{face}</office:font-face-decls>"
        f"<office:styles>{_styles()}</office:styles>"
        f"<office:automatic-styles>{_CELL * look.ruled}{''.join(lists.values())}"
        f'<style:page-layout style:name="P"><style:page-layout-properties fo:page-width="{width}cm" '
        f'fo:page-height="{height}cm" fo:margin="2cm"/><style:header-style/><style:footer-style/></style:page-layout>'
        '</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" '
        f'style:page-layout-name="P"><style:header><text:p>{look.head}</text:p></style:header>'
        "<style:footer><text:p><text:page-number/></text:p></style:footer></style:master-page></office:master-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def _styles() -> str:
    text = '<style:text-properties style:font-name="F" fo:font-size="{}pt"/>'
    return (
        f'<style:default-style style:family="paragraph">{text.format(13)}</style:default-style>'
        '<style:style style:name="Standard" style:family="paragraph"/>'
        f'<style:style style:name="Footnote" style:family="paragraph">{text.format(9)}</style:style>'
        '<style:style style:name="Body" style:family="paragraph"><style:paragraph-properties fo:text-align="justify" '
        'fo:text-indent="1cm" fo:margin-bottom="0.2cm"/></style:style>'
        '<style:style style:name="Middle" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>'
        "</style:style>"
    )


def _head(letterhead: Sequence[Sequence[str]]) -> list[str]:
    """Return the letterhead as a table without borders, a column each for the issuer and the state."""
    if not letterhead:
        return []
    cells = "".join(
        "<table:table-cell>"
        + "".join(f'<text:p text:style-name="Middle">{escape(line)}</text:p>' for line in lines)
        + "</table:table-cell>"
        for lines in letterhead
    )
    columns = f'<table:table-column table:number-columns-repeated="{len(letterhead)}"/>'
    return [f'<table:table table:name="H">{columns}<table:table-row>{cells}</table:table-row></table:table>']


def _grouped(blocks: Sequence[Block]) -> list[list[Block]]:
    """Put the rows of a table together; every other block stands alone."""
    groups: list[list[Block]] = []
    for block in blocks:
        if block.cells and groups and groups[-1][0].cells and len(groups[-1][0].cells) == len(block.cells):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _part(group: list[Block], lists: dict[str, str], *, typed: bool) -> str:
    if group[0].cells:
        columns = f'<table:table-column table:number-columns-repeated="{len(group[0].cells)}"/>'
        head = f"<table:table-header-rows>{_row(group[0])}</table:table-header-rows>"
        return f"<table:table>{columns}{head}{''.join(map(_row, group[1:]))}</table:table>"
    block = group[0]
    if typed:
        return _paragraph(block, 0)
    return _bulleted(block, lists) or _numbered(block, lists) or _paragraph(block, 0)


def _row(block: Block) -> str:
    cells = (
        f'<table:table-cell table:style-name="Cell"><text:p>{escape(cell)}</text:p></table:table-cell>'
        for cell in block.cells
    )
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _paragraph(block: Block, start: int) -> str:
    parts, at = [], start
    for note in block.notes:
        parts.append(escape(block.text[at : note.at]))
        said = f'<text:p text:style-name="Footnote">{escape(note.text)}</text:p>'
        parts.append(
            f'<text:note text:note-class="footnote"><text:note-citation>{note.mark}</text:note-citation>'
            f"<text:note-body>{said}</text:note-body></text:note>"
        )
        at = note.at
    return f'<text:p text:style-name="Body">{"".join(parts)}{escape(block.text[at:])}</text:p>'


def _bulleted(block: Block, lists: dict[str, str]) -> str:
    if block.text[:2] not in ("- ", "+ "):
        return ""
    name = "Lm" if block.text[0] == "-" else "Lp"
    lists[name] = _list_style(name, f'-bullet text:level="1" text:bullet-char="{block.text[0]}"')
    return f'<text:list text:style-name="{name}"><text:list-item>{_paragraph(block, 2)}</text:list-item></text:list>'


def _numbered(block: Block, lists: dict[str, str]) -> str:
    match = _LABEL.match(block.text)
    form = next((f for f, shape in _FORMS.items() if match and re.fullmatch(shape, match[1])), None)
    if match is None or form is None:
        return ""
    name = f"L{form}{'.)/'.index(match[2])}"
    lists[name] = _list_style(name, f'-number text:level="1" style:num-format="{form}" style:num-suffix="{match[2]}"')
    start = int(match[1]) if form == "1" else ord(match[1]) - 96 if form == "a" else _roman(match[1])
    item = f'<text:list-item text:start-value="{start}">{_paragraph(block, match.end())}</text:list-item>'
    return f'<text:list text:style-name="{name}">{item}</text:list>'


def _list_style(name: str, level: str) -> str:
    return (
        f'<text:list-style style:name="{name}"><text:list-level-style{level}><style:list-level-properties '
        'text:space-before="0.5cm" text:min-label-width="0.8cm"/></text:list-level-style'
        f"{level.split(' ')[0]}></text:list-style>"
    )


def _roman(text: str) -> int:
    values = [_ROMAN[char] for char in text]
    return sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))
