"""Check what spans and relations must never do: cross, overlap within a label, cut words, stand twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.checks.problem import Problem
from ie.document import Document, Entity
from ie.schema import schema

_NEVER_FIRST = ",.;:!?"
_NEVER_LAST = ",;:!?"


def problems(document: Document, lines: Mapping[str, int], path: Path) -> list[Problem]:
    """Return the problems of a document; `lines` gives the line of each entity and relation id in `path`."""
    found = [
        *_edges(document, lines, path),
        *_clashes(document, lines, path),
        *_twice(document, lines, path),
    ]
    return sorted(found)


def _edges(document: Document, lines: Mapping[str, int], path: Path) -> Iterator[Problem]:
    text = document.text
    for entity in document.entities:
        line, name = lines.get(entity.id, 0), f"{entity.id} {entity.label} {entity.text!r}"
        if any(text[start].isspace() or text[end - 1].isspace() for start, end in entity.fragments):
            yield Problem(path, line, f"{name} starts or ends with white space; move its offsets inward")
        if text[entity.start] in _NEVER_FIRST or text[entity.end - 1] in _NEVER_LAST:
            yield Problem(path, line, f"{name} has sentence punctuation at its edge; leave it out")
        if cuts_word(text, entity.start) or cuts_word(text, entity.end):
            yield Problem(path, line, f"{name} cuts a word; let it start and end between words")


def cuts_word(text: str, at: int) -> bool:
    """Tell whether the boundary at `at` runs through a word: between two letters, two digits, or before a mark.

    Between a digit and a letter it may run, for units and footnote numbers stand glued (`12,5ha`, `quy định3`).
    """
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.combining(after):
        return True
    if unicodedata.combining(before):
        before = "a"
    return before.isalnum() and after.isalnum() and _is_digit(before) == _is_digit(after)


def _is_digit(char: str) -> bool:
    return char.isdigit() and char not in "²³¹"


def _clashes(document: Document, lines: Mapping[str, int], path: Path) -> Iterator[Problem]:
    order = sorted(document.entities, key=lambda entity: (entity.start, -entity.end))
    for index, first in enumerate(order):
        for second in order[index + 1 :]:
            if second.start >= first.end:
                break
            message = clash(first, second)
            if message:
                yield Problem(path, max(lines.get(first.id, 0), lines.get(second.id, 0)), message)


def clash(first: Entity, second: Entity) -> str:
    """Say what is wrong between two spans, "" when they may stand together.

    Only shared characters count: a span in a footnote does not meet the span that the footnote interrupts.
    """
    one, two = characters(first), characters(second)
    if not one & two:
        return ""
    names = f"{first.id} {first.label} {first.text!r} and {second.id} {second.label} {second.text!r}"
    if not (one <= two or two <= one):
        return f"{names} cross; let one hold the other or end before it"
    if first.label != second.label:
        return ""
    if one == two:
        return f"{names} are the same span twice; remove one"
    if schema().labels[first.label].self_nesting:
        return ""
    return f"{names} overlap; spans of {first.label} may not nest"


def characters(entity: Entity) -> frozenset[int]:
    """Return the offsets of the characters in a span."""
    return frozenset(at for start, end in entity.fragments for at in range(start, end))


def _twice(document: Document, lines: Mapping[str, int], path: Path) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], str] = {}
    for relation in document.relations:
        key = (relation.type, relation.head, relation.tail)
        if key in seen:
            message = f"{relation.id} {relation.type} {relation.head} -> {relation.tail} says what {seen[key]} says"
            yield Problem(path, lines.get(relation.id, 0), f"{message}; remove one")
        seen.setdefault(key, relation.id)
