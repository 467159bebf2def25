"""What stands above and before a figure and says how it is meant: the section, the kind of document, its sentence.

A count under `NHIỆM VỤ TRỌNG TÂM` is planned, under `Kết quả thực hiện` it is not, and the heading may stand a page
above. The words are in `sections.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np
from spacy.tokens import Doc
from thinc.api import Model, chain, concatenate, list2ragged, ragged2list

from ie.layers import hash_embed, rows_once
from ie.lines import is_upper, marker
from ie.outline import HEADING_LENGTH, leads
from ie.scope import lines
from ie.tokens import words

COLUMNS = 3
"""Ids of a token: section and kind of document; what was said since the last mark or figure; what in its sentence."""
OPENING = 40
"""How many lines of a document may name its kind."""
_ROWS = 400
_MARKS = frozenset(",;:.()")
_MARK, _FIGURE, _PAIR = 1, 2, 4
_FLAGS = 3
"""Bits of `_seen` before those of phrases."""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("ie").joinpath("sections.toml").read_text("utf-8"))


@cache
def _side() -> re.Pattern[str]:
    table = _table()
    return re.compile(f"(?P<ahead>{_any(table['ahead'])})|(?P<behind>{_any(table['behind'])})")


@cache
def _kinds() -> tuple[tuple[int, re.Pattern[str]], ...]:
    found = enumerate(_table()["kinds"].values(), 1)
    return tuple((number, re.compile(rf"\W*(?:{_any(names)})\b")) for number, names in found)


@cache
def _said() -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return the bits of single words, and those of pairs of words by the first and the second."""
    single: dict[str, int] = {}
    double: dict[str, dict[str, int]] = {}
    for number, phrases in enumerate(_table()["said"].values()):
        for phrase in phrases:
            first, _, second = phrase.partition(" ")
            table = double.setdefault(first, {}) if second else single
            table[second or first] = table.get(second or first, 0) | 1 << number
    return single, double


@lru_cache(maxsize=50_000)
def _seen(word: str) -> int:
    """Return in one number what a word means here: a mark, a figure, the first of a pair of words, and its bits."""
    single, double = _said()
    lower = word.lower()
    flags = (word in _MARKS or "\n" in word, any(map(str.isdigit, word)), lower in double)
    return sum(flag << place for place, flag in enumerate(flags)) | single.get(lower, 0) << _FLAGS


def _any(phrases: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, phrases), key=len, reverse=True))


def section_numbers(texts: Sequence[str]) -> list[int]:
    """Return a number for each paragraph (stripped text): the side of its section and the kind of the document.

    The side is that of the last heading that has one: 0 not known, 1 what is to come, 2 what was done.
    """
    kind, side = _kind(texts), 0
    found = []
    for text in texts:
        if _is_heading(text):
            match = _side().search(text.lower())
            if match:
                side = 1 if match["ahead"] else 2
        found.append(side + 3 * kind)
    return found


def _kind(texts: Sequence[str]) -> int:
    for text in [text for text in texts if text][:OPENING]:
        lower = text[:HEADING_LENGTH].lower()
        for number, pattern in _kinds():
            if pattern.match(lower):
                return number
    return 0


def _is_heading(text: str) -> bool:
    """Tell whether a short paragraph heads others: numbered, in capitals, marked or ended like a heading."""
    if not text or len(text) > HEADING_LENGTH or text.endswith((".", ";", ",")):
        return False
    numbered = marker(text.lstrip("*_# ")).strip(" -+*•")
    return bool(numbered) or text.startswith(("#", "**")) or leads(text) or is_upper(text)


def _meanings(texts: Sequence[str]) -> np.ndarray:
    return np.fromiter(map(_seen, texts), dtype=np.int64, count=len(texts))


def phrase_bits(texts: Sequence[str], seen: np.ndarray) -> np.ndarray:
    """Return for each token which kinds of phrases begin there, a bit each (`said` in the data)."""
    bits = seen >> _FLAGS
    _, double = _said()
    for index in np.flatnonzero(seen[:-1] & _PAIR).tolist():
        bits[index] |= double[texts[index].lower()].get(texts[index + 1].lower(), 0)
    return bits


def said_before(bits: np.ndarray, stretch: np.ndarray) -> np.ndarray:
    """Return for each token all bits of its stretch up to it; `stretch` numbers the stretches in order."""
    found = np.zeros(len(bits), dtype=np.int64)
    where = np.flatnonzero(bits)
    ends = np.searchsorted(stretch, stretch[where], side="right")
    for index, end, bit in zip(where.tolist(), ends.tolist(), bits[where].tolist(), strict=True):
        found[index:end] |= bit
    return found


def _stretches(seen: np.ndarray) -> np.ndarray:
    """Return for each token the number of its stretch: they end with a mark and with a figure."""
    marks, figures = (seen & _MARK) > 0, (seen & _FIGURE) > 0
    ends = marks.copy()
    ends[:-1] |= figures[:-1] & ~figures[1:]
    return np.cumsum(ends) - ends


def section_ids(doc: Doc) -> np.ndarray:
    """Return the `(tokens, COLUMNS)` ids of a Doc."""
    texts = words(doc)
    seen = _meanings(texts)
    paragraph, sentence, paragraphs = lines(doc)
    numbers = np.array(section_numbers(paragraphs), dtype=np.int64)[paragraph]
    bits = phrase_bits(texts, seen)
    columns = [numbers, said_before(bits, _stretches(seen)), said_before(bits, sentence)]
    return np.stack(columns, axis=1).astype(np.uint64)


def section_vectors(width: int) -> Model[list[Doc], list]:
    """Return a layer that gives each token a vector of `COLUMNS * width` for what stands above and before it."""
    tables = [hash_embed(nO=width, nV=_ROWS, column=column, seed=301 + column) for column in range(COLUMNS)]
    ids: Model = Model("ie_section_ids", _forward)
    return chain(ids, list2ragged(), rows_once(concatenate(*tables)), ragged2list())


def _forward(model: Model, docs: Sequence[Doc], is_train: bool):  # type: ignore[no-untyped-def]
    def backprop(gradient: list) -> list:
        return []

    return [model.ops.asarray(section_ids(doc)) for doc in docs], backprop
