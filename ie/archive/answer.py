"""What a worker answers for one document: its rows, ready to be kept, and what it took to make them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ie.archive.inputs import FAILED, TAGGED, Input
from ie.document import Document
from ie.export.columns import table
from ie.export.rows import Tables

TABLES = ("documents", "entities", "relations", "facts", "audit", "errors")
"""The tables of a run, in the order in which their parts are published reversed: documents last."""


@dataclass(frozen=True)
class Answer:
    """The end of one input: `body` is what the spool keeps; the other fields differ from run to run.

    `stages` are seconds by stage, `processor` seconds of the processor that the worker took for the document, `peak`
    the most memory it had so far, in bytes, `worker` its process.
    """

    number: int
    state: str
    body: bytes
    words: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    processor: float = 0.0
    peak: int = 0
    worker: int = 0


def tagged_body(entry: Input, document: Document) -> bytes:
    """Return the rows of a document by table, column by column; dates and decimals as text."""
    tables = Tables(document)
    columns = {name: _columns(name, tables.rows(name)) for name in TABLES}
    return _body({"number": entry.number, "state": TAGGED, "tables": columns})


def failed_body(entry: Input, reason: str) -> bytes:
    """Return the body for an input that could not be tagged."""
    return _body({"number": entry.number, "state": FAILED, "reason": reason})


def _columns(name: str, rows: list[dict[str, Any]]) -> list[list[Any]]:
    return [[row[column] for row in rows] for column in table(name).names]


def _body(data: dict[str, Any]) -> bytes:
    # A lone surrogate is no character and cannot be stored; a question mark keeps the offsets.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
