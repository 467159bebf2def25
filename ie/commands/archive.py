"""`ie tag ARCHIVE -o OUT`: a whole archive to a Parquet dataset."""

from __future__ import annotations

import argparse
import signal
import sys
from typing import TYPE_CHECKING, Any

from ie.commands.messages import DONE, FAILED, USAGE, complain

if TYPE_CHECKING:
    from pathlib import Path

    from ie.archive.progress import Watch
    from ie.archive.run import Backend

UNFINISHED = 3
"""Exit status of a run that could not go on, for want of disk space most often; the same command goes on."""


def add_options(tag: argparse.ArgumentParser) -> None:
    """Declare the options that only archives have."""
    group = tag.add_argument_group("archives", "for a folder, zip or tar as FILE and a folder as OUT")
    group.add_argument("--workers", type=int, default=0, metavar="N", help="processes (default: one a processor)")
    group.add_argument("--batch-size", type=int, default=16, metavar="N", help="documents handed over at once")
    group.add_argument("--shard-size", type=int, default=500, metavar="N", help="inputs in one part of the output")
    group.add_argument("--time-limit", type=float, default=600, metavar="SECONDS", help="longest time for a document")
    group.add_argument("--memory-limit", type=float, default=4096, metavar="MB", help="most memory for a document")
    group.add_argument("--max-size", type=float, default=64, metavar="MB", help="largest document that is read")
    group.add_argument("--new-run", action="store_true", help="do away with the run of another model in OUT")
    group.add_argument("--json-log", action="store_true", help="log JSON lines to standard error, no bar")
    group.add_argument("--backend", choices=("local", "ray"), default="local", help="where workers run")
    group.add_argument("--ray-address", metavar="HOST:PORT", help="the Ray cluster (default: start one here)")


def asked_for(options: argparse.Namespace) -> bool:
    """Tell whether the call is about an archive: a folder or container goes in and a folder comes out."""
    from ie.archive.kinds import container_kind

    if options.out.suffix and not options.out.is_dir():
        return False
    return any(path.is_dir() or container_kind(path.name) or _is_missing_folder(path) for path in options.files)


def _is_missing_folder(path: Path) -> bool:
    """Tell whether a path that leads nowhere was meant for a folder: a report has a suffix."""
    return not path.suffix and not path.exists()


def run(options: argparse.Namespace) -> int:
    """Tag the archive; 0 done, 1 some inputs failed, 2 refused, 3 could not go on, 128 and more stopped by a signal."""
    from ie.archive.home import RefusedError
    from ie.archive.progress import Watch
    from ie.archive.run import Stopped, tag_archive
    from ie.errors import IEError, OutputError

    watch = Watch(sys.stderr, json_log=options.json_log)
    try:
        found = tag_archive(
            options.files,
            options.out,
            options=_options(options),
            new_run=options.new_run,
            backend=_backend(options),
            watch=watch,
        )
    except RefusedError as error:
        return _ended(watch, USAGE, "refused", str(error))
    except OutputError as error:
        return _ended(watch, UNFINISHED, "not written", str(error))
    except IEError as error:
        return _ended(watch, FAILED, "error", str(error))
    except Stopped as stopped:
        said = f"stopped by {signal.Signals(stopped.number).name}; the same command goes on"
        return _ended(watch, 128 + stopped.number, "stopped", said)
    if watch.json_log and not found.fresh:
        watch.event("finished before", **found.counts)
    elif not watch.json_log:
        done = "" if found.fresh else " (finished before; nothing was done)"
        print(f"{options.out}: {found}{done}", file=sys.stderr)
    return FAILED if found.failed else DONE


def _ended(watch: Watch, status: int, event: str, message: str) -> int:
    """Say why a run did not end well, as an event where lines of JSON are asked for; return the exit status."""
    if watch.json_log:
        watch.event(event, message=message)
    else:
        complain(message)
    return status


def _options(options: argparse.Namespace) -> Any:
    from ie.archive.options import MB, Limits, Options

    limits = Limits(
        document_bytes=int(options.max_size * MB),
        seconds=options.time_limit,
        memory=int(options.memory_limit * MB),
    )
    return Options(
        model=options.model,
        min_score=options.min_score,
        any_language=options.any_language,
        ocr=options.ocr,
        limits=limits,
        shard_documents=options.shard_size,
        workers=options.workers,
        batch=options.batch_size,
    )


def _backend(options: argparse.Namespace) -> Backend:
    if options.backend == "ray":
        from ie.archive.ray_backend import on_cluster

        return on_cluster(options.ray_address)
    from ie.archive.local import tag_locally

    return tag_locally
