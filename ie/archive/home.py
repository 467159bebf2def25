"""The folder of a run: what stands in it, who may write, and whether it holds the run that is asked for."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ie.archive.answer import TABLES
from ie.archive.durable import not_written, whole_file
from ie.errors import FormatError, InputError

LOCK_SECONDS = 5.0
MANIFEST, TIMINGS, WORK, LOCK = "manifest.json", "timings.json", ".run", "lock"


class RefusedError(InputError):
    """The folder holds another run, or something else; nothing was touched."""


@dataclass(frozen=True)
class Home:
    """The paths of a run. `.run` holds what only an unfinished run needs and goes at its end."""

    out: Path

    @property
    def work(self) -> Path:
        """Folder of the unfinished run."""
        return self.out / WORK

    @property
    def manifest(self) -> Path:
        """What the run did; there when it is finished."""
        return self.out / MANIFEST

    @property
    def timings(self) -> Path:
        """What differs from run to run."""
        return self.out / TIMINGS

    @property
    def about(self) -> Path:
        """Identity of the unfinished run."""
        return self.work / "run.json"

    @property
    def plan(self) -> Path:
        """The inputs in their order."""
        return self.work / "plan.jsonl"

    @property
    def ledger(self) -> Path:
        """The shards that are written."""
        return self.work / "ledger.jsonl"

    @property
    def sessions(self) -> Path:
        """Timings of every start of the run."""
        return self.work / "sessions.jsonl"

    @property
    def scratch(self) -> Path:
        """Containers that had to be unpacked to be read."""
        return self.work / "scratch"

    def spool(self, shard: int) -> Path:
        """Answers of a shard that is not full yet."""
        return self.work / f"spool-{shard:06d}.jsonl"


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Keep the folder to this process while the block lasts; RefusedError when another works in it or it is a file."""
    if home.out.exists() and not home.out.is_dir():
        raise RefusedError(f"{home.out}: is a file; give a new folder")
    handle = _lock(home)
    try:
        yield
    finally:
        with suppress(OSError):  # a run that is under way has more in it than the lock
            if [path.name for path in home.work.iterdir()] == [LOCK]:
                (home.work / LOCK).unlink()
                home.work.rmdir()
        os.close(handle)


def _lock(home: Home) -> int:
    """Lock the folder; a worker of a killed run, caught between fork and exec, may hold the lock for a moment.

    A lock that was taken away while this process waited for it is none: the one under its name counts.
    """
    end = time.monotonic() + LOCK_SECONDS
    while True:
        handle = _open_lock(home)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            if time.monotonic() > end:
                raise RefusedError(f"{home.out}: another process is writing to it; wait for it or stop it") from error
            time.sleep(0.05)
            continue
        with suppress(FileNotFoundError):
            if (home.work / LOCK).stat().st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)


def _open_lock(home: Home) -> int:
    try:
        home.work.mkdir(parents=True, exist_ok=True)
        return os.open(home.work / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise not_written(home.out, error) from error


def settle(home: Home, identity: dict[str, Any], *, new_run: bool) -> dict[str, Any] | None:
    """Make the folder ready for the run `identity`; return the manifest when the run is finished already.

    RefusedError when the folder holds another run or files that are none, unless `new_run` clears the other run away.
    """
    if not home.manifest.is_file() and not home.about.is_file():
        _check_free(home)
    known = _stored(home, damaged_is_none=new_run)
    if new_run:
        clear(home)
    elif known is not None:
        _check_same(home, known["identity"], identity)
        if home.manifest.is_file():
            return known
    try:
        home.scratch.mkdir(exist_ok=True)
    except OSError as error:
        raise not_written(home.scratch, error) from error
    if not home.about.is_file():
        write_json(home.about, {"identity": identity})
    return None


def _stored(home: Home, *, damaged_is_none: bool) -> dict[str, Any] | None:
    """Return what stands of a run; RefusedError for a manifest of another making, which is never touched."""
    path = home.manifest if home.manifest.is_file() else home.about
    if not path.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        if found["identity"]["archive"]:
            return found
    except (ValueError, KeyError, TypeError) as error:
        if path == home.manifest:
            raise RefusedError(f"{path}: was not written by ie tag; give a new folder") from error
        if not damaged_is_none:
            raise FormatError(f"{path}: is damaged ({error}); begin anew with --new-run") from error
    return None


def _check_same(home: Home, old: dict[str, Any], new: dict[str, Any]) -> None:
    differences = list(_differences(old, new))
    if differences:
        raise RefusedError(
            f"{home.out}: holds a run with another {differences[0]}; "
            "give another folder, or --new-run to do away with it"
        )


def _check_free(home: Home) -> None:
    other = sorted(path.name for path in home.out.iterdir() if path.name != WORK)
    if other:
        raise RefusedError(f"{home.out}: is not empty and holds no run ({other[0]}); give a new folder")


def _differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield what differs, in words: the path of keys with old and new value."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differences(old.get(key), new.get(key), f"{path} {key}".strip().replace("_", " "))
    elif old != new:
        yield f"{path} ({_short(old)}, now {_short(new)})"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 24 else f"{text[:12]}…"


def clear(home: Home) -> None:
    """Remove what a run wrote and nothing else."""
    home.manifest.unlink(missing_ok=True)
    home.timings.unlink(missing_ok=True)
    for name in TABLES:
        for part in (home.out / name).glob("part-*.parquet*"):
            part.unlink()
    for path in home.work.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def write_json(path: Path, data: Any) -> None:
    """Write plain data, whole or not at all."""
    with whole_file(path) as out:
        out.write(json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
