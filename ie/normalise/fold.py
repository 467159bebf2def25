"""One spelling to compare by: Vietnamese text differs in composition, tone placement, case, blanks and dashes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

CAPITALS = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
"""Capital letters of Vietnamese for a character class; a range such as `à-ỹ` takes in capitals too."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_DASH = re.compile("[\u2010-\u2015\u2212]")
_MOST_KEPT = 2_000
_TONE = "[\u0300\u0301\u0303\u0309\u0323]"
# On decomposed letters: `hoà`, `khoẻ`, `thuỷ` carry the tone on the last vowel in the old way; after q it stays there.
_OLD_TONE = re.compile(rf"(?<!q)(?:(o)([ae])|(u)(y))({_TONE})(?![^\W\d_]|[\u0300-\u036f])", re.IGNORECASE)
# Few texts have any of these; the searches spare the rest from being taken apart and put together again.
_ODD = re.compile(f"{_INVISIBLE.pattern}|{_DASH.pattern}|[ðÐ]")
_MAY_BE_OLD_TONE = re.compile(
    "[oOuU\u0300-\u036f](?:(?<=[oO])[àáãảạèéẽẻẹÀÁÃẢẠÈÉẼẺẸ]|(?<=[uU])[ỳýỹỷỵỲÝỸỶỴ]|(?<=[\u0300-\u036f]))"
)


def clean(text: str) -> str:
    """Return the text composed, on one line, with plain blanks and hyphens; case and spelling are kept."""
    if text.isascii():
        return " ".join(text.split())
    if _ODD.search(text):
        text = _DASH.sub("-", _INVISIBLE.sub("", text)).replace("ð", "đ").replace("Ð", "Đ")
    return " ".join(unicodedata.normalize("NFC", text).split())


def respell(text: str) -> str:
    """Return the text composed with tone marks placed the new way: `Hoà Bình` becomes `Hòa Bình`."""
    return text if text.isascii() else _respelled(unicodedata.normalize("NFC", text))


def _respelled(composed: str) -> str:
    if not _MAY_BE_OLD_TONE.search(composed):
        return composed
    apart = unicodedata.normalize("NFD", composed)
    moved = _OLD_TONE.sub(lambda m: f"{m[1] or m[3]}{m[5]}{m[2] or m[4]}", apart)
    return unicodedata.normalize("NFC", moved)


def fold_once(text: str) -> str:
    """Return what `fold` does and keep nothing: for stretches of a report, which hardly ever come again."""
    return _respelled(clean(text).lower())


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return what all spellings of a text have in common: cleaned, lower-case, new tone placement."""
    return fold_once(text)


def unmarked(text: str) -> str:
    """Return a composed text with every letter bare of its marks, character by character, so that offsets stay."""
    return text.translate(_BARE)


class _Bare(dict[int, str]):
    """Bare letters by code point, for `str.translate`, which asks for those that are missing."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        bare = {"đ": "d", "Đ": "D"}.get(char) or unicodedata.normalize("NFD", char)[0]
        if len(self) < _MOST_KEPT:
            self[code] = bare
        return bare


_BARE = _Bare()
