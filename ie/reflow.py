"""Turn extracted lines back into running text, with an exact map to the source.

Lines are joined, page numbers and running heads dropped, footnotes lifted out of the sentence that they interrupt and
set after its paragraph. Only white space is changed, and whole lines or footnote marks left out: for every span,
the source characters of the map are those of the text but for white space.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ie import lines as look
from ie.document import Fragment
from ie.footnotes import Note, find_calls, lift_footnotes
from ie.furniture import without_furniture
from ie.lines import Line

DROPPED_KINDS = ("page number", "running head", "footnote bar")


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


def reflow(source: str) -> Reflowed:
    """Reflow the decoded characters of a file."""
    lines = list(_lines(source))
    dropped: list[tuple[int, int, str]] = []
    lines = without_furniture(lines, dropped)
    lines, notes = lift_footnotes(lines, dropped)
    return _Builder(source, lines, notes, dropped).build()


def _lines(source: str) -> Iterator[Line]:
    """Yield the lines that hold something, with the blank lines and page breaks before each counted."""
    blanks, page = 0, False
    for match in re.finditer(r"([^\n\r\f\v\u2028\u2029\x85]*)(\r\n|[\n\r\f\v\u2028\u2029\x85]|\Z)", source):
        text, end = match.group(1), match.group(2)
        if text.strip() or (len(text) >= 20 and text.isspace()):
            yield Line(match.start(1), match.end(1), text, blanks, page)
            blanks, page = 0, False
        elif text or end != "\f":
            blanks += 1
        if end == "\f":
            page = True


class _Builder:
    """Writes the reflowed text block by block."""

    def __init__(self, source: str, lines: list[Line], notes: list[Note], dropped: list[tuple[int, int, str]]) -> None:
        self.source = source
        self.lines = lines
        self.notes = notes
        self.dropped = dropped
        self.double = _is_double_spaced(lines)
        self.width = _wrap_width(lines)
        self.text: list[str] = []
        self.offsets: list[int] = []
        self.blocks: list[Block] = []
        self.footnotes: list[Footnote] = []
        self.marks = find_calls(lines, notes)
        self.calls: dict[str, int] = {}

    def build(self) -> Reflowed:
        """Join the lines into blocks, footnotes after the block that calls them."""
        kinds = _regions(self.lines)
        pending: list[Note] = []
        waiting = list(self.notes)
        group: list[Line] = []
        for index, line in enumerate(self.lines):
            if group and not self._joins(group[-1], line, kinds[index - 1], kinds[index]):
                self._block(group, kinds[index - 1])
                pending = self._notes_of(waiting)
                for note in pending:
                    self._note(note)
                group = []
            group.append(line)
        if group:
            self._block(group, kinds[len(self.lines) - 1])
        for note in waiting:
            self._note(note)
        text = "".join(self.text)
        return Reflowed(text, tuple(self.offsets), tuple(self.blocks), tuple(self.footnotes), tuple(self.dropped))

    def _notes_of(self, waiting: list[Note]) -> list[Note]:
        """Take from `waiting` the notes whose call has been written."""
        ready = [note for note in waiting if note.mark in self.calls or _called_nowhere(note, self.marks, self.offsets)]
        for note in ready:
            waiting.remove(note)
        return ready

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
        start = len(self.offsets)
        for position, line in enumerate(group):
            if position:
                self._seam(group[position - 1], line)
            self._write(line)
        text = "".join(self.text[start:])
        mark = look.marker(text) if kind == "body" else ""
        if kind == "body":
            kind = _kind(text, mark)
        self.blocks.append(Block(start, len(self.offsets), kind, mark.strip()))
        self._newline(group[-1])

    def _seam(self, last: Line, line: Line) -> None:
        """Write what stands between two joined lines: a blank, or nothing inside a word broken at its hyphen."""
        before = last.text.rstrip()
        tight = before[-1] in "-/" and len(before) > 1 and not before[-2].isspace() and not line.stripped[0].isspace()
        if not tight:
            self.text.append(" ")
            self.offsets.append(last.start + len(before) if last.start + len(before) < line.start else -1)

    def _write(self, line: Line) -> None:
        """Write one line: white space runs become one blank, footnote marks are left out."""
        left = len(line.text) - len(line.text.lstrip())
        right = len(line.text.rstrip())
        blank = False
        skip_until = -1
        for index in range(left, right):
            at = line.start + index
            call = self.marks.get(at)
            if call:
                self.calls[call[0]] = len(self.offsets)
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

    def _newline(self, last: Line) -> None:
        self.text.append("\n")
        self.offsets.append(last.end if last.end < len(self.source) else -1)

    def _note(self, note: Note) -> None:
        self._block(list(note.lines), "footnote")
        block = self.blocks[-1]
        self.footnotes.append(Footnote(note.mark, self.calls.get(note.mark), block.start, block.end))


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


def _kind(text: str, mark: str) -> str:
    if look.is_table_row(text):
        return "table row"
    if mark and not re.match(r"[-–—+•●▪◦*✓➢]", mark):
        return "heading" if len(text) < 160 and text.rstrip()[-1:] not in look.TERMINAL + ";" else "item"
    if mark:
        return "item"
    return "heading" if look.is_upper(text) and len(text) < 200 else "paragraph"


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
