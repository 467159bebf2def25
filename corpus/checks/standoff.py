"""Read an annotation line by line and name every line that is wrong.

`ie.brat` stops at the first mistake, which is right for a reader; a checker has to find them all. The rules are the
same: a file without problems here is read by `ie.brat`, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.checks.problem import Problem
from ie import brat
from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import IEError, SchemaError
from ie.schema import schema

_SPAN_LINES, _OTHER_LINES = "TRAM", "#EN*"


@dataclass
class Standoff:
    """What could be read of an annotation: the good entities and relations, the line of each id, the problems."""

    path: Path
    text: str
    entities: dict[str, Entity] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def document(self) -> Document:
        """The good part as a document."""
        entities, relations = tuple(self.entities.values()), tuple(self.relations.values())
        return Document(self.path.stem, self.text, entities, relations, tuple(self.notes))

    def report(self, line: int, message: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(self.path, line, message))


def read(ann: str, text: str, path: Path) -> Standoff:
    """Read an annotation; nothing raises, whatever is wrong stands in `problems`."""
    found = Standoff(path, text)
    rows = [(number, line) for number, line in enumerate(ann.split("\n"), 1) if line.strip()]
    for kinds, take in (("T", _take_entity), ("R", _take_relation), ("AM", _take_attribute)):
        for number, line in rows:
            if line[0] in kinds:
                take(found, number, line)
    for number, line in rows:
        if line[0] not in _SPAN_LINES + _OTHER_LINES:
            found.report(number, f"unknown kind of line {line[:20]!r}; brat lines start with T, R, A, N, E or #")
        elif line[0] in _OTHER_LINES:
            found.notes.append(line)
    if not found.problems:
        found.problems += _disagreement(ann, text, path)
    found.problems.sort()
    return found


def _disagreement(ann: str, text: str, path: Path) -> Iterator[Problem]:
    try:
        brat.parse(ann, text, name=path.stem, where=str(path))
    except IEError as error:
        yield Problem(path, 0, f"cannot be read ({error})")


def _new_id(found: Standoff, number: int, id: str) -> bool:
    if id in found.lines:
        found.report(number, f"id {id} is used twice, first in line {found.lines[id]}; give it a new number")
        return False
    found.lines[id] = number
    return True


def _take_entity(found: Standoff, number: int, line: str) -> None:
    parts = line.split("\t")
    if len(parts) != 3 or " " not in parts[1]:
        found.report(number, f"expected 'T1<tab>LABEL start end<tab>text', found {line!r}")
        return
    label, offsets = parts[1].split(" ", 1)
    fragments = _fragments(found, number, offsets)
    known = _follows_schema(found, number, label)
    if not _new_id(found, number, parts[0]) or not fragments:
        return
    held = fragments_text(found.text, fragments)
    if held != parts[2]:
        found.report(number, f"offsets {offsets} hold {held!r}, the line says {parts[2]!r}")
    elif known:
        found.entities[parts[0]] = Entity(parts[0], label, fragments, held)


def _follows_schema(found: Standoff, number: int, label: str) -> bool:
    known = schema().labels
    if label in known:
        return True
    found.report(number, f"unknown label {label!r}; use one of {', '.join(known)}")
    return False


def _fragments(found: Standoff, number: int, offsets: str) -> tuple[Fragment, ...]:
    try:
        fragments = tuple((int(a), int(b)) for a, b in (part.split() for part in offsets.split(";")))
    except ValueError:
        found.report(number, f"offsets {offsets!r} are not 'start end;start end'")
        return ()
    position = 0
    for start, end in fragments:
        if not position <= start < end <= len(found.text):
            length = len(found.text)
            found.report(number, f"offsets {offsets} are out of order or beyond the text ({length} characters)")
            return ()
        position = end
    return fragments


def _take_relation(found: Standoff, number: int, line: str) -> None:
    parts = line.split("\t")
    words = parts[1].split() if len(parts) > 1 else []
    if len(words) != 3 or not words[1].startswith("Arg1:") or not words[2].startswith("Arg2:"):
        found.report(number, f"expected 'R1<tab>TYPE Arg1:T1 Arg2:T2', found {line!r}")
        return
    relation = Relation(parts[0], words[0], words[1][5:], words[2][5:])
    if not _new_id(found, number, relation.id):
        return
    ends = (relation.head, relation.tail)
    absent = [end for end in ends if end not in found.lines or not end.startswith("T")]
    for end in absent:
        found.report(number, f"{relation.type} names {end}, which is not in the file")
    if all(end in found.entities for end in ends) and _signature(found, number, relation):
        found.relations[relation.id] = relation


def _signature(found: Standoff, number: int, relation: Relation) -> bool:
    head, tail = found.entities[relation.head].label, found.entities[relation.tail].label
    try:
        schema().check_relation(relation.type, head, tail, "")
    except SchemaError as error:
        found.report(number, str(error).removeprefix(": "))
        return False
    if relation.head == relation.tail:
        found.report(number, f"{relation.type} joins {relation.head} with itself")
        return False
    return True


def _take_attribute(found: Standoff, number: int, line: str) -> None:
    parts = line.split("\t")
    words = parts[1].split() if len(parts) > 1 else []
    if len(words) not in (2, 3):
        found.report(number, f"expected 'A1<tab>Name T1 [value]', found {line!r}")
        return
    name, target, value = words[0], words[1], words[2] if len(words) == 3 else ""
    if not _new_id(found, number, parts[0]) or target not in found.entities:
        if target not in found.lines:
            found.report(number, f"{name} stands on {target}, which is not in the file")
        return
    entity = found.entities[target]
    try:
        schema().check_attribute(name, value or None, entity.label, "")
    except SchemaError as error:
        found.report(number, str(error).removeprefix(": "))
        return
    if entity.has(name):
        found.report(number, f"{name} stands on {target} twice; remove one line")
        return
    found.entities[target] = replace(entity, attributes=(*entity.attributes, (name, value)))
