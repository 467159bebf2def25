"""The members of zip and tar files, listed without unpacking any to a path that the archive names.

Only what cannot be read in place is unpacked: a compressed tar, and a container within a container. It goes to a
scratch file under a name of ours, within the bounds of the outermost container.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from ie.archive.bytes_of import BROKEN_ZIP, PIECE, Fetcher, open_file
from ie.archive.durable import whole_file
from ie.archive.inputs import FAILED, READY, SCRATCH, SKIPPED, Input, Place
from ie.archive.kinds import container_kind, no_report
from ie.archive.names import Distinct, leads_out, shown, zip_name
from ie.archive.options import MB, Limits
from ie.errors import IEError, InputError, OutputError

LARGEST_HEADER = 64 * MB
"""Most that listing a container reads at once: zipfile and tarfile read whole directories and headers into memory."""
_ENCRYPTED = 0x1
_TAR_ERRORS = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
INSIDE = "!/"
"""Stands between the name of a container and that of its member."""


@dataclass
class Budget:
    """What the members of one outermost container may still take."""

    limits: Limits
    bytes: int = field(init=False)
    members: int = field(init=False)

    def __post_init__(self) -> None:
        self.bytes, self.members = self.limits.container_bytes, self.limits.members

    def spend(self, size: int) -> None:
        """Take one member of `size` bytes; InputError when the container holds too much."""
        self.members -= 1
        self.bytes -= size
        if self.members < 0:
            raise InputError(f"holds more than {self.limits.members} members; the rest was left out")
        if self.bytes < 0:
            raise InputError(f"unpacks to more than {self.limits.container_bytes // MB} MB; the rest was left out")


class _Bounded(io.RawIOBase):
    """A stream that refuses to read more than LARGEST_HEADER at once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        if size > LARGEST_HEADER:
            raise OSError(0, "a header is too large")
        return self._stream.read(min(size, LARGEST_HEADER) if size >= 0 else LARGEST_HEADER)


