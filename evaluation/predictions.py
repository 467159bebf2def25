"""Predictions in and out: `ie tag` JSONL, the packed form of committed results, and the check against gold.

The packed form holds ids, labels, offsets and scores alone, so a result can be committed without the text it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import InputError

Packed = dict[str, list[list[Any]]]


def read_jsonl(path: Path) -> list[Document]:
    """Read what `ie tag` wrote: one document a line, `source` fragments in source offsets.

    Raises FormatError naming file and line when a line is not of that form, InputError when there is no line.
    """
    from ie.export.jsonl import load

    try:
        documents = [replace(document, name=document_id(document.name)) for document in load(path)]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 JSONL ({error.__class__.__name__}); give a file") from error
    if not documents:
        raise InputError(f"{path}: holds no document; tag the reports first")
    return documents


def document_id(name: str) -> str:
    """Return a document's id from its file name: no folder, no `.txt`."""
    return name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".txt")


def align(gold: Sequence[Document], predicted: Iterable[Document], *, what: str) -> list[tuple[Document, Document]]:
    """Pair gold documents with their predictions, in order of names.

    Raises InputError when there is no gold, and for unknown, missing and doubled documents, all named. `what` says
    whose predictions they are.
    """
    if not gold:
        raise InputError(f"{what}: nothing to score, the split holds no document")
    given: dict[str, Document] = {}
    for document in predicted:
        name = document_id(document.name)
        if name in given:
            raise InputError(f"{what}: two predictions for {name}; keep one")
        given[name] = document
    wanted = {document.name: document for document in gold}
    _refuse(what, "predictions for unknown documents", sorted(given.keys() - wanted.keys()), "drop them")
    _refuse(
        what, "no predictions for", sorted(wanted.keys() - given.keys()), "predict them too, an empty answer counts"
    )
    return [(wanted[name], given[name]) for name in sorted(wanted)]


def _refuse(what: str, problem: str, names: Sequence[str], remedy: str) -> None:
    if names:
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise InputError(f"{what}: {problem} {shown}; {remedy}")


def pack(document: Document) -> Packed:
    """Return a prediction without its text: `[id, label, source fragments, score, attributes]` a span."""
    return {
        "spans": [
            [e.id, e.label, [list(part) for part in e.source or e.fragments], _short(e.score), dict(e.attributes)]
            for e in document.entities
        ],
        "links": [[r.id, r.type, r.head, r.tail, _short(r.score)] for r in document.relations],
    }


def _short(score: float | None) -> float | None:
    return None if score is None else round(float(score), 3)


def unpack(name: str, packed: Packed, text: str) -> Document:
    """Rebuild a prediction on the source `text` that it was made for."""
    return Document(
        name,
        text,
        tuple(_unpacked(row, text) for row in packed["spans"]),
        tuple(Relation(*row) for row in packed["links"]),
    )


def _unpacked(row: Sequence[Any], text: str) -> Entity:
    id, label, parts, score, attributes = row
    fragments: tuple[Fragment, ...] = tuple((start, end) for start, end in parts)
    return Entity(id, label, fragments, fragments_text(text, fragments), tuple(attributes.items()), score)
