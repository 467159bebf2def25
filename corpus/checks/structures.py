"""Phenomena that no pattern on one span can see: shared units, broken names, sub-projects, footnotes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from corpus.provinces import after_merger
from ie.document import Document, Entity
from ie.reflow import reflow

_SENTENCE_END = re.compile(r"[.!?;]\s+[A-ZĐÀ-Ỹ]|\n\s*[-+*•]|\n\s*\d+[.)]|\n\s*[a-h]\)")
_BEGAN = re.compile(r"(?i)^(xã|phường|đặc khu)\b")


def _units(document: Document) -> Iterator[tuple[Entity, Entity]]:
    known = document.by_id
    return ((known[r.head], known[r.tail]) for r in document.relations if r.type == "HAS_UNIT")


def glued_unit(document: Document) -> int:
    """Count numbers with a unit other than `%` glued to them."""
    return sum(number.end == unit.start and unit.text != "%" for number, unit in _units(document))


def shared_unit(document: Document) -> int:
    """Count units that follow several numbers which all have them."""
    sharing = Counter(unit.id for number, unit in _units(document) if number.end <= unit.start)
    return sum(times > 1 for times in sharing.values())


def unit_before(document: Document) -> int:
    """Count numbers whose unit stands earlier in the text."""
    return sum(unit.end <= number.start for number, unit in _units(document))


def units_since_july_2025(document: Document) -> int:
    """Count communes, wards and special zones in reports made since July 2025."""
    if not after_merger(document.meta.get("date", "")):
        return 0
    return sum(entity.label == "PLACE" and bool(_BEGAN.match(entity.text)) for entity in document.entities)


def subprojects(document: Document) -> int:
    """Count projects that are PART_OF another."""
    known = document.by_id
    return sum(r.type == "PART_OF" and known[r.head].label == "PROJECT" for r in document.relations)


def projects_in_one_sentence(document: Document) -> int:
    """Count pairs of neighbouring projects, neither inside the other, with no sentence end between them."""
    projects = sorted((e for e in document.entities if e.label == "PROJECT"), key=lambda entity: entity.start)
    gaps = [(first.end, second.start) for first, second in pairwise(projects) if second.start >= first.end]
    return sum(end - start < 300 and not _SENTENCE_END.search(document.text[start:end]) for start, end in gaps)


def funded_by_several(document: Document) -> int:
    """Count projects with more than one amount of money."""
    amounts = Counter(relation.head for relation in document.relations if relation.type == "FUNDED")
    return sum(times > 1 for times in amounts.values())


def broken_project(document: Document) -> int:
    """Count projects whose name runs over a line end or is interrupted."""
    return sum(entity.label == "PROJECT" and len(entity.fragments) > 1 for entity in document.entities)


def footnotes(document: Document) -> int:
    """Count footnotes."""
    return len(reflow(document.text).footnotes)


def decomposed(document: Document) -> int:
    """Count letters whose marks stand as characters of their own."""
    return sum(bool(unicodedata.combining(char)) for char in document.text)


STRUCTURES: dict[str, Callable[[Document], int]] = {
    function.__name__: function
    for function in (
        glued_unit,
        shared_unit,
        unit_before,
        units_since_july_2025,
        subprojects,
        projects_in_one_sentence,
        funded_by_several,
        broken_project,
        footnotes,
        decomposed,
    )
}
"""What `structure` may name in `phenomena.toml`: a count for each document."""
