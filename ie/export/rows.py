"""The rows of a document for each table of the data dictionary, as plain dicts with typed values.

A value is str, int, float, bool, date, Decimal, a list of str, or None. A column takes its value by the dotted path
that the dictionary gives; GETTERS has the few that need more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from ie.audit import Finding, audit
from ie.document import Document, Entity, Relation
from ie.export.columns import DECIMALS, DIGITS, Column, table
from ie.facts import Fact, facts

Row = dict[str, Any]
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Trouble:
    """A file that could not be tagged (`level` error), or a warning about one that was."""

    document: str
    reason: str
    level: str = "error"
    sha256: str | None = None


@dataclass(frozen=True)
class Linked:
    """A relation with the spans at its ends."""

    relation: Relation
    head: Entity
    tail: Entity


class Tables:
    """The tables of one document; facts and findings are worked out once and only when a table needs them."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the document."""
        return facts(self.document)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of its audit."""
        return audit(self.document, known=self.facts)

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table in order of its columns; InputError when there is no such table."""
        cells = [_Cell(name, column) for column in table(name).columns]
        return [{cell.name: cell.of(self, record) for cell in cells} for record in _records(self, name)]


def error_rows(troubles: Iterable[Trouble]) -> list[Row]:
    """Return the rows of the table errors for files that could not be tagged."""
    columns = table("errors").columns
    return [
        {column.name: _typed(_at(trouble, column.source.split(".")), column) for column in columns}
        for trouble in troubles
    ]


def error_row(path: Path | str, reason: str) -> Row:
    """Return the row of the table errors for one file that could not be tagged."""
    return error_rows([Trouble(str(path), reason)])[0]


def _records(tables: Tables, name: str) -> Iterator[Any]:
    document = tables.document
    if name == "documents":
        yield document
    elif name == "entities":
        yield from document.entities
    elif name == "relations":
        known = document.by_id
        yield from (Linked(r, known[r.head], known[r.tail]) for r in document.relations)
    elif name == "facts":
        yield from tables.facts
    elif name == "audit":
        yield from tables.findings
    else:
        yield from (Trouble(document.name, warning, "warning") for warning in document.warnings)


def _name(tables: Tables, _record: Any) -> str:
    return tables.document.name


def _sha256(tables: Tables, _record: Any) -> str:
    return tables.document.meta.get("sha256", "")


def _characters(tables: Tables, _record: Any) -> int:
    return len(tables.document.text)


def _entity_count(tables: Tables, _record: Any) -> int:
    return len(tables.document.entities)


def _relation_count(tables: Tables, _record: Any) -> int:
    return len(tables.document.relations)


def _fact_count(tables: Tables, _record: Any) -> int:
    return len(tables.facts)


def _finding_count(tables: Tables, _record: Any) -> int:
    return len(tables.findings)


def _page_count(tables: Tables, _record: Any) -> int | None:
    return len(tables.document.pages) or None


def _fragments(_tables: Tables, record: Entity) -> list[str]:
    return [f"{start}-{end}" for start, end in record.source]


def _boxes(_tables: Tables, record: Entity) -> list[str]:
    return [" ".join(map(str, box)) for box in record.bbox]


def _attributes(_tables: Tables, record: Entity) -> list[str]:
    return [f"{name}={value}" if value else name for name, value in record.attributes]


def _sentences(_tables: Tables, record: Finding) -> list[str]:
    return [each.sentence for each in record.evidence]


def _starts(_tables: Tables, record: Finding) -> list[str]:
    return [str(each.start) for each in record.evidence]


def _ends(_tables: Tables, record: Finding) -> list[str]:
    return [str(each.end) for each in record.evidence]


GETTERS: dict[str, Callable[[Tables, Any], Any]] = {
    "document": _name,
    "sha256": _sha256,
    "documents.characters": _characters,
    "documents.entities": _entity_count,
    "documents.relations": _relation_count,
    "documents.facts": _fact_count,
    "documents.findings": _finding_count,
    "documents.pages": _page_count,
    "entities.source": _fragments,
    "entities.bbox": _boxes,
    "entities.attributes": _attributes,
    "audit.evidence": _sentences,
    "audit.starts": _starts,
    "audit.ends": _ends,
}
"""Functions for what no path leads to, by `table.column`, or by the column's name alone for every table."""


class _Cell:
    """Takes the value of a column from a record; what is the same for all records is looked up once."""

    def __init__(self, table: str, column: Column) -> None:
        self.name = column.name
        self._column = column
        self._getter = GETTERS.get(f"{table}.{column.name}") or GETTERS.get(column.name)
        self._path = column.source.split(".")

    def of(self, tables: Tables, record: Any) -> Any:
        """Return the value as the column's type has it."""
        return _typed(self._getter(tables, record) if self._getter else _at(record, self._path), self._column)


def _at(record: Any, path: Sequence[str]) -> Any:
    """Follow a path of attributes and keys; None where it ends early."""
    for name in path:
        if record is None:
            return None
        record = record.get(name) if isinstance(record, dict | Mapping) else getattr(record, name)
    return record


def _typed(value: Any, column: Column) -> Any:
    """Return the value as the column's type has it; a list that is not known is empty."""
    if column.type == "text[]":
        return [str(each) for each in value or ()]
    return None if value is None else CASTS[column.type](value)


def exact(text: str) -> Decimal | None:
    """Return decimal text as a number of a decimal column, None for other text and for more digits than it holds."""
    if not _DECIMAL.fullmatch(text):
        return None  # the number of a document may have a letter: 30a/2008/NQ-CP
    whole, _, part = text.lstrip("+-").partition(".")
    fits = len(whole.lstrip("0")) <= DIGITS - DECIMALS and len(part.rstrip("0")) <= DECIMALS
    return Decimal(text) if fits else None


def _exact(value: object) -> Decimal | None:
    return exact(str(value))


def _day(value: object) -> date | None:
    """Return an ISO date, None when only its year or month is known."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


CASTS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "int": int,
    "float": float,
    "bool": bool,
    "decimal": _exact,
    "date": _day,
}
"""What makes a value of a column's type."""
