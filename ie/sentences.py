"""The sentence around a span: where it begins and ends within its line."""

from __future__ import annotations

import re

from ie.normalise.fold import CAPITALS

_WINDOW = 1500
_SENTENCE_END = re.compile(rf"(?<=[.!?…;])\s+(?=[{CAPITALS}]|[-+–“\"(])")
_ABBREVIATED = re.compile(r"(?:\b(?:[A-ZĐ]{1,2}|Tp|Tx|Th[Ss]|[0-9]{1,2})\.)$")


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentence around `[start, end)`, within its line."""
    left = max(text.rfind("\n", 0, start) + 1, start - _WINDOW)
    right = text.find("\n", end)
    right = min(len(text) if right < 0 else right, end + _WINDOW)
    for match in _SENTENCE_END.finditer(text, left, right):
        if is_abbreviation(text, left, match.start()):
            continue
        if match.end() <= start:
            left = match.end()
        elif match.start() >= end:
            right = match.start()
            break
    return _trimmed(text, left, right)


def is_abbreviation(text: str, left: int, end: int) -> bool:
    """Tell whether the mark before `end` closes an abbreviation of the sentence that begins at `left`."""
    return _ABBREVIATED.search(text[max(left, end - 5) : end]) is not None


def _trimmed(text: str, left: int, right: int) -> tuple[int, int]:
    line = text[left:right]
    return left + len(line) - len(line.lstrip()), left + len(line.rstrip())


class Sentences:
    """Finds what `sentence_at` does for many spans of one text: the sentences of a line are found once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[int, tuple[int, list[tuple[int, int]]]] = {}

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the bounds of the sentence around `[start, end)`, within its line."""
        left = self._text.rfind("\n", 0, start) + 1
        right, gaps = self._line(left)
        if right - left > _WINDOW or end > right:
            return sentence_at(self._text, start, end)
        for gap_start, gap_end in gaps:
            if gap_end <= start:
                left = gap_end
            elif gap_start >= end:
                return _trimmed(self._text, left, gap_start)
            else:  # the span itself holds the end of a sentence
                return sentence_at(self._text, start, end)
        return _trimmed(self._text, left, right)

    def _line(self, start: int) -> tuple[int, list[tuple[int, int]]]:
        """Return the end of the line that begins at `start`, and the gaps between its sentences."""
        known = self._lines.get(start)
        if known is None:
            end = self._text.find("\n", start)
            end = len(self._text) if end < 0 else end
            known = self._lines[start] = end, self._gaps(start, end) if end - start <= _WINDOW else []
        return known

    def _gaps(self, left: int, right: int) -> list[tuple[int, int]]:
        found = []
        for match in _SENTENCE_END.finditer(self._text, left, right):
            if not is_abbreviation(self._text, left, match.start()):
                found.append(match.span())
                left = match.end()
        return found
