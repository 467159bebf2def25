"""Reading order of a page: letterhead and signature column by column, tables row by row, the rest from the top down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ie import lines as look
from ie.read.pdf.columns import FIGURE
from ie.read.pdf.sheet import Cells, Sheet
from ie.read.pdf.strips import Strip

Row = list[Strip]
_GUTTER = 0.5
"""Least width in type sizes of the blank strip between two columns."""
_PROSE_ROWS = 6
_PROSE_LENGTH = 22
_LETTERHEAD_ROWS = 10
"""Rows of a page within which the motto, number and date of a letterhead stand."""
_CLOSING_ROWS = 24
_LETTERHEAD = 0.45
"""Share of the page's height, from its top, that a letterhead may take."""


@dataclass
class Piece:
    """One line or one row of a table in reading order, with its page and the edges of its column."""

    kind: str
    page: int
    strips: tuple[Strip, ...]
    cells: Cells = ()
    left: float = 0.0
    right: float = 0.0
    mark: str = ""

    @property
    def strip(self) -> Strip:
        """The line, or the first of several that stand beside each other."""
        return self.strips[0]

    @property
    def text(self) -> str:
        """The characters of the line."""
        return " ".join(strip.text for strip in self.strips)


def ordered(sheet: Sheet, strips: Sequence[Strip]) -> list[Piece]:
    """Return the lines of a page, furniture and footnotes left out, and its tables in reading order."""
    left, right = _edges(strips)
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
    return _letterhead(pieces, sheet)


def _height(row: Row) -> float:
    return sum(row[0].band) / 2


def _edges(strips: Sequence[Strip]) -> tuple[float, float]:
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
            yield sorted(row, key=_left)
            row = []
        row.append(strip)
    if row:
        yield sorted(row, key=_left)


def _left(strip: Strip) -> float:
    return strip.left


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
    rows = rows[: _letterhead_end(rows)] if start == 0 else rows
    end = _aligned_end(rows, start, middle)
    return max(_columned_end(rows, start, middle), end) if _opens_columns(rows, start) else end


def _letterhead_end(rows: Sequence[Row]) -> int:
    """Return where a letterhead ends at the latest: below its last row only what is set under its columns belongs to it.

    That is the subject (`V/v …`), in one column and begun by neither number nor bullet.
    """
    known = [at for at, row in enumerate(rows[:_LETTERHEAD_ROWS]) if _is_letterhead(row)]
    if not any(look.MOTTO.search(strip.text) for at in known for strip in rows[at]):
        return len(rows)
    end = known[-1] + 1
    sides = [strip for row in rows[:end] if len(row) > 1 for strip in row]
    while end < len(rows) and len(rows[end]) == 1 and _is_subject(rows[end][0], sides):
        end += 1
    return end


def _is_subject(strip: Strip, sides: Sequence[Strip]) -> bool:
    """Tell whether a line stands in the middle of one of the columns above it."""
    centre = (strip.left + strip.right) / 2
    below = any(abs(centre - (side.left + side.right) / 2) < strip.size for side in sides)
    return below and not look.marker(strip.text) and not look.is_upper(strip.text)


def _opens_columns(rows: Sequence[Row], start: int) -> bool:
    """Tell whether a letterhead or the foot of a report begins, whose columns may stand on different heights."""
    lone = len(rows[start]) == 1
    opens = start == 0 and any(look.MOTTO.search(strip.text) for row in rows[:_LETTERHEAD_ROWS] for strip in row)
    closes = any(look.RECIPIENTS.match(strip.text) or look.SIGNATURE.match(strip.text) for strip in rows[start])
    return lone and (opens or closes)


def _is_letterhead(row: Row) -> bool:
    """Tell whether a row holds the motto, or the number or date of a letterhead."""
    return any(
        look.MOTTO.search(strip.text) or look.PLACE_DATE.search(strip.text) or strip.text.startswith("Số:")
        for strip in row
    )


