"""Compile a marked text against its raw text: marks become entities with raw offsets, relation lines relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.checks import spans
from corpus.markup import links as linking
from corpus.markup.align import Alignment, align
from corpus.markup.letters import letters
from corpus.markup.links import Link
from corpus.markup.look import hints
from corpus.markup.parse import Mark, Marked, parse
from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import FormatError


@dataclass(frozen=True)
class Compiled:
    """The document of a marked text, or None with the problems that prevent it; hints are worth a second look."""

    document: Document | None
    problems: tuple[str, ...]
    hints: tuple[str, ...]


def compile_markup(source: str, text: str | None = None, *, name: str = "markup") -> Document:
    """Return the document of a marked text laid on `text`, on its own plain text when none is given.

    Raises FormatError with the first problem and the number of the others; `try_compile` returns all of them.
    """
    compiled = try_compile(source, text, name=name)
    if compiled.document is None:
        more = f" (and {len(compiled.problems) - 1} more)" if len(compiled.problems) > 1 else ""
        raise FormatError(f"{name}: {compiled.problems[0]}{more}")
    return compiled.document


def try_compile(source: str, text: str | None = None, *, name: str = "markup") -> Compiled:
    """Compile a marked text and return the document with every problem and hint; nothing raises."""
    marked = parse(source)
    if marked.problems:
        return Compiled(None, marked.problems, ())
    alignment = align(marked.plain, marked.plain if text is None else text)
    if isinstance(alignment, str):
        return Compiled(None, (alignment,), ())
    return _compiled(marked, alignment, name)


def _compiled(marked: Marked, alignment: Alignment, name: str) -> Compiled:
    entities, problems = _entities(marked, alignment)
    found = linking.read(marked.orders, entities)
    problems += found.problems
    if problems:
        return Compiled(None, tuple(problems), ())
    for key, pairs in found.attributes.items():
        entity = entities[key]
        entities[key] = Entity(key, entity.label, entity.fragments, entity.text, tuple(pairs))
    links = dict.fromkeys([*found.relations, *linking.implied(entities, alignment.raw, found.by_hand)])
    document = numbered(Document(name, alignment.raw, tuple(entities.values())), list(links))
    first_lines = {mark.key: mark.line for mark in marked.marks if not mark.continues}
    lines = {f"T{number}": first_lines[key] for number, key in enumerate(entities, 1)}
    wrong = spans.problems(document, lines, Path(name))
    if wrong:
        return Compiled(None, tuple(f"line {problem.line}: {problem.message}" for problem in wrong), ())
    return Compiled(document, (), tuple(hints(document)))


def _entities(marked: Marked, alignment: Alignment) -> tuple[dict[str, Entity], list[str]]:
    """Return the entities by key, in order of the text, inner before outer where two have the same extent."""
    fragments: dict[str, list[Fragment]] = {}
    problems = []
    for mark in sorted(marked.marks, key=lambda mark: mark.start):
        message = _add(mark, alignment, fragments)
        if message:
            problems.append(f"line {mark.line}: {message}")
    order = sorted(fragments, key=lambda key: _place(fragments[key]))
    entities = {}
    for key in order:
        parts = tuple(fragments[key])
        label = letters().labels[key[0]]
        entities[key] = Entity(key, label, parts, fragments_text(alignment.raw, parts))
    return entities, problems


def _add(mark: Mark, alignment: Alignment, fragments: dict[str, list[Fragment]]) -> str:
    parts = alignment.fragments(mark.start, mark.end)
    if not parts:
        return f"{mark.key} is empty"
    if mark.continues and mark.key not in fragments:
        return f"{{+{mark.key} continues nothing; mark its first part with {{{mark.key}"
    if not mark.continues and mark.key in fragments:
        return f"{mark.key} is used twice; give it a new number, or go on with {{+{mark.key}"
    if mark.continues and parts[0][0] < fragments[mark.key][-1][1]:
        return f"{{+{mark.key} lies inside its own first part"
    fragments.setdefault(mark.key, []).extend(parts)
    return ""


def _place(fragments: Sequence[Fragment]) -> tuple[int, int, int]:
    """Return where a span sorts: by its start, the longer first, the interrupted before the whole."""
    return fragments[0][0], -fragments[-1][1], sum(end - start for start, end in fragments)


def in_order(document: Document) -> Document:
    """Return the document with its entities in order of the text and ids to match, as compiling gives them.

    Longer spans come first; of two with the same ends the one with fewer characters, then the order of the document.
    """
    entities = sorted(document.entities, key=lambda entity: _place(entity.fragments))
    links = [(relation.type, relation.head, relation.tail) for relation in document.relations]
    return numbered(replace(document, entities=tuple(entities)), links)


def numbered(document: Document, links: list[Link]) -> Document:
    """Give the entities the ids T1, T2, … in their order and the relations R1, R2, … in order of head, type, tail."""
    ids = {entity.id: f"T{number}" for number, entity in enumerate(document.entities, 1)}
    rank = {entity.id: number for number, entity in enumerate(document.entities)}
    links = sorted(links, key=lambda link: (rank[link[1]], link[0], rank[link[2]]))
    relations = tuple(Relation(f"R{n}", type, ids[head], ids[tail]) for n, (type, head, tail) in enumerate(links, 1))
    return Document(document.name, document.text, _renamed(document, ids), relations, document.notes, document.meta)


def _renamed(document: Document, ids: Mapping[str, str]) -> tuple[Entity, ...]:
    return tuple(Entity(ids[e.id], e.label, e.fragments, e.text, e.attributes) for e in document.entities)
