"""Take annotated reports into the corpus: `<id>.txt`, `<id>.ann` and `<id>.json` become report, record and hashes.

Either all reports of a folder are taken or none: every problem of every file is named first, and nothing is written
while one is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import metadata, splits
from corpus.check import check_pair
from corpus.checks.problem import Problem
from corpus.files import read_json
from corpus.folder import HOME, Folder
from corpus.metadata import Metadata
from ie import brat
from ie.document import Document
from ie.errors import FormatError, IEError, InputError

HEADER = ("title", "place", "province", "level", "date", "year", "kind", "layout")
"""What the `.json` of a report must hold; `phenomena` (codes) and `runninghead` may stand there too."""

_OPTIONAL = ("phenomena", "runninghead")


@dataclass(frozen=True)
class Added:
    """The ids taken in and the problems that kept everything out; one of the two is empty."""

    ids: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def add(
    source: Path, *, split: str, author: str, replace: bool = False, only: tuple[str, ...] = (), root: Path = HOME
) -> Added:
    """Take the reports of `source` (those named in `only`, or all) into a split.

    With `replace` a report whose id the corpus already has is taken anew. Raises InputError for an unknown split or a
    folder without reports; every other problem stands in the result.
    """
    if split not in metadata.SPLITS:
        raise InputError(f"unknown split {split!r}; use one of {', '.join(metadata.SPLITS)}")
    folder = Folder(root)
    known = metadata.read(folder.metadata)
    taken: list[tuple[Document, Metadata]] = []
    problems: list[Problem] = []
    for id in _ids(source, only):
        document, record, wrong = _triple(source, id, split, author)
        if id in known and not replace:
            wrong.append(Problem(source / f"{id}.txt", 0, f"id {id} is in the corpus already; use --replace or rename"))
        problems += wrong
        if document is not None and record is not None:
            taken.append((document, record))
    if problems:
        return Added((), tuple(problems))
    _write(folder, taken)
    return Added(tuple(record.id for _, record in taken))


def _ids(source: Path, only: tuple[str, ...]) -> list[str]:
    if not source.is_dir():
        raise InputError(f"{source}: not a folder; give the folder that holds the .txt, .ann and .json files")
    found = sorted({path.stem for path in source.iterdir() if path.suffix in (".txt", ".ann", ".json")})
    absent = sorted(set(only) - set(found))
    if absent:
        raise InputError(f"{source}: no report {', '.join(absent)}")
    if not found:
        raise InputError(f"{source}: no .txt, .ann and .json files; give the folder that holds the reports")
    return [id for id in found if not only or id in only]


def _triple(source: Path, id: str, split: str, author: str) -> tuple[Document | None, Metadata | None, list[Problem]]:
    paths = {suffix: source / f"{id}.{suffix}" for suffix in ("txt", "ann", "json")}
    missing = [Problem(path, 0, "missing; a report is a .txt, an .ann and a .json") for path in paths.values()]
    missing = [problem for problem in missing if not problem.path.is_file()]
    if missing:
        return None, None, missing
    document, problems = check_pair(paths["txt"], paths["ann"])
    try:
        record = record_of(read_json(paths["json"]), id=id, split=split, author=author, where=str(paths["json"]))
    except IEError as error:
        return document, None, [*problems, Problem(paths["json"], 0, str(error).removeprefix(f"{paths['json']}: "))]
    return document, record, problems


def record_of(header: Any, *, id: str, split: str, author: str, where: str) -> Metadata:
    """Build the record of a report from its header; FormatError naming every field that is missing or wrong."""
    if not isinstance(header, dict):
        raise FormatError(f"{where}: expected a JSON object with {', '.join(HEADER)}")
    missing = [name for name in HEADER if not str(header.get(name, "")).strip()]
    unknown = [name for name in header if name not in (*HEADER, *_OPTIONAL)]
    if missing or unknown:
        parts = [f"lacks {', '.join(missing)}"] * bool(missing) + [f"has unknown {', '.join(unknown)}"] * bool(unknown)
        raise FormatError(f"{where}: the header {' and '.join(parts)}")
    row = {name: str(header[name]).strip() for name in HEADER}
    codes = header.get("phenomena", "")
    year = row["year"]
    row |= {"id": id, "split": split, "author": author, "typesetting": row["layout"]}
    return metadata.from_row(
        row
        | {
            "layout": metadata.layout_of(row["layout"]),
            "year": int(year) if year.isdigit() else year,
            "phenomena": tuple(re.findall(r"\w+", codes)) if isinstance(codes, str) else tuple(codes),
        },
        where,
    )


def _write(folder: Folder, taken: list[tuple[Document, Metadata]]) -> None:
    folder.reports.mkdir(parents=True, exist_ok=True)
    records = metadata.read(folder.metadata)
    table = splits.read(folder.splits)
    for document, record in taken:
        brat.write(document, folder.reports)
        records[record.id] = record
        _move(table, record, folder)
    metadata.write(folder.metadata, records.values())
    splits.write(folder.splits, table)


def _move(table: splits.Splits, record: Metadata, folder: Folder) -> None:
    for entries in table.values():
        entries.pop(record.id, None)
    table[record.split][record.id] = splits.freeze(record.id, folder.reports)


def freeze(ids: tuple[str, ...] = (), *, tidy: bool = False, root: Path = HOME) -> list[str]:
    """Record anew the hashes of reports that were changed on purpose (of all when no id is given); return those.

    With `tidy` each annotation is first written in the order of the toolkit, as brat itself does not keep it. Raises
    FormatError when an annotation cannot be read, InputError when an id is not in the splits.
    """
    folder = Folder(root)
    table = splits.read(folder.splits)
    absent = sorted(set(ids) - set(splits.ids(table, "all")))
    if absent:
        raise InputError(f"{folder.splits}: does not name {', '.join(absent)}; take them in with python -m corpus add")
    changed = [id for id in _refreeze(folder, table, ids, tidy)]
    splits.write(folder.splits, table)
    return changed


def _refreeze(folder: Folder, table: splits.Splits, ids: tuple[str, ...], tidy: bool) -> Iterator[str]:
    for entries in table.values():
        for id in list(entries):
            if ids and id not in ids:
                continue
            if tidy:
                brat.write(brat.read(folder.reports / f"{id}.txt"), folder.reports)
            frozen = splits.freeze(id, folder.reports)
            if frozen != entries[id]:
                entries[id] = frozen
                yield id
