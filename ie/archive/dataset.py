"""A finished run read back: which documents it has, and what was found in each, one part of the tables at a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ie.archive.home import MANIFEST
from ie.errors import FormatError, InputError
from ie.export.arrow import pyarrow

PARTS_HELD = 3
"""Parts kept in memory by one reader; runs of the same archive are read in step, so one would nearly do."""


@dataclass(frozen=True)
class Found:
    """What a run found in one document: descriptions of spans, relations and facts by a key that no id enters.

    A span is known by label and source fragments, a relation by type and its two spans, a fact by the source of its
    figure and all it says.
    """

    entities: dict[tuple[Any, ...], str]
    relations: dict[tuple[Any, ...], str]
    facts: dict[tuple[Any, ...], str]


FACT_COLUMNS = (
    "text",
    "value",
    "upper",
    "unit",
    "indicator",
    "period_start",
    "period_end",
    "places",
    "projects",
    "legal",
)


class Run:
    """A finished run in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = self._manifest()
        self.documents = dict(self._documents())
        self._part = lru_cache(maxsize=PARTS_HELD)(self._read_part)

    def _manifest(self) -> dict[str, Any]:
        path = self.folder / MANIFEST
        if not path.is_file():
            raise InputError(f"{self.folder}: holds no finished run (no {MANIFEST}); finish it with ie tag")
        try:
            found: dict[str, Any] = json.loads(path.read_bytes())
            found["identity"]["model"]["name"], found["counts"]["inputs"]
        except (ValueError, KeyError, TypeError) as error:
            raise FormatError(f"{path}: was not written by ie tag ({error!r})") from error
        return found

    @property
    def model(self) -> str:
        """Name and version of the model."""
        about = self.manifest["identity"]["model"]
        return f"{about['name']} {about['version']}"

    def _documents(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield the name of each tagged document with its hash and part."""
        for path in sorted((self.folder / "documents").glob("part-*.parquet")):
            table = self._table("documents", path.name, ("document", "sha256"))
            for name, digest in zip(table["document"], table["sha256"], strict=True):
                yield name, (digest, path.name)

    def _table(self, name: str, part: str, columns: tuple[str, ...]) -> dict[str, list[Any]]:
        pyarrow()
        from pyarrow import parquet

        path = self.folder / name / part
        try:
            found: dict[str, list[Any]] = parquet.read_table(path, columns=list(columns)).to_pydict()
        except (OSError, ValueError, KeyError) as error:
            raise FormatError(f"{path}: cannot be read ({error}); tag the archive again") from error
        return found

    def found(self, document: str) -> Found:
        """Return what was found in a document of the run."""
        return self._part(self.documents[document][1])[document]

    def _read_part(self, part: str) -> dict[str, Found]:
        made: dict[str, Found] = defaultdict(_nothing)
        spans: dict[tuple[str, str], tuple[Any, ...]] = {}
        for document, id, label, source, text in self._rows("entities", part, ("id", "label", "source", "text")):
            spans[document, id] = key = (label, *source)
            made[document].entities[key] = text
        names = ("type", "head", "tail", "head_text", "tail_text")
        for document, type, head, tail, head_text, tail_text in self._rows("relations", part, names):
            key = (type, spans[document, head], spans[document, tail])
            made[document].relations[key] = f"{head_text} → {tail_text}"
        for document, id, *said in self._rows("facts", part, ("id", *FACT_COLUMNS)):
            plain = tuple(str(each) if each else "" for each in said)
            made[document].facts["fact", spans[document, id], *plain] = _fact_line(said)
        return made

    def _rows(self, name: str, part: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        table = self._table(name, part, ("document", *columns))
        return zip(*(table[column] for column in ("document", *columns)), strict=True)


def _nothing() -> Found:
    return Found({}, {}, {})


def _fact_line(said: list[Any]) -> str:
    text, value, upper, unit, indicator, start, end, places, projects, legal = said
    amount = " ".join(str(each) for each in (value or text, upper and f"/ {upper}", unit) if each)
    period = f"{start or ''}…{end or ''}" if start or end else ""
    return " | ".join(part for part in (amount, indicator, period, *places, *projects, *legal) if part)
