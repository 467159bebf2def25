"""Vary annotated reports while training: figures, places, document numbers, spacing, capitals, leftovers of layout.

Labels stay exact: every change goes through `training.edits`. Used in a config as `ie.augment.v1`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources

from spacy.util import registry

from ie.document import Document, Entity
from training.edits import Edit, apply

_DIGITS = re.compile(r"\d")
_WORD_EDGE = re.compile(r"(?<=[a-zà-ỹ])(?=[,.;] )")


def augment(document: Document, rng: random.Random, *, strength: float = 1.0) -> Document:
    """Return a varied copy of `document`, or the document itself when chance leaves it alone."""
    edits: list[Edit] = []
    for share, change in ((0.7, _numbers), (0.5, _places), (0.5, _legal), (0.3, _glue), (0.15, _marks)):
        if rng.random() < share * strength:
            edits += change(document, rng)
    changed = apply(document, edits)
    if rng.random() < 0.15 * strength:
        changed = apply(changed, list(_capitals(changed, rng)))
    return changed


def _numbers(document: Document, rng: random.Random) -> list[Edit]:
    """Draw other digits for two figures in three, in the same shape."""
    return [
        edit
        for entity in document.entities
        if entity.label == "QUANTITY" and len(entity.fragments) == 1 and rng.random() < 0.66
        for edit in _other_digits(entity, rng)
    ]


def _other_digits(entity: Entity, rng: random.Random) -> Iterator[Edit]:
    for match in _DIGITS.finditer(entity.text):
        at = entity.start + match.start()
        first = match.start() == 0 and match.group() != "0"
        yield Edit(at, at + 1, str(rng.randint(1 if first else 0, 9)))


def _legal(document: Document, rng: random.Random) -> list[Edit]:
    """Draw other numbers for documents; years stay plausible because only the number before the first slash changes."""
    edits = []
    for entity in document.entities:
        if entity.label == "LEGAL" and len(entity.fragments) == 1 and rng.random() < 0.7:
            match = re.search(r"\d+(?=\s*[/-])", entity.text)
            if match:
                size = rng.choice((1, 2, 2, 3, 3, 4))
                number = str(rng.randint(10 ** (size - 1), 10**size - 1))
                edits.append(Edit(entity.start + match.start(), entity.start + match.end(), number))
    return edits


@cache
def _names() -> dict[str, list[str]]:
    """Return names of administrative units by level: P province, D district, W ward or commune."""
    levels: dict[str, list[str]] = {"P": [], "D": [], "W": []}
    for line in (resources.files("ie.lexicon") / "places.tsv").read_text("utf-8").splitlines():
        name, found = line.split("\t")
        for level in levels:
            if level in found:
                levels[level].append(name)
    return levels


@cache
def _level_of() -> dict[str, str]:
    return {name: level for level in "PDW" for name in _names()[level]}


def _places(document: Document, rng: random.Random) -> list[Edit]:
    """Swap the known names inside places for other names of the same level, most often."""
    edits = []
    levels = _level_of()
    for entity in document.entities:
        if entity.label != "PLACE" or len(entity.fragments) != 1 or rng.random() < 0.4:
            continue
        words = entity.text.split(" ")
        for first in range(len(words)):
            name = " ".join(words[first:])
            level = levels.get(name)
            if level:
                start = entity.end - len(name)
                edits.append(Edit(start, entity.end, rng.choice(_names()[level])))
                break
    return edits


def _glue(document: Document, rng: random.Random) -> list[Edit]:
    """Lose or gain the blank between a number and its unit."""
    edits = []
    known = document.by_id
    for relation in document.relations:
        if relation.type == "HAS_UNIT" and rng.random() < 0.3:
            end, start = known[relation.head].end, known[relation.tail].start
            if end == start:
                edits.append(Edit(end, start, " "))
            elif document.text[end:start] == " ":
                edits.append(Edit(end, start, ""))
    return edits


def _marks(document: Document, rng: random.Random) -> list[Edit]:
    """Set leftovers of layout: footnote numbers glued to a word, Markdown stars around a line."""
    edits = []
    for match in _WORD_EDGE.finditer(document.text):
        if rng.random() < 0.04:
            edits.append(Edit(match.start(), match.start(), f"[{rng.randint(1, 20)}]"))
    for match in re.finditer(r"^.{4,80}$", document.text, re.MULTILINE):
        if rng.random() < 0.1:
            edits += [Edit(match.start(), match.start(), "**"), Edit(match.end(), match.end(), "**")]
    return edits


def _capitals(document: Document, rng: random.Random) -> Iterator[Edit]:
    """Set some short lines in capitals, as headings are."""
    for match in re.finditer(r"^.{10,160}$", document.text, re.MULTILINE):
        if rng.random() < 0.15:
            for offset, char in enumerate(match.group(), match.start()):
                upper = char.upper()
                if upper != char and len(upper) == 1:
                    yield Edit(offset, offset + 1, upper)


def create_augmenter(strength: float = 1.0) -> Callable[[Document, random.Random], Document]:
    """Return the augmenter of a config; registered as `ie.augment.v1`."""

    def varied(document: Document, rng: random.Random) -> Document:
        return augment(document, rng, strength=strength)

    return varied


registry.augmenters("ie.augment.v1", func=create_augmenter)
