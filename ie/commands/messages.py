"""Exit statuses, the one way to say that something is wrong, and where output may go."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from ie.errors import InputError

DONE, FAILED, USAGE = 0, 1, 2
WIDTH = 120
"""Columns of what is printed where no terminal tells its own."""


def complain(message: str) -> int:
    """Say on standard error what is wrong; return the exit status FAILED."""
    print(f"ie: {message}", file=sys.stderr)
    return FAILED


def width() -> int:
    """Return the columns of the terminal, WIDTH when there is none or it says 0, as some in containers do."""
    return shutil.get_terminal_size((WIDTH, 0)).columns if sys.stdout.isatty() else WIDTH


def check_target(out: Path) -> None:
    """Raise InputError when `out` cannot be written: a directory, or a file in a directory that is not there."""
    if out.is_dir():
        raise InputError(f"{out}: is a directory; name a file, for example {out}/reports.jsonl")
    if not (out.parent or Path()).is_dir():
        raise InputError(f"{out.parent}: no such directory; create it first")


def check_tagged(file: Path) -> None:
    """Raise InputError when the tagged file is not there."""
    if not file.is_file():
        raise InputError(f"{file}: no such file; make it with 'ie tag FILE -o {file}'")
