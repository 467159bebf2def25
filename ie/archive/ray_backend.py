"""The backend on a Ray cluster: Ray Data deals shards out to one pool of actors, each with a worker of its own.

An actor tags a shard exactly as this machine would (`ie.archive.pool`), so a document that crashes costs itself and not
the actor, and writes the parts straight to the output, which every node must see under the same path, like the archive.
A node that is lost costs the shards it was at: Ray gives them to another one, and the parts come out the same.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ie.archive import plan as planning
from ie.archive.home import Home
from ie.archive.inputs import FAILED
from ie.archive.local import Job
from ie.archive.options import Options
from ie.archive.pool import Pool
from ie.archive.shards import Shard
from ie.archive.worker import Setup
from ie.errors import IEError, InputError, OutputError


def on_cluster(address: str | None) -> Callable[[Job], Iterator[dict[str, Any]]]:
    """Return the backend for the cluster at `address`, or for one that is started here for the length of the run."""
    _ray()

    def tag(job: Job) -> Iterator[dict[str, Any]]:
        return _tag(job, address)

    return tag


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise InputError("the Ray backend needs ray; run pip install 'viet-report-ie[ray]'") from error
    return ray


def _tag(job: Job, address: str | None) -> Iterator[dict[str, Any]]:
    """Yield the ledger lines of the shards left, as the actors finish them."""
    if not job.left:
        return
    ray = _ray()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ours = not ray.is_initialized()
    if ours:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    try:
        failed = 0
        for row in _rows(ray, job):
            if row["error"]:
                raise OutputError(row["error"])
            noted: dict[str, Any] = json.loads(row["noted"])
            failed += noted["outcomes"].get(FAILED, 0)
            job.watch.moved(job.plan.ready[noted["shard"]], failed=failed)
            yield noted
    finally:
        if ours:
            ray.shutdown()


def _rows(ray: Any, job: Job) -> Iterator[dict[str, Any]]:
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    actors = job.options.workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    shards = [{"shard": number, "start": job.plan.starts[number]} for number in job.left]
    data = ray.data.from_items(shards, override_num_blocks=len(shards)).map(
        ShardTagger,
        fn_constructor_args=(job.home.out, job.roots, job.options),
        concurrency=(1, min(actors, len(shards))),
        num_cpus=1,
    )
    rows: Iterator[dict[str, Any]] = data.iter_rows()
    return rows


class ShardTagger:
    """An actor: keeps one worker process with the model and tags the shards it is given."""

    def __init__(self, out: Path, roots: tuple[Path, ...], options: Options) -> None:
        self._home = Home(out)
        self._options = options
        self._pool = Pool(Setup(options, roots, self._home.scratch, os.getpid()), count=1, tell=_silent)

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """Tag a shard; the row that comes back has the ledger line or, when it cannot be written, the error."""
        try:
            return {"noted": json.dumps(self._tag(int(row["shard"]), int(row["start"]))), "error": ""}
        except IEError as error:
            return {"noted": "", "error": str(error)}

    def _tag(self, number: int, start: int) -> dict[str, Any]:
        inputs = planning.read_shard(self._home.plan, number, start)
        with tempfile.TemporaryDirectory() as folder:
            shard = Shard(number, inputs, Path(folder) / "spool")
            try:
                for answer in self._pool.run(planning.batches(inputs, set(), options=self._options)):
                    shard.add(answer)
                return shard.write(self._home.out, self._options)
            finally:
                shard.close()


def _silent(event: str, **what: object) -> None:
    """Hear of a worker and say nothing: the driver cannot hear it."""
