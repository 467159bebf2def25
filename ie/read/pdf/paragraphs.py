"""Where a paragraph ends: by the space it leaves on its last line, the indent of the next, and the gap between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ie import lines as look
from ie.read.pdf.piece import Piece

_INDENT = 7.0
"""Points from the edge of the column that make an indent."""
_LOOSE = 1.33
"""Distance of base lines as a share of the usual one beyond which a paragraph has ended."""

_SET_OFF = 1.22
"""That share where the line before ends a sentence."""


@dataclass(frozen=True)
class Habit:
    """What is usual in the document: its type size, distance of base lines in type sizes, indented first lines."""

    size: float = 13.0
    leading: float = 1.2
    indented: bool = True


def habit(pieces: Sequence[Piece]) -> Habit:
    """Return the habits of the lines of a document."""
    texts = [piece for piece in pieces if piece.kind == "text"]
    if not texts:
        return Habit()
    sizes: Counter[float] = Counter()
    for piece in texts:
        sizes[piece.strip.size] += len(piece.text)
    leadings = Counter(
        round((piece.strip.band[1] - last.strip.band[1]) / piece.strip.size, 1)
        for last, piece in pairwise(texts)
        if last.page == piece.page and piece.strip.band[1] > last.strip.band[1] and is_full(last, piece)
    )
    indents = sum(_indent(piece) > _INDENT and not _centred(piece) for piece in texts)
    leading = leadings.most_common(1)[0][0] if leadings else 1.2
    return Habit(sizes.most_common(1)[0][0], max(1.0, leading), indents > 0.08 * len(texts))


def body_size(sizes: Iterable[tuple[float, int]]) -> float:
    """Return the type size that most characters of a document have."""
    counted: Counter[float] = Counter()
    for size, count in sizes:
        counted[size] += count
    return counted.most_common(1)[0][0] if counted else 13.0


def is_full(last: Piece, piece: Piece) -> bool:
    """Tell whether the first word of `piece` had no room left at the end of `last`."""
    room = last.right - last.strips[-1].right
    return room < piece.strip.first + 0.28 * last.strip.size + 2


def _indent(piece: Piece) -> float:
    return piece.strip.left - piece.left


def _centred(piece: Piece) -> bool:
    before, behind = _indent(piece), piece.right - piece.strips[-1].right
    return before > _INDENT and behind > _INDENT and abs(before - behind) < 0.06 * (piece.right - piece.left) + 6


def goes_on(last: Piece, piece: Piece, usual: Habit, alone: bool) -> bool:
    """Tell whether a line goes on with the paragraph of the line before it.

    `alone` says that `last` is the first line of its paragraph.
    """
    if last.kind != "text" or piece.kind != "text" or abs(last.strip.size - piece.strip.size) > 1.2:
        return False
    turned = last.page != piece.page
    before, text = last.text.strip(), piece.text.strip()
    if not turned and not _close(last, piece, usual, _SET_OFF if before[-1] in look.TERMINAL else _LOOSE):
        return False
    if _centred(last) and _centred(piece) and not turned:
        return _one_title(last, piece)
    if _new_item(last, piece, usual):
        return False
    if text[0].islower() and before[-1] not in look.TERMINAL + ";:":
        return True
    if not is_full(last, piece):
        return False
    return _reads_on(last, piece, usual, alone)


def _new_item(last: Piece, piece: Piece, usual: Habit) -> bool:
    """Tell whether a line begins with a bullet or number of its own.

    A dash or number that a line break left at the edge of an indented text belongs to the sentence before it.
    """
    before, text = last.text.strip(), piece.text.strip()
    if not look.marker(text) or look.is_dash_continuation(before, text):
        return False
    left_over = usual.indented and _indent(piece) < _INDENT / 2 and is_full(last, piece)
    return not left_over or before[-1] in look.TERMINAL + ";:"


def _reads_on(last: Piece, piece: Piece, usual: Habit, alone: bool) -> bool:
    """Judge a line below a full one by its indent and its look."""
    before, text = last.text.strip(), piece.text.strip()
    deeper = _indent(piece) - (_indent(last) if last.page == piece.page else 0.0)
    listed = alone and bool(look.marker(before))
    if deeper > _INDENT:
        # The lines of an item may hang below its text; those of a paragraph do not begin deeper.
        return text[0].islower() or (listed and (last.page == piece.page or before[-1] not in look.TERMINAL))
    if look.is_upper(before) != look.is_upper(text) and last.strip.bold != piece.strip.bold:
        return False
    if before[-1] == ";" and text[0].islower():
        return True
    ended = before[-1] in look.TERMINAL + ";:"
    if usual.indented:
        first_again = alone and abs(deeper) < _INDENT < _indent(piece)
        if first_again and (ended or not listed):
            return False
        return not ended or _indent(piece) <= max(_INDENT, _indent(last))
    return not ended or text[0].islower() or _same_width(last, piece)


def _same_width(last: Piece, piece: Piece) -> bool:
    """Tell whether nothing but the end of a sentence speaks for a new paragraph in a text without indents."""
    return last.page == piece.page and abs(_indent(last) - _indent(piece)) < 2 and last.right - last.strip.right < 2


def _close(last: Piece, piece: Piece, usual: Habit, most: float) -> bool:
    distance = piece.strip.band[1] - last.strip.band[1]
    return 0 < distance <= most * usual.leading * max(piece.strip.size, last.strip.size) + 1


def _one_title(last: Piece, piece: Piece) -> bool:
    """Tell whether two centred lines are one title broken over lines."""
    before, text = last.text.strip(), piece.text.strip()
    if last.strip.bold != piece.strip.bold or look.is_upper(before) != look.is_upper(text):
        return text[0].islower() and last.strip.bold == piece.strip.bold
    return text[0].islower() or is_full(last, piece) or (look.is_upper(text) and before[-1] not in look.TERMINAL)
