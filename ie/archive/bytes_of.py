"""The bytes of an input, from a file or from inside a container, never more than asked for."""

from __future__ import annotations

import hashlib
import lzma
import os
import stat
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ie.archive.inputs import SCRATCH, Input, Place
from ie.errors import InputError

PIECE = 1 << 20
OPEN_CONTAINERS = 8
"""Zip files kept open by one reader; their directories are in memory."""
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError, ValueError)
"""What zipfile raises for members that are damaged, encrypted or packed in an unknown way."""


class Fetcher:
    """Reads inputs by their place. `roots` are the archives as given, `scratch` holds containers that were unpacked."""

    def __init__(self, roots: Sequence[Path], scratch: Path) -> None:
        self._roots = tuple(roots)
        self._scratch = scratch
        self._zips: OrderedDict[Path, zipfile.ZipFile] = OrderedDict()

    def path(self, place: Place) -> Path:
        """Return the file that holds the bytes."""
        base = self._scratch if place.base == SCRATCH else self._roots[place.base]
        return base / place.path if place.path else base

    @contextmanager
    def stream(self, place: Place) -> Iterator[BinaryIO]:
        """Give a stream at the first byte; a tar member's goes on beyond its last."""
        if place.kind == "zip":
            with self._zip(place) as member:
                yield member
            return
        with open_file(self.path(place)) as stream:
            stream.seek(place.member if place.kind == "tar" else 0)
            yield stream

    @contextmanager
    def _zip(self, place: Place) -> Iterator[BinaryIO]:
        path = self.path(place)
        found = self._zips.pop(path, None) or zipfile.ZipFile(path)
        self._zips[path] = found
        while len(self._zips) > OPEN_CONTAINERS:
            self._zips.popitem(last=False)[1].close()
        with found.open(found.infolist()[place.member]) as member:
            yield member  # type: ignore[misc]

    def pieces(self, entry: Input) -> Iterator[bytes]:
        """Yield exactly `size` bytes; InputError when there are fewer, cannot be read, or a file has grown."""
        assert_placed = entry.place
        if assert_placed is None:
            raise InputError(f"{entry.name}: has no bytes to read")
        left = entry.size
        try:
            with self.stream(assert_placed) as stream:
                while left and (piece := stream.read(min(PIECE, left))):
                    left -= len(piece)
                    yield piece
                grown = assert_placed.kind != "tar" and bool(stream.read(1))
        except BROKEN_ZIP as error:
            raise InputError(f"{entry.name}: cannot be read ({_said(error)}); check the file") from error
        if left or grown:
            raise InputError(f"{entry.name}: is not of the {entry.size} bytes announced; check the file")

    def digest(self, entry: Input) -> str:
        """Return the SHA-256 of the input."""
        found = hashlib.sha256()
        for piece in self.pieces(entry):
            found.update(piece)
        return found.hexdigest()

    def read(self, entry: Input) -> bytes:
        """Return the bytes; InputError when they are not those that the plan was made for."""
        data = b"".join(self.pieces(entry))
        if hashlib.sha256(data).hexdigest() != entry.sha256:
            raise InputError(f"{entry.name}: changed since the run was planned; tag it in a new run")
        return data

    def close(self) -> None:
        """Close the containers."""
        while self._zips:
            self._zips.popitem()[1].close()


def _said(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def open_file(path: Path) -> BinaryIO:
    """Open a regular file without following a link or waiting on a pipe; OSError for anything else."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "not a regular file")
    return os.fdopen(handle, "rb")
