"""Turn extracted lines back into running text, with an exact map to the source.

Lines are joined, page numbers and running heads dropped, footnotes lifted out of the sentence that they interrupt and
set after its paragraph. Only white space is changed, and whole lines or footnote marks left out: for every span,
the source characters of the map are those of the text but for white space.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ie import lines as look
from ie.blocks import Block, Footnote, Reflowed, Writer, kind_of
from ie.footnotes import Note, find_calls, lift_footnotes
from ie.furniture import without_furniture
from ie.layout import Layout
from ie.lines import Line
from ie.regions import from_regions

__all__ = ["Block", "Footnote", "Reflowed", "reflow"]


def reflow(source: str, layout: Layout | None = None) -> Reflowed:
    """Reflow the characters of a file: by the regions its reader saw, else by the evidence of the lines.

    Args:
        source: The decoded characters of the file.
        layout: What the reader knows beyond them; without regions it changes nothing.
    """
    if layout is not None and layout.regions:
        return from_regions(source, layout.regions)
    lines = list(look.cut(source))
    dropped: list[tuple[int, int, str]] = []
    lines = without_furniture(lines, dropped)
    lines, notes = lift_footnotes(lines, dropped)
    return _Builder(source, lines, notes, dropped).build()


class _Builder:
    """Decides which lines make a paragraph and hands them to the writer."""

    def __init__(self, source: str, lines: list[Line], notes: list[Note], dropped: list[tuple[int, int, str]]) -> None:
        self.lines = lines
        self.notes = notes
        self.dropped = dropped
        self.double = _is_double_spaced(lines)
        self.width = _wrap_width(lines)
        self.marks = find_calls(lines, notes)
        self.writer = Writer(source, self.marks)

    def build(self) -> Reflowed:
        """Join the lines into blocks, footnotes after the block that calls them."""
        kinds = _regions(self.lines)
        waiting = list(self.notes)
        group: list[Line] = []
        for index, line in enumerate(self.lines):
            if group and not self._joins(group[-1], line, kinds[index - 1], kinds[index]):
                self._block(group, kinds[index - 1])
                for note in self._notes_of(waiting):
                    self._note(note)
                group = []
            group.append(line)
        if group:
            self._block(group, kinds[len(self.lines) - 1])
        for note in waiting:
            self._note(note)
        return self.writer.finish(self.dropped)

    def _calls(self) -> dict[str, int]:
        """Return the marks passed so far with the source offset of their marker."""
        return {self.marks[at][0]: at for at in self.writer.called}

    def _notes_of(self, waiting: list[Note]) -> list[Note]:
        """Take from `waiting` the notes whose call has been written."""
        if not waiting:
            return []
        passed = self._calls()
        offsets = self.writer.offsets
        ready = [note for note in waiting if note.mark in passed or _called_nowhere(note, self.marks, offsets)]
        for note in ready:
            waiting.remove(note)
        return ready

    def _note(self, note: Note) -> None:
        self.writer.note(note.lines, note.mark, self._calls().get(note.mark))

    def _joins(self, last: Line, line: Line, last_kind: str, kind: str) -> bool:
        """Tell whether `line` goes on with the paragraph of `last`."""
        if last_kind != "body" or kind != "body":
            return False
        before, text = last.stripped, line.stripped
        turned = line.page_before
        limit = 1 if self.double else 0
        if line.blanks_before > limit and not turned:
            return False
        if look.is_table_row(text) or look.is_table_row(before):
            return False
        if look.is_dash_continuation(before, text):
            return True
        if look.marker(text):
            return False
        if before[-1] in "-/–" and not before.endswith((" -", " –")):
            return True
        return self._reads_on(before, last, line)

    def _reads_on(self, before: str, last: Line, line: Line) -> bool:
        text = line.stripped
        if look.is_upper(before) != look.is_upper(text) and look.is_upper(before) and not text[0].islower():
            return False
        first_word = text.split(None, 1)[0]
        full = bool(self.width) and look.columns(last.text.rstrip()) + 1 + look.columns(first_word) > self.width
        indented = len(line.text) - len(line.text.lstrip()) > len(last.text) - len(last.text.lstrip()) + 1
        if before[-1] in look.TERMINAL + ":;":
            lower = text[0].islower() and (full or before[-1] not in ";:")
            return lower or (full and not indented and not line.page_before and before[-1] in look.TERMINAL)
        if text[0].islower() or not text[0].isalpha() or before[-1] in ",(-–/":
            return not self._bare_line(text)
        if look.is_upper(before) and look.is_upper(text):
            return True
        return (full or line.page_before) and not indented

    def _bare_line(self, text: str) -> bool:
        """Tell whether a figure starts a line of its own below a short line (`Đạt⏎120`): kept apart when unwrapped."""
        return text[0].isdigit() and not self.width and bool(re.match(r"\d+[.)]", text))

    def _block(self, group: list[Line], kind: str) -> None:
        start = len(self.writer.offsets)
        text = self.writer.lines(group)
        mark = look.marker(text) if kind == "body" else ""
        if kind == "body":
            kind = kind_of(text, mark)
        self.writer.block(start, kind, mark.strip(), group[-1])


def _called_nowhere(note: Note, marks: dict[int, tuple[str, int]], offsets: Sequence[int]) -> bool:
    """Tell whether a note without a call has been passed: it follows the block that it stood below."""
    if any(mark == note.mark for mark, _ in marks.values()):
        return False
    return bool(offsets) and max(offsets[-1], offsets[-2] if len(offsets) > 1 else -1) >= note.lines[0].start - 1


def _regions(lines: Sequence[Line]) -> list[str]:
    """Return for each line body, letterhead, recipients or signature."""
    kinds = ["body"] * len(lines)
    head = next((i for i, line in enumerate(lines[:10]) if look.MOTTO.search(line.text)), None)
    if head is not None:
        ends = [
            i for i, line in enumerate(lines[:16]) if look.PLACE_DATE.search(line.text) or look.MOTTO.search(line.text)
        ]
        number = [i for i, line in enumerate(lines[:16]) if re.match(r"\s*Số\s*:", line.text)]
        for index in range(max([*ends, *number]) + 1):
            kinds[index] = "letterhead"
    for index, line in enumerate(lines):
        if look.RECIPIENTS.match(line.text):
            for rest in range(index, len(lines)):
                kinds[rest] = "recipients"
            break
    for index in range(max(0, len(lines) - 15), len(lines)):
        if look.SIGNATURE.match(lines[index].text) and look.is_upper(lines[index].stripped.split("(")[0]):
            kinds[index] = "signature"
    return kinds


def _is_double_spaced(lines: Sequence[Line]) -> bool:
    """Tell whether lines of one sentence stand a blank line apart."""
    pairs = list(pairwise(lines))
    open_ends = [
        (last, line)
        for last, line in pairs
        if last.stripped
        and line.stripped
        and last.stripped[-1] not in look.TERMINAL + ";:"
        and line.stripped[0].islower()
    ]
    if len(open_ends) < 3:
        return False
    return sum(line.blanks_before == 1 for _, line in open_ends) > 0.6 * len(open_ends)


def _wrap_width(lines: Sequence[Line]) -> int:
    """Return the width that lines are wrapped at, 0 when they are not wrapped."""
    lengths = [look.columns(line.text.rstrip()) for line in lines]
    if len(lengths) < 4 or max(lengths) > 220:
        return 0
    breaks = sum(
        1
        for last, line in pairwise(lines)
        if last.stripped
        and line.stripped
        and last.stripped[-1] not in look.TERMINAL + ";:,"
        and line.stripped[0].islower()
    )
    if breaks < 2:
        return 0
    counted = Counter(length for length in lengths if length > 30)
    longest = sorted(counted.elements())
    return longest[int(0.9 * (len(longest) - 1))] if longest else 0
