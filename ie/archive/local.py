"""The backend on this machine: one pool of processes over all shards that are left."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ie.archive.home import Home
from ie.archive.options import Options
from ie.archive.plan import Plan
from ie.archive.pool import Pool
from ie.archive.progress import Watch
from ie.archive.shards import Shards
from ie.archive.worker import Setup


@dataclass(frozen=True)
class Job:
    """What a backend is to do: write the shards `left` of a plan and yield a ledger line for each."""

    plan: Plan
    left: list[int]
    home: Home
    options: Options
    roots: tuple[Path, ...]
    watch: Watch


def tag_locally(job: Job) -> Iterator[dict[str, Any]]:
    """Tag with `options.worker_count()` processes; yields the lines of shards as they are written."""
    setup = Setup(job.options, job.roots, job.home.scratch, os.getpid())
    pool = Pool(setup, count=job.options.worker_count(), tell=job.watch.event)
    shards = Shards(job.plan, job.left, job.home, job.options, job.watch)
    try:
        for answer in pool.run(shards.batches()):
            shards.add(answer)
            job.watch.answered(answer)
            yield from shards.written()
        yield from shards.written()
    finally:
        pool.close()
        shards.close()
