"""Footnotes of a page: small type at its foot, each begun by its mark, tied to the raised mark that calls it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ie.read.pdf.frame import Rect
from ie.read.pdf.piece import Piece
from ie.read.pdf.sheet import Sheet
from ie.read.pdf.strips import Strip

_SMALL = 0.93
"""Share of the body's type size below which a line at the foot of a page may be a footnote."""
_START = re.compile(r"\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3}|\*{1,3}))(?:[.:)]?\s|(?=[^\W\d_]|[-–(“\"]))")
_SIGN = re.compile("[“”„\"'‘’°*!ˆ^`´]")
_CLOSED_BY = {"“": "”", "„": "”", "‘": "’"}
_EXPONENT = re.compile(r"(?<![^\W\d_])[kcdm]?m$")


@dataclass
class Note:
    """A footnote on one page: its mark, "" where it goes on from the page before, and its lines."""

    mark: str
    strips: list[Strip] = field(default_factory=list)
    call: tuple[int, int, int] | None = None
    """The line that calls it (`id` of its strip) and `[start, end)` in it."""


def split_notes(sheet: Sheet, strips: Sequence[Strip], body: float) -> tuple[list[Strip], list[Note]]:
    """Part the lines of a page from the footnotes at its foot; `body` is the type size of the document."""
    order = sorted(strips, key=_top)
    floor = max((table.box[3] for table in sheet.tables), default=0.0)
    small = len(order)
    while small and order[small - 1].size < _SMALL * body and order[small - 1].band[0] > floor:
        small -= 1
    barred = _below_bar(order, sheet.bars, floor)
    if barred is not None and (barred >= small or _begins(order[barred], body)):
        small = barred
    else:
        # Without a line above them, footnotes begin with a mark: small print above the first mark is body.
        small = next((index for index in range(small, len(order)) if _begins(order[index], body)), len(order))
    return order[:small], _notes(order[small:], body)


def _top(strip: Strip) -> tuple[float, float]:
    return (round(strip.band[1] / 3), strip.left)


def _below_bar(order: Sequence[Strip], bars: Sequence[Rect], floor: float) -> int | None:
    """Return the position of the first line below a bar that has nothing but small print under it."""
    for bar in sorted(bars, key=lambda box: -box[1]):
        below = next((index for index, strip in enumerate(order) if strip.band[0] >= bar[1] - 2), None)
        if below is not None and bar[1] >= floor:
            return below
    return None


def _begins(strip: Strip, body: float) -> bool:
    """Tell whether a line begins a footnote: a raised mark, or a mark in small type."""
    return bool(_mark(strip)) and (bool(strip.raised_at(0)) or strip.size < _SMALL * body)


def _mark(strip: Strip) -> str:
    raised = re.match(r"[\[(]?(\d{1,3}|\*{1,3}|[ivx]{1,5}(?=\W|$))[\])]?", strip.raised_at(0))
    found = raised or _START.match(strip.text)
    return next((group for group in found.groups() if group), "") if found else ""


def _notes(strips: Sequence[Strip], body: float) -> list[Note]:
    """Cut footnote lines at their marks; those before the first go on from the page before."""
    notes: list[Note] = []
    for strip in strips:
        mark = _mark(strip)
        follows = not notes or not notes[-1].mark or _follows(notes[-1].mark, mark)
        if mark and (strip.raised_at(0) or (follows and _begins(strip, body))):
            notes.append(Note(mark, [strip]))
        elif notes:
            notes[-1].strips.append(strip)
        else:
            notes.append(Note("", [strip]))
    return notes


def _follows(last: str, mark: str) -> bool:
    return mark.isdecimal() and last.isdecimal() and int(mark) == int(last) + 1


def tie(notes: Sequence[Note], pieces: Sequence[Piece]) -> None:
    """Find the raised mark that calls each footnote, in the order of the text; a mark calls one footnote."""
    calls = [(strip, span) for piece in pieces for strip in _strips(piece) for span in strip.raised]
    for note in notes:
        for index, (strip, (start, end)) in enumerate(calls):
            if note.mark and _bare(strip.text[start:end]) == note.mark and not _is_exponent(strip, start):
                note.call = (id(strip), start, end)
                del calls[index]
                break


def tie_recognised(notes: Sequence[Note], pieces: Sequence[Piece]) -> None:
    """Find the calls that recognition left as something else, where there are just as many of these as of notes.

    Recognition knows no raised characters: a mark becomes a digit at the end of a word, a quote or another small sign.
    """
    open_notes = [note for note in notes if note.mark and note.call is None]
    strips = [strip for piece in pieces for strip in _strips(piece)]
    for note in open_notes:
        told = [(strip, match.span(1)) for strip in strips for match in _glued(note.mark).finditer(strip.text)]
        if len(told) == 1:
            strip, (start, end) = told[0]
            note.call = (id(strip), start, end)
    rest = [note for note in open_notes if note.call is None]
    odd = list(_odd_signs(strips))
    if len(odd) == len(rest):
        for note, (strip, at) in zip(rest, odd, strict=True):
            note.call = (id(strip), at, at + 1)


def _glued(mark: str) -> re.Pattern[str]:
    """Return what finds a mark at the end of a word of letters."""
    return re.compile(rf"[^\W\d_]{{2}}({re.escape(mark)})(?=[\s.,;:)]|$)")


def _odd_signs(strips: Sequence[Strip]) -> Iterator[tuple[Strip, int]]:
    """Yield quotes and other small signs that close a word and that nothing opened."""
    opened: Counter[str] = Counter()
    for strip in strips:
        for match in _SIGN.finditer(strip.text):
            sign = match.group()
            before = strip.text[: match.start()]
            if not before or before[-1] in " (":
                opened[_CLOSED_BY.get(sign, sign)] += 1
            elif opened[sign] > 0:
                opened[sign] -= 1
            elif before[-1].isalnum():
                yield strip, match.start()


def _bare(text: str) -> str:
    return text.strip("[]().,; ")


def _is_exponent(strip: Strip, start: int) -> bool:
    return bool(_EXPONENT.search(strip.text[:start])) and strip.text[start] in "23"


def _strips(piece: Piece) -> Sequence[Strip]:
    return [*piece.strips, *(strip for cell in piece.cells for strip in cell)]
