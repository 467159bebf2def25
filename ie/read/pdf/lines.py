"""Words and lines of a page: characters in the order of the file, joined while they run on along one base line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ie.read.pdf.chars import Char
from ie.read.pdf.frame import Rect

_WORD_GAP = 0.15
"""Gap in type sizes that parts two words although no blank was written."""
_LINE_GAP = 1.5
"""Gap in type sizes beyond which a line may fall apart into cells or columns …"""
_WIDER = 2.2
"""… when it is that many times wider than the line's other gaps: justified lines are wide all along."""
_WIDE = 2.5
"""Gap in type sizes that parts cells however wide the others are."""
_MARK = 0.82
"""Type size as a share of its line's below which a raised character may be a footnote mark."""


def around(boxes: Iterable[Rect]) -> Rect:
    """Return the smallest box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def main_size(chars: Sequence[Char]) -> float:
    """Return the type size that most characters have."""
    first = chars[0].size
    if all(char.size == first for char in chars):
        return first
    return Counter(char.size for char in chars).most_common(1)[0][0]


def _middle_of(values: Iterable[float]) -> float:
    """Return the middle value: of the two in the middle the upper."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


@dataclass(frozen=True)
class Word:
    """Characters without a blank between them."""

    chars: tuple[Char, ...]

    @cached_property
    def box(self) -> Rect:
        """The box around the word."""
        return around(char.box for char in self.chars)

    @cached_property
    def size(self) -> float:
        """The type size of most of the word."""
        return main_size(self.chars)

    @cached_property
    def band(self) -> tuple[float, float]:
        """Top and bottom of the word's main size: raised marks and stacked accents left aside."""
        bottom = _middle_of(char.box[3] for char in self.chars if char.size == self.size)
        return bottom - (self.size or 1.0), bottom

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(char.text for char in self.chars)


@dataclass(frozen=True)
class Line:
    """Words that stand along one base line without a wide gap between them."""

    words: tuple[Word, ...]

    @cached_property
    def box(self) -> Rect:
        """The box around the line."""
        return around(word.box for word in self.words)

    @cached_property
    def size(self) -> float:
        """The type size of most of the line."""
        return main_size(self.chars)

    @cached_property
    def chars(self) -> tuple[Char, ...]:
        """All characters, without blanks."""
        return tuple(char for word in self.words for char in word.chars)

    @cached_property
    def band(self) -> tuple[float, float]:
        """Top and bottom of the line's main size."""
        bands = [word.band for word in self.words if abs(word.size - self.size) < 0.5] or [self.words[0].band]
        return _middle_of(top for top, _ in bands), _middle_of(bottom for _, bottom in bands)

    @cached_property
    def text(self) -> str:
        """The words with a blank between them."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def bold(self) -> bool:
        """Whether most characters are set in a bold font."""
        heavy = sum("bold" in char.font.lower() or "black" in char.font.lower() for char in self.chars)
        return 2 * heavy > len(self.chars)

    def raised(self, char: Char) -> bool:
        """Tell whether a character is set small and high: a footnote mark or an exponent."""
        middle = (self.band[0] + self.band[1]) / 2
        return char.size < _MARK * self.size and (char.box[1] + char.box[3]) / 2 < middle


def words(chars: Sequence[Char]) -> list[Word]:
    """Cut characters in the order of the file into words."""
    found: list[list[Char]] = []
    for char in chars:
        if found and not char.gap and _runs_on(found[-1][-1], char):
            found[-1].append(char)
        else:
            found.append([char])
    return [Word(tuple(word)) for word in found]


def _runs_on(last: Char, char: Char) -> bool:
    size = max(last.size, char.size, 1.0)
    along = -0.7 * size < char.box[0] - last.box[2] < _WORD_GAP * size
    return along and last.turns == char.turns and _overlap(last.box[1::2], char.box[1::2]) > 0.2


def _overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the common stretch of two intervals as a share of the shorter."""
    shorter = max(min(one[1] - one[0], other[1] - other[0]), 0.1)
    return (min(one[1], other[1]) - max(one[0], other[0])) / shorter


def lines(chars: Sequence[Char]) -> list[Line]:
    """Join characters that lie alike into lines, in the order of the file."""
    runs: list[list[Word]] = []
    for word in words(chars):
        if runs and _same_run(runs[-1][-1], word):
            runs[-1].append(word)
        else:
            runs.append([word])
    pieces = [Line(tuple(piece)) for run in runs for piece in _cells(run)]
    return _mended(pieces)


def _same_run(last: Word, word: Word) -> bool:
    level = _overlap(last.band, word.band) > 0.5 or (
        _overlap(last.band, word.band) > 0.2 and min(last.size, word.size) < _MARK * max(last.size, word.size)
    )
    back = word.box[0] - last.box[2] < -0.7 * max(last.size, word.size)
    return level and not back and last.chars[-1].turns == word.chars[0].turns


def _cells(run: Sequence[Word]) -> Iterable[list[Word]]:
    """Cut a run where a gap is wide in itself and wide among its gaps."""
    gaps = [word.box[0] - last.box[2] for last, word in pairwise(run)]
    common = _middle_of(gaps) if len(gaps) > 2 else 0.0
    piece = [run[0]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > _WIDE * word.size or (gap > _LINE_GAP * word.size and gap > _WIDER * common):
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _mended(pieces: list[Line]) -> list[Line]:
    """Join pieces of one line that the file holds apart; a line in order costs nothing."""
    found: list[Line] = []
    for piece in sorted(pieces, key=_place):
        for index in range(len(found) - 1, max(-1, len(found) - 8), -1):
            if _touch(found[index], piece):
                both = sorted((*found[index].words, *piece.words), key=_left)
                found[index] = Line(tuple(both))
                break
        else:
            found.append(piece)
    return found


def _place(line: Line) -> tuple[float, float]:
    return round(line.band[1] / 2), line.box[0]


def _left(word: Word) -> float:
    return word.box[0]


def _touch(one: Line, other: Line) -> bool:
    """Tell whether two pieces stand on one base line a word's gap apart."""
    size = max(one.size, other.size)
    gap = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
    return -0.2 * size < gap < 0.6 * size and _overlap(one.band, other.band) > 0.6


def rows(found: Iterable[Line]) -> list[list[Line]]:
    """Group lines that stand on one height, from the top downward, each from left to right."""
    grouped: list[list[Line]] = []
    for line in sorted(found, key=_middle):
        if grouped and _overlap(_band_of(grouped[-1]), line.band) > 0.5:
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [sorted(row, key=_start) for row in grouped]


def _middle(line: Line) -> float:
    return sum(line.band)


def _start(line: Line) -> float:
    return line.box[0]


def _band_of(row: Sequence[Line]) -> tuple[float, float]:
    return row[0].band
