"""Croissant metadata (https://docs.mlcommons.org/croissant) of the exports: what each field is and where it stands."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from corpus.export import exports
from corpus.files import digest, pretty_json, refresh, stale
from corpus.folder import HOME, Folder
from corpus.metadata import SPLITS

_NUMBERS = ("start", "end")


@cache
def _fixed() -> dict[str, Any]:
    return tomllib.loads(resources.files("corpus").joinpath("croissant.toml").read_text("utf-8"))


def metadata(*, root: Path = HOME) -> dict[str, Any]:
    """Return the metadata of the exports below `root`, with the hash of each file."""
    fixed = _fixed()
    files = [
        {
            "@type": "cr:FileObject",
            "@id": path.name,
            "name": path.name,
            "description": f"The {path.stem} split, one JSON object a report.",
            "contentUrl": f"export/{path.name}",
            "encodingFormat": "application/jsonlines",
            "sha256": digest(text.encode("utf-8")),
        }
        for path, text in exports(root=root)
    ]
    return {
        "@context": fixed["context"],
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": fixed["name"],
        "description": fixed["description"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": fixed["version"],
        "datePublished": fixed["published"],
        "inLanguage": "vi",
        "isLiveDataset": False,
        "citeAs": f"{fixed['name']}, version {fixed['version']}",
        "distribution": files,
        "recordSet": [_record_set(split) for split in SPLITS],
    }


def _record_set(split: str) -> dict[str, Any]:
    fields = [_field(split, name, told) for name, told in _fixed()["fields"].items()]
    fields += [_parts(split, name, told) for name, told in _fixed()["parts"].items()]
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "description": f"Reports of {split}.",
        "field": fields,
    }


def _named(split: str, *path: str) -> dict[str, Any]:
    name = "/".join((split, *path))
    return {"@type": "cr:Field", "@id": name, "name": name}


def _source(split: str, column: str) -> dict[str, Any]:
    return {"fileObject": {"@id": f"{split}.jsonl"}, "extract": {"column": column}}


def _field(split: str, name: str, told: dict[str, Any]) -> dict[str, Any]:
    made = _named(split, name) | {"description": told["description"], "dataType": told["type"]}
    made["source"] = _source(split, name)
    return made | ({"repeated": True} if told.get("repeated") else {})


def _parts(split: str, name: str, told: dict[str, Any]) -> dict[str, Any]:
    subfields = []
    for part in told["names"]:
        source = _source(split, name) | {"transform": {"jsonPath": f"$[*].{part}"}}
        type = "sc:Integer" if part in _NUMBERS else "sc:Text"
        subfields.append(_named(split, name, part) | {"dataType": type, "source": source})
    return _named(split, name) | {"description": told["description"], "repeated": True, "subField": subfields}


def files(*, root: Path = HOME) -> list[tuple[Path, str]]:
    """Return the metadata file with the content it should hold."""
    return [(Folder(root).croissant, pretty_json(metadata(root=root)))]


def write(*, root: Path = HOME) -> list[Path]:
    """Write the metadata and return the path when it changed."""
    return refresh(files(root=root))


def stale_metadata(*, root: Path = HOME) -> list[Path]:
    """Return the metadata file when it is missing or out of date."""
    return stale(files(root=root))
