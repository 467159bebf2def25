"""What a line of a report looks like: bullet, heading, page number, letterhead, signature, table row.

Only patterns stand here; `ie.reflow` decides what becomes of the lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

_LINE = re.compile(r"([^\n\r\f\v\u2028\u2029\x85]*)(\r\n|[\n\r\f\v\u2028\u2029\x85]|\Z)")
BULLETS = "-–—+•●▪◦*✓➢"
"""Signs that begin an item of a list; the hyphen stands first, so that they may stand in a class of a pattern."""
_BULLET = re.compile(rf"[{BULLETS}]\s+")
_NUMBERED = re.compile(
    r"(?:[IVXLC]+|\d{1,2}(?:\.\d{1,2}){0,3}|[a-zđ])[.)/]\s+|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\s+(?=[A-ZĐ])|\(\d{1,2}\)\s|\([ivx]+\)\s"
)
_TITLED = re.compile(r"(?:Điều|Phần|Chương|Mục|PHẦN|CHƯƠNG|MỤC|ĐIỀU|Phụ lục|PHỤ LỤC)\s+(?:[IVXLC]+|\d+|thứ)\b")
_MARKDOWN = re.compile(r"(?:\*{1,3}(?=\S)|#{1,6}\s|>\s|\[img\]|\|)")
_MARKER = re.compile("|".join(pattern.pattern for pattern in (_BULLET, _NUMBERED, _TITLED, _MARKDOWN)))
PAGE_NUMBER = re.compile(r"\s*(?:[-–—]\s*)?(?:[Tt]rang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*[-–—])?\s*")
NOTE_BAR = re.compile(r"\s*(?:_{5,}|-{8,}|—{4,}|─{4,})\s*")
NOTE_START = re.compile(r"\s*(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3}))[.:]?\s*(?=[^\W\d_]|[-–(“\"])")
MOTTO = re.compile(r"C[ỘO]NG\s+H[OÒ][AÀ]\s+X[ÃA]\s+H[ỘO]I|Độc\s+lập\s*[-–]\s*Tự\s+do", re.IGNORECASE)
PLACE_DATE = re.compile(r",\s*ngày\s+[\d.…]*\s*tháng\s+[\d.…]*\s*năm\s+[\d.…]*", re.IGNORECASE)
RECIPIENTS = re.compile(r"\s*\**Nơi\s+nhận\b", re.IGNORECASE)
SIGNATURE = re.compile(r"\s*\**(?:TM\.|KT\.|TL\.|TUQ\.|T/M|Q\.\s*CHỦ|CHỦ TỊCH|PHÓ CHỦ TỊCH|\(?Đã ký\)?)")
TERMINAL = ".!?…"
_TABLE_CELLS = re.compile(r"(?:\s(?:\d[\d.,]*%?|-|x)(?=\s|$)){2,}\s*$")
_SPACED_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?:[\s,]|$))")
MAX_ROW = 140
"""Longest line in characters that may be a row of a flattened table."""


@dataclass(frozen=True)
class Line:
    """One line of the source: `[start, end)` without its line end."""

    start: int
    end: int
    text: str
    blanks_before: int = 0
    page_before: bool = False

    @cached_property
    def stripped(self) -> str:
        """The line without white space at its ends."""
        return self.text.strip()


def cut(source: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of `source[start:end]` that hold something, with blank lines and page breaks before each counted.

    A line of twenty blanks and more is kept: it may be the bar above footnotes.
    """
    blanks, page = 0, False
    for match in _LINE.finditer(source, start, len(source) if end is None else end):
        text, close = match.group(1), match.group(2)
        if text.strip() or (len(text) >= 20 and text.isspace()):
            yield Line(match.start(1), match.end(1), text, blanks, page)
            blanks, page = 0, False
        elif text or close != "\f":
            blanks += 1
        if close == "\f":
            page = True


@lru_cache(maxsize=4_000)
def columns(text: str) -> int:
    """Return how many columns a text takes: combining marks take none, so that decomposed letters count once."""
    return len(text) - sum(map(bool, map(unicodedata.combining, text)))


def marker(text: str) -> str:
    """Return the bullet or number that a stripped line starts with, "" when it starts with none."""
    match = _MARKER.match(text)
    return match.group() if match else ""


def is_dash_continuation(previous: str, text: str) -> bool:
    """Tell whether a line that starts with a dash or number goes on with the sentence before it.

    `kinh tế⏎- xã hội` and `từ 05⏎- 06 %` go on; a bullet starts with a capital or follows `:`, `;` or `.`.
    """
    if not previous or previous[-1] in ".;:!?":
        return False
    match = re.match(r"[-–]\s+(\S)", text)
    if match:
        return match.group(1).islower() or (match.group(1).isdigit() and previous[-1].isdigit())
    if re.match(r"\d{1,2}[.)]\s", text):
        return bool(re.search(r"(?:tháng|ngày|năm|số|[Đđ]iều|khoản|quý|và|,)$", previous))
    return False


@lru_cache(maxsize=4_000)
def is_upper(text: str) -> bool:
    """Tell whether a line is set in capitals."""
    letters = [*filter(str.isalpha, text)]
    return len(letters) > 3 and sum(map(str.isupper, letters)) >= 0.9 * len(letters)


@lru_cache(maxsize=4_000)
def is_table_row(text: str) -> bool:
    """Tell whether a line is a row of a table: cells between bars, or several figures at the end of a short line."""
    if text.startswith("|") or text.count("|") >= 2 or "\t" in text.strip():
        return True
    return len(text) <= MAX_ROW and figures_at_end(text) >= 3


def figures_at_end(text: str) -> int:
    """Return how many cells with a figure a line ends in; `12 500` is one figure."""
    last = text.rsplit(None, 1)[-1:]
    if not last or not (last[0][0].isdecimal() or last[0] in ("-", "x")):
        return 0
    cells = _TABLE_CELLS.search(_SPACED_THOUSANDS.sub("", text))
    return len(re.findall(r"\d[\d.,]*", cells.group())) if cells else 0


def is_page_number(text: str) -> bool:
    """Tell whether a line holds a page number alone."""
    return bool(PAGE_NUMBER.fullmatch(text))
