"""What a run is asked for, told apart by whether it may change what comes out."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ie.errors import InputError

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds that keep one input from costing the others anything. Sizes in bytes, times in seconds."""

    document_bytes: int = 64 * MB
    """Largest document that is read."""
    container_bytes: int = 64 * 1024 * MB
    """Most that all members of one outermost container may hold unpacked, nested ones included."""
    members: int = 500_000
    """Most members of one outermost container, nested ones included."""
    depth: int = 4
    """Containers within containers that are opened."""
    ratio: int = 200
    """Most that a member of a megabyte and more may expand to, times its packed size."""
    seconds: float = 600.0
    """Longest time that one document may take."""
    memory: int = 4096 * MB
    """Most memory that a worker may ask for on top of what the loaded model takes."""


@dataclass(frozen=True)
class Options:
    """Options of a run. Those of `identity()` decide what comes out; the others only how fast."""

    model: str | None = None
    min_score: float = 0.0
    any_language: bool = False
    ocr: bool = False
    limits: Limits = field(default_factory=Limits)
    shard_documents: int = 500
    shard_bytes: int = 64 * MB
    row_group: int = 20_000
    """Most rows of a Parquet row group, in `documents` (which hold texts) RATIO times fewer."""
    engine: str = "ie.archive.engine:ModelEngine"
    """Where the tagger comes from, `module:class`; tests put another one in."""
    workers: int = 0
    """Processes that tag; 0 for one a processor."""
    batch: int = 16
    """Most documents handed to a worker at once."""

    def __post_init__(self) -> None:
        for name in ("shard_documents", "shard_bytes", "row_group", "batch"):
            if getattr(self, name) < 1:
                raise InputError(f"{name.replace('_', ' ')}: {getattr(self, name)} is too few; give 1 or more")
        if self.workers < 0:
            raise InputError(f"workers: {self.workers} is too few; give 1 or more, or 0 for one a processor")
        for limit in fields(Limits):
            if getattr(self.limits, limit.name) <= 0:
                raise InputError(f"limit on {limit.name.replace('_', ' ')}: must be above 0")

    def identity(self) -> dict[str, Any]:
        """Return the options that decide what comes out."""
        free = ("workers", "batch", "model")
        return {name: value for name, value in asdict(self).items() if name not in free}

    def worker_count(self) -> int:
        """Return how many processes tag: as asked, or one a processor that this process may use."""
        usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return self.workers or usable