class Opener:
    """Lists containers within containers; `scratch` takes what must be unpacked to be read."""

    def __init__(self, fetcher: Fetcher, scratch: Path, limits: Limits) -> None:
        self._fetcher = fetcher
        self._scratch = scratch
        self._limits = limits

    def inputs(
        self, name: str, place: Place, size: int, *, budget: Budget | None = None, depth: int = 1
    ) -> Iterator[Input]:
        """Yield the inputs of the container `name`, its own failures and left out members included."""
        budget = budget or Budget(self._limits)
        try:
            yield from self._members(name, place, size, budget, depth)
        except InputError as error:
            yield Input(0, name, size, None, state=FAILED, reason=f"{name}: {error}")
        except OutputError:
            raise
        except (*_TAR_ERRORS, *BROKEN_ZIP) as error:
            said = getattr(error, "strerror", None) or str(error) or type(error).__name__
            reason = f"{name}: is a damaged {container_kind(name)} file ({said}); what could be listed was taken"
            yield Input(0, name, size, None, state=FAILED, reason=reason)

    def _members(self, name: str, place: Place, size: int, budget: Budget, depth: int) -> Iterator[Input]:
        path = self._fetcher.path(place)
        zipped = container_kind(name) == "zip"
        members = self._zip(path, place) if zipped else self._tar(name, path, place, size, budget)
        distinct = Distinct()
        for member in members:
            budget.spend(member.size if member.state == READY else 0)
            inside = replace(member, name=f"{name}{INSIDE}{distinct(member.name)}")
            if member.state == SKIPPED or not container_kind(member.name):
                yield inside
            elif depth >= self._limits.depth:
                yield replace(inside, state=SKIPPED, reason=f"containers within containers are opened {depth} deep")
            else:
                yield from self._nested(inside, budget, depth)

    def _nested(self, member: Input, budget: Budget, depth: int) -> Iterator[Input]:
        """Unpack a container to the scratch folder and yield its inputs."""
        try:
            digest = hashlib.sha256(member.name.encode()).hexdigest()
            with whole_file(self._scratch / digest) as out:
                for piece in self._fetcher.pieces(member):
                    out.write(piece)
        except InputError as error:
            yield replace(member, state=FAILED, reason=str(error))
            return
        inner = Place(SCRATCH, digest)
        yield from self.inputs(member.name, inner, member.size, budget=budget, depth=depth + 1)

    def _zip(self, path: Path, place: Place) -> Iterator[Input]:
        with open_file(path) as stream, zipfile.ZipFile(_Bounded(stream)) as found:  # type: ignore[arg-type]
            for position, info in enumerate(found.infolist()):
                if info.is_dir():
                    continue
                here = Place(place.base, place.path, "zip", position)
                yield _refused(Input(0, zip_name(info), info.file_size, here), self._zip_refusal(info))

    def _zip_refusal(self, info: zipfile.ZipInfo) -> str:
        if info.flag_bits & _ENCRYPTED:
            return "is encrypted"
        if stat.S_ISLNK(info.external_attr >> 16):
            return "is a symbolic link; links are not followed"
        if info.file_size > MB and info.file_size > self._limits.ratio * max(1, info.compress_size):
            return f"expands more than {self._limits.ratio} times: it looks like a bomb"
        return self._refusal(zip_name(info), info.file_size)

    def _refusal(self, name: str, size: int) -> str:
        if leads_out(name):
            return "its name leads out of the archive"
        return refusal(name, size, self._limits)

    def _tar(self, name: str, path: Path, place: Place, size: int, budget: Budget) -> Iterator[Input]:
        plain, damage = self._plain_tar(name, path, place, size, budget)
        with open_file(self._fetcher.path(plain)) as stream, _tar_file(_Bounded(stream)) as found:
            while (info := found.next()) is not None:
                # tarfile remembers every member; a listing needs none of them.
                found.members.clear()  # type: ignore[attr-defined]
                if info.isdir():
                    continue
                here = Place(plain.base, plain.path, "tar", info.offset_data)
                yield _refused(Input(0, shown(info.name), info.size, here), self._tar_refusal(info))
        if damage is not None:
            raise damage

    def _tar_refusal(self, info: tarfile.TarInfo) -> str:
        if info.issym() or info.islnk():
            return "is a link; links are not followed"
        if not info.isreg() or info.issparse():
            return "is no regular file"
        return self._refusal(shown(info.name), info.size)

    def _plain_tar(
        self, name: str, path: Path, place: Place, size: int, budget: Budget
    ) -> tuple[Place, Exception | None]:
        """Return the place of the tar uncompressed, unpacking it to the scratch folder when it is not.

        Of one that is damaged it is what could be unpacked, with the error.
        """
        if name.lower().endswith(".tar"):
            return place, None
        digest = hashlib.sha256(name.encode()).hexdigest() + ".tar"
        most = min(budget.bytes, max(100 * MB, size * self._limits.ratio))
        damage: Exception | None = None
        with open_file(path) as packed, whole_file(self._scratch / digest) as out:
            try:
                for piece in _unpacked(name, packed):
                    most -= len(piece)
                    if most < 0:
                        raise InputError("expands without end: it looks like a bomb")
                    out.write(piece)
            except IEError:
                raise
            except _TAR_ERRORS as error:
                damage = error
        return Place(SCRATCH, digest), damage


def _tar_file(stream: Any) -> tarfile.TarFile:
    return tarfile.open(fileobj=stream, mode="r:", errors="surrogateescape")


def _refused(entry: Input, reason: str) -> Input:
    return replace(entry, state=SKIPPED, reason=reason, place=None) if reason else entry


def refusal(name: str, size: int, limits: Limits) -> str:
    """Return why a file of this name and size is skipped unread, "" when it is to be read."""
    kind = container_kind(name)
    reason = "" if kind else no_report(name)
    if reason:
        return reason
    if size < 0:
        return "announces a size below zero"
    most = limits.container_bytes if kind else limits.document_bytes
    return f"is {size} bytes, more than {most}" if size > most else ""


def _unpacked(name: str, packed: BinaryIO) -> Iterator[bytes]:
    openers: dict[str, Any] = {
        "gz": gzip.open,
        "tgz": gzip.open,
        "bz2": bz2.open,
        "tbz2": bz2.open,
        "xz": lzma.open,
        "txz": lzma.open,
    }
    with openers[name.lower().rsplit(".", 1)[1]](packed) as stream:
        while piece := stream.read1(PIECE):  # read() would lose what stands before a torn end
            yield piece
