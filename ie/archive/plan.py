"""The plan of a run: every input in a fixed order with its hash, its fate as far as it is known, and its shard.

It is written once, before anything is tagged, and never changes: what is killed and run again works on the same plan.
Shards are runs of inputs in that order, bounded in documents and bytes; each becomes one part of every table.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ie.archive.bytes_of import Fetcher
from ie.archive.durable import whole_file
from ie.archive.inputs import DUPLICATE, FAILED, READY, Input, input_from
from ie.archive.ledger import encode, sealed, whole_lines
from ie.archive.options import Options
from ie.errors import FormatError, InputError


@dataclass
class Plan:
    """A plan on disk: where each shard starts in the file, and what is counted by state."""

    path: Path
    sha256: str = ""
    starts: list[int] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    sizes: Counter[str] = field(default_factory=Counter)

    @property
    def inputs(self) -> int:
        """How many inputs there are."""
        return sum(self.states.values())

    def shard(self, number: int) -> list[Input]:
        """Return the inputs of a shard in order."""
        return read_shard(self.path, number, self.starts[number])

    def entries(self) -> Iterator[Input]:
        """Yield all inputs in order."""
        for number in range(len(self.starts)):
            yield from self.shard(number)


def read_shard(path: Path, number: int, start: int) -> list[Input]:
    """Return the inputs of a shard, whose lines begin at byte `start` of the plan, in order."""
    found = []
    with path.open("rb") as stream:
        stream.seek(start)
        for _, body in whole_lines(stream):
            data = json.loads(body)
            if data.get("end") or data["shard"] != number:
                break
            found.append(input_from(data))
    return found


def write(path: Path, found: Iterable[Input], *, fetcher: Fetcher, options: Options) -> None:
    """Hash and number the inputs, tell duplicates, cut shards and write the plan; it is there whole or not at all."""
    first: dict[bytes, str] = {}
    cut = _Cut(options)
    count = 0
    with whole_file(path) as out:
        lines = bytearray()
        for entry in found:
            planned = _hashed(replace(entry, number=count), fetcher, first)
            lines += sealed(encode(replace(planned, shard=cut(planned)).as_dict()))
            count += 1
            if len(lines) > 1 << 20:
                out.write(bytes(lines))
                lines.clear()
        lines += sealed(encode({"end": True, "inputs": count, "shards": cut.shard + 1}))
        out.write(bytes(lines))


def _hashed(entry: Input, fetcher: Fetcher, first: dict[bytes, str]) -> Input:
    """Return the input with its hash; as a duplicate when an earlier one has the same bytes."""
    if entry.state != READY:
        return entry
    try:
        digest = fetcher.digest(entry)
    except InputError as error:
        return replace(entry, state=FAILED, reason=str(error), place=None)
    known = first.setdefault(bytes.fromhex(digest), entry.name)
    if known != entry.name:
        return replace(entry, sha256=digest, state=DUPLICATE, reason=f"has the same content as {known}", place=None)
    return replace(entry, sha256=digest)


class _Cut:
    """Tells the shard of each input in turn."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.shard = 0
        self._documents = self._bytes = 0

    def __call__(self, entry: Input) -> int:
        size = entry.size if entry.state == READY else 0
        full = self._documents >= self._options.shard_documents or self._bytes + size > self._options.shard_bytes
        if full and self._documents:
            self.shard += 1
            self._documents = self._bytes = 0
        self._documents += 1
        self._bytes += size
        return self.shard


def read(path: Path) -> Plan:
    """Read where the shards of a plan are; FormatError when the file is damaged."""
    plan = Plan(path)
    digest = hashlib.sha256()
    last: dict[str, Any] = {}
    with path.open("rb") as stream:
        for offset, body in whole_lines(stream):
            digest.update(body)
            last = json.loads(body)
            if not last.get("end"):
                _note(plan, last, offset)
    if not last.get("end") or last["inputs"] != plan.inputs:
        raise FormatError(f"{path}: the plan of the run is damaged; begin anew with --new-run")
    if not plan.starts:
        plan.starts, plan.ready = [0], [0]
    plan.sha256 = digest.hexdigest()
    return plan


def _note(plan: Plan, data: dict[str, Any], offset: int) -> None:
    if data["shard"] == len(plan.starts):
        plan.starts.append(offset)
        plan.ready.append(0)
    plan.states[data["state"]] += 1
    plan.sizes[data["state"]] += data["size"]
    plan.ready[data["shard"]] += data["state"] == READY


def batches(shard: Sequence[Input], done: set[int], *, options: Options) -> Iterator[list[Input]]:
    """Yield what is left of a shard in batches of documents of like length, the longest first.

    A batch ends at `options.batch` documents or at the size of the longest, so that batches take about as long.
    """
    left = sorted((e for e in shard if e.state == READY and e.number not in done), key=_longest_first)
    most = max((entry.size for entry in left[:1]), default=0)
    batch: list[Input] = []
    size = 0
    for entry in left:
        if batch and (len(batch) >= options.batch or size + entry.size > most):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch


def _longest_first(entry: Input) -> tuple[int, int]:
    return -entry.size, entry.number
