"""Vary places: other names of the same level from the gazetteer, their type words written out or abbreviated."""

from __future__ import annotations

import random
from functools import cache
from importlib import resources

from ie.document import Document, Entity
from training.edits import Edit
from training.vary.forms import forms


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


@cache
def _type_words() -> list[tuple[str, list[str]]]:
    """Return every spelling of a type word with those that may stand for it, longer spellings first."""
    pairs = [(form, line) for line in forms()["places"]["types"] for form in line]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def places(document: Document, rng: random.Random) -> list[Edit]:
    """Swap most known names for others of their level; a name is swapped alike all over the document."""
    edits = []
    chosen: dict[str, str] = {}
    for entity in _places(document):
        name = _known_name(entity.text)
        if name and (name in chosen or rng.random() < 0.6):
            other = chosen.setdefault(name, rng.choice(_names()[_level_of()[name]]))
            edits.append(Edit(entity.end - len(name), entity.end, other))
    return edits


def types(document: Document, rng: random.Random) -> list[Edit]:
    """Write some type words in another spelling (`thành phố` as `TP.`) or put another of the same level."""
    edits = []
    for entity in _places(document):
        found = type_word(entity.text)
        if found is None or rng.random() > 0.3:
            continue
        form, line = found
        name = entity.text[len(form) :].lstrip()
        level = next((level for level, words in forms()["places"]["levels"].items() if line[0] in words), None)
        if level and _level_of().get(name) == level and rng.random() < 0.3:
            line = _line_of(rng.choice(forms()["places"]["levels"][level]))
        new = rng.choice(line)
        blank = "" if new.endswith(".") and rng.random() < 0.4 else " "
        edits.append(Edit(entity.start, entity.end - len(name), new + blank))
    return edits


def type_word(text: str) -> tuple[str, list[str]] | None:
    """Return the type word that a place begins with and its spellings; None when it has none or nothing follows."""
    for form, line in _type_words():
        rest = text[len(form) :]
        if text.startswith(form) and rest.strip() and (rest[0] == " " or form.endswith(".")):
            return form, line
    return None


def _line_of(word: str) -> list[str]:
    return next(line for line in forms()["places"]["types"] if line[0] == word)


def _known_name(text: str) -> str | None:
    """Return the longest name of the gazetteer that the place ends with."""
    words = text.split(" ")
    candidates = (" ".join(words[first:]) for first in range(len(words)))
    return next((name for name in candidates if name in _level_of()), None)


def _places(document: Document) -> list[Entity]:
    return [e for e in document.entities if e.label == "PLACE" and len(e.fragments) == 1]
