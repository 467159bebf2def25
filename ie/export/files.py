"""Where an export goes: file names for documents, targets that are not overwritten by halves."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ie.errors import InputError

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST = 100


class Names:
    """Gives each document a file name of its own: `r.txt` is `r`, a second one `r-2`."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def name(self, document: str) -> str:
        """Return the file name of a document, without suffix."""
        stem = document.removesuffix(Path(document).suffix) if Path(document).suffix else document
        plain = _UNSAFE.sub("_", stem).strip(" .")[:_LONGEST] or "document"
        while True:
            self._given[plain.lower()] += 1
            count = self._given[plain.lower()]
            if count == 1:
                return plain
            plain = f"{plain}-{count}"


@contextmanager
def folder(target: Path) -> Iterator[Path]:
    """Give an empty folder that becomes `target` when all went well; InputError when something stands there."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: is there already; name a new folder")
    with _beside(target) as part:
        part.mkdir()
        yield part
        if target.is_dir():
            target.rmdir()
        part.rename(target)


@contextmanager
def file(target: Path) -> Iterator[Path]:
    """Give the path of a file that becomes `target` when all went well."""
    if target.is_dir():
        raise InputError(f"{target}: is a directory; name a file, for example {target}/reports{target.suffix}")
    with _beside(target) as part:
        yield part
        part.replace(target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    if not (target.parent or Path()).is_dir():
        raise InputError(f"{target.parent}: no such directory; create it first")
    room = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}"))
    try:
        yield room / target.name
    finally:
        shutil.rmtree(room, ignore_errors=True)
