"""Find runs of words that two reports share, outside the formulas every office uses.

A run counts from `RUN` words on. Formulas of `formulas.txt` (letterheads, titles of laws and programmes) and references
to documents (LEGAL spans) are cut out first, so a run ends where one begins.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.document import Document

RUN = 12
"""Shortest run of words, in words, that two reports may not share."""

CUT = "\ufffc"
"""Stands for a character that was cut out; no report holds it."""

_WORD = re.compile(rf"[\w\u0300-\u036f]+|{CUT}+")
Word = tuple[str, int]
"""A word in lower case and its offset in the text."""


@dataclass(frozen=True)
class Run:
    """A shared run: the two reports, the offset of its first word in each, and its words."""

    first: str
    second: str
    first_start: int
    second_start: int
    words: tuple[str, ...]


def words_of(text: str) -> list[Word]:
    """Return the words of a text, composed and in lower case, with the offset of each in the text as it is."""
    found = _WORD.finditer(text)
    return [(unicodedata.normalize("NFC", match.group()).lower(), match.start()) for match in found]


@cache
def formulas() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the formulas by their first word, longest first."""
    lines = resources.files("corpus").joinpath("formulas.txt").read_text("utf-8").splitlines()
    table: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for line in lines:
        words = tuple(word for word, _ in words_of(line.partition("#")[0]))
        if words:
            table[words[0]].append(words)
    return {first: tuple(sorted(found, key=len, reverse=True)) for first, found in table.items()}


def without_references(document: Document) -> str:
    """Return the text with every reference to a document cut out, offsets kept."""
    chars = list(document.text)
    for entity in document.entities:
        for start, end in entity.fragments if entity.label == "LEGAL" else ():
            chars[start:end] = CUT * (end - start)
    return "".join(chars)


def pieces(text: str) -> Iterator[list[Word]]:
    """Yield the stretches of words between formulas."""
    words = words_of(text)
    plain = [word for word, _ in words]
    piece: list[Word] = []
    at = 0
    while at < len(words):
        length = _formula_at(plain, at)
        if length:
            yield piece
            piece = []
        else:
            piece.append(words[at])
        at += length or 1
    yield piece


def _formula_at(words: list[str], at: int) -> int:
    """Return how many words the formula or cut that begins at `at` takes, 0 when none begins there."""
    if words[at].startswith(CUT):
        return 1
    candidates = formulas().get(words[at], ())
    return next((len(formula) for formula in candidates if tuple(words[at : at + len(formula)]) == formula), 0)


def shared_runs(texts: Mapping[str, str], *, length: int = RUN) -> list[Run]:
    """Return the runs of at least `length` words that two of the texts share, each as long as it goes."""
    cut = {name: list(pieces(text)) for name, text in texts.items()}
    seen: dict[tuple[str, ...], list[tuple[str, int, int]]] = defaultdict(list)
    runs = []
    for name, stretches in cut.items():
        here = []
        for number, stretch in enumerate(stretches):
            plain = [word for word, _ in stretch]
            done: dict[str, int] = {}
            for at in range(len(plain) - length + 1):
                gram = tuple(plain[at : at + length])
                here.append((gram, (name, number, at)))
                for other, other_number, other_at in seen.get(gram, ()):
                    if at < done.get(other, 0):
                        continue
                    far = cut[other][other_number]
                    size = _common([word for word, _ in far[other_at:]], plain[at:])
                    done[other] = at + size - length + 1
                    runs.append(Run(other, name, far[other_at][1], stretch[at][1], tuple(plain[at : at + size])))
        for gram, place in here:
            seen[gram].append(place)
    return runs


def _common(one: list[str], two: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
