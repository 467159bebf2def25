"""All inputs of an archive in a fixed order: folders by the bytes of the names, containers in their own order.

Links are never followed, special files never opened; what is not read is yielded too, with the reason.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ie.archive.bytes_of import Fetcher
from ie.archive.containers import Opener, refusal
from ie.archive.inputs import FAILED, SKIPPED, Input, Place
from ie.archive.kinds import container_kind
from ie.archive.names import Distinct, shown
from ie.archive.options import Limits
from ie.errors import InputError


@dataclass(frozen=True)
class Item:
    """One entry of a folder: its number of root, path from the root, shown name, size, and why it is not read."""

    root: int
    path: str
    name: str
    size: int
    state: str = ""
    reason: str = ""


def check_roots(roots: Sequence[Path]) -> tuple[Path, ...]:
    """Return the archives as absolute paths; InputError for one that is missing or given twice."""
    found = []
    for root in roots:
        if not root.exists():
            raise InputError(f"{root}: no such file or folder; check the name")
        found.append(root.resolve())
    if len(set(found)) < len(found):
        raise InputError("an archive is given twice; name each once")
    return tuple(found)


def items(roots: Sequence[Path], *, leave_out: Path | None = None) -> Iterator[Item]:
    """Yield the files of the roots without opening any; `leave_out` is a folder of which nothing is said."""
    distinct = Distinct()
    for number, root in enumerate(roots):
        name = distinct(shown(root.name or "archive"))
        if root.is_file():
            yield Item(number, "", name, root.stat(follow_symlinks=False).st_size)
        elif root.is_dir():
            yield from _folder(root, number, "" if len(roots) == 1 else f"{name}/", leave_out)
        else:
            yield Item(number, "", name, 0, SKIPPED, "is no regular file")


def _folder(root: Path, number: int, prefix: str, leave_out: Path | None) -> Iterator[Item]:
    """Yield the files below a folder, depth first, with a stack of our own: depth is the archive's choice."""
    waiting = [("", prefix)]
    while waiting:
        inside, before = waiting.pop()
        folder = root / inside
        if leave_out is not None and folder == leave_out:
            continue
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=_raw_name)
        except OSError as error:
            reason = f"{before}: the folder cannot be read ({error.strerror}); check its permissions"
            yield Item(number, inside, before or "./", 0, FAILED, reason)
            continue
        folders: list[tuple[str, str]] = []
        distinct = Distinct()
        for entry in entries:
            path = f"{inside}/{entry.name}" if inside else entry.name
            name = before + distinct(shown(entry.name))
            if entry.is_dir(follow_symlinks=False):
                folders.append((path, f"{name}/"))
            else:
                yield _entry(number, path, name, entry)
        waiting += reversed(folders)


def _raw_name(entry: os.DirEntry[str]) -> bytes:
    return os.fsencode(entry.name)


def _entry(number: int, path: str, name: str, entry: os.DirEntry[str]) -> Item:
    try:
        if entry.is_symlink():
            return Item(number, path, name, 0, SKIPPED, "is a symbolic link; links are not followed")
        if not entry.is_file(follow_symlinks=False):
            return Item(number, path, name, 0, SKIPPED, "is no regular file")
        return Item(number, path, name, entry.stat(follow_symlinks=False).st_size)
    except OSError as error:
        return Item(number, path, name, 0, FAILED, f"{name}: cannot be read ({error.strerror}); check its permissions")


def inputs(
    roots: Sequence[Path], *, fetcher: Fetcher, scratch: Path, limits: Limits, leave_out: Path | None = None
) -> Iterator[Input]:
    """Yield the inputs, those in containers at the place of their container; numbers and hashes are not set yet."""
    opener = Opener(fetcher, scratch, limits)
    for item in items(roots, leave_out=leave_out):
        place = Place(item.root, item.path)
        entry = Input(0, item.name, item.size, place)
        reason = item.reason or refusal(item.name, item.size, limits)
        if reason:
            yield replace(entry, place=None, state=item.state or SKIPPED, reason=reason)
        elif container_kind(item.name):
            yield from opener.inputs(item.name, place, item.size)
        else:
            yield entry


def listing_hash(roots: Sequence[Path], *, leave_out: Path | None = None) -> str:
    """Return a hash of names and sizes of the files of the roots, cheap enough to be worked out at every start."""
    found = hashlib.sha256()
    for item in items(roots, leave_out=leave_out):
        found.update(f"{item.root} {item.name} {item.size} {item.state}\n".encode("utf-8", "backslashreplace"))
    return found.hexdigest()
