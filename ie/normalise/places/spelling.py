"""One spelling for the names of units, which differ in tone placement, i and y, hyphens, apostrophes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ie.normalise.fold import respell

_PUNCTUATION = re.compile(r"[\s\-‐-―−'’‘`´ʼ.,“”\"]+")
_DAK = re.compile(r"\bđ[ăắaâ][kc]\b|\bdak\b")
_Y_AFTER_CONSONANT = re.compile(r"(?<=[bcdđghklmnprstvx])([yýỳỷỹỵ])(?!\w)|(?<=qu)([yýỳỷỹỵ])(?!\w)")
_AS_I = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")
_ZEROS = re.compile(r"^0+(?=[0-9])")


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """Return what all spellings of one name share: `Quí Hoà` and `Quý Hòa`, `Ea H’leo` and `Ea Hleo`, `01` and `1`."""
    lower = _DAK.sub("đăk", respell(unicodedata.normalize("NFC", name)).lower())
    same_i = _Y_AFTER_CONSONANT.sub(_as_i, lower)
    return _ZEROS.sub("", _PUNCTUATION.sub("", same_i))


def _as_i(match: re.Match[str]) -> str:
    return match.group().translate(_AS_I)


@lru_cache(maxsize=50_000)
def toneless(text: str) -> str:
    """Return small letters without tone marks, blanks and punctuation: `xã Chiềng Ly` becomes `xachiengly`."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(filter(str.isalnum, apart))
