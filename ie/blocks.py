"""Writes the reflowed text block by block and keeps, for each of its characters, the source offset.

Both ways of reflowing stand on it: the evidence of lines (`ie.reflow`) and the regions a reader saw (`ie.regions`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ie import lines as look
from ie.document import Fragment
from ie.lines import Line

_RUN = re.compile(r"\s+")

Calls = Mapping[int, tuple[str, int]]
"""Source offset of a footnote's marker -> its mark and the offset after the marker."""


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, heading, footnote … of the reflowed text: `[start, end)` in it."""

    start: int
    end: int
    kind: str
    marker: str = ""


@dataclass(frozen=True)
class Footnote:
    """A footnote: its mark, where it is called (offset in the reflowed text, None when not found), its block."""

    mark: str
    called_at: int | None
    start: int
    end: int


@dataclass(frozen=True)
class Reflowed:
    """The text, for each of its characters the source offset, and its structure."""

    text: str
    offsets: tuple[int, ...]
    blocks: tuple[Block, ...]
    footnotes: tuple[Footnote, ...] = ()
    dropped: tuple[tuple[int, int, str], ...] = ()

    def source(self, start: int, end: int, source_text: str) -> tuple[Fragment, ...]:
        """Return the source fragments of the span `[start, end)`: within a line each, in order of the source."""
        words = self.text[start:end]
        if words.strip() != words or not words:
            return self._fragments(start, end, source_text)
        first, last = self.offsets[start], self.offsets[end - 1] + 1
        if first >= 0 and last - first == end - start and source_text[first:last].isprintable():
            return ((first, last),)
        return self._fragments(start, end, source_text)

    def _fragments(self, start: int, end: int, source_text: str) -> tuple[Fragment, ...]:
        fragments: list[list[int]] = []
        for index in range(start, end):
            at = self.offsets[index]
            if at < 0 or self.text[index].isspace():
                continue
            if fragments and _only_blanks(source_text, fragments[-1][1], at):
                fragments[-1][1] = at + 1
            else:
                fragments.append([at, at + 1])
        return tuple((a, b) for a, b in fragments)

    def from_source(self) -> dict[int, int]:
        """Return the text offset of every source character that the text kept."""
        return {at: index for index, at in enumerate(self.offsets) if at >= 0 and not self.text[index].isspace()}


def _only_blanks(text: str, start: int, end: int) -> bool:
    between = text[start:end]
    return start <= end and not between.strip() and "\n" not in between and "\r" not in between and "\f" not in between


def kind_of(text: str, marker: str) -> str:
    """Return the kind of a paragraph of the body by its text and the bullet or number it starts with."""
    if look.is_table_row(text):
        return "table row"
    if marker and marker[0] not in look.BULLETS:
        return "heading" if len(text) < 160 and text.rstrip()[-1:] not in look.TERMINAL + ";" else "item"
    if marker:
        return "item"
    return "heading" if look.is_upper(text) and len(text) < 200 else "paragraph"


class Writer:
    """Collects the text, its offsets and its blocks; `calls` says which characters are footnote marks, left out."""

    def __init__(self, source: str, calls: Calls) -> None:
        self.source = source
        self.calls = calls
        self._marked = sorted(calls)
        self.text: list[str] = []
        """Stretches of the text; `offsets` has an entry for each of their characters."""
        self.offsets: list[int] = []
        self.blocks: list[Block] = []
        self.footnotes: list[Footnote] = []
        self.called: dict[int, int] = {}
        """Source offset of each marker passed -> offset of the text where it stood."""

    def finish(self, dropped: Sequence[tuple[int, int, str]]) -> Reflowed:
        """Return what was written."""
        text = "".join(self.text)
        return Reflowed(text, tuple(self.offsets), tuple(self.blocks), tuple(self.footnotes), tuple(dropped))

    def lines(self, group: Sequence[Line]) -> str:
        """Write the lines joined into one paragraph and return its text; `block` closes it."""
        start = len(self.text)
        for position, line in enumerate(group):
            if position:
                self._seam(group[position - 1], line)
            self._line(line)
        return "".join(self.text[start:])

    def block(self, start: int, kind: str, marker: str, last: Line) -> None:
        """Close the block that began at `start` and ends with the line `last`."""
        self.blocks.append(Block(start, len(self.offsets), kind, marker))
        self.text.append("\n")
        self.offsets.append(last.end if last.end < len(self.source) else -1)

    def note(self, group: Sequence[Line], mark: str, call: int | None) -> None:
        """Write a footnote as a block of its own; `call` is the source offset of its marker."""
        start = len(self.offsets)
        self.lines(group)
        self.block(start, "footnote", "", group[-1])
        at = self.called.get(call) if call is not None else None
        self.footnotes.append(Footnote(mark, at, start, self.blocks[-1].end))

    def _seam(self, last: Line, line: Line) -> None:
        """Write what stands between two joined lines: a blank, or nothing inside a word broken at its hyphen."""
        before = last.text.rstrip()
        tight = before[-1] in "-/" and len(before) > 1 and not before[-2].isspace() and not line.stripped[0].isspace()
        if not tight:
            self.text.append(" ")
            self.offsets.append(last.start + len(before) if last.start + len(before) < line.start else -1)

    def _line(self, line: Line) -> None:
        """Write one line: white space runs become one blank, footnote marks are left out."""
        left = len(line.text) - len(line.text.lstrip())
        right = len(line.text.rstrip())
        if bisect_left(self._marked, line.start) == bisect_right(self._marked, line.end):
            self._plain_line(line, left, right)
            return
        blank = False
        skip_until = -1
        for index in range(left, right):
            at = line.start + index
            call = self.calls.get(at)
            if call:
                self.called[at] = len(self.offsets)
                skip_until = call[1]
            if at < skip_until:
                continue
            char = line.text[index]
            if char.isspace():
                if not blank:
                    self.text.append(" ")
                    self.offsets.append(at)
                blank = True
                continue
            blank = False
            self.text.append(char)
            self.offsets.append(at)
        for at in range(line.start + right, line.end + 1):
            # A marker that is no character may stand behind the last one.
            if at in self.calls:
                self.called.setdefault(at, len(self.offsets))

    def _plain_line(self, line: Line, left: int, right: int) -> None:
        """Write one line without footnote marks, `[left, right)` of its characters."""
        words = line.text[left:right]
        if "  " not in words and words.isprintable():  # no white space but single blanks
            self._stretch(line, left, right)
            return
        for blank in _RUN.finditer(line.text, left, right):
            self._stretch(line, left, blank.start())
            self.text.append(" ")
            self.offsets.append(line.start + blank.start())
            left = blank.end()
        self._stretch(line, left, right)

    def _stretch(self, line: Line, left: int, right: int) -> None:
        """Write characters as they stand."""
        self.text.append(line.text[left:right])
        self.offsets.extend(range(line.start + left, line.start + right))
