"""Which sentences a relation may join: paragraphs, sentences and the outline above each paragraph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from ie import tokens
from ie.outline import leads, outline

LINES_KEY = "ie_lines"
"""Where a Doc keeps its paragraphs and sentences in its user data."""
_END = frozenset(".!?…")
_SHORT = frozenset(("tp", "tt", "tx", "ths", "ts"))


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
    paragraph, sentence, texts = lines(doc)
    return Scope(paragraph, sentence, outline(texts), np.array([leads(text) for text in texts]))


def lines(doc: Doc) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return for each token the numbers of its paragraph and sentence, and the stripped text of each paragraph.

    There is one text at least. The Doc keeps what was worked out for it.
    """
    known = doc.user_data.get(LINES_KEY)
    if isinstance(known, tuple) and len(known[0]) == len(doc):
        return known  # type: ignore[return-value]
    words, spaces = tokens.words(doc), tokens.blanks(doc)
    ends = [index for index, word in enumerate(words) if "\n" in word]
    marks = [index for index, word in enumerate(words) if word in _END and _ends_sentence(words, spaces, index)]
    found = _after(ends, len(doc)), _after(ends + marks, len(doc)), _paragraph_texts(words, spaces, ends)
    doc.user_data[LINES_KEY] = found
    return found


def _paragraph_texts(words: list[str], spaces: list[bool], ends: list[int]) -> list[str]:
    whole = "".join([word + " " if blank else word for word, blank in zip(words, spaces, strict=True)])
    at = tokens.offsets(words, spaces)
    starts = [0, *(index + 1 for index in ends)]
    texts = [whole[at[start] : at[end]] for start, end in zip(starts, ends, strict=False)]
    if starts[-1] < len(words) or not texts:
        texts.append(whole[at[starts[-1]] :])
    return [text.strip() for text in texts]


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
