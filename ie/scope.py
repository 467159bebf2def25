"""Which sentences a relation may join: paragraphs, sentences and the outline above each paragraph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from spacy.tokens import Doc

from ie import tokens
from ie.outline import leads, outline

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
    paragraph, sentence = paragraphs_and_sentences(doc)
    texts = paragraph_texts(doc)
    return Scope(paragraph, sentence, outline(texts), np.array([leads(text) for text in texts]))


def paragraphs_and_sentences(doc: Doc) -> tuple[np.ndarray, np.ndarray]:
    """Return for each token the numbers of its paragraph and of its sentence."""
    words, spaces = tokens.words(doc), tokens.blanks(doc)
    lines = _line_ends(words)
    marks = [index for index, word in enumerate(words) if word in _END and _ends_sentence(words, spaces, index)]
    return _after(lines, len(doc)), _after(lines + marks, len(doc))


def paragraph_texts(doc: Doc) -> list[str]:
    """Return the stripped text of each paragraph, one at least."""
    words, spaces = tokens.words(doc), tokens.blanks(doc)
    whole = "".join([word + " " if blank else word for word, blank in zip(words, spaces, strict=True)])
    at, lines = tokens.offsets(words, spaces), _line_ends(words)
    starts = [0, *(index + 1 for index in lines)]
    texts = [whole[at[start] : at[end]] for start, end in zip(starts, lines, strict=False)]
    if starts[-1] < len(doc) or not texts:
        texts.append(whole[at[starts[-1]] :])
    return [text.strip() for text in texts]


def _line_ends(words: list[str]) -> list[int]:
    return [index for index, word in enumerate(words) if "\n" in word]


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
