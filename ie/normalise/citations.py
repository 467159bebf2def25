"""The articles, clauses and points cited before a document: `điểm a khoản 2 Điều 5 và Điều 7 của Luật …`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ie.identity import Citation
from ie.normalise.fold import clean

WINDOW = 160
_NUMBER = r"(?:[0-9]{1,3}[a-zđ]?|[IVXLC]{1,6}|[a-zđ])(?!\w)"
_JOIN = r"(?:\s*,\s*(?:và\s+)?|\s+và\s+|\s*;\s*|\s+đến\s+|\s*[-–]\s*)"
_LEVELS = ("điểm", "tiết", "khoản", "điều", "chương", "mục", "phần", "phụ")
_LEVEL = rf"(?:{'|'.join(_LEVELS[:-1])}|phụ\s+lục)"
_GROUP = rf"(?P<level>{_LEVEL})\s+(?P<numbers>{_NUMBER}(?:{_JOIN}{_NUMBER})*)"
_PLAIN_GROUP = re.sub(r"\?P<\w+>", "?:", _GROUP)
_BEFORE = re.compile(
    rf"(?<!\w)(?:các\s+)?({_PLAIN_GROUP}(?:(?:{_JOIN}|\s+)(?:(?:của|tại)\s+)?{_PLAIN_GROUP})*)"
    r"(?:\s*,)?(?:\s+(?:của|tại|trong|thuộc|theo))?\s*$",
    re.IGNORECASE,
)
_EACH = re.compile(_GROUP, re.IGNORECASE)
_FIELDS = {
    "điểm": "point", "tiết": "point", "khoản": "clause", "điều": "article",
    "chương": "chapter", "mục": "chapter", "phần": "chapter", "phụ lục": "appendix",
}  # fmt: skip
_ABOVE = {"point": ("clause", "article"), "clause": ("article",), "article": (), "chapter": (), "appendix": ()}


def citations_before(text: str, start: int) -> tuple[Citation, ...]:
    """Return what is cited of the document whose reference starts at `start`, in order; () when nothing is.

    Offsets are characters of `text`: all parts of one expression share those of the expression.
    """
    left = max(0, start - WINDOW)
    before = text[left:start]
    small = before.lower()
    if not any(level in small for level in _LEVELS):
        return ()
    match = _BEFORE.search(before)
    if match is None:
        return ()
    begin, end = left + match.start(1), left + match.end(1)
    return tuple(replace(each, start=begin, end=end) for each in read_citations(match[1]))


def read_citations(text: str) -> list[Citation]:
    """Read `điểm a, b khoản 2 Điều 5` into one citation a point: a part belongs to the next larger one after it."""
    found: list[Citation] = []
    waiting: list[Citation] = []
    for match in _EACH.finditer(text):
        level = _FIELDS[" ".join(match["level"].lower().split())]
        numbers = [clean(number) for number in re.split(_JOIN, match["numbers"])]
        waiting = _joined(waiting, level, numbers)
        if not _ABOVE[level]:
            found += waiting
            waiting = []
    return found + waiting


def _part(citation: Citation, level: str, number: str) -> Citation:
    fields: dict[str, Any] = {level: number}
    return replace(citation, **fields)


def _joined(waiting: list[Citation], level: str, numbers: list[str]) -> list[Citation]:
    """Give a larger part to the smaller ones that wait for it, or begin new ones."""
    smaller = [each for each in waiting if level in _open_levels(each)]
    if smaller and len(numbers) == 1:
        return [_part(each, level, numbers[0]) if each in smaller else each for each in waiting]
    return waiting + [_part(Citation(), level, number) for number in numbers]


def _open_levels(citation: Citation) -> list[str]:
    """Return the larger parts that a citation may still be given."""
    smallest = "point" if citation.point else "clause" if citation.clause else "article"
    return [level for level in _ABOVE[smallest] if getattr(citation, level) is None]
