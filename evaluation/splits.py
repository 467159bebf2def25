"""The documents that systems are judged on: the corpus's own splits and folders of brat files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ie import brat
from ie.document import Document
from ie.errors import FormatError, InputError

ROOT = Path(__file__).resolve().parents[1]
FIELDS = ("level", "year", "province", "kind", "layout", "seen")
"""Fields of a document's metadata that scores are broken down by."""


def brat_folder(folder: Path) -> list[Document]:
    """Read every `.ann` of a folder with its `.txt`; `sources.json` beside them, when there, gives the metadata.

    Raises InputError when the folder is missing or holds no annotation.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; give one that holds .txt and .ann files")
    documents = [brat.read(path) for path in sorted(folder.glob("*.ann"))]
    if not documents:
        raise InputError(f"{folder}: holds no .ann file; give a folder of brat annotations")
    known = {name: _fields(entry) for name, entry in sources(folder).items()}
    return [replace(document, meta={**known.get(document.name, {}), **document.meta}) for document in documents]


def sources(folder: Path) -> dict[str, dict[str, object]]:
    """Return what `sources.json` of a folder says of its documents by name; nothing where there is none."""
    path = folder / "sources.json"
    if not path.is_file():
        return {}
    try:
        table = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FormatError(f"{path}: not JSON ({error}); mend or remove it") from error
    return {name: entry for name, entry in table.items() if isinstance(entry, dict)}


def _fields(entry: dict[str, object]) -> dict[str, str]:
    """Keep the fields that are known; the province is the last part of the place, the kind ends at a semicolon."""
    found = {name: str(entry[name]) for name in FIELDS if entry.get(name)}
    if "province" not in found and entry.get("place"):
        found["province"] = str(entry["place"]).rsplit(",", 1)[-1].strip()
    if "kind" in found:
        found["kind"] = found["kind"].split(";")[0].strip()
    return found


def corpus_split(name: str) -> list[Document]:
    """Return the documents of one of the corpus's own splits."""
    from corpus import load_documents  # the corpus is read when it is asked for

    return list(load_documents(name))


def corpus_hash(documents: Sequence[Document]) -> str:
    """Return the SHA-256 over names, texts and annotations, in order of names."""
    digest = hashlib.sha256()
    for document in sorted(documents, key=lambda d: d.name):
        for part in (document.name, document.text, brat.format(document)):
            digest.update(part.encode("utf-8") + b"\0")
    return digest.hexdigest()
