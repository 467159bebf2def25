"""Read a file into decoded characters: `read(path)` chooses the reader by content and suffix.

A reader is a module with `read(data, name, *, options) -> Content`; it is imported when a file of its format comes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path, PurePath

from ie.errors import InputError
from ie.read.formats import READERS, SUFFIXES, detect
from ie.read.source import Content, ReadOptions, Source
from ie.read.text import check_language

__all__ = ["Content", "ReadOptions", "Source", "read", "read_bytes"]


def read(path: Path, *, options: ReadOptions | None = None) -> Source:
    """Read one file; InputError with one line when it is missing, empty, damaged, of no known format or not Vietnamese.

    A file whose suffix names another format is read as what it is, with a warning.
    """
    options = options or ReadOptions()
    data = _bytes(path, options.max_bytes)
    return replace(read_bytes(data, str(path), options=options), name=path.name)


def read_bytes(data: bytes, name: str, *, options: ReadOptions | None = None) -> Source:
    """Read the bytes of a file that stands nowhere by itself, such as a member of an archive; errors as of `read`.

    `name` is the file's, its suffix included: it becomes the name of the source and stands in messages.
    """
    options = options or ReadOptions()
    suffix = PurePath(name).suffix.lower()
    format = detect(data, suffix)
    if format not in READERS or find_spec(READERS[format]) is None:
        known = f"is {format}" if format not in READERS else f"is a {format.upper()} file, which has no reader here"
        raise InputError(f"{name}: {known}; save it as PDF, DOCX, ODT, HTML or plain text first")
    content: Content = import_module(READERS[format]).read(data, name, options=options)
    if format != "text":
        _check(content.text, name, options)
    warnings = (*_suffix_warning(suffix, format), *content.warnings)
    digest = hashlib.sha256(data).hexdigest()
    made = Source(name, content.text, digest, content.encoding, warnings, format, content.layout)
    return replace(made, raw=content.raw, offsets=content.offsets)


def _bytes(path: Path, limit: int) -> bytes:
    """Return the bytes of a file of at most `limit` bytes; more than that is never held."""
    if path.is_dir():
        raise InputError(f"{path}: is a directory; name the files in it, for example {path}/*.txt")
    try:
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the name") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    if len(data) > limit:
        raise InputError(f"{path}: is larger than {limit // 2**20} MB (max_bytes); split it first")
    return data


def _check(text: str, name: str, options: ReadOptions) -> None:
    if not text.strip():
        raise InputError(f"{name}: holds no text; there is nothing to tag")
    if not options.any_language:
        check_language(text, name)


def _suffix_warning(suffix: str, format: str) -> tuple[str, ...]:
    """Return a warning when the suffix promises another format than the content has."""
    promised = SUFFIXES.get(suffix)
    if promised is None or promised == format:
        return ()
    return (f"the suffix {suffix} says {promised}, but the content is {format}; read as {format}",)
