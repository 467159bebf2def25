"""The tables as CSV and Parquet, a file each in a folder, with the data dictionary as a page beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ie.document import Document
from ie.export.columns import dictionary, tables
from ie.export.files import folder
from ie.export.groups import Groups
from ie.export.rows import Row, Tables

DICTIONARY = "columns.md"


def write_csv(documents: Iterable[Document], target: Path) -> int:
    """Write a CSV file for each table into the folder `target` and return how many documents there were.

    UTF-8, comma, a head line, lists joined by "; ", nothing where a value is not known.
    """
    count = 0
    with folder(target) as part, ExitStack() as stack:
        writers = {name: _csv(part / f"{name}.csv", name, stack) for name in tables()}
        for document in documents:
            count += 1
            made = Tables(document)
            for name, writer in writers.items():
                writer.writerows(map(_plain, made.rows(name)))
        (part / DICTIONARY).write_text(dictionary(), encoding="utf-8")
    return count


def _csv(path: Path, name: str, stack: ExitStack) -> csv.DictWriter[str]:
    stream = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
    writer = csv.DictWriter(stream, tables()[name].names, lineterminator="\n")
    writer.writeheader()
    return writer


def _plain(row: Row) -> Row:
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return "; ".join(value) if isinstance(value, list) else value


def write_parquet(documents: Iterable[Document], target: Path) -> int:
    """Write a Parquet file for each table into the folder `target` and return how many documents there were.

    InputError when pyarrow is missing (extra `tables`).
    """
    from ie.export.arrow import arrow_schema, arrow_table, pyarrow

    pyarrow()
    import pyarrow.parquet as parquet

    groups = Groups(documents, GROUP)
    with folder(target) as part, ExitStack() as stack:
        writers = {
            name: stack.enter_context(parquet.ParquetWriter(part / f"{name}.parquet", arrow_schema(name)))
            for name in tables()
        }
        for name, rows in groups:
            writers[name].write_table(arrow_table(name, rows))
        (part / DICTIONARY).write_text(dictionary(), encoding="utf-8")
    return groups.documents


GROUP = 50_000
"""Rows of a row group."""
