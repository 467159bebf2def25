"""VIQR: Vietnamese in ASCII, marks written after the vowel (`Tho^n ddo^?i mo+'i`), by the rules of RFC 1456.

A backslash keeps the next mark as it is. Where a text never uses it, a full stop after an unmarked vowel at the end of
a sentence is taken for a full stop, as people wrote it.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from ie.read.offsets import Rewriter

SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b"}
TONES = {"`": "\u0300", "'": "\u0301", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
# A breve needs a letter or a tone after it, so that `xa(3)` keeps its bracket.
_UNIT = re.compile(
    r"\\([\^(+`'?~.\\dD])"
    r"|(?P<d>[dD][dD](?!/mm))"
    r"|(?P<vowel>(?:[aeoAEO]\^|[aA]\((?=[A-Za-z`'?~.])|[ouOU]\+|[aeiouyAEIOUY]))(?P<tone>[`'?~.])?"
)
_SENTENCE_END = re.compile(r"(?:\s*\Z|\s*\n|\s+[A-Z\d-])")


def convert(text: str) -> tuple[str, np.ndarray]:
    """Return the text in Unicode and its map `(characters, 2)` to `[start, end)` of `text`."""
    rewriter = Rewriter(text)
    escaped = "\\." in text
    for match in _UNIT.finditer(text):
        start, end = match.span()
        if match[1]:
            rewriter.replace(start, end, match[1])
        elif match["d"]:
            rewriter.replace(start, end, "Đ" if match["d"][0] == "D" else "đ")
        else:
            vowel, tone = match["vowel"], match["tone"] or ""
            if tone == "." and not escaped and len(vowel) == 1 and _SENTENCE_END.match(text, end):
                tone, end = "", end - 1
            if len(vowel) > 1 or tone:
                rewriter.replace(start, end, _letter(vowel, tone))
    return rewriter.done()


def _letter(vowel: str, tone: str) -> str:
    marks = "".join(SHAPES[mark] for mark in vowel[1:]) + TONES.get(tone, "")
    return unicodedata.normalize("NFC", vowel[0] + marks)
