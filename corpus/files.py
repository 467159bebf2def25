"""Read the corpus's files with errors that name the file and the line; write them the same way everywhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ie.errors import FormatError, InputError


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; InputError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give an existing file") from error


def read_text(path: Path) -> str:
    """Return a UTF-8 file with its line ends as they are; FormatError when it is not UTF-8 or has Windows line ends."""
    return decode(read_bytes(path), str(path))


def decode(data: bytes, where: str) -> str:
    """Decode the bytes of a text; FormatError naming the line when they are not UTF-8 or hold a carriage return."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatError(f"{where}:{line}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        raise FormatError(f"{where}:{line}: has Windows line ends, so offsets would be ambiguous; save it with \\n")
    if text.startswith("\ufeff"):
        raise FormatError(f"{where}:1: starts with a byte order mark, which shifts offsets; save it as plain UTF-8")
    return text


def parse_json(text: str, where: str) -> Any:
    """Return the value of a JSON text; FormatError naming the line when it is broken."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"{where}:{error.lineno}: not JSON ({error.msg}); mend it") from error


def read_json(path: Path) -> Any:
    """Return the value of a JSON file; FormatError naming file and line when it is broken."""
    return parse_json(read_text(path), str(path))


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line number and object of each non-empty line; FormatError when a line is not a JSON object."""
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise FormatError(f"{path}:{number}: not JSON ({error.msg}); mend it") from error
        if not isinstance(value, dict):
            raise FormatError(f"{path}:{number}: expected a JSON object a line, found {type(value).__name__}")
        yield number, value


def json_line(value: object) -> str:
    """Return the value as one line of JSON, letters as they are."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def pretty_json(value: object) -> str:
    """Return the value as indented JSON, letters as they are, with a line end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file with `\\n` line ends, making its folder when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def refuse_filled(out: Path) -> None:
    """Raise InputError when a folder that is to be written holds something already, or is a file."""
    if out.exists() and any(out.iterdir() if out.is_dir() else [out]):
        raise InputError(f"{out}: is there already; remove it or give another --out")


def unlike(path: Path, text: str) -> bool:
    """Tell whether the file is missing or holds something else than `text`."""
    return not path.is_file() or path.read_bytes() != text.encode("utf-8")


def stale(wanted: Iterable[tuple[Path, str]]) -> list[Path]:
    """Return the paths whose content is missing or differs from what they should hold."""
    return [path for path, text in wanted if unlike(path, text)]


def refresh(wanted: Sequence[tuple[Path, str]]) -> list[Path]:
    """Write every file and return the paths whose content changed."""
    changed = stale(wanted)
    for path, text in wanted:
        write_text(path, text)
    return changed
