"""The tables in one DuckDB file (extra `duckdb`): exact decimals, lists, dates, meanings as comments on the columns."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from ie.document import Document
from ie.errors import InputError
from ie.export.arrow import arrow_table
from ie.export.columns import DECIMALS, DIGITS, Column, Table, tables
from ie.export.files import file
from ie.export.groups import Groups
from ie.export.rows import Row

GROUP = 20_000
"""Rows that are put in at once."""

_TYPES = {
    "text": "VARCHAR", "text[]": "VARCHAR[]", "int": "BIGINT", "float": "DOUBLE", "bool": "BOOLEAN", "date": "DATE",
    "decimal": f"DECIMAL({DIGITS}, {DECIMALS})",
}  # fmt: skip


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise InputError("a DuckDB file needs duckdb; run pip install 'viet-report-ie[duckdb]'") from error
    return duckdb


def write(documents: Iterable[Document], target: Path) -> int:
    """Write the tables into the file `target` and return how many documents there were.

    InputError when duckdb or pyarrow is missing, OutputError when the disk is full.
    """
    duckdb = _duckdb()
    groups = Groups(documents, GROUP)
    with file(target, errors=(duckdb.OperationalError,)) as part, closing(duckdb.connect(str(part))) as base:
        for made in tables().values():
            _create(base, made)
        for name, rows in groups:
            _insert(base, name, rows)
    return groups.documents


def _create(base: Any, made: Table) -> None:
    base.execute(f'CREATE TABLE "{made.name}" ({", ".join(map(_column, made.columns))})')
    base.execute(f"COMMENT ON TABLE \"{made.name}\" IS '{_quoted(made.meaning)}'")
    for column in made.columns:
        base.execute(f'COMMENT ON COLUMN "{made.name}"."{column.name}" IS \'{_quoted(column.meaning)}\'')


def _column(column: Column) -> str:
    return f'"{column.name}" {_TYPES[column.type]}{"" if column.null else " NOT NULL"}'


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _insert(base: Any, name: str, rows: list[Row]) -> None:
    if rows:
        base.register("incoming", arrow_table(name, rows))
        base.execute(f'INSERT INTO "{name}" SELECT * FROM incoming')
        base.unregister("incoming")
