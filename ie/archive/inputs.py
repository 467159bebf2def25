"""The record of one input of a run and where its bytes are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

READY, DUPLICATE, SKIPPED, FAILED, TAGGED = "ready", "duplicate", "skipped", "failed", "tagged"
OUTCOMES = (TAGGED, DUPLICATE, SKIPPED, FAILED)
"""How an input ends; READY stands in the plan for one that is to be tagged."""
SCRATCH = -1


class Place(NamedTuple):
    """Where bytes are: a file, or a member of a container file.

    `base` is the number of a root, or SCRATCH for a container that had to be unpacked first; `path` leads there from
    the base; `kind` is file, zip or tar. `member` is a zip member's position in the directory, or the offset in bytes
    of a tar member's data.
    """

    base: int
    path: str
    kind: str = "file"
    member: int = 0


@dataclass(frozen=True)
class Input:
    """One input in the fixed order of a run: `number` from 0, `size` in bytes, `state` ready or how it ended.

    `reason` says why it is skipped, what it duplicates or why it failed; `shard` is the part of the output it goes to.
    """

    number: int
    name: str
    size: int
    place: Place | None
    sha256: str = ""
    state: str = READY
    reason: str = ""
    shard: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the record as plain data."""
        return asdict(self)


def input_from(data: dict[str, Any]) -> Input:
    """Build a record from what `as_dict` gave."""
    place = data["place"]
    return Input(**{**data, "place": Place(*place) if place is not None else None})
