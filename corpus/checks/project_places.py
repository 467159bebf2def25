"""Figures of a project linked to a place of the project, which they have through it (section 4 of GUIDELINES.md).

A place is the project's where it lies inside the name, or follows it and is its LOCATED_IN. A figure is the project's
where it is FUNDED by it, or stands after its name, and after no other project's, in one sentence.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.checks.problem import Problem
from ie.document import Document, Entity, Relation
from ie.sentences import is_abbreviation

_STOP = re.compile(r"[.;]\s|\n")


def problems(document: Document, lines: Mapping[str, int], path: Path) -> Iterator[Problem]:
    """Yield one problem a relation; `lines` gives the line of each id in the file `path`."""
    for relation in doubled(document):
        message = (
            f"LOCATED_IN {relation.id} gives a figure the place of its project; take it out (GUIDELINES.md, section 4)"
        )
        yield Problem(path, lines.get(relation.id, 0), message)


def doubled(document: Document) -> list[Relation]:
    """Return the LOCATED_IN of quantities that lead to a place of their project, in their order."""
    known = document.by_id
    projects = sorted((entity for entity in document.entities if entity.label == "PROJECT"), key=_end)
    pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for relation in document.relations:
        pairs[relation.type].add((relation.head, relation.tail))

    def wrong(figure: Entity, place: Entity) -> bool:
        if any(project.start <= place.start and place.end <= project.end for project in projects):
            return True
        owners = [project for project in projects if (project.id, place.id) in pairs["LOCATED_IN"]]
        funded = [project for project in owners if (project.id, figure.id) in pairs["FUNDED"]]
        told = _told_of(figure, projects, document.text)
        return any(project.end <= place.start for project in funded) or (
            told is not None and told in owners and told.end <= place.start < figure.start
        )

    return [
        relation
        for relation in document.relations
        if relation.type == "LOCATED_IN"
        and known[relation.head].label == "QUANTITY"
        and wrong(known[relation.head], known[relation.tail])
    ]


def _end(entity: Entity) -> int:
    return entity.end


def _told_of(figure: Entity, projects: Sequence[Entity], text: str) -> Entity | None:
    """Return the last of the projects, in order of their ends, that its sentence names before a figure, if any."""
    before = [project for project in projects if project.end <= figure.start]
    return before[-1] if before and _one_sentence(text, before[-1].end, figure.start) else None


def _one_sentence(text: str, start: int, end: int) -> bool:
    """Tell whether no mark between two offsets ends a sentence; the full stop of an abbreviation does not."""
    stops = (match.start() for match in _STOP.finditer(text, start, end))
    return all(text[at] == "." and is_abbreviation(text, start, at + 1) for at in stops)
