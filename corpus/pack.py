"""Turn annotated real excerpts into records without text: `python -m corpus real-pack`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from corpus import references
from corpus.check import check_annotation
from corpus.checks.problem import Problem
from corpus.files import digest, read_json, read_text, write_text
from ie.errors import FormatError, IEError, InputError

_NEEDED = ("repository", "commit", "path", "start", "end", "word_segmented", "sha256")


@dataclass(frozen=True)
class Packed:
    """What was written, what was left out and why, and the problems; with a problem nothing is written."""

    ids: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...] = ()


@cache
def exclusions() -> tuple[tuple[str, str], ...]:
    """Return pattern and reason of each kind of source that is not shipped."""
    table = tomllib.loads(resources.files("corpus").joinpath("excluded.toml").read_text("utf-8"))
    return tuple((entry["pattern"], entry["reason"]) for entry in table["source"])


def exclusion(id: str, place: Mapping[str, Any]) -> str:
    """Return why a source is not shipped, "" when it is."""
    named = f"{id} {place.get('repository', '')} {place.get('path', '')}"
    return next((reason for pattern, reason in exclusions() if re.search(pattern, named, re.IGNORECASE)), "")


def pack(*, ann: Path, texts: Path, sources: Path, out: Path) -> Packed:
    """Write a record into `out` for each `<id>.ann` in `ann` whose text is `texts/<id>.txt`.

    `sources` maps each id to its public place. Every source must be annotated or excluded, every annotation must have
    a source and pass the checks; otherwise nothing is written and the problems are returned. InputError when `ann`
    holds no annotation.
    """
    places = read_json(sources)
    paths = {path.stem: path for path in sorted(ann.glob("*.ann"))}
    if not paths:
        raise InputError(f"{ann}: no .ann files; give the folder that holds the annotations")
    left_out = tuple((id, reason) for id in places if (reason := exclusion(id, places[id])))
    skipped = {id for id, _ in left_out}
    records: dict[str, str] = {}
    problems = [Problem(sources, 0, f"no {id}.ann in {ann}") for id in places if id not in paths and id not in skipped]
    for id, path in paths.items():
        if id not in skipped:
            record, wrong = _record(id, path, texts, places, sources)
            records[id] = record
            problems += wrong
    if problems:
        return Packed((), left_out, tuple(problems))
    for id, record in records.items():
        write_text(out / f"{id}.json", record)
    return Packed(tuple(records), left_out)


def _record(id: str, path: Path, texts: Path, places: Mapping[str, Any], sources: Path) -> tuple[str, list[Problem]]:
    place = places.get(id)
    if place is None or any(key not in place for key in _NEEDED):
        return "", [Problem(path, 0, f"{sources} has no complete entry {id}; it needs {', '.join(_NEEDED)}")]
    try:
        text, annotation = read_text(texts / f"{id}.txt"), read_text(path)
        if digest(text.encode("utf-8")) != place["sha256"]:
            raise FormatError(f"{texts / id}.txt: differs from the hash in {sources}")
    except IEError as error:
        return "", [Problem(path, 0, str(error))]
    document, problems = check_annotation(annotation, text, path)
    return references.format(references.of_document(document, place)), problems
