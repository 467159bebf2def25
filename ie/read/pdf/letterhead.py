"""The letterhead of a report: where it ends, which of its lines a narrow column broke, what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ie import lines as look
from ie.read.pdf.piece import Piece, Row
from ie.read.pdf.sheet import Sheet
from ie.read.pdf.strips import Strip

_LETTERHEAD_ROWS = 10
"""Rows of a page within which the motto, number and date of a letterhead stand."""
_BROKEN = re.compile(r"^C[ỘO]NG H[OÒ][AÀ] X[ÃA] H[ỘO]I(?!.*NAM$)|,\s*ngày\b(?!.*năm\s+[\d.…]+$)|[-–]$", re.IGNORECASE)
"""A line of a letterhead that wants its end."""
_LETTERHEAD = 0.45
"""Share of the page's height, from its top, that a letterhead may take."""


def opens(rows: Sequence[Row]) -> bool:
    """Tell whether the page begins with a letterhead."""
    return any(look.MOTTO.search(strip.text) for row in rows[:_LETTERHEAD_ROWS] for strip in row)


def letterhead_end(rows: Sequence[Row]) -> int:
    """Return where a letterhead ends at the latest: below its last row only what stands under a column belongs to it.

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


def _is_letterhead(row: Row) -> bool:
    """Tell whether a row holds the motto, or the number or date of a letterhead."""
    return any(
        look.MOTTO.search(strip.text) or look.PLACE_DATE.search(strip.text) or strip.text.startswith("Số:")
        for strip in row
    )


def unbroken(side: Sequence[Strip]) -> list[tuple[Strip, ...]]:
    """Join the lines of a letterhead's column that a narrow column broke: the state's name, a date."""
    found: list[tuple[Strip, ...]] = []
    for strip in side:
        if found and _BROKEN.search(" ".join(above.text for above in found[-1])):
            found[-1] = (*found[-1], strip)
        else:
            found.append((strip,))
    return found


def marked(pieces: list[Piece], sheet: Sheet) -> list[Piece]:
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
