"""What tags a document in a worker: the released pipeline, or what a test puts in its place."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

from ie.archive.options import Options
from ie.document import Document
from ie.process import settle

ZONE = 100
"""Documents after which the words they brought into the vocabulary are forgotten: it would grow with the archive."""
LIBRARIES = ("viet-report-ie", "spacy", "thinc", "underthesea", "numpy", "lxml", "pypdfium2", "pyarrow")


class Engine(Protocol):
    """Tags bytes. `describe` says what the result depends on, without loading the model."""

    def __init__(self, options: Options) -> None: ...

    def tag(self, data: bytes, name: str) -> Document:
        """Return the tagged document; InputError when the bytes cannot be read."""
        ...

    @staticmethod
    def describe(options: Options) -> dict[str, Any]:
        """Return name, version and hash of the model."""
        ...


def engine_class(spec: str) -> type[Engine]:
    """Return the class that `module:class` names."""
    module, _, name = spec.partition(":")
    found: type[Engine] = getattr(import_module(module), name)
    return found


class ModelEngine:
    """The pipeline of `ie.models`, loaded once; every document is tagged by itself, so that none changes another."""

    def __init__(self, options: Options) -> None:
        from ie import load
        from ie.read import ReadOptions

        self._nlp = load(options.model)
        settle()
        self._words = ExitStack()
        self._tagged = 0
        self._least = options.min_score
        most = options.limits.document_bytes
        self._reading = ReadOptions(any_language=options.any_language, ocr=options.ocr, max_bytes=most)

    def tag(self, data: bytes, name: str) -> Document:
        """Tag the bytes and leave out what was scored below the minimum."""
        from ie.pipeline import tag_bytes
        from ie.select import above

        if self._tagged % ZONE == 0:
            self._words.close()
            self._words.enter_context(self._nlp.memory_zone())
        self._tagged += 1
        return above(tag_bytes(data, name, nlp=self._nlp, options=self._reading), self._least)

    @staticmethod
    def describe(options: Options) -> dict[str, Any]:
        """Return name, version and hash of the model."""
        from ie.models import model_path

        folder = model_path(options.model)
        meta = json.loads((folder / "meta.json").read_text("utf-8"))
        return {"name": f"{meta['lang']}_{meta['name']}", "version": meta["version"], "sha256": folder_hash(folder)}


@cache
def folder_hash(folder: Path) -> str:
    """Return one hash over names and contents of the files of a folder that the pipeline loads."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".md":
            found.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def versions(libraries: Sequence[str] = LIBRARIES) -> dict[str, str]:
    """Return Python's minor version and the versions of the libraries that a result depends on."""
    found = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in libraries:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found
