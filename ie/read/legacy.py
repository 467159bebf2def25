"""The encodings of Vietnamese fonts before Unicode: TCVN3 (ABC), TCVN 5712-1, VNI, VIQR.

Such text reaches us as the characters that Windows-1252 shows for its bytes (`C«ng tr×nh`). It is converted with an
exact map back: source fragments of entities index these decoded, unconverted characters. Conversion comes before any
cleaning, for TCVN3 writes `ư` as the soft hyphen. Tables stand in `legacy.tsv`: the encoding, the character codes in
hexadecimal, the letter. TCVN3 is the upper half of TCVN 5712:1993 VN1 as `iconv` has it; VN1's lower half holds the
capitals with tone marks, which the ABC fonts do not have.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources

import numpy as np

from ie.errors import InputError
from ie.read import viqr
from ie.read.offsets import Rewriter
from ie.read.syllables import is_syllable

ENCODINGS = ("tcvn3", "tcvn5712-1", "vni", "viqr")
_WORD = re.compile(r"[^\W\d_]+")
_TONED = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SUBSET = re.compile("[A-Z]{6}[+]")
_STYLE = re.compile("[,;]|[- ](?=Bold|Italic|Roman)")


@cache
def letters(encoding: str) -> dict[str, str]:
    """Return the letter of each form (one or two Windows-1252 characters) of `tcvn3`, `tcvn5712-1` or `vni`."""
    rows = (line.split("\t") for line in (resources.files("ie.read") / "legacy.tsv").read_text("utf-8").splitlines())
    known = {"tcvn5712-1": ("tcvn3", "tcvn5712-1")}.get(encoding, (encoding,))
    return {"".join(chr(int(code, 16)) for code in codes.split()): out for name, codes, out in rows if name in known}


@cache
def _pattern(encoding: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(form) for form in sorted(letters(encoding), key=len, reverse=True)))


def convert(text: str, encoding: str, *, capitals: bool = False) -> tuple[str, np.ndarray]:
    """Return the text in Unicode and its map `(characters, 2)` to `[start, end)` of `text`.

    `encoding` is one of `ENCODINGS`. `capitals` says that the font shows capitals alone (`.VnTimeH`); without it
    TCVN3's toned letters, which have no capitals, follow the letters around them (`CéNG HOµ` is `CỘNG HOÀ`).
    Characters without an entry stay. Raises InputError for an unknown encoding.
    """
    if encoding not in ENCODINGS:
        raise InputError(f"unknown encoding {encoding!r}; use one of {', '.join(ENCODINGS)}")
    if encoding == "viqr":
        return viqr.convert(text)
    table = letters(encoding)
    rewriter = Rewriter(text)
    for match in _pattern(encoding).finditer(text):
        rewriter.replace(match.start(), match.end(), table[match.group()])
    new, offsets = rewriter.done()
    if encoding != "vni":
        new = _upper(new) if capitals else _capitals(new)
    return new, offsets


def _upper(text: str) -> str:
    """Return the text in capitals, letter by letter, so that no character becomes two."""
    return "".join(char.upper() if len(char.upper()) == 1 else char for char in text)


def _capitals(text: str) -> str:
    """Set toned letters in words of capitals as capitals; a word too short to tell follows its neighbours' case."""
    return "".join(_capitals_of_line(line) for line in text.splitlines(keepends=True))


def _capitals_of_line(line: str) -> str:
    words = list(_WORD.finditer(line))
    said = [_is_upper(word.group()) for word in words]
    chars = list(line)
    for index, word in enumerate(words):
        if said[index] or (said[index] is None and _among_capitals(said, index)):
            chars[word.start() : word.end()] = _upper(word.group())
    return "".join(chars)


def _is_upper(word: str) -> bool | None:
    """Tell whether a word is set in capitals, None when an acronym or too few letters of their own case cannot tell."""
    plain = [char for char in word if char.isascii() or not _TONED.search(unicodedata.normalize("NFD", char))]
    if any(char.islower() for char in plain):
        return False
    return True if len(plain) >= 2 and is_syllable(word) else None


def _among_capitals(said: list[bool | None], index: int) -> bool:
    before = next((case for case in reversed(said[:index]) if case is not None), None)
    after = next((case for case in said[index + 1 :] if case is not None), None)
    return True in (before, after) and False not in (before, after)


def font_encoding(font: str) -> tuple[str, bool] | None:
    """Return the encoding of a font by its name and whether it shows capitals alone; None for a Unicode font.

    `.VnTime`, `.VnArial`, `VnTimeH` are TCVN3, a final H meaning capitals; `VNI-Times` is VNI. A subset prefix
    (`ABCDEF+`) and a style (`,Bold`) do not matter.
    """
    family = _STYLE.split(_SUBSET.sub("", font.strip()), maxsplit=1)[0]
    if family.upper().startswith(("VNI-", "VNI ")):
        return "vni", False
    if family.lower().startswith(".vn") or re.match("Vn[A-Z]", family):
        return "tcvn3", family.endswith("H")
    return None
