"""The tokens of a Doc as plain lists and arrays: walking spaCy's Token objects took a fifth of the pipeline's time."""

from __future__ import annotations

import numpy as np
from spacy.attrs import ORTH, SPACY
from spacy.tokens import Doc

WORDS = "ie_words"
"""Where `ie.tokenizer` leaves the words of a Doc in its user data."""


def words(doc: Doc) -> list[str]:
    """Return the text of each token; a list not to be changed."""
    made = doc.user_data.get(WORDS)
    if made is not None and len(made) == len(doc):
        return made  # type: ignore[no-any-return]
    known = doc.vocab.strings
    return [known[orth] for orth in doc.to_array(ORTH).tolist()]


def blanks(doc: Doc) -> list[bool]:
    """Return for each token whether a blank follows it."""
    return doc.to_array(SPACY).astype(bool).tolist()  # type: ignore[no-any-return]


def bounds(doc: Doc) -> tuple[list[int], list[int]]:
    """Return the first character of each token, inclusive, and its last, exclusive."""
    texts = words(doc)
    starts = offsets(texts, blanks(doc))[:-1]
    return starts, [start + len(text) for start, text in zip(starts, texts, strict=True)]


def offsets(texts: list[str], spaces: list[bool]) -> list[int]:
    """Return the first character of each token and, one longer than the Doc, the end of its text."""
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + np.array(spaces, dtype=np.int64)
    return [0, *np.cumsum(sizes).tolist()]
