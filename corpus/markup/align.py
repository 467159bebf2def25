"""Lay a copied text on the raw one: white space, composition and look-alike quotes and dashes may differ.

An author or annotator copies a text by hand and editors change quotes and line ends; offsets must be those of the raw
text all the same. Whatever else differs is refused.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

from ie.document import Fragment, split_at_line_ends

_ALIKE = str.maketrans({"Ð": "Đ", "“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "…": "..."})
_INVISIBLE = "\u200b\ufeff\xad"


@dataclass(frozen=True)
class Alignment:
    """Places of a copied text on the raw text, by the visible characters that both have in common."""

    raw: str
    copy_places: tuple[int, ...]
    raw_places: tuple[int, ...]

    def fragments(self, start: int, end: int) -> tuple[Fragment, ...]:
        """Return `[start, end)` of the copy as fragments of the raw text, one a line; empty when nothing is visible."""
        first, last = bisect_left(self.copy_places, start), bisect_left(self.copy_places, end)
        if first >= last:
            return ()
        stop = self.raw_places[last - 1] + 1
        while stop < len(self.raw) and unicodedata.combining(self.raw[stop]):
            stop += 1
        return split_at_line_ends(self.raw, self.raw_places[first], stop)


def align(copy: str, raw: str) -> Alignment | str:
    """Return the alignment of a copy with the raw text, or a sentence that shows the first difference."""
    ours, our_places = visible(copy)
    theirs, their_places = visible(raw)
    if ours == theirs:
        return Alignment(raw, tuple(our_places), tuple(their_places))
    at = next((i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(ours), len(theirs)) if at is None else at
    here, there = _around(copy, our_places, at), _around(raw, their_places, at)
    return f"the text differs from the raw text: {here!r} here, {there!r} there"


def _around(text: str, places: list[int], at: int) -> str:
    place = places[at] if at < len(places) else len(text)
    return text[max(0, place - 40) : place + 30]


def visible(text: str) -> tuple[list[str], list[int]]:
    """Return the decomposed characters that count, each with the offset in `text` of the one it comes from."""
    chars: list[str] = []
    places: list[int] = []
    for offset, char in enumerate(text):
        for part in unicodedata.normalize("NFD", char.translate(_ALIKE)):
            if not part.isspace() and part not in _INVISIBLE:
                chars.append(part)
                places.append(offset)
    _order_marks(chars, places)
    return chars, places


def _order_marks(chars: list[str], places: list[int]) -> None:
    """Put the marks of each letter into canonical order, as a mixed text may hold them in any."""
    start = 0
    while start < len(chars):
        end = start + 1
        while end < len(chars) and unicodedata.combining(chars[end]):
            end += 1
        if end - start > 2:
            order = sorted(range(start + 1, end), key=lambda at: unicodedata.combining(chars[at]))
            chars[start + 1 : end] = [chars[at] for at in order]
            places[start + 1 : end] = [places[at] for at in order]
        start = end
