"""Bring the texts of the real excerpts from their public places, or from a folder, and verify each one's hash."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import references
from corpus.files import read_bytes, write_text
from corpus.folder import HOME, Folder
from corpus.real import reference_paths
from corpus.references import Reference
from ie.errors import InputError

RAW = "https://raw.githubusercontent.com/{repository}/{commit}/{path}"
TIMEOUT = 30
"""Seconds to wait for one file."""

_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")
_BEFORE = re.compile(r" +([,.;:!?%)\]”…])")
_AFTER = re.compile(r"([(\[“]) +")
_SLASH = re.compile(r"(?<=\w) / (?=\w)")

Opener = Callable[[str], bytes]
"""Returns the bytes behind an address; raises OSError when it cannot."""


class OfflineError(InputError):
    """No public place can be reached; the texts can come from a folder instead."""


@dataclass
class Fetched:
    """What came in, what was there already, and what failed with its reason."""

    new: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def fetch(
    split: str = "all", *, folder: Path | None = None, opener: Opener | None = None, root: Path = HOME
) -> Fetched:
    """Put the text of each excerpt of a split into `real/texts`, from `folder` or from its public place.

    A text that is there already and fits is kept. Raises InputError when there are no records or `folder` is none,
    OfflineError when the first public place cannot be reached.
    """
    paths = reference_paths(split, root=root)
    if not paths:
        raise InputError(f"{Folder(root).real}: no records of real excerpts; nothing to fetch")
    if folder is not None and not folder.is_dir():
        raise InputError(f"{folder}: not a folder; give one that holds <id>.txt files")
    take = _from_folder(folder) if folder is not None else _from_public(opener or download)
    found = Fetched()
    for path in paths:
        _one(references.read(path), Folder(root).real_texts / f"{path.stem}.txt", take, found)
    return found


def _one(reference: Reference, target: Path, take: Callable[[Reference], Iterator[str]], found: Fetched) -> None:
    if target.is_file() and reference.fits(target.read_bytes().decode("utf-8", "replace")):
        found.kept.append(reference.id)
        return
    try:
        text = next((text for text in take(reference) if reference.fits(text)), None)
    except OfflineError:
        if not found.new:
            raise
        found.failed.append((reference.id, "the network went away; run it again"))
        return
    except OSError as error:
        found.failed.append((reference.id, str(error)))
        return
    if text is None:
        found.failed.append((reference.id, "no text with the recorded hash was found"))
        return
    write_text(target, text)
    found.new.append(reference.id)


def _from_folder(folder: Path) -> Callable[[Reference], Iterator[str]]:
    """Look for `<id>.txt` in the folder and one level below."""

    def take(reference: Reference) -> Iterator[str]:
        name = f"{reference.id}.txt"
        for path in (folder / name, *sorted(folder.glob(f"*/{name}"))):
            if path.is_file():
                yield read_bytes(path).decode("utf-8", "replace")

    return take


def _from_public(opener: Opener) -> Callable[[Reference], Iterator[str]]:
    """Download each public file once and cut the excerpts out of it."""
    cache: dict[str, bytes] = {}

    def take(reference: Reference) -> Iterator[str]:
        address = address_of(reference)
        if address not in cache:
            cache[address] = opener(address)
        return excerpts(cache[address], reference)

    return take


def address_of(reference: Reference) -> str:
    """Return where the public file can be downloaded."""
    path = urllib.parse.quote(reference.path)
    return RAW.format(repository=reference.repository, commit=reference.commit, path=path)


def download(address: str) -> bytes:
    """Return the bytes behind an https address; OfflineError without a network, OSError when the file is gone."""
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise OSError(f"{address} answered {error.code}") from error
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        message = "cannot be reached; without a network use fetch-real --from FOLDER with <id>.txt files"
        raise OfflineError(f"{address} {message}") from error


def excerpts(data: bytes, reference: Reference) -> Iterator[str]:
    """Yield the readings of a public file that may be the excerpt; the hash tells the right one.

    Ranges were taken on decoded text: encodings and line ends are tried in turn, the likely ones first.
    """
    for encoding in _ENCODINGS:
        try:
            whole = data.decode(encoding)
        except UnicodeError:
            continue
        for text in dict.fromkeys((whole, whole.replace("\r\n", "\n").replace("\r", "\n"))):
            full = rebuild(text) if reference.word_segmented else text
            yield full[reference.start : reference.end] + "\n"


def rebuild(text: str) -> str:
    """Undo word segmentation line by line: `_` is a blank, punctuation and brackets lose the blanks put before them.

    Blanks go before `,.;:!?%)]”…` and after `([“`; ` / ` between word characters becomes `/`.
    """
    return "\n".join(_rebuilt(line.replace("_", " ")) for line in text.split("\n"))


def _rebuilt(line: str) -> str:
    return _SLASH.sub("/", _AFTER.sub(r"\1", _BEFORE.sub(r"\1", line)))


def summary(found: Fetched, limit: int = 5) -> Sequence[str]:
    """Return the lines that tell what a fetch did."""
    lines = [f"{len(found.new)} texts fetched, {len(found.kept)} were there, {len(found.failed)} failed"]
    lines += [f"{id}: {reason}" for id, reason in found.failed[:limit]]
    more = len(found.failed) - limit
    return [*lines, f"… and {more} more"] if more > 0 else lines
