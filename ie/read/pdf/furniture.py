"""Running heads and page numbers: lines at the edges of pages that come back or count."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ie import lines as look
from ie.read.pdf.sheet import Sheet
from ie.read.pdf.strips import Strip

_EDGE = 3
"""Lines from the top and the bottom of a page that may belong to every page."""
_NEAR = 4.0
"""Points by which a running head may move from page to page."""
_DRIFT = 3
"""How far a printed page number may lie from the page's number in the file and still be taken for it in a head."""
_KEPT = re.compile(r"(?:ĐVT|[Đđ]ơn vị tính)|^\s*(?:[Pp]hụ lục|PHỤ LỤC|[Bb]iểu|BIỂU|[Bb]ảng|BẢNG)\b")


def furniture(sheets: Sequence[Sheet]) -> dict[int, dict[int, str]]:
    """Return for each page number the positions in `strips` of what to leave out, and its kind."""
    edges = [(sheet, index) for sheet in sheets for index in _edge(sheet)]
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for sheet, index in _page_numbers(edges):
        found[sheet.number][index] = "page number"
    for sheet, index in _running_heads(edges, len(sheets)):
        found[sheet.number].setdefault(index, "running head")
    return found


def _edge(sheet: Sheet) -> list[int]:
    """Return the positions of the first and last lines of a page, tables left aside."""
    order = sorted(range(len(sheet.strips)), key=lambda index: sheet.strips[index].band[1])
    top = min((table.box[1] for table in sheet.tables), default=sheet.size[1])
    bottom = max((table.box[3] for table in sheet.tables), default=0.0)
    first = [index for index in order[:_EDGE] if sheet.strips[index].band[0] < max(top, 0.12 * sheet.size[1])]
    last = [index for index in order[-_EDGE:] if sheet.strips[index].band[1] > min(bottom, 0.88 * sheet.size[1])]
    return sorted({*first, *last})


Edges = Sequence[tuple[Sheet, int]]


def _page_numbers(edges: Edges) -> Iterator[tuple[Sheet, int]]:
    """Yield lines that hold a number alone which counts with the pages, or is the page's own at its very edge."""
    numbers = []
    for sheet, index in edges:
        text = sheet.strips[index].text
        digits = re.search(r"\d+", text) if look.is_page_number(text) else None
        if digits:
            numbers.append((sheet, index, int(digits.group()) - sheet.number))
    counted = Counter(offset for _, _, offset in numbers)
    for sheet, index, offset in numbers:
        own = offset == 0 and _outermost(sheet, sheet.strips[index])
        if counted[offset] >= 2 or own:
            yield sheet, index


def _outermost(sheet: Sheet, strip: Strip) -> bool:
    bands = [other.band for other in sheet.strips if other is not strip]
    bands += [(table.box[1], table.box[3]) for table in sheet.tables]
    return bool(bands) and (
        all(strip.band[1] <= top for top, _ in bands) or all(strip.band[0] >= bottom for _, bottom in bands)
    )


def _running_heads(edges: Edges, pages: int) -> Iterator[tuple[Sheet, int]]:
    """Yield lines that stand at one height on two pages or more and on a good share of them."""
    groups: dict[str, list[tuple[Sheet, int]]] = defaultdict(list)
    for sheet, index in edges:
        text = sheet.strips[index].text
        if len(text) > 2 and not _KEPT.search(text) and not look.MOTTO.search(text):
            groups[_without_page(text, sheet.number)].append((sheet, index))
    for group in groups.values():
        heights = sorted(sheet.strips[index].band[1] / sheet.size[1] for sheet, index in group)
        middle = heights[len(heights) // 2]
        alike = [
            (sheet, index)
            for sheet, index in group
            if abs(sheet.strips[index].band[1] / sheet.size[1] - middle) * sheet.size[1] <= _NEAR
        ]
        if len({sheet.number for sheet, _ in alike}) >= max(2, min(4, 0.3 * pages)):
            yield from alike


def _without_page(text: str, page: int) -> str:
    """Return the text with `#` for numbers that may be the page's."""
    return re.sub(r"\d{1,4}", lambda match: "#" if abs(int(match.group()) - page) <= _DRIFT else match.group(), text)
