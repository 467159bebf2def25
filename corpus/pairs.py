"""Pair the spans of two annotations of one text: same extent, overlapping, or alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.checks.spans import characters
from ie.document import Document, Entity

OPEN = "Open"
"""Attribute of a span whose status the guidelines leave open."""

Extents = Mapping[str, frozenset[int]]
"""Characters of each span, by entity id."""


@dataclass(frozen=True)
class Paired:
    """Spans of one label in two annotations, by id: same extent, overlapping, and alone."""

    exact: tuple[tuple[str, str], ...]
    overlapping: tuple[tuple[str, str], ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def pair(first: Document, second: Document, label: str) -> Paired:
    """Pair the spans of one label one to one: same extents first, then those that share most characters.

    White space does not count, so a span cut at a line end equals one that runs over it. A span marked open in either
    annotation is left out, and so is a span of the same label on the other side that shares characters with it.
    """
    ours, theirs = extents(first, label), extents(second, label)
    doubtful = _open(first, ours) | _open(second, theirs)
    ours = {id: chars for id, chars in ours.items() if not chars & doubtful}
    theirs = {id: chars for id, chars in theirs.items() if not chars & doubtful}
    exact = _exact(ours, theirs)
    taken_ours, taken_theirs = {id for id, _ in exact}, {id for _, id in exact}
    overlapping = _overlapping(_without(ours, taken_ours), _without(theirs, taken_theirs))
    taken_ours |= {id for id, _ in overlapping}
    taken_theirs |= {id for _, id in overlapping}
    return Paired(exact, overlapping, tuple(_without(ours, taken_ours)), tuple(_without(theirs, taken_theirs)))


def extents(document: Document, label: str) -> dict[str, frozenset[int]]:
    """Return the visible characters of each span of a label."""
    return {e.id: visible(e, document.text) for e in document.entities if e.label == label}


def visible(entity: Entity, text: str) -> frozenset[int]:
    """Return the offsets of a span's characters other than white space."""
    return frozenset(at for at in characters(entity) if not text[at].isspace())


def _open(document: Document, found: Extents) -> frozenset[int]:
    known = document.by_id
    return frozenset(at for id, chars in found.items() if known[id].has(OPEN) for at in chars)


def _without(found: Extents, taken: Iterable[str]) -> dict[str, frozenset[int]]:
    gone = set(taken)
    return {id: chars for id, chars in found.items() if id not in gone}


def _exact(ours: Extents, theirs: Extents) -> tuple[tuple[str, str], ...]:
    by_extent: dict[frozenset[int], list[str]] = {}
    for id, chars in theirs.items():
        by_extent.setdefault(chars, []).append(id)
    return tuple((id, by_extent[chars].pop(0)) for id, chars in ours.items() if by_extent.get(chars))


def _overlapping(ours: Extents, theirs: Extents) -> tuple[tuple[str, str], ...]:
    shared = [
        (-len(one & two), min(one), our_id, their_id)
        for our_id, one in ours.items()
        for their_id, two in theirs.items()
        if one & two
    ]
    pairs: list[tuple[str, str]] = []
    for *_, our_id, their_id in sorted(shared):
        if all(our_id != one and their_id != two for one, two in pairs):
            pairs.append((our_id, their_id))
    return tuple(pairs)
