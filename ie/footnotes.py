"""Footnotes: lifted out of the sentence that they interrupt, and tied to the mark that calls them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ie import lines as look
from ie.lines import Line


@dataclass(frozen=True)
class Note:
    """A footnote's mark, its lines and the number of the kept line that it stood after."""

    mark: str
    lines: tuple[Line, ...]
    after: int


def lift_footnotes(lines: list[Line], dropped: list[tuple[int, int, str]]) -> tuple[list[Line], list[Note]]:
    """Take footnote text out of the lines: under a bar, or at the foot of a page and called above it."""
    body: list[Line] = []
    notes: list[Note] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        bar = look.NOTE_BAR.fullmatch(line.text) or (line.text.isspace() and len(line.text) >= 20)
        start = index + 1 if bar else index
        mark = _note_mark(lines, start)
        if mark and (bar or (_is_next(mark, notes) and _foot_of_page(lines, body, start, mark))):
            if bar:
                dropped.append((line.start, line.end, "footnote bar"))
            index = _take_notes(lines, start, body, notes)
            if index < len(lines):
                lines[index] = replace(lines[index], page_before=True)
            continue
        index += 1
        if not bar:
            body.append(line)
            continue
        dropped.append((line.start, line.end, "footnote bar"))
        if line.page_before and index < len(lines):
            lines[index] = replace(lines[index], page_before=True)
    return body, notes


def _note_mark(lines: Sequence[Line], index: int) -> str:
    match = look.NOTE_START.match(lines[index].text) if index < len(lines) else None
    return next(group for group in match.groups() if group) if match else ""


def _is_next(mark: str, notes: Sequence[Note]) -> bool:
    """Tell whether a mark follows on the footnotes found so far; `15 ha` at a line's start is no footnote."""
    return int(mark) == int(notes[-1].mark) + 1 if notes else 1 <= int(mark) <= 3


def _foot_of_page(lines: Sequence[Line], body: Sequence[Line], index: int, mark: str) -> bool:
    """Tell whether a footnote starts here without a bar: called glued in the text above, at the foot of a page."""
    bracketed = bool(re.match(r"\s*\[\d", lines[index].text))
    if not body or not (bracketed or re.match(r"\s*\d{1,3}\s", lines[index].text)):
        return False
    above = body[-60:]
    if bracketed:
        return any(f"[{mark}]" in line.text for line in above)
    called = any(re.search(rf"[^\W\d_][”\")]?{mark}(?!\d|[.,]\d|[^\W\d_])", line.text) for line in above)
    rest = lines[index : index + 12]
    page_end = index + len(rest) == len(lines) or any(line.page_before for line in rest[1:])
    return called and page_end and not look.is_table_row(lines[index].text)


def _take_notes(lines: Sequence[Line], index: int, body: Sequence[Line], notes: list[Note]) -> int:
    """Collect footnotes from `index` on; return the index of the first line that is body again."""
    interrupted = bool(body) and body[-1].stripped[-1] not in look.TERMINAL + ";:"
    current: list[Line] = []
    mark, expected, gap = "", 0, 0

    def close() -> None:
        if current:
            notes.append(Note(mark, tuple(current), len(body) - 1))

    while index < len(lines):
        line = lines[index]
        found = _note_mark(lines, index)
        if current and (line.page_before or line.text.isspace()):  # a page turned, or a bar of blanks
            break
        if found and (not current or int(found) == expected):
            close()
            mark, expected, current = found, int(found) + 1, [line]
        elif current and _body_resumes(current[-1], line, interrupted, gap):
            break
        else:
            if len(current) == 1:
                gap = line.blanks_before
            current.append(line)
        index += 1
    close()
    return index


def _body_resumes(last: Line, line: Line, interrupted: bool, gap: int) -> bool:
    """Tell whether the body goes on after the footnote line `last`: a page turned without leaving a mark."""
    ended = last.stripped[-1] in look.TERMINAL + ";"
    first = line.stripped[0]
    if interrupted and ended and first.islower():
        return True
    if ended and line.blanks_before != gap and line.blanks_before < last.blanks_before:
        return True
    return ended and bool(look.marker(line.stripped)) and not first.islower()


def find_calls(lines: Sequence[Line], notes: Sequence[Note]) -> dict[int, tuple[str, int]]:
    """Return source offset -> (mark, end offset) of the digits that call a footnote, the nearest before the note."""
    calls: dict[int, tuple[str, int]] = {}
    for note in notes:
        patterns = (
            rf"\[{note.mark}\]",
            rf"(?<=[^\W\d_]){note.mark}(?!\d|[.,]\d|[^\W\d_])|(?<=[^\W\d_][”\")\].,;]){note.mark}(?!\d|[.,]\d|[^\W\d_])",
            rf"(?<=[^\W\d_] ){note.mark}(?=\s*[.,;:)]\s|\s*[.,;:)]?$)",
            rf"(?<=\w ){note.mark}(?=\s*[.,;:)]\s|\s*[.,;:)]?$)",
        )
        above = list(reversed(lines[max(0, note.after - 60) : note.after + 1]))
        for pattern in patterns:
            hit = next(
                (
                    (line, match)
                    for line in above
                    for match in re.finditer(pattern, line.text)
                    if _free(line, match, calls)
                ),
                None,
            )
            if hit:
                line, match = hit
                calls[line.start + match.start()] = (note.mark, line.start + match.end())
                break
    return calls


def _free(line: Line, match: re.Match[str], calls: dict[int, tuple[str, int]]) -> bool:
    """Tell whether the digits may call a note: not taken, and not `m2` or `km2`."""
    before = line.text[: match.start()]
    if re.search(r"\d[^\W\d_]+$", before):
        # `H5N1` and the like: letters between figures are a name, not a word with a mark.
        return False
    return line.start + match.start() not in calls and not re.search(r"(?<![^\W\d_])[kcd]?m$", before)
