"""Which sentences a relation may join: paragraphs, sentences and the outline above each paragraph.

The outline is read off the text itself (bullets, numbers, colons), so that it holds for any Doc whose paragraphs are
separated by line ends, not only for what `ie.reflow` made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from ie import tokens
from ie.lines import BULLETS, MAX_ROW, figures_at_end, marker

MAX_ANCESTORS = 4
UNIT_LINE_REACH = 60
"""How many paragraphs a line such as `ĐVT: triệu đồng` gives its unit to."""
_UNIT_LINE = re.compile(r"\b(?:ĐVT|Đvt|đvt|Đơn vị tính|đơn vị tính|Đơn vị)\s*:")
_END = frozenset(".!?…")
_SHORT = frozenset(("tp", "tt", "tx", "ths", "ts"))
_BULLETS = frozenset(BULLETS)


@dataclass(frozen=True)
class Scope:
    """Token arrays of paragraph and sentence numbers, and for each paragraph its ancestors, nearest first."""

    paragraph: np.ndarray
    sentence: np.ndarray
    ancestors: tuple[tuple[int, ...], ...]
    colon: np.ndarray
    """Whether a paragraph ends in a colon (bool)."""


def scope(doc: Doc) -> Scope:
    """Work out the scope of every token."""
    size = len(doc)
    words, spaces = tokens.words(doc), tokens.blanks(doc)
    whole = "".join([word + " " if blank else word for word, blank in zip(words, spaces, strict=True)])
    at = tokens.offsets(words, spaces)
    lines = [index for index, word in enumerate(words) if "\n" in word]
    marks = [index for index, word in enumerate(words) if word in _END and _ends_sentence(words, spaces, index)]
    paragraph, sentence = _after(lines, size), _after(lines + marks, size)
    starts = [0, *(index + 1 for index in lines)]
    texts = [whole[at[start] : at[end]] for start, end in zip(starts, lines, strict=False)]
    if starts[-1] < size or not texts:
        texts.append(whole[at[starts[-1]] :])
    stripped = [text.strip() for text in texts]
    colon = np.array([_leads(text) for text in stripped])
    return Scope(paragraph, sentence, _outline(stripped), colon)


def _after(ends: list[int], size: int) -> np.ndarray:
    """Return for each token how many of `ends` stand before it."""
    found = np.zeros(size + 1, dtype=np.int32)
    found[[end + 1 for end in ends]] = 1
    return np.cumsum(found, dtype=np.int32)[:size]


def _ends_sentence(words: list[str], spaces: list[bool], index: int) -> bool:
    """Tell whether the mark at `index` ends a sentence: a blank and a capital, figure or bullet follow."""
    if index + 1 >= len(words) or not spaces[index]:
        return False
    after, before = words[index + 1], words[index - 1] if index else ""
    if words[index] == "." and ((len(before) <= 2 and before[:1].isupper()) or before.lower() in _SHORT):
        return False
    return after[0].isupper() or not after[0].isalnum()


def _style(text: str) -> str:
    """Return the kind of marker a paragraph starts with: `1.`, `1.1.`, `a)`, `-`, `+`, `**` …"""
    mark = marker(text).strip()
    if re.fullmatch(r"[IVXLC]+[.)/]", mark):
        return "I" + mark[-1]
    if re.fullmatch(r"\d+(?:\.\d+)*[.)/]?", mark):
        return "1" + ".1" * mark.rstrip(".)/").count(".") + (mark[-1] if mark[-1] in ".)/" else "")
    if re.fullmatch(r"[a-zđ][.)/]", mark):
        return "a" + mark[-1]
    return re.sub(r"\d+", "1", mark)[:3]


def _outline(texts: list[str]) -> tuple[tuple[int, ...], ...]:
    """Return the ancestors of each paragraph, nearest first.

    A marker seen again closes what stands under the last one like it. A paragraph without marker stands under the
    heading or lead-in above it and closes bullets and earlier paragraphs without marker; `Bao gồm:` and the like hang
    on what they introduce. The last line that names a unit for a table, and
    the head row and title of a table, count as ancestors of its rows.
    """
    stack: list[tuple[str, int]] = []
    found: list[tuple[int, ...]] = []
    units: int | None = None
    heads: tuple[int, ...] | None = None
    for index, text in enumerate(texts):
        if not text:
            found.append(())
            continue
        style = _style(text.lstrip("*_#> "))
        if style:
            styles = [known for known, _ in stack]
            if style in styles:
                del stack[styles.index(style) :]
        elif not (text.endswith(":") and len(text) < 60):
            while stack and (stack[-1][0] in _BULLETS or (not stack[-1][0] and not _leads(texts[stack[-1][1]]))):
                stack.pop()
        above = tuple(at for _, at in reversed(stack))[:MAX_ANCESTORS]
        if units is not None and index - units <= UNIT_LINE_REACH and units not in above:
            above = (*above, units)
        if _UNIT_LINE.search(text):
            units = index
        row = text.startswith("|") or (len(text) <= MAX_ROW and figures_at_end(text) >= 2)
        if row and heads is None:
            heads = _table_heads(texts, index)
        elif not row:
            heads = None
        above += tuple(head for head in heads or () if head not in (index, *above))
        found.append(above)
        stack.append((style, index))
        if len(stack) > 12:
            del stack[0]
    return tuple(found)


def _table_heads(texts: list[str], first: int) -> tuple[int, ...]:
    """Return the paragraphs that head the table whose first row is `first`: its head row and the two lines above."""
    if texts[first].startswith("|"):
        return (first, *range(max(0, first - 1), first))
    return tuple(at for at in range(first - 1, max(-1, first - 4), -1) if texts[at] and len(texts[at]) <= MAX_ROW)


def _leads(text: str) -> bool:
    return text.rstrip("*_ ").endswith(":")
