"""Text as old encodings write it: the reverse of `ie.read.legacy`, for golden files and tests."""

from __future__ import annotations

import unicodedata

from ie.read.legacy import letters
from ie.read.viqr import SHAPES
from ie.read.viqr import TONES as VIQR_TONES

_AFTER = "aeiouyAEIOUY^(+`'?~.\\"
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def legacy(text: str, encoding: str) -> str:
    """Return the text as Windows-1252 shows TCVN3 or VNI; TCVN3 has no capitals with tone marks."""
    forms: dict[str, str] = {}
    for form, letter in letters(encoding).items():
        forms.setdefault(letter, form)
    composed = unicodedata.normalize("NFC", text)
    return "".join(forms.get(char) or forms.get(char.lower()) or char for char in composed)


def windows_1252(text: str) -> bytes:
    """Return the bytes that Windows-1252 shows as `text`; control characters stand for the bytes it leaves open."""
    return b"".join(char.encode("latin-1" if "\x80" <= char < "\xa0" else "cp1252") for char in text)


def cp1258(text: str) -> bytes:
    """Return the text in Windows-1258, which writes tone marks as characters of their own after the vowel."""
    parts = []
    for char in unicodedata.normalize("NFC", text):
        apart = unicodedata.normalize("NFD", char)
        parts.append(unicodedata.normalize("NFC", "".join(c for c in apart if c not in _TONES)))
        parts.append("".join(c for c in apart if c in _TONES))
    return "".join(parts).encode("cp1258")


def viqr(text: str) -> str:
    """Return Vietnamese text in VIQR; a mark that is meant as such after a vowel is escaped."""
    parts: list[str] = []
    composed = unicodedata.normalize("NFC", text)
    for char, after in zip(composed, (composed + " ")[1:], strict=True):
        if char in "đĐ":
            parts.append("dd" if char == "đ" else "DD")
            continue
        base, *marks = unicodedata.normalize("NFD", char)
        shapes = [sign for sign, mark in SHAPES.items() if mark in marks]
        tones = [sign for sign, mark in VIQR_TONES.items() if mark in marks]
        escaped = base == "\\" or (base in "^(+`'?~." and bool(parts) and parts[-1][-1] in _AFTER)
        escaped = escaped or (base in "dD" and after in "dDđĐ")
        parts.append(("\\" if escaped else "") + "".join([base, *shapes, *tones]))
    return "".join(parts)
