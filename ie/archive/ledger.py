"""Append-only files of checksummed lines: after a crash the whole lines count and the torn end is cut off."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ie.archive.durable import not_written


def sealed(body: bytes) -> bytes:
    """Return a line: eight hexadecimal digits of CRC-32, a blank, the body, a line end. The body has no line end."""
    return b"%08x %s\n" % (zlib.crc32(body), body)


def opened(line: bytes) -> bytes | None:
    """Return the body of a line, None when the line is torn or damaged."""
    if len(line) < 10 or line[8:9] != b" " or not line.endswith(b"\n"):
        return None
    body = line[9:-1]
    return body if line[:8] == b"%08x" % zlib.crc32(body) else None


def whole_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield `(offset, body)` of the lines up to the first damaged one."""
    offset = stream.tell()
    for line in stream:
        body = opened(line)
        if body is None:
            return
        yield offset, body
        offset += len(line)


class Lines:
    """A file of lines opened to go on after the last whole one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bodies: list[tuple[int, int]] = []
        self._end = 0
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        with path.open("rb") as stream:
            for offset, body in whole_lines(stream):
                self.bodies.append((offset, len(body)))
                self._end = offset + len(body) + 10
        os.ftruncate(self._handle, self._end)

    def append(self, body: bytes, *, lasting: bool = False) -> None:
        """Add a line and hand it to the system; `lasting` also forces it to the disk.

        A line that does not fit on the disk is taken back before the error goes on.
        """
        line = memoryview(sealed(body))
        try:
            written = 0
            while written < len(line):
                written += os.pwrite(self._handle, line[written:], self._end + written)
            if lasting:
                os.fsync(self._handle)
        except OSError as error:
            os.ftruncate(self._handle, self._end)
            raise not_written(self.path, error) from error
        self.bodies.append((self._end, len(body)))
        self._end += len(line)

    def read(self, position: int) -> bytes:
        """Return the body of a line by its position in the file, from 0."""
        offset, length = self.bodies[position]
        return os.pread(self._handle, length, offset + 9)

    def __iter__(self) -> Iterator[bytes]:
        return (self.read(position) for position in range(len(self.bodies)))

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


def encode(data: Any) -> bytes:
    """Return plain data as the body of a line: JSON without line ends, in ASCII."""
    return json.dumps(data, separators=(",", ":")).encode("ascii")
