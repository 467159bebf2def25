"""The outline of a text: for each paragraph those above it that it stands under.

It is read off bullets, numbers, capitals, Markdown and colons, so that it holds for any text whose paragraphs are
separated by line ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ie.lines import BULLETS, MAX_ROW, figures_at_end, is_upper, marker

MAX_ANCESTORS = 4
MAX_DEPTH = 12
UNIT_LINE_REACH = 60
"""How many paragraphs a line such as `ĐVT: triệu đồng` gives its unit to."""
FIELD_REACH = 12
"""How many paragraphs may tell of the project that a field names."""
HEADING_LENGTH = 160
"""A longer paragraph heads nothing."""
_UNIT_LINE = re.compile(r"\b(?:ĐVT|Đvt|đvt|Đơn vị tính|đơn vị tính|Đơn vị)\s*:")
# The press gives each sentence a paragraph of its own.
_GOES_ON = re.compile(
    r"\W*(?:trong (?:(?:số )?(?:đó|này)|số (?:các|những))\b|cụ thể|chi tiết|bao gồm|gồm|riêng"
    r"|(?:phần |số )?còn lại|theo đó|phân (?:theo|ra)|chia ra)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\W*(?:\d{1,2}[.)/]\s*)?(?:tên\s+)?(?:tiểu )?(?:dự án|công trình|chương trình|đề án|gói thầu)[^:.,]{0,20}:",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\[?(\d{1,2})\]?\s+[^\W\d]")
_BULLETS = frozenset(BULLETS)


def outline(texts: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Return the ancestors of each paragraph, nearest first; `texts` are stripped, empty ones have none.

    A marker seen again closes what stands under the last one like it; a heading in capitals closes all. A paragraph
    without marker stands under the heading or lead-in above it and closes bullets and earlier paragraphs without
    marker; `Bao gồm:` and the like hang on what they introduce. `Trong đó …` hangs on the paragraph before it, a
    footnote on the one that calls it, the fields of a project on the one that names it. The last line that names a unit
    for a table, and the head row and title of a table, count as ancestors of its rows.
    """
    reader = _Outline(texts)
    return tuple(reader.above(index) if text else () for index, text in enumerate(texts))


def leads(text: str) -> bool:
    """Tell whether a paragraph ends in a colon."""
    return text.rstrip("*_ ").endswith(":")


class _Outline:
    """What is open above the next paragraph."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.stack: list[tuple[str, int]] = []
        self.last: int | None = None
        self.called: int | None = None
        self.units: int | None = None
        self.field: int | None = None
        self.heads: tuple[int, ...] | None = None

    def above(self, index: int) -> tuple[int, ...]:
        """Return the ancestors of a paragraph, and open it; to be asked in order."""
        text, style = self.texts[index], _style(self.texts[index])
        self._close(text, style)
        row = text.startswith("|") or (len(text) <= MAX_ROW and figures_at_end(text) >= 2)
        found = (
            *self._before(text, row=row),
            *(at for _, at in self.stack[: -MAX_ANCESTORS - 1 : -1]),
            *self._field(index, text, style),
            *self._unit(index, text),
            *self._table(index, row=row),
        )
        self.stack.append((style, index))
        del self.stack[:-MAX_DEPTH]
        self.last = index
        return tuple(dict.fromkeys(at for at in found if at != index))

    def _close(self, text: str, style: str) -> None:
        """Close what ends where a paragraph of this style begins."""
        stack = self.stack
        hangs_on = not style and text.endswith(":") and len(text) < 60
        if style == _CAPITALS:
            stack.clear()
        elif style.startswith("#"):
            stack[:] = [(kind, at) for kind, at in stack if kind.startswith("#") and len(kind) < len(style)]
        elif style not in _BULLETS and not hangs_on:
            while stack and self._ends_with_text(*stack[-1]):
                stack.pop()
        kinds = [kind for kind, _ in stack]
        if style and style in kinds:
            del stack[kinds.index(style) :]

    def _ends_with_text(self, style: str, at: int) -> bool:
        """Tell whether a plain paragraph closes another; an item in front of it that leads in is kept."""
        if style in _BULLETS:
            return not (leads(self.texts[at]) and at == self.last)
        return not style and not leads(self.texts[at])

    def _before(self, text: str, *, row: bool) -> tuple[int, ...]:
        """Return the paragraph that this one goes on with or is called by."""
        if self.last is None:
            return ()
        # Reflow sets footnotes behind the paragraph that calls them, one after the other.
        note = _NOTE.match(text) and not row
        self.called = (self.last if self.called is None else self.called) if note else None
        if _GOES_ON.match(text):
            return (self.last,)
        return () if self.called is None else (self.called,)

    def _field(self, index: int, text: str, style: str) -> tuple[int, ...]:
        """Return the field that names the project which the ones below tell of."""
        if _FIELD.match(text) and not leads(text):
            self.field = index
        elif style == _CAPITALS or style.startswith("#"):
            self.field = None
        return (self.field,) if self.field is not None and index - self.field <= FIELD_REACH else ()

    def _unit(self, index: int, text: str) -> tuple[int, ...]:
        units = self.units
        if _UNIT_LINE.search(text):
            self.units = index
        return (units,) if units is not None and index - units <= UNIT_LINE_REACH else ()

    def _table(self, index: int, *, row: bool) -> tuple[int, ...]:
        if not row:
            self.heads = None
        elif self.heads is None:
            self.heads = _table_heads(self.texts, index)
        return self.heads or ()


_CAPITALS = "CAPITALS"


def _style(text: str) -> str:
    """Return the kind of marker a paragraph starts with, `1.`, `1.1.`, `a)`, `-`, `+` …, or of heading it is."""
    bare = text.lstrip("*_#> ")
    mark = marker(bare).strip()
    if text.startswith("#"):
        return "#" * (len(text) - len(text.lstrip("#")))
    if re.fullmatch(r"[IVXLC]+[.)/]", mark):
        return "I" + mark[-1]
    if re.fullmatch(r"\d+(?:\.\d+)*[.)/]?", mark):
        return "1" + ".1" * mark.rstrip(".)/").count(".") + (mark[-1] if mark[-1] in ".)/" else "")
    if re.fullmatch(r"[a-zđ][.)/]", mark):
        return "a" + mark[-1]
    if len(text) <= HEADING_LENGTH and not mark:
        if is_upper(text):
            return _CAPITALS
        if text.startswith("**") and text.endswith("**"):
            return "**"
    return re.sub(r"\d+", "1", mark)[:3]


def _table_heads(texts: Sequence[str], first: int) -> tuple[int, ...]:
    """Return the paragraphs that head the table whose first row is `first`: its head row and the two lines above."""
    if texts[first].startswith("|"):
        return (first, *range(max(0, first - 1), first))
    return tuple(at for at in range(first - 1, max(-1, first - 4), -1) if texts[at] and len(texts[at]) <= MAX_ROW)
