"""A shard from its first answer to its parts: answers are spooled as they come, a full shard is written and noted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ie.archive import plan as planning
from ie.archive import writer
from ie.archive.answer import Answer
from ie.archive.durable import sha256_file
from ie.archive.home import Home
from ie.archive.inputs import READY, Input
from ie.archive.ledger import Lines, encode
from ie.archive.options import Options
from ie.archive.progress import Watch


class Shard:
    """A shard that is being tagged; what was spooled before a stop counts."""

    def __init__(self, number: int, inputs: list[Input], spool: Path) -> None:
        self.number = number
        self.inputs = inputs
        self._spool = spool
        self._lines = Lines(spool)
        self._where = {json.loads(body)["number"]: i for i, body in enumerate(self._lines)}
        self.ready = sum(entry.state == READY for entry in inputs)

    @property
    def done(self) -> set[int]:
        """Numbers of the inputs that are answered."""
        return set(self._where)

    @property
    def full(self) -> bool:
        """Whether every input is answered."""
        return len(self._where) == self.ready

    def add(self, answer: Answer) -> None:
        """Keep an answer; it outlives the process from here on."""
        self._lines.append(answer.body)
        self._where[answer.number] = len(self._lines.bodies) - 1

    def _body(self, number: int) -> bytes:
        return self._lines.read(self._where[number])

    def write(self, out: Path, options: Options) -> dict[str, Any]:
        """Write the parts and return the line of the ledger."""
        return writer.write_shard(out, self.number, self.inputs, self._body, row_group=options.row_group)

    def discard(self) -> None:
        """Remove the spool: the parts are written and noted."""
        self._lines.close()
        self._spool.unlink()

    def close(self) -> None:
        """Close the spool and leave it for the next start."""
        self._lines.close()


class Ledger:
    """The shards that are written, with their files and hashes."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lines = Lines(home.ledger)
        self.shards: dict[int, dict[str, Any]] = {}
        for body in self._lines:
            noted = json.loads(body)
            if self._stand(noted):
                self.shards[noted["shard"]] = noted

    def _stand(self, noted: dict[str, Any]) -> bool:
        """Tell whether the parts of a shard are those that were written; one that is not is made again."""
        return all(
            (path := self._home.out / name).is_file()
            and path.stat().st_size == about["bytes"]
            and sha256_file(path) == about["sha256"]
            for name, about in noted["files"].items()
        )

    def note(self, noted: dict[str, Any]) -> None:
        """Note a written shard for good."""
        self._lines.append(encode(noted), lasting=True)
        self.shards[noted["shard"]] = noted

    def close(self) -> None:
        """Close the file."""
        self._lines.close()


class Shards:
    """The shards of a plan that are left, opened as work for them is asked for."""

    def __init__(self, plan: planning.Plan, left: list[int], home: Home, options: Options, watch: Watch) -> None:
        self._watch = watch
        self._plan = plan
        self._left = left
        self._home = home
        self._options = options
        self._open: dict[int, Shard] = {}
        self._of: dict[int, int] = {}

    def batches(self) -> Iterator[list[Input]]:
        """Yield the batches of the shards left, in order of the shards."""
        for number in self._left:
            shard = Shard(number, self._plan.shard(number), self._home.spool(number))
            self._open[number] = shard
            self._watch.skipped(len(shard.done))
            for batch in planning.batches(shard.inputs, shard.done, options=self._options):
                self._of.update((entry.number, number) for entry in batch)
                yield batch

    def add(self, answer: Answer) -> None:
        """Keep an answer in its shard's spool."""
        self._open[self._of.pop(answer.number)].add(answer)

    def written(self) -> Iterator[dict[str, Any]]:
        """Write the shards that are full and yield their lines; the spool goes when the next one is asked for."""
        for number, shard in list(self._open.items()):
            if shard.full:
                with self._watch.timing("write"):
                    noted = shard.write(self._home.out, self._options)
                yield noted
                shard.discard()
                del self._open[number]

    def close(self) -> None:
        """Close the spools that are left."""
        for shard in self._open.values():
            shard.close()
