"""Judging a system on the labels and relations that it can produce, and on nothing else.

The names of a run's `labels` restrict gold and predictions alike, so what the system was never made for is neither
missed nor spurious. The result says so in its own `labels`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evaluation.scores import Tally
from ie.document import Document
from ie.errors import FormatError
from ie.schema import schema

_NUMBERS = {"QUANTITY", "UNIT", "HAS_UNIT"}


def check(names: Iterable[str], where: str) -> tuple[str, ...]:
    """Return the names as they are; raises FormatError for one that is no label and no relation."""
    known = [*schema().labels, *schema().relations]
    for name in names:
        if name not in known:
            raise FormatError(f"{where}: labels name {name!r}, which is not in the schema; use {', '.join(known)}")
    return tuple(names)


def restricted(document: Document, labels: Iterable[str]) -> Document:
    """Return the document with these labels and relations alone; all of it when none is named."""
    names = set(labels)
    if not names:
        return document
    entities = tuple(entity for entity in document.entities if entity.label in names)
    kept = {entity.id for entity in entities}
    links = tuple(r for r in document.relations if r.type in names and {r.head, r.tail} <= kept)
    return replace(document, entities=entities, relations=links)


def measured(tally: Tally, labels: Iterable[str]) -> Tally:
    """Leave out what a restricted document has no say in: attributes, facts, value gold, and values without units."""
    names = set(labels)
    if not names:
        return tally
    out = {"attributes", "facts"}
    kept = {m: v for m, v in tally.items() if m not in out and not m.startswith("gold.")}
    return {m: v for m, v in kept.items() if not m.startswith("values.") or names >= _NUMBERS}
