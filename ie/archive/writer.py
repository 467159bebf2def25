"""The answers of a shard as one Parquet part of every table, in row groups of bounded size.

The same answers give the same bytes: rows go by the order of the inputs, row groups are cut by count, and nothing of
the run (time, place, order of arrival) is written.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ie.archive.answer import TABLES
from ie.archive.durable import beside, not_written, publish, sha256_file
from ie.archive.inputs import FAILED, READY, TAGGED, Input
from ie.export.arrow import arrow_schema, pyarrow
from ie.export.columns import table

if TYPE_CHECKING:
    import pyarrow as pa

TEXTS_PER_GROUP = 100
"""Most rows of a row group of `documents`, which hold whole texts."""
Columns = list[list[Any]]
_AS_TEXT = ("date", "decimal")
_LEVELS = {"failed": "error", "skipped": "skipped", "duplicate": "duplicate"}
_FIGURES = re.compile(r"\d+")


def part_name(shard: int) -> str:
    """Return the file name of a shard's part, the same in every table; names sort as shards do."""
    return f"part-{shard:06d}.parquet"


def write_shard(
    out: Path, shard: int, inputs: Iterable[Input], answer: Callable[[int], bytes], *, row_group: int
) -> dict[str, Any]:
    """Write the parts of a shard and return what the ledger keeps of it.

    `answer(number)` gives the body of an input that was ready. The part of `documents` appears last: where it stands,
    the shard's other parts do too.
    """
    summary = _Summary()
    with ExitStack() as stack:
        parts = {name: stack.enter_context(_Part(out / name / part_name(shard), name, row_group)) for name in TABLES}
        for entry in inputs:
            for name, columns in summary.rows(entry, answer):
                parts[name].add(columns)
        for name in reversed(TABLES):
            parts[name].finish()
    files = {f"{name}/{part_name(shard)}": parts[name].about() for name in TABLES}
    return {"shard": shard, "files": files, **summary.as_dict()}


class _Summary:
    """What the manifest needs to know of a shard, gathered while its rows go by."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.failed: list[tuple[int, str]] = []
        self.warnings: Counter[str] = Counter()

    def rows(self, entry: Input, answer: Callable[[int], bytes]) -> Iterator[tuple[str, Columns]]:
        """Yield the rows of an input by table; warnings are counted with their figures left out."""
        body: dict[str, Any] = json.loads(answer(entry.number)) if entry.state == READY else {"state": entry.state}
        self.outcomes[body["state"]] += 1
        if body["state"] == TAGGED:
            for warning in body["tables"]["errors"][table("errors").names.index("reason")]:
                self.warnings[_FIGURES.sub("N", warning)] += 1
            yield from body["tables"].items()
            return
        reason = body.get("reason", entry.reason)
        if body["state"] == FAILED:
            self.failed.append((entry.number, reason))
        row = {
            "document": entry.name,
            "sha256": entry.sha256 or None,
            "level": _LEVELS[body["state"]],
            "reason": reason,
        }
        yield "errors", [[row[name]] for name in table("errors").names]

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {"outcomes": dict(self.outcomes), "failed": self.failed, "warnings": dict(sorted(self.warnings.items()))}


class _Part:
    """One Parquet file that grows by row groups and appears under its name when it is finished."""

    def __init__(self, path: Path, name: str, row_group: int) -> None:
        self._path = path
        self._part = beside(path)
        self._table = table(name)
        self._most = min(row_group, TEXTS_PER_GROUP) if name == "documents" else row_group
        self._columns: Columns = [[] for _ in self._table.columns]
        self._rows = 0
        self._writer: Any = None

    def __enter__(self) -> _Part:
        """Open the file beside its name."""
        from pyarrow import parquet

        try:
            self._path.parent.mkdir(exist_ok=True)
            self._writer = parquet.ParquetWriter(self._part, arrow_schema(self._table.name), compression="zstd")
        except OSError as error:
            raise not_written(self._path, error) from error
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no file that is not finished."""
        with suppress(OSError):  # it failed before and is taken away
            self._close()
        self._part.unlink(missing_ok=True)

    def add(self, columns: Columns) -> None:
        """Take rows, given by column, and write the row groups that are full."""
        for mine, theirs in zip(self._columns, columns, strict=True):
            mine.extend(theirs)
        while len(self._columns[0]) >= self._most:
            self._flush(self._most)

    def _flush(self, count: int) -> None:
        rows = [column[:count] for column in self._columns]
        self._columns = [column[count:] for column in self._columns]
        try:
            self._writer.write_table(arrow_columns(self._table.name, rows), row_group_size=count)
        except OSError as error:
            raise not_written(self._path, error) from error
        self._rows += count

    def _close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def finish(self) -> None:
        """Write the last rows and give the file its name."""
        if self._columns[0]:
            self._flush(len(self._columns[0]))
        try:
            self._close()
        except OSError as error:
            raise not_written(self._path, error) from error
        publish(self._part, self._path)

    def about(self) -> dict[str, Any]:
        """Return rows, bytes and hash of the finished file."""
        return {"rows": self._rows, "bytes": self._path.stat().st_size, "sha256": sha256_file(self._path)}


def arrow_columns(name: str, columns: Columns) -> pa.Table:
    """Return columns of a table, dates and decimals as text, as an Arrow table of its schema."""
    pa = pyarrow()
    schema = arrow_schema(name)
    arrays = []
    for column, field, values in zip(table(name).columns, schema, columns, strict=True):
        if column.type in _AS_TEXT:
            arrays.append(pa.array(values, type=pa.string()).cast(field.type))
        else:
            arrays.append(pa.array(values, type=field.type))
    return pa.Table.from_arrays(arrays, schema=schema)
