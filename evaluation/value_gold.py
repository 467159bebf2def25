"""Values against value gold: amounts, times, codes of places, keys of documents, and complete facts.

`given` asks the normaliser alone, on gold spans and relations; `found` asks the system end to end. A wrong value is
both missed and spurious, no value is missed. Spans that the gold leaves open are not judged. Facts that are not found
are counted by what is wrong with them (`gold.causes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.values import ValueGold, load_values, read_values, text_hash
from evaluation.marks import Marked, mark
from evaluation.match import match_spans
from evaluation.scores import Counts, Tally
from evaluation.values import amounts, fact_causes, fact_counts, in_report
from ie.document import Document, Entity

ASPECTS = {"QUANTITY": "amount", "PERIOD": "period", "PLACE": "place", "LEGAL": "legal"}
OTHER = Path(__file__).resolve().parent / "values"
"""Value gold of documents outside the corpus, ids and values only."""

Values = Mapping[str, str]


def gold_of(document: Document) -> ValueGold | None:
    """Return the value gold of a document, None where there is none for its text."""
    found = load_values(document)
    path = OTHER / f"{document.name}.json"
    if found is None and path.is_file():
        other = read_values(path)
        found = other if other.sha256 == text_hash(document) else None
    return found


@dataclass(frozen=True)
class _Side:
    """A document with its values as they are compared: one text a span, "" for a span that says nothing."""

    document: Document
    said: Values


def gold_counts(gold: Document, found: Document) -> Tally:
    """Count a document against its value gold; nothing where it has none. `found` carries offsets of `gold.text`."""
    values = gold_of(gold)
    if values is None:
        return {}
    bare = in_report(gold)
    right = _side(values.put_into(bare))
    judged = {id: right.said[id] for id in values.values if id in right.said}
    given, answered = _side(bare), _side(in_report(found) if not _has_values(found) else found)
    wanted = _gold_places(judged, gold, values)
    return {
        "gold.given": _by_aspect(gold, {id: [_judge(text, given.said.get(id, ""))] for id, text in wanted.items()}),
        "gold.found": _found(gold, wanted, values, answered),
        "gold.facts": {
            "given": fact_counts(right.document, given.document, gold.text),
            "found": fact_counts(right.document, answered.document, gold.text),
        },
        "gold.causes": {
            f"{way}: {cause}": Counts(fn=count)
            for way, side in (("given", given), ("found", answered))
            for cause, count in fact_causes(right.document, side.document, gold.text).items()
        },
    }


def _has_values(document: Document) -> bool:
    return any(entity.value for entity in document.entities)


def _gold_places(judged: Values, gold: Document, values: ValueGold) -> dict[str, str]:
    """Return what is judged, a place without a code as `none`: to link it is wrong, to leave it is right."""
    known = gold.by_id
    return {
        id: "none" if known[id].label == "PLACE" and not values.values[id]["key"] else t for id, t in judged.items()
    }


def _side(document: Document) -> _Side:
    figures = amounts(document)
    said = {}
    for entity in document.entities:
        if entity.label == "QUANTITY":
            value = entity.value
            read = value is not None and value.number is not None
            figure = figures[entity.id]
            said[entity.id] = f"{figure.number}|{figure.upper}|{_unit(entity)}" if read else ""
        elif entity.label in ASPECTS:
            said[entity.id] = _said(entity)
    return _Side(document, said)


def _unit(entity: Entity) -> str:
    return (entity.value.unit if entity.value else None) or ""


def _said(entity: Entity) -> str:
    value = entity.value
    if entity.label == "PLACE":
        key = value.key if value else None
        return key if key and key.startswith(("old/", "new/")) else "none"
    if value is None:
        return ""
    if entity.label == "PERIOD":
        return f"{value.start or ''}..{value.end or ''}" if value.start or value.end else value.key or ""
    return value.key or ""


def _judge(right: str, answer: str) -> Counts:
    if answer == right:
        return Counts(tp=1)
    return Counts(fn=1) if not answer else Counts(fp=1, fn=1)


def _by_aspect(gold: Document, judged: Mapping[str, Iterable[Counts]]) -> dict[str, Counts]:
    known = gold.by_id
    table = {aspect: Counts() for aspect in ASPECTS.values()}
    for id, parts in judged.items():
        aspect = ASPECTS[known[id].label]
        for part in parts:
            table[aspect] += part
    return table


def _found(gold: Document, wanted: Values, values: ValueGold, answered: _Side) -> dict[str, Counts]:
    """Count end to end: gold spans and found ones that overlap one to one are compared by what they say."""
    mine, theirs = mark(gold, gold.text, gold=True), mark(answered.document, gold.text)
    table = {}
    for label, aspect in ASPECTS.items():
        pair = (_only(mine, label), _only(theirs, label))
        matching = match_spans(*pair, mode="overlap")
        counts = Counts()
        for right, answer in matching.pairs:
            if right.id in wanted:
                counts += _judge(wanted[right.id], answered.said.get(answer.id, ""))
        counts += Counts(fn=sum(span.id in wanted for span in matching.missed))
        counts += Counts(fp=sum(answered.said.get(span.id, "") not in ("", "none") for span in matching.spurious))
        table[aspect] = counts
    return table


def _only(marked: Marked, label: str) -> Marked:
    return replace(marked, spans=tuple(span for span in marked.spans if span.label == label), links=())
