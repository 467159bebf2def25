"""The tables of the data dictionary as Arrow schemas and tables (extra `tables`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ie.errors import InputError
from ie.export.columns import DECIMALS, DIGITS, Column, table
from ie.export.rows import Row

if TYPE_CHECKING:
    import pyarrow as pa


def pyarrow() -> Any:
    """Return the module pyarrow; InputError with the command that installs it when it is missing."""
    try:
        import pyarrow
    except ImportError as error:
        raise InputError("Parquet needs pyarrow; run pip install 'viet-report-ie[tables]'") from error
    return pyarrow


def arrow_schema(name: str) -> pa.Schema:
    """Return the schema of a table: meaning and unit stand in the metadata of its fields."""
    made = table(name)
    fields = [_field(column) for column in made.columns]
    return pyarrow().schema(fields, metadata={"meaning": made.meaning})


def _field(column: Column) -> pa.Field:
    said = {"meaning": column.meaning, **({"unit": column.unit} if column.unit else {})}
    return pyarrow().field(column.name, _type(column.type), nullable=column.null, metadata=said)


def _type(name: str) -> pa.DataType:
    pa = pyarrow()
    if name == "text[]":
        return pa.list_(pa.string())
    if name == "decimal":
        return pa.decimal128(DIGITS, DECIMALS)
    return {"text": pa.string, "int": pa.int64, "float": pa.float64, "bool": pa.bool_, "date": pa.date32}[name]()


def arrow_table(name: str, rows: Iterable[Row]) -> pa.Table:
    """Return rows of a table as an Arrow table of its schema."""
    return pyarrow().Table.from_pylist(list(rows), schema=arrow_schema(name))
