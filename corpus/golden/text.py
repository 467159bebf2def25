"""The text of a golden document: paragraphs, rows and notes of a report, and how plain text shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ie.reflow import reflow

_RULE = re.compile(r"\|[\s|:-]+\|")
_ROW = re.compile(r"\|.*\|")
# As typists wrote it in fonts that have no capital with this tone.
_UY = re.compile(r"Ủy(?=\W)")
BAR = "_" * 20


@dataclass(frozen=True)
class Note:
    """A footnote: its mark and where it is called, in characters of its block's text."""

    mark: str
    at: int
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph, or a row of a table with its cells; the text holds no marks."""

    text: str
    notes: tuple[Note, ...] = ()

    @property
    def cells(self) -> list[str]:
        """The cells of a row, none for a paragraph."""
        return [cell.strip() for cell in self.text.strip("|").split("|")] if _ROW.fullmatch(self.text) else []


@dataclass(frozen=True)
class Text:
    """What a golden document says, whatever its format."""

    blocks: tuple[Block, ...]
    letterhead: tuple[tuple[str, ...], ...] = ()

    def plain(self) -> str:
        """Return it as extractors leave it: a paragraph a line, marks glued to words, notes below a bar at the end."""
        lines, notes = [line for column in self.letterhead for line in column], []
        for block in self.blocks:
            line, shift = block.text, 0
            for note in block.notes:
                line = line[: note.at + shift] + note.mark + line[note.at + shift :]
                shift += len(note.mark)
                notes.append(f"{note.mark} {note.text}")
            lines.append(line)
        foot = [BAR, *notes] if notes else []
        return "\n".join([*lines, *foot]) + "\n"

    def running(self) -> str:
        """Return the running text that reading must give: each note after the block that calls it."""
        lines = [line for column in self.letterhead for line in column]
        for block in self.blocks:
            lines += [block.text, *(f"{note.mark} {note.text}" for note in block.notes)]
        return "\n".join(lines) + "\n"


def cut(report: str, *, first: int, size: int, letterhead: tuple[tuple[str, ...], ...] = ()) -> Text:
    """Return about `size` characters of a report from its block number `first` on; notes are numbered from 1."""
    flowed = reflow(report)
    notes = {note.start: note for note in flowed.footnotes}
    blocks: list[Block] = []
    length = count = 0
    for block in flowed.blocks[first:]:
        text = _clean(flowed.text[block.start : block.end])
        if block.start in notes or _RULE.fullmatch(text) or not text:
            continue
        called = []
        for note in flowed.footnotes:
            if note.called_at is not None and block.start <= note.called_at <= block.end:
                count += 1
                said = re.sub(rf"^\W*{note.mark}\W*\s", "", _clean(flowed.text[note.start : note.end]))
                at = len(_clean(flowed.text[block.start : note.called_at]))
                called.append(Note(str(count), at, said))
        blocks.append(Block(text, tuple(called)))
        length += len(text)
        if length >= size:
            break
    return Text(tuple(blocks), letterhead)


def _clean(text: str) -> str:
    """Return a block without the signs of Markdown; rows are written one way."""
    plain = _UY.sub("Uỷ", " ".join(re.sub(r"^#+\s*|\*", "", text).split()))
    if not _ROW.fullmatch(plain) or _RULE.fullmatch(plain):
        return plain
    return f"| {' | '.join(cell.strip() for cell in plain.strip('|').split('|'))} |"
