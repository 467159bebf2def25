"""Whether letters are a written Vietnamese syllable: the evidence that text was decoded rightly."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPS = ("p", "t", "c", "ch")


@cache
def _toneless() -> frozenset[str]:
    table = tomllib.loads((resources.files("ie.read") / "syllables.toml").read_text("utf-8"))
    return frozenset(onset + rime for onset in table["onsets"] for rime in table["rimes"])


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Tell whether a word of letters can be one Vietnamese syllable; case and composition do not matter."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in apart if char in _TONES]
    base = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES))
    if len(tones) > 1 or base not in _toneless():
        return False
    return not tones or not base.endswith(_STOPS) or tones[0] in "\u0301\u0323"
