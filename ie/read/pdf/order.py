"""Reading order of a page: letterhead and signature column by column, tables row by row, the rest from the top down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ie import lines as look
from ie.read.pdf.columns import FIGURE
from ie.read.pdf.letterhead import letterhead_end, marked, opens, unbroken
from ie.read.pdf.piece import Piece, Row, covered, left_of
from ie.read.pdf.sheet import Sheet
from ie.read.pdf.strips import Strip
from ie.read.pdf.unruled import NEXT_LINE, unruled

_GUTTER = 0.5
"""Least width in type sizes of the blank strip between two columns."""
_PROSE_ROWS = 6
_PROSE_LENGTH = 22
_CLOSING_ROWS = 24
_FEW_LINES = 15
"""Lines of a page below which its right edge is that of the pages like it."""


def ordered(sheet: Sheet, strips: Sequence[Strip], *, usual: float = 0.0) -> list[Piece]:
    """Return the lines of a page, furniture and footnotes left out, and its tables in reading order.

    `usual` is the right edge that pages of this width have: one of few lines may have none that is full.
    """
    left, right = edges(strips)
    if len(strips) < _FEW_LINES:
        right = max(right, usual)
    pieces: list[Piece] = []
    waiting = list(_rows(strips))
    for table in [*sheet.tables, None]:
        above = [row for row in waiting if table is None or _height(row) < table.box[1]]
        waiting = waiting[len(above) :]
        for band in _bands(above, (left + right) / 2):
            pieces += _band(band, sheet, left, right)
        if table is not None:
            pieces += [Piece("table row", sheet.number, (), cells) for cells in table.rows]
            waiting = [row for row in waiting if row]
    return marked(pieces, sheet)


def _height(row: Row) -> float:
    return sum(row[0].band) / 2


def edges(strips: Sequence[Strip]) -> tuple[float, float]:
    """Return the left and right edges of the page's text."""
    if not strips:
        return 0.0, 0.0
    lefts = sorted(strip.left for strip in strips)
    rights = sorted(strip.right for strip in strips)
    return lefts[len(lefts) // 20], rights[-1 - len(rights) // 50]


def _rows(strips: Sequence[Strip]) -> Iterator[Row]:
    """Yield lines that stand on one height, from the top downward, each from left to right."""
    row: Row = []
    for strip in sorted(strips, key=lambda strip: sum(strip.band)):
        if row and not _level(row[0], strip):
            yield sorted(row, key=left_of)
            row = []
        row.append(strip)
    if row:
        yield sorted(row, key=left_of)


def _level(one: Strip, other: Strip) -> bool:
    common = min(one.band[1], other.band[1]) - max(one.band[0], other.band[0])
    return common > 0.5 * max(0.1, min(one.band[1] - one.band[0], other.band[1] - other.band[0]))


def _bands(rows: Sequence[Row], middle: float) -> Iterator[list[Row]]:
    """Yield rows alone, and rows together that leave one blank strip free down the page around its `middle`."""
    index = 0
    while index < len(rows):
        end = _band_end(rows, index, middle)
        yield list(rows[index:end])
        index = end


def _band_end(rows: Sequence[Row], start: int, middle: float) -> int:
    """Return where the band that begins at `start` ends: its last row that stands on both sides, or hangs below one."""
    rows = rows[: letterhead_end(rows)] if start == 0 else rows
    end = _aligned_end(rows, start, middle)
    return max(_columned_end(rows, start, middle), end) if _openscovered(rows, start) else end


def _openscovered(rows: Sequence[Row], start: int) -> bool:
    """Tell whether a letterhead or the foot of a report begins, whose columns may stand on different heights."""
    lone = len(rows[start]) == 1
    begins = start == 0 and opens(rows)
    closes = any(look.RECIPIENTS.match(strip.text) or look.SIGNATURE.match(strip.text) for strip in rows[start])
    return lone and (begins or closes)


def _columned_end(rows: Sequence[Row], start: int, middle: float) -> int:
    """Return where lines end that leave a blank strip free down the page, whatever their heights."""
    end = start + 1
    for index in range(start + 1, min(len(rows), start + _CLOSING_ROWS)):
        row = rows[index]
        gaps = [(one[1], other[0]) for one, other in pairwise(covered(rows[start:index]))]
        far = row[0].band[0] - rows[index - 1][0].band[1] > 6 * row[0].size
        if far or (len(row) == 1 and _is_titled(row[0], gaps, middle)):
            break
        if len(covered(rows[start : index + 1])) > 1:
            end = index + 1
        elif end > start + 1:
            break
    return end


def _aligned_end(rows: Sequence[Row], start: int, middle: float) -> int:
    """Return where rows end that stand on both sides of a blank strip."""
    free = _gaps(rows[start])
    end = start + 1
    for index in range(start + 1, len(rows) if free else start + 1):
        row = rows[index]
        narrowed = [part for gap in free for part in _narrowed(gap, row)]
        if not narrowed or row[0].band[0] - rows[index - 1][0].band[1] > 4 * row[0].size:
            break
        if len(row) > 1:
            free = [part for part in narrowed if _both_sides(part, row)] or free
            if free == narrowed or _any_both(narrowed, row):
                end = index + 1
            else:
                break
        elif not _closing(rows[start:end]):
            if index == end and _hangs(row[0], rows[index - 1][0]):
                end = index + 1
            elif index - end >= 2:
                break
        elif _is_titled(row[0], free, middle):
            break
        else:
            end = index + 1
    return end


def _hangs(strip: Strip, above: Strip) -> bool:
    """Tell whether a lone line goes on with the first cell of the row above it."""
    near = strip.band[0] - above.band[0] <= NEXT_LINE * strip.size
    return near and strip.text[0].islower() and abs(strip.left - above.left) < 2


def _is_titled(strip: Strip, free: Sequence[tuple[float, float]], middle: float) -> bool:
    """Tell whether a lone line stands in the middle of the page and in no column beside it."""
    centre = (strip.left + strip.right) / 2
    return abs(centre - middle) < 0.12 * middle and any(
        strip.left < right and strip.right > left for left, right in free
    )


def _any_both(parts: Sequence[tuple[float, float]], row: Row) -> bool:
    return any(_both_sides(part, row) for part in parts)


def _both_sides(gap: tuple[float, float], row: Row) -> bool:
    return any(strip.right <= gap[0] + 1 for strip in row) and any(strip.left >= gap[1] - 1 for strip in row)


def _gaps(row: Row) -> list[tuple[float, float]]:
    return [(one.right, other.left) for one, other in pairwise(row) if other.left - one.right > _GUTTER * one.size]


def _narrowed(gap: tuple[float, float], row: Row) -> Iterator[tuple[float, float]]:
    """Yield what a row leaves free of a gap, where that is wide enough."""
    left, right = gap
    for strip in row:
        if strip.left < right and strip.right > left:
            if strip.right < (left + right) / 2 or strip.left <= left:
                left = max(left, strip.right)
            else:
                right = min(right, strip.left)
    if right - left > _GUTTER * row[0].size:
        yield left, right


def _closing(rows: Sequence[Row]) -> bool:
    """Tell whether a band is a letterhead or the foot of a report: its columns need not end on one height."""
    return any(
        look.MOTTO.search(strip.text) or look.RECIPIENTS.match(strip.text) or look.SIGNATURE.match(strip.text)
        for row in rows
        for strip in row
    )


def _band(band: list[Row], sheet: Sheet, left: float, right: float) -> list[Piece]:
    """Put one band in order: columns one after the other, rows of an unruled table, or plain lines."""
    page = sheet.number
    if len(covered(band)) < 2 or not (any(len(row) > 1 for row in band) or _closing(band)):
        return [Piece(_lone_kind(row[0]), page, tuple(row), (), left, right) for row in band]
    text = [strip.text for row in band for strip in row]
    if any(look.MOTTO.search(line) for line in text):
        return [Piece("letterhead", page, strips) for side in _sides(band) for strips in unbroken(side)]
    if any(look.RECIPIENTS.match(line) or look.SIGNATURE.match(line) for line in text):
        return [piece for side in _sides(band) for piece in _closing_side(side, page)]
    if _is_prose(band):
        return [Piece("text", page, (strip,), (), *edges(side)) for side in _sides(band) for strip in side]
    if _is_table(band):
        return [Piece("table row", page, (), cells) for cells in unruled(band)]
    return [Piece("text", page, tuple(row), (), left, right) for row in band]


def _lone_kind(strip: Strip) -> str:
    signs = look.SIGNATURE.match(strip.text) and look.is_upper(strip.text.split("(")[0])
    return "signature" if signs else "text"


def _closing_side(side: list[Strip], page: int) -> list[Piece]:
    kind = "recipients" if any(look.RECIPIENTS.match(strip.text) for strip in side) else "signature"
    return [Piece(kind, page, (strip,)) for strip in side]


def _sides(band: Sequence[Row]) -> list[list[Strip]]:
    """Return the lines left and right of the blank strip that the rows leave free."""
    columns = covered(band)
    cut = max(pairwise(columns), key=lambda pair: pair[1][0] - pair[0][1], default=None)
    edge = (cut[0][1] + cut[1][0]) / 2 if cut else band[0][0].right
    strips = [strip for row in band for strip in row]
    return [
        [strip for strip in strips if (strip.left + strip.right) / 2 <= edge],
        [strip for strip in strips if (strip.left + strip.right) / 2 > edge],
    ]


def _is_prose(band: Sequence[Row]) -> bool:
    """Tell whether two columns of running text stand beside each other."""
    both = [row for row in band if len(row) == 2]
    if len(both) < _PROSE_ROWS or len(both) < 0.7 * len(band):
        return False
    lengths = [len(strip.text) for row in both for strip in row]
    words = [strip for row in both for strip in row if not FIGURE.fullmatch(strip.text)]
    return sorted(lengths)[len(lengths) // 4] >= _PROSE_LENGTH and len(words) == len(lengths)


def _is_table(band: Sequence[Row]) -> bool:
    """Tell whether rows without rulings are a table: three cells twice, or figures behind several lines."""
    wide = sum(len(row) >= 3 for row in band)
    figures = sum(len(row) >= 2 and bool(FIGURE.fullmatch(row[-1].text)) for row in band)
    return wide >= 2 or figures >= 3
