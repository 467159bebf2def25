"""Where an export goes: file names for documents, targets that are not overwritten by halves."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ie.errors import IEError, InputError, OutputError

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
def file(target: Path, *, errors: tuple[type[Exception], ...] = ()) -> Iterator[Path]:
    """Give the path of a file that becomes `target` when all went well.

    A link stays and what it leads to is written; a pipe or device takes the bytes as they come. `errors` is what a
    library raises beside OSError when it cannot write; both become OutputError.
    """
    if target.is_dir():
        raise InputError(f"{target}: is a directory; name a file, for example {target}/reports{target.suffix}")
    kinds: tuple[type[Exception], ...] = (OSError, *errors)
    if target.exists() and not target.is_file():
        with _told(target, kinds):
            yield target
        return
    target = Path(os.path.realpath(target))
    with _beside(target, kinds) as part:
        yield part
        part.replace(target)


@contextmanager
def _beside(target: Path, kinds: tuple[type[Exception], ...] = (OSError,)) -> Iterator[Path]:
    if not (target.parent or Path()).is_dir():
        raise InputError(f"{target.parent}: no such directory; create it first")
    with _told(target, kinds):
        room = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}"))
        try:
            yield room / target.name
        finally:
            shutil.rmtree(room, ignore_errors=True)


@contextmanager
def _told(target: Path, kinds: tuple[type[Exception], ...]) -> Iterator[None]:
    """Turn errors of writing into OutputError; a reader that went away is none."""
    try:
        yield
    except (IEError, BrokenPipeError):
        raise
    except kinds as error:
        raise OutputError(f"{target}: cannot be written ({error}); mend that and try again") from error
