"""Which encoding a text is in, by what it says once converted: the share of plausible Vietnamese syllables.

Only words with a character beyond ASCII count (for VIQR: with a mark after a vowel), since plain words are the same in
every encoding. Single paragraphs of a Unicode text may be legacy too, where text was pasted from an old document.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ie.document import Fragment
from ie.read.legacy import convert
from ie.read.offsets import Rewriter
from ie.read.syllables import is_syllable

SAMPLE = 60_000
"""Characters judged; more say nothing new."""
MIN_WORDS = 3
"""Fewest plausible words that speak for a legacy encoding."""
MIN_SHARE = 0.7
MARGIN = 0.2
"""Least share of plausible words after conversion, and how far above the share without."""
VIQR_MIN_SHARE = 0.25
"""Least share of all words that carry VIQR marks and are syllables once converted; running text has half and more."""

# Letters that Windows-1252 does not have: a word with one of them is Unicode already.
_BEYOND = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u0300-\u036f\u1ea0-\u1ef9]")
_TRIM = "\"'()[]{}<>.,;:!?-/*|“”‘’–…+=%&0123456789"
_VIQR_MARK = re.compile(r"[AEIOUYaeiouy][\^(+`'?~.]|[dD][dD]")
_LETTER = re.compile("[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_SYMBOLS = re.compile(r"[\x80-\x9f\xa1-\xaf\xb1\xb4-\xb8\xbb-\xbf\xd7\xf7]")


@dataclass(frozen=True)
class Tally:
    """Words that had to be judged and how many of them were plausible Vietnamese."""

    words: int
    good: int

    @property
    def share(self) -> float:
        """Plausible words of the judged ones, 0.0 when there was none."""
        return self.good / self.words if self.words else 0.0


def tally(before: str, encoding: str | None) -> Tally:
    """Judge the words of a text as they read in `encoding`; None leaves them as they are."""
    words = [word.strip(_TRIM) for word in before[:SAMPLE].split() if not word.isascii()]
    words = [word for word in words if word]
    if not encoding:
        return Tally(len(words), sum(map(_is_good, words)))
    legacy = [word for word in words if not _BEYOND.search(word)]
    after = convert("\n".join(legacy), encoding)[0].split("\n") if legacy else []
    return Tally(len(words), sum(map(_is_good, after)))


@lru_cache(maxsize=50_000)
def _is_good(word: str) -> bool:
    """Tell whether a word is made of Vietnamese syllables, at least one of them with a mark, and of no odd symbol."""
    composed = unicodedata.normalize("NFC", word)
    if _SYMBOLS.search(composed):
        return False
    marked = [part for part in _WORD.findall(composed) if not part.isascii()]
    return bool(marked) and all(is_syllable(part) or _is_acronym(part) for part in marked)


def _is_acronym(word: str) -> bool:
    return word.isupper() and "Đ" in word


def legacy_encoding(text: str) -> str | None:
    """Return the legacy encoding that a text of Windows-1252 characters is in, None when it is none of them."""
    plain = tally(text, None)
    if plain.share > 1 - MARGIN:
        return None
    if plain.words:
        found = {encoding: tally(text, encoding) for encoding in ("tcvn3", "vni", "tcvn5712-1")}
        best = max(found, key=lambda encoding: found[encoding].good)
        score = found[best]
        if score.good >= MIN_WORDS and score.share >= MIN_SHARE and score.share >= plain.share + MARGIN:
            return best
        return None
    return "viqr" if _is_viqr(text) else None


def _is_viqr(text: str) -> bool:
    words = [word for word in text[:SAMPLE].split() if _LETTER.search(word)]
    marked = [word for word in words if _VIQR_MARK.search(word)]
    after = convert("\n".join(marked), "viqr")[0].split("\n")
    good = sum(_is_good(word.strip(_TRIM)) for word in after)
    return good >= MIN_WORDS and good >= VIQR_MIN_SHARE * len(words) and good >= MIN_SHARE * len(marked)


def legacy_lines(text: str) -> tuple[str, list[Fragment]] | None:
    """Return the legacy encoding of single lines of a Unicode text, and these lines as `[start, end)`.

    None when there is no such line. Lines are judged together first and then each against staying as it is, so that a
    symbol or a foreign name is left alone.
    """
    odd = [m.span() for m in re.finditer(r"[^\n\r\f]+", text) if is_doubtful(m.group())]
    encoding = legacy_encoding("\n".join(text[start:end] for start, end in odd)) if odd else None
    if not encoding:
        return None
    better = [span for span in odd if gains(text[slice(*span)], encoding)]
    return (encoding, better) if better else None


def is_doubtful(line: str) -> bool:
    """Tell whether a line holds words beyond ASCII that are no Vietnamese and a character that legacy text has."""
    return not line.isascii() and tally(line, None).share < MIN_SHARE


def gains(line: str, encoding: str) -> bool:
    """Tell whether a line says more in the encoding than as it is."""
    return tally(line, encoding).good > tally(line, None).good


def convert_lines(text: str, encoding: str, lines: list[Fragment]) -> tuple[str, np.ndarray]:
    """Convert the given lines and return the whole text with its map back."""
    rewriter = Rewriter(text)
    for start, end in lines:
        rewriter.splice(start, end, *convert(text[start:end], encoding))
    return rewriter.done()
