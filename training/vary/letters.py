"""Vary letters: where the tone mark stands, lines in capitals, what recognition mistakes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache

from ie.document import Document
from training.edits import Edit
from training.vary.forms import forms

_LINE = re.compile(r"^.{10,160}$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTER = re.compile(r"[^\W\d_]")


@cache
def _toned() -> tuple[tuple[re.Pattern[str], dict[str, str]], tuple[re.Pattern[str], dict[str, str]]]:
    """Return how to write tone marks the old way and the new way: at the end of a syllable, not after `q`."""
    pairs = [(a, b) for old, new in forms()["letters"]["tones"] for a, b in _cased(old, new)]
    ways = []
    for table in ({new: old for old, new in pairs}, dict(pairs)):
        ways.append((re.compile(rf"(?<![qQ])(?:{'|'.join(table)})(?![^\W\d_])"), table))
    return ways[0], ways[1]


def _cased(old: str, new: str) -> Iterator[tuple[str, str]]:
    for change in (str.lower, str.capitalize, str.upper):
        yield change(old), change(new)


def tones(document: Document, rng: random.Random) -> list[Edit]:
    """Place tone marks the old way (`hoà`, `uỷ`) or the new way (`hòa`, `ủy`) all over the document."""
    pattern, table = rng.choice(_toned())
    return [Edit(m.start(), m.end(), table[m.group()]) for m in pattern.finditer(document.text)]


def capitals(document: Document, rng: random.Random) -> list[Edit]:
    """Set some short lines in capitals, as headings are."""
    return [
        Edit(at, at + 1, char.upper())
        for line in _LINE.finditer(document.text)
        if rng.random() < 0.15
        for at, char in enumerate(line.group(), line.start())
        if char.upper() != char and len(char.upper()) == 1
    ]


@cache
def _confused() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for right, wrong in forms()["letters"]["confused"]:
        table.setdefault(right, []).append(wrong)
    return table


@cache
def _misread() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for right, wrong in forms()["letters"]["marks"]:
        table.setdefault(right, []).append(wrong)
    return table


def ocr(document: Document, rng: random.Random) -> list[Edit]:
    """Mistake letters inside words and marks outside spans, at a rate drawn for the document."""
    rate = rng.choice((0.005, 0.01, 0.03))
    edges = {edge for entity in document.entities for fragment in entity.fragments for edge in fragment}
    edits = []
    for word in _WORD.finditer(document.text):
        if rng.random() < rate * 3:
            edits += _mistaken(word, rng)
    for match in re.finditer("|".join(map(re.escape, _misread())), document.text):
        if rng.random() < rate and match.start() not in edges and match.end() not in edges:
            edits.append(Edit(match.start(), match.end(), rng.choice(_misread()[match.group()])))
    return edits


def _mistaken(word: re.Match[str], rng: random.Random) -> list[Edit]:
    """Mistake one place inside a word; its first and last letters stay letters, so the word stays one."""
    found = []
    text = word.group()
    for right, wrongs in _confused().items():
        at = text.find(right)
        if at >= 0:
            found += [(at, right, wrong) for wrong in wrongs]
    if not found:
        return []
    at, right, wrong = rng.choice(found)
    if any(not _LETTER.match(char) for char in wrong):
        return []
    return [Edit(word.start() + at, word.start() + at + len(right), wrong)]
