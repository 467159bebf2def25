"""The tables of an export and their columns, read once from `columns.toml`, the data dictionary."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.errors import InputError, SchemaError

TYPES = ("text", "text[]", "int", "float", "bool", "date", "decimal")
DIGITS, DECIMALS = 38, 9
"""Digits of a decimal column in all, and after its mark."""


@dataclass(frozen=True)
class Column:
    """A column: `type` is one of TYPES, `source` the dotted path to its value in the row's record."""

    name: str
    type: str
    meaning: str
    null: bool
    unit: str
    source: str


@dataclass(frozen=True)
class Table:
    """A table: what one row of it is, and its columns in order."""

    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in order."""
        return tuple(column.name for column in self.columns)


@cache
def tables() -> dict[str, Table]:
    """Return the tables by name, in the order of the data dictionary."""
    data = tomllib.loads((resources.files("ie.export") / "columns.toml").read_text("utf-8"))
    return {
        name: Table(name, entry["meaning"], tuple(_column(name, *item) for item in entry["columns"].items()))
        for name, entry in data.items()
    }


def table(name: str) -> Table:
    """Return the table of this name; InputError naming the tables when there is none."""
    if name not in tables():
        raise InputError(f"no table {name!r}; use one of {', '.join(tables())}")
    return tables()[name]


def _column(table: str, name: str, entry: dict[str, str | bool]) -> Column:
    type = str(entry["type"])
    if type not in TYPES:
        raise SchemaError(f"columns.toml: {table}.{name} has type {type!r}; use one of {', '.join(TYPES)}")
    return Column(
        name,
        type,
        str(entry["meaning"]),
        bool(entry.get("null", True)),
        str(entry.get("unit", "")),
        str(entry.get("from", name)),
    )


def dictionary() -> str:
    """Return the data dictionary as a readable page in Markdown."""
    parts = ["# Data dictionary\n"]
    for each in tables().values():
        parts.append(f"\n## {each.name}\n\n{each.meaning.capitalize()}.\n")
        parts.append("\n| column | type | unit | may be empty | meaning |\n| --- | --- | --- | --- | --- |\n")
        parts += [
            f"| {c.name} | {c.type} | {c.unit} | {'yes' if c.null else 'no'} | {c.meaning} |\n" for c in each.columns
        ]
    return "".join(parts)
