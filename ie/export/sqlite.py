"""The tables in one SQLite file, with the data dictionary as a table of its own.

SQLite has no exact decimals: a `_decimal` column is NUMERIC, exact for whole numbers to 18 digits and good to 15 digits
beyond, for sums and charts; the text column beside it has the exact figure. Lists are JSON arrays.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ie.document import Document
from ie.export.columns import Column, Table, tables
from ie.export.files import file
from ie.export.rows import Tables

_TYPES = {
    "text": "TEXT", "text[]": "TEXT", "int": "INTEGER", "float": "REAL", "bool": "INTEGER", "date": "TEXT",
    "decimal": "NUMERIC",
}  # fmt: skip
_INDEXED = (("facts", "indicator"), ("facts", "document"), ("entities", "document"), ("relations", "document"))


def write(documents: Iterable[Document], target: Path) -> int:
    """Write the tables into the file `target` and return how many documents there were."""
    count = 0
    with file(target, errors=(sqlite3.OperationalError,)) as part, closing(sqlite3.connect(part)) as base, base:
        for made in tables().values():
            base.execute(_create(made))
        _dictionary(base)
        for document in documents:
            count += 1
            _insert(base, Tables(document))
        for name, column in _INDEXED:
            base.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
        base.commit()
    return count


def _create(made: Table) -> str:
    return f'CREATE TABLE "{made.name}" ({", ".join(map(_column, made.columns))})'


def _column(column: Column) -> str:
    return f'"{column.name}" {_TYPES[column.type]}{"" if column.null else " NOT NULL"}'


def _dictionary(base: sqlite3.Connection) -> None:
    base.execute('CREATE TABLE "columns" ("table" TEXT, "column" TEXT, "type" TEXT, "unit" TEXT, "meaning" TEXT)')
    rows = [(t.name, c.name, c.type, c.unit, c.meaning) for t in tables().values() for c in t.columns]
    base.executemany('INSERT INTO "columns" VALUES (?, ?, ?, ?, ?)', rows)


def _insert(base: sqlite3.Connection, made: Tables) -> None:
    for name, table in tables().items():
        marks = ", ".join("?" * len(table.columns))
        rows = [tuple(map(_cell, row.values())) for row in made.rows(name)]
        base.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return str(value) if isinstance(value, (Decimal, date)) else value
