"""What is known about each report: one JSON line a report in `metadata.jsonl`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpus.files import json_line, read_json_lines, write_text
from ie.errors import FormatError

SPLITS = ("train", "dev", "test")
LEVELS = ("commune", "ward", "district", "city", "province")
LAYOUTS = ("clean", "hard-wrapped", "double-spaced")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Metadata:
    """The record of one report.

    `layout` is the class of its lines; `typesetting` holds the typesetter's directives it was made with; `date` is the
    day it was made (ISO 8601) and `year` the year it reports on; `phenomena` are codes of `phenomena.toml`.
    """

    id: str
    split: str
    title: str
    place: str
    province: str
    level: str
    date: str
    year: int
    kind: str
    layout: str
    typesetting: str
    author: str
    phenomena: tuple[str, ...] = ()

    def as_meta(self) -> dict[str, str]:
        """Return the record as the strings that `Document.meta` holds."""
        row = asdict(self) | {"year": str(self.year), "phenomena": " ".join(self.phenomena), "source": "composed"}
        return {key: str(value) for key, value in row.items()}

    def moved(self, split: str) -> Metadata:
        """Return the record in another split."""
        return replace(self, split=split)


def layout_of(directives: str) -> str:
    """Return the layout class that the typesetter's directives lead to."""
    words = directives.split()
    if "double" in words:
        return "double-spaced"
    return "hard-wrapped" if any(word.startswith("wrap=") for word in words) else "clean"


def from_row(row: Mapping[str, Any], where: str) -> Metadata:
    """Build a record from a JSON object; FormatError naming every field that is missing or wrong."""
    names = Metadata.__dataclass_fields__
    missing = [name for name in names if name not in row]
    unknown = [name for name in row if name not in names]
    if missing or unknown:
        parts = [f"lacks {', '.join(missing)}"] * bool(missing) + [f"has unknown {', '.join(unknown)}"] * bool(unknown)
        raise FormatError(f"{where}: the record {' and '.join(parts)}; the fields are {', '.join(names)}")
    wrong = list(_wrong(row))
    if wrong:
        raise FormatError(f"{where}: {'; '.join(wrong)}")
    return Metadata(**{**row, "phenomena": tuple(row["phenomena"])})


def _wrong(row: Mapping[str, Any]) -> Iterable[str]:
    texts = [name for name in Metadata.__dataclass_fields__ if name not in ("year", "phenomena")]
    yield from (f"{name} must be a string, not {row[name]!r}" for name in texts if not isinstance(row[name], str))
    if not isinstance(row["year"], int):
        yield f"year must be a whole number, not {row['year']!r}"
    if not isinstance(row["phenomena"], (list, tuple)) or not all(isinstance(code, str) for code in row["phenomena"]):
        yield f"phenomena must be a list of codes, not {row['phenomena']!r}"
    for name, allowed in (("split", SPLITS), ("level", LEVELS), ("layout", LAYOUTS)):
        if row[name] not in allowed:
            yield f"{name} {row[name]!r} is unknown; use one of {', '.join(allowed)}"
    if not _is_date(str(row["date"])):
        yield f"date {row['date']!r} is no day written YYYY-MM-DD"
    if not _ID.fullmatch(str(row["id"])):
        yield f"id {row['id']!r} may hold lower-case letters, digits and hyphens only"


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def read_lines(path: Path) -> list[tuple[int, Metadata]]:
    """Return the records with their line numbers; an absent file holds none."""
    if not path.is_file():
        return []
    return [(number, from_row(row, f"{path}:{number}")) for number, row in read_json_lines(path)]


def read(path: Path) -> dict[str, Metadata]:
    """Return the records by id, in order of the file; FormatError when an id stands twice."""
    records: dict[str, Metadata] = {}
    for number, record in read_lines(path):
        if record.id in records:
            raise FormatError(f"{path}:{number}: id {record.id} is used twice; remove one line")
        records[record.id] = record
    return records


def write(path: Path, records: Iterable[Metadata]) -> None:
    """Write the records, sorted by id."""
    rows = (asdict(record) for record in sorted(records, key=lambda record: record.id))
    write_text(path, "".join(json_line(row) for row in rows))
