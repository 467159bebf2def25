"""Tag an archive into a folder: plan, tag what is left, sum up. Whatever stops it, the same call goes on."""

from __future__ import annotations

import hashlib
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from ie.archive import manifest as summing
from ie.archive import plan as planning
from ie.archive import walk
from ie.archive.answer import TABLES
from ie.archive.bytes_of import Fetcher
from ie.archive.durable import remove_leftovers
from ie.archive.engine import engine_class, versions
from ie.archive.home import Home, locked, settle
from ie.archive.ledger import Lines, encode
from ie.archive.local import Job, tag_locally
from ie.archive.manifest import Summary
from ie.archive.options import Options
from ie.archive.progress import Watch
from ie.archive.shards import Ledger
from ie.export.arrow import pyarrow
from ie.export.columns import dictionary

Backend = Callable[[Job], Iterator[dict[str, Any]]]


class Stopped(KeyboardInterrupt):
    """The run was told to stop by a signal; what it had is kept."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def tag_archive(
    archives: Sequence[str | Path],
    out: str | Path,
    *,
    options: Options | None = None,
    new_run: bool = False,
    backend: Backend = tag_locally,
    watch: Watch | None = None,
) -> Summary:
    """Tag the files of folders, zip and tar files into a Parquet dataset in the folder `out`.

    Every input ends as tagged, duplicate, skipped or failed. A run that was stopped is gone on with; one that is
    finished is left as it is. `new_run` clears away what another model or other options made.

    Raises:
        RefusedError: `out` holds another run or other files.
        OutputError: the disk is full or cannot be written; what stands is whole.
        InputError: an archive is missing, or an option makes no sense.
    """
    pyarrow()
    home, options, watch = Home(Path(out).resolve()), options or Options(), watch or Watch()
    roots = walk.check_roots([Path(archive) for archive in archives])
    with locked(home), _stoppable():
        identity = _identity(roots, home, options)
        finished = settle(home, identity, new_run=new_run)
        if finished is None:
            finished = _work(home, identity, roots, options, backend, watch)
            fresh = True
        else:
            fresh = False
        shutil.rmtree(home.work, ignore_errors=True)
    return summing.summary(finished, fresh=fresh)


def _identity(roots: tuple[Path, ...], home: Home, options: Options) -> dict[str, Any]:
    """Return what decides the output: a run with another identity is another run."""
    return {
        "model": engine_class(options.engine).describe(options),
        "versions": versions(),
        "options": options.identity(),
        "tables": hashlib.sha256(dictionary().encode()).hexdigest(),
        "archive": walk.listing_hash(roots, leave_out=home.out),
    }


def _work(
    home: Home, identity: dict[str, Any], roots: tuple[Path, ...], options: Options, backend: Backend, watch: Watch
) -> dict[str, Any]:
    remove_leftovers([home.work, home.scratch, *(home.out / name for name in TABLES)])
    plan = _plan(home, roots, options, watch)
    ledger, sessions = Ledger(home), Lines(home.sessions)
    try:
        left = [number for number in range(len(plan.starts)) if number not in ledger.shards]
        done = sum(plan.ready) - sum(plan.ready[number] for number in left)
        watch.planned(documents=sum(plan.ready), done=done)
        watch.event("planned", inputs=plan.inputs, **plan.states, shards=len(plan.starts), shards_left=len(left))
        for noted in backend(Job(plan, left, home, options, roots, watch)):
            ledger.note(noted)
            watch.event("shard written", shard=noted["shard"], **noted["outcomes"])
        made = summing.build(identity, plan, [ledger.shards[number] for number in range(len(plan.starts))])
        sessions.append(encode(_session(options, watch)))
        summing.write(home, made, sessions)
        watch.event("finished", **made["counts"])
    except Stopped:
        sessions.append(encode(_session(options, watch)))
        raise
    finally:
        watch.close()
        ledger.close()
        sessions.close()
    return made


def _session(options: Options, watch: Watch) -> dict[str, Any]:
    """Return what this start took, with what may be chosen anew at every start."""
    return {**watch.timings(), "workers": options.worker_count(), "batch": options.batch}


def _plan(home: Home, roots: tuple[Path, ...], options: Options, watch: Watch) -> planning.Plan:
    """Return the plan of the run, made now when no former start made it."""
    if not home.plan.is_file():
        watch.event("planning")
        fetcher = Fetcher(roots, home.scratch)
        found = walk.inputs(roots, fetcher=fetcher, scratch=home.scratch, limits=options.limits, leave_out=home.out)
        try:
            planning.write(home.plan, found, fetcher=fetcher, options=options)
        finally:
            fetcher.close()
    return planning.read(home.plan)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn SIGINT and SIGTERM into Stopped while the block lasts, the first time; later ones do not disturb the end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    former = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in former.items():
            signal.signal(each, handler)
