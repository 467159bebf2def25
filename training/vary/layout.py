"""Vary the layout: lines broken by a page's width, blanks doubled or lost, marks of footnotes, lists and Markdown."""

from __future__ import annotations

import random
import re

from ie.document import Document
from training.edits import Edit

_LINE = re.compile(r"^.+$", re.MULTILINE)
_WORD_EDGE = re.compile(r"(?<=[a-zà-ỹ])(?=[,.;] )")
_BLANK = re.compile(r"(?<=\S) (?=\S)")
_AFTER_MARK = re.compile(r"(?<=[a-zà-ỹ][,;:]) (?=[^\W\d])")
_BEFORE_MARK = re.compile(r"(?<=[a-zà-ỹ])(?=[,;:.] )")
_BREAK = re.compile(r"[a-zà-ỹ,] [a-zà-ỹ]")
_SUPER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def wraps(document: Document, rng: random.Random) -> list[Edit]:
    """Break long lines where a page would, at a width drawn for the document, and only between words of a sentence."""
    width = rng.randint(55, 110)
    edits = []
    for line in _LINE.finditer(document.text):
        if len(line.group()) < 1.5 * width or _tabular(line.group()):
            continue
        start = line.start()
        while line.end() - start > width:
            at = document.text.rfind(" ", start, start + width)
            if at <= start:
                break
            if _BREAK.match(document.text, at - 1):
                edits.append(Edit(at, at + 1, "\n"))
            start = at + 1
    return edits


def _tabular(line: str) -> bool:
    return "|" in line or "\t" in line or "   " in line


def blanks(document: Document, rng: random.Random) -> list[Edit]:
    """Double, harden or lose blanks, here and there."""
    rate = rng.choice((0.004, 0.01, 0.03))
    edits = []
    for match in _BLANK.finditer(document.text):
        if rng.random() < rate:
            edits.append(Edit(match.start(), match.end(), rng.choice(("  ", "\u00a0", "   "))))
    for match in _AFTER_MARK.finditer(document.text):
        if rng.random() < rate:
            edits.append(Edit(match.start(), match.end(), ""))
    for match in _BEFORE_MARK.finditer(document.text):
        if rng.random() < rate:
            edits.append(Edit(match.start(), match.start(), " "))
    return edits


def marks(document: Document, rng: random.Random) -> list[Edit]:
    """Set leftovers of layout: footnote marks glued to a word, Markdown around and before lines, signs of lists."""
    edits = []
    for match in _WORD_EDGE.finditer(document.text):
        if rng.random() < 0.04 and not _inside(document, match.start()):
            edits.append(Edit(match.start(), match.start(), _footnote(document, match.start(), rng)))
    for match in _LINE.finditer(document.text):
        if _tabular(match.group()) or not match.group()[0].isupper():
            continue
        length = len(match.group())
        if 4 <= length <= 80 and rng.random() < 0.1:
            edits += [Edit(match.start(), match.start(), "**"), Edit(match.end(), match.end(), "**")]
        elif rng.random() < 0.06:
            sign = rng.choice(("- ", "+ ", "* ", "• ", "a) ", "## " if length <= 80 else "- ", "> "))
            edits.append(Edit(match.start(), match.start(), sign))
    return edits


def _inside(document: Document, at: int) -> bool:
    return any(start < at < end for entity in document.entities for start, end in entity.fragments)


def _footnote(document: Document, at: int, rng: random.Random) -> str:
    """Return a mark; after a span one in brackets, since `m2` would be another unit than `m`."""
    number = str(rng.randint(1, 20))
    if any(at == entity.end for entity in document.entities):
        return f"[{number}]"
    return rng.choice((f"[{number}]", number, f"({number})", number.translate(_SUPER), f"[^{number}]"))
