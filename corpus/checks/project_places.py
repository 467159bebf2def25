"""Figures linked to a place inside the name of a project: it is the project's (section 4 of GUIDELINES.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.checks.problem import Problem
from ie.document import Document, Relation


def problems(document: Document, lines: Mapping[str, int], path: Path) -> Iterator[Problem]:
    """Yield one problem a relation; `lines` gives the line of each id in the file `path`."""
    for relation in through_names(document):
        message = (
            f"LOCATED_IN {relation.id} leads a figure into a project's name; take it out (GUIDELINES.md, section 4)"
        )
        yield Problem(path, lines.get(relation.id, 0), message)


def through_names(document: Document) -> list[Relation]:
    """Return the LOCATED_IN of quantities whose place lies inside a PROJECT, in their order."""
    known = document.by_id
    projects = [entity for entity in document.entities if entity.label == "PROJECT"]
    inside = {
        place.id
        for place in document.entities
        if place.label == "PLACE"
        and any(project.start <= place.start and place.end <= project.end for project in projects)
    }
    return [
        relation
        for relation in document.relations
        if relation.type == "LOCATED_IN" and relation.tail in inside and known[relation.head].label == "QUANTITY"
    ]
