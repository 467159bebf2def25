"""Files that are whole or not there, also after a power loss: written beside, forced to disk, then renamed."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ie.errors import OutputError

PART = ".part"
"""Suffix of a file that is being written; one that is found later is a leftover."""


class Out:
    """A stream that is being written; what goes wrong is an OutputError that names the file."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path = path
        self._stream = stream

    def write(self, data: bytes) -> None:
        """Write bytes, all of them: near a limit the system takes only some at a time."""
        left = memoryview(data)
        try:
            while left:
                left = left[self._stream.write(left) :]
        except OSError as error:
            raise not_written(self._path, error) from error


def not_written(path: Path, error: OSError) -> OutputError:
    """Return the error to raise when `path` cannot be written."""
    said = error.strerror or str(error)
    return OutputError(f"{path}: cannot be written ({said}); mend that and run the same command again, it goes on")


def beside(path: Path) -> Path:
    """Return the name under which this process writes a file before it is whole; another process has another."""
    return path.with_name(f"{path.name}.{platform.node()}-{os.getpid()}{PART}")


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove what processes that are gone did not finish writing."""
    for folder in folders:
        for part in folder.glob(f"*{PART}"):
            part.unlink(missing_ok=True)


@contextmanager
def whole_file(path: Path) -> Iterator[Out]:
    """Give a stream; the file appears under `path` when the block ends well and not at all when it does not."""
    part = beside(path)
    try:
        try:
            stream = part.open("wb", buffering=0)
        except OSError as error:
            raise not_written(path, error) from error
        with stream:
            yield Out(path, stream)  # type: ignore[arg-type]
            publish(part, path)
    finally:
        part.unlink(missing_ok=True)


def publish(part: Path, path: Path) -> None:
    """Force a written file to the disk, rename it to its name and make the name last."""
    try:
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
        force_folder(path.parent)
    except OSError as error:
        raise not_written(path, error) from error


def force_folder(folder: Path) -> None:
    """Write the names of a folder through to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