def _columned_end(rows: Sequence[Row], start: int, middle: float) -> int:
    """Return where lines end that leave a blank strip free down the page, whatever their heights."""
    end = start + 1
    for index in range(start + 1, min(len(rows), start + _CLOSING_ROWS)):
        row = rows[index]
        gaps = [(one[1], other[0]) for one, other in pairwise(_columns(rows[start:index]))]
        far = row[0].band[0] - rows[index - 1][0].band[1] > 6 * row[0].size
        if far or (len(row) == 1 and _is_titled(row[0], gaps, middle)):
            break
        if len(_columns(rows[start : index + 1])) > 1:
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
            if index - end >= 2:
                break
        elif _is_titled(row[0], free, middle):
            break
        else:
            end = index + 1
    return end


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
    if len(_columns(band)) < 2 or not (any(len(row) > 1 for row in band) or _closing(band)):
        return [Piece(_lone_kind(row[0]), page, tuple(row), (), left, right) for row in band]
    text = [strip.text for row in band for strip in row]
    if any(look.MOTTO.search(line) for line in text):
        return [Piece("letterhead", page, (strip,)) for side in _sides(band) for strip in side]
    if any(look.RECIPIENTS.match(line) or look.SIGNATURE.match(line) for line in text):
        return [piece for side in _sides(band) for piece in _closing_side(side, page)]
    if _is_prose(band):
        return [Piece("text", page, (strip,), (), *_edges(side)) for side in _sides(band) for strip in side]
    if _is_table(band):
        return [Piece("table row", page, (), cells) for cells in _unruled(band)]
    return [Piece("text", page, tuple(row), (), left, right) for row in band]


def _lone_kind(strip: Strip) -> str:
    signs = look.SIGNATURE.match(strip.text) and look.is_upper(strip.text.split("(")[0])
    return "signature" if signs else "text"


def _closing_side(side: list[Strip], page: int) -> list[Piece]:
    kind = "recipients" if any(look.RECIPIENTS.match(strip.text) for strip in side) else "signature"
    return [Piece(kind, page, (strip,)) for strip in side]


def _sides(band: Sequence[Row]) -> list[list[Strip]]:
    """Return the lines left and right of the blank strip that the rows leave free."""
    columns = _columns(band)
    cut = max(pairwise(columns), key=lambda pair: pair[1][0] - pair[0][1], default=None)
    edge = (cut[0][1] + cut[1][0]) / 2 if cut else band[0][0].right
    strips = [strip for row in band for strip in row]
    return [
        [strip for strip in strips if (strip.left + strip.right) / 2 <= edge],
        [strip for strip in strips if (strip.left + strip.right) / 2 > edge],
    ]


def _columns(band: Sequence[Row]) -> list[tuple[float, float]]:
    """Return the stretches across the page that any line of the band covers."""
    found: list[list[float]] = []
    for strip in sorted((strip for row in band for strip in row), key=_left):
        if found and strip.left < found[-1][1] + 2:
            found[-1][1] = max(found[-1][1], strip.right)
        else:
            found.append([strip.left, strip.right])
    return [(a, b) for a, b in found]


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


def _unruled(band: Sequence[Row]) -> Iterator[Cells]:
    """Yield the rows of a table without rulings; a lone line below a cell goes on with it."""
    columns = _columns([row for row in band if len(row) > 1])
    made: list[list[list[Strip]]] = []
    for row in band:
        cells: list[list[Strip]] = [[] for _ in columns]
        for strip in row:
            cells[_column(columns, strip)].append(strip)
        lone = len(row) == 1 and made and not FIGURE.fullmatch(row[0].text)
        if lone and made[-1][_column(columns, row[0])]:
            made[-1][_column(columns, row[0])].append(row[0])
        else:
            made.append(cells)
    return (tuple(tuple(cell) for cell in cells) for cells in made)


def _column(columns: Sequence[tuple[float, float]], strip: Strip) -> int:
    """Return the column that most of a line stands in."""
    shared = [min(strip.right, right) - max(strip.left, left) for left, right in columns]
    return shared.index(max(shared))


def _letterhead(pieces: list[Piece], sheet: Sheet) -> list[Piece]:
    """Mark what stands above and just below the motto of a letterhead as its part."""
    motto = [i for i, piece in enumerate(pieces) if piece.strips and look.MOTTO.search(piece.text)]
    if not motto or pieces[motto[0]].strip.band[1] > _LETTERHEAD * sheet.size[1]:
        return pieces
    last = motto[-1]
    dated = [i for i, piece in enumerate(pieces[: last + 6]) if piece.strips and look.PLACE_DATE.search(piece.text)]
    for piece in pieces[: max([last, *dated]) + 1]:
        if piece.kind == "text":
            piece.kind = "letterhead"
    return pieces
