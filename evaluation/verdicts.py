"""Answers to the questions of `evaluation.doubts`, and the gold that comes of them.

A file of answers has a line for each document: `rt-001: 1+ 2- 3A 4? …`. `+` says that the span, relation or attribute
belongs in the gold, `-` that it does not, `A` or `B` which of two ends is right; `?` and `0` (neither) change nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.checks.spans import clash
from evaluation.doubts import Doubts, Question
from evaluation.marks import Chars, Link, Span
from ie.decode import SINGLE
from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import FormatError, InputError

Answers = Mapping[int, str]
_ANSWER = re.compile(r"([0-9]+)([-+AB0?])")


def read_answers(paths: Iterable[Path]) -> dict[str, dict[int, str]]:
    """Return the answers by document and number of the question; FormatError names file, line and what is wrong."""
    found: dict[str, dict[int, str]] = {}
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path}: no such file; give the files of answers")
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
            if line.strip():
                name, answers = _line(line, f"{path}:{number}")
                found.setdefault(name, {}).update(answers)
    return found


def _line(line: str, where: str) -> tuple[str, dict[int, str]]:
    name, colon, rest = line.partition(":")
    parts = [(part, _ANSWER.fullmatch(part)) for part in rest.split()]
    wrong = [part for part, match in parts if match is None]
    if not colon or wrong:
        raise FormatError(f"{where}: {', '.join(wrong) or 'no colon'}; write `NAME: 1+ 2- 3A 4?`")
    return name.strip(), {int(match[1]): match[2] for _, match in parts if match}


@dataclass(frozen=True)
class Revision:
    """A revised document; `counts` tells what was done, by kind of question and outcome."""

    document: Document
    counts: Counter[tuple[str, str]]


def revised(gold: Document, found: Doubts, answers: Answers) -> Revision:
    """Return the gold as the answers want it.

    A span that is taken in brings the relations that the prediction has for it, as far as their other ends are gold
    and a quantity would not get a second unit, indicator or period. Spans that may not stand beside the others
    (`corpus.checks.spans.clash`) and relations that there are already or may not be are left out, and counted as
    `refused` too. InputError for numbers that no question has and answers that do not fit theirs.
    """
    draft = _Draft(gold, found)
    for number, answer in sorted(answers.items()):
        if not 1 <= number <= len(found.questions):
            raise InputError(f"{gold.name}: no question {number}; there are {len(found.questions)}")
        question = found.questions[number - 1]
        if (answer in "AB0") != (question.kind == "BOUNDARY") and answer != "?":
            raise InputError(f"{gold.name}: {number}{answer} does not answer a {question.kind}; see the sheet")
        draft.counts[question.kind, draft.settle(question, answer)] += 1
    return Revision(draft.written(), draft.counts)


class _Draft:
    """Collects what the answers change, spans before the relations that hang on them."""

    def __init__(self, gold: Document, found: Doubts) -> None:
        self.gold, self.found = gold, found
        self.entities = {entity.id: entity for entity in gold.entities}
        self.gone: set[tuple[str, str, str]] = set()
        self.wanted: list[Link] = []
        self.taken: list[Span] = []
        self.ends: list[tuple[str, Span]] = []
        self.counts: Counter[tuple[str, str]] = Counter()

    def settle(self, question: Question, answer: str) -> str:
        """Note what an answer changes; returns `kept`, `changed` or `open`."""
        if answer in "?0":
            return "open"
        right = question.options["AB".index(answer)] if answer in "AB" else None
        kept = right == question.gold if right else question.present == (answer == "+")
        if kept:
            return "kept"
        item = question.gold or question.found
        if isinstance(item, Link):
            self._link(item, present=question.present)
        elif item is not None and right:
            self.ends.append((item.id, right))
        elif item is not None and question.attribute:
            self._turn(item.id, question.attribute, on=not question.present)
        elif item is not None:
            self._span(item, present=question.present)
        return "changed"

    def _turn(self, id: str, attribute: tuple[str, str], *, on: bool) -> None:
        entity = self.entities.get(id)
        if entity is not None:
            others = tuple(a for a in entity.attributes if a[0] != attribute[0])
            self.entities[id] = replace(entity, attributes=(*others, attribute) if on else others)

    def _link(self, link: Link, *, present: bool) -> None:
        if present:
            self.gone.add((link.type, link.head.id, link.tail.id))
        else:
            self.wanted.append(link)

    def _span(self, span: Span, *, present: bool) -> None:
        if present:
            self.entities.pop(span.id, None)
        else:
            self.taken.append(span)

    def written(self) -> Document:
        """Return the document with all changes, spans in order of the text."""
        for id, right in self.ends:
            self._put("BOUNDARY", right, self.entities[id])
        ids = {key: span.id for key, span in self.found.partner.items()}
        for span in self.taken:
            id = _next("T", self.entities)
            if self._put("SPAN", span, Entity(id, span.label, (), "", attributes=span.attributes)):
                ids[span.id] = id
        relations = self._relations(ids)
        entities = sorted(self.entities.values(), key=lambda entity: (entity.start, -entity.end, entity.id))
        return replace(self.gold, entities=tuple(entities), relations=tuple(relations))

    def _put(self, kind: str, span: Span, entity: Entity) -> bool:
        """Put an entity where `span` stands, unless it may not stand there beside the others."""
        parts = fragments(self.gold.text, span.chars)
        put = replace(entity, fragments=parts, text=fragments_text(self.gold.text, parts))
        if any(clash(other, put) for other in self.entities.values() if other.id != put.id):
            self.counts[kind, "refused"] += 1
            return False
        self.entities[put.id] = put
        return True

    def _relations(self, ids: Mapping[str, str]) -> list[Relation]:
        kept = [r for r in self.gold.relations if {r.head, r.tail} <= self.entities.keys()]
        kept = [r for r in kept if (r.type, r.head, r.tail) not in self.gone]
        new = {span.id for span in self.taken}
        asked = [(link.type, link.head.id, link.tail.id) for link in self.wanted]
        brought = [x for x in self.found.predicted.links if {x.head.id, x.tail.id} & new]
        asked += [(x.type, ids[x.head.id], ids[x.tail.id]) for x in brought if {x.head.id, x.tail.id} <= ids.keys()]
        for type, head, tail in asked:
            if {head, tail} <= self.entities.keys() and self._free(type, head, tail, kept):
                kept.append(Relation(_next("R", {relation.id for relation in kept}), type, head, tail))
        return kept

    def _free(self, type: str, head: str, tail: str, kept: Sequence[Relation]) -> bool:
        """Tell whether a relation may be added: it is new, and no second one where a quantity has one (`ie.decode`)."""
        own = [relation for relation in kept if relation.head == head]
        taken = any(relation.type == type and (relation.tail == tail or type in SINGLE) for relation in own)
        through_amount = type == "MEASURES" and any(relation.type == "RATIO_OF" for relation in own)
        if taken or through_amount:
            self.counts["RELATION", "refused"] += 1
        return not (taken or through_amount)


def fragments(text: str, chars: Chars) -> tuple[Fragment, ...]:
    """Return the characters as fragments `[start, end)`: runs with only blanks between them are one.

    A line end parts fragments, as in brat.
    """
    found = [chars[0]]
    for start, end in chars[1:]:
        between = text[found[-1][1] : start]
        if between.isspace() and "\n" not in between:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def _next(letter: str, ids: Iterable[str]) -> str:
    numbers = [int(id[1:]) for id in ids if id[:1] == letter and id[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1}"
