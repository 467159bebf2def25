"""Finished lines: text with a box for each character, legacy fonts converted, marks known; characters are let go.

A report of two thousand pages holds millions of characters; strips keep sixteen bytes of position for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np

from ie.read.legacy import convert, font_encoding
from ie.read.pdf.chars import Char
from ie.read.pdf.frame import Rect
from ie.read.pdf.lines import Line, around

_BLANK = (np.nan,) * 4
Letter = tuple[str, Rect, bool, float]
"""A character, its box as shown, whether it is raised, the confidence of its recognition (NaN without)."""


@dataclass(frozen=True)
class Strip:
    """One line of text.

    Attributes:
        text: The characters, one blank between words.
        shown: `(characters, 5)` float32: the box on the page as shown and the confidence of recognition, NaN for none.
        box: The box around the line where text lies level.
        band: Top and bottom of its main type size.
        size: That size in points.
        bold: Whether most of it is bold.
        raised: `[start, end)` of characters set small and high.
        first: Width of the first word in points.
        encodings: The legacy encodings that were converted.
    """

    text: str
    shown: np.ndarray
    box: Rect
    band: tuple[float, float]
    size: float
    bold: bool = False
    raised: tuple[tuple[int, int], ...] = ()
    first: float = 0.0
    encodings: frozenset[str] = frozenset()

    @property
    def left(self) -> float:
        """Left edge."""
        return self.box[0]

    @property
    def right(self) -> float:
        """Right edge."""
        return self.box[2]

    def raised_at(self, start: int) -> str:
        """Return the raised characters that begin at `start`, "" when none do."""
        return next((self.text[a:b] for a, b in self.raised if a == start), "")


def strip(line: Line) -> Strip:
    """Finish a line."""
    letters = list(_letters(line))
    text = "".join(letter for letter, _, _, _ in letters)
    shown = np.array([(*box, sure) for _, box, _, sure in letters], dtype=np.float32).reshape(-1, 5)
    raised = [index for index, (_, _, high, _) in enumerate(letters) if high]
    first = line.words[0].box
    used = frozenset(found[0] for char in line.chars if (found := _encoding(char.font)))
    return Strip(
        text, shown, line.box, line.band, line.size, line.bold, tuple(_spans(raised)), first[2] - first[0], used
    )


@cache
def _encoding(font: str) -> tuple[str, bool] | None:
    return font_encoding(font)


def _spans(indexes: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of neighbouring indexes."""
    for _, group in groupby(enumerate(indexes), key=lambda pair: pair[1] - pair[0]):
        members = [index for _, index in group]
        yield members[0], members[-1] + 1


def _letters(line: Line) -> Iterator[Letter]:
    """Yield characters with box and whether they are raised; stretches of one legacy font are converted whole."""
    spaced: list[Char | None] = []
    for word in line.words:
        spaced += [None, *word.chars] if spaced else word.chars
    for found, group in groupby(_with_encoding(spaced), key=lambda pair: pair[0]):
        stretch = [char for _, char in group]
        if found is None:
            yield from (_letter(line, char) for char in stretch)
        else:
            yield from _converted(line, stretch, *found)


def _with_encoding(spaced: list[Char | None]) -> Iterator[tuple[tuple[str, bool] | None, Char | None]]:
    """Yield characters with the encoding of their font; a blank has that of the character before it."""
    last = None
    for char in spaced:
        last = _encoding(char.font) if char else last
        yield last, char


def _letter(line: Line, char: Char | None) -> Letter:
    if char is None:
        return (" ", _BLANK, False, np.nan)
    return (char.text, char.shown, line.raised(char), np.nan if char.confidence is None else char.confidence)


def _converted(line: Line, stretch: list[Char | None], encoding: str, capitals: bool) -> Iterator[Letter]:
    text = "".join(char.text[0] if char else " " for char in stretch)
    new, offsets = convert(text, encoding, capitals=capitals)
    for letter, (start, end) in zip(new, offsets.tolist(), strict=True):
        sources = [char for char in stretch[start:end] if char is not None]
        if sources:
            yield letter, around(char.shown for char in sources), line.raised(sources[0]), np.nan
        else:
            yield letter, _BLANK, False, np.nan
