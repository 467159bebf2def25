"""Check that files, metadata and splits name the same reports, that frozen files stand, and that no split leaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus import metadata, splits
from corpus.checks.problem import Problem
from corpus.files import digest
from corpus.folder import Folder
from corpus.metadata import Metadata
from corpus.provinces import after_merger, group
from ie.errors import IEError

_BRAT_FILES = {"annotation.conf", "visual.conf"}


def problems(folder: Folder) -> list[Problem]:
    """Return what is wrong with the set of files and their records."""
    found = list(_partners(folder))
    try:
        lines = metadata.read_lines(folder.metadata)
        table = splits.read(folder.splits)
    except IEError as error:
        return [*found, Problem(folder.root, 0, str(error))]
    found += _named_once(folder, lines, table)
    found += _frozen(folder, table)
    found += _leaks(folder, lines)
    found += _codes(folder, lines)
    return found


def report_ids(folder: Folder) -> list[str]:
    """Return the ids that have a text or an annotation, sorted."""
    paths = folder.reports.glob("*") if folder.reports.is_dir() else ()
    return sorted({path.stem for path in paths if path.suffix in (".txt", ".ann")})


def _partners(folder: Folder) -> Iterator[Problem]:
    for id in report_ids(folder):
        for suffix, other in ((".txt", ".ann"), (".ann", ".txt")):
            path = folder.reports / f"{id}{suffix}"
            if path.is_file() and not path.with_suffix(other).is_file():
                yield Problem(path, 0, f"its partner {id}{other} is missing")
    for path in sorted(folder.reports.glob("*")) if folder.reports.is_dir() else ():
        hidden = path.name.startswith(".")
        if path.suffix not in (".txt", ".ann") and path.name not in _BRAT_FILES and not hidden:
            yield Problem(path, 0, "neither a .txt nor an .ann; move it elsewhere")


def _named_once(folder: Folder, lines: list[tuple[int, Metadata]], table: splits.Splits) -> Iterator[Problem]:
    known = set(report_ids(folder))
    where = {id: name for name in table for id in table[name]}
    first: dict[str, int] = {}
    for number, record in lines:
        if record.id in first:
            message = f"id {record.id} is used twice, first in line {first[record.id]}"
            yield Problem(folder.metadata, number, f"{message}; remove one line")
        first.setdefault(record.id, number)
        if record.id not in known:
            yield Problem(folder.metadata, number, f"no report {record.id} in {folder.reports}")
        if where.get(record.id) != record.split:
            said = where.get(record.id, "no split")
            yield Problem(folder.metadata, number, f"{record.id} is in {record.split} here, in {said} in splits.toml")
    for id in sorted(known - set(first)):
        yield Problem(folder.reports / f"{id}.txt", 0, f"no record in {folder.metadata.name}; run python -m corpus add")
    for id in sorted(set(where) - known):
        yield Problem(folder.splits, 0, f"{id} is in {where[id]}, but no report has this id")
    for id in {id for name in table for id in table[name] if where[id] != name}:
        yield Problem(folder.splits, 0, f"{id} is in more than one split")


def _frozen(folder: Folder, table: splits.Splits) -> Iterator[Problem]:
    for frozen in (entry for entries in table.values() for entry in entries.values()):
        for suffix, wanted in (("txt", frozen.txt), ("ann", frozen.ann)):
            path = folder.reports / f"{frozen.id}.{suffix}"
            if path.is_file() and digest(path.read_bytes()) != wanted:
                fix = f"restore it, or run python -m corpus freeze {frozen.id} if the change is meant"
                yield Problem(path, 0, f"differs from the hash in {folder.splits.name}; {fix}")


def _leaks(folder: Folder, lines: list[tuple[int, Metadata]]) -> Iterator[Problem]:
    yield from _shared(folder, lines, "author", lambda record: record.author)
    yield from _shared(folder, lines, "province", lambda record: group(record.province) or record.province)
    yield from _shared(folder, lines, "place", lambda record: f"{record.place}, {record.province}")


def _shared(
    folder: Folder, lines: list[tuple[int, Metadata]], what: str, key: Callable[[Metadata], str]
) -> Iterator[Problem]:
    first: dict[str, tuple[int, Metadata]] = {}
    for number, record in lines:
        value = key(record)
        line, other = first.setdefault(value, (number, record))
        if other.split != record.split:
            message = f"{what} {value!r} of {record.id} ({record.split}) is also that of {other.id} ({other.split})"
            yield Problem(folder.metadata, number, f"{message} in line {line}; splits may not share one")


def _codes(folder: Folder, lines: list[tuple[int, Metadata]]) -> Iterator[Problem]:
    from corpus.checks.coverage import phenomena

    known = {item.code for item in phenomena()}
    for number, record in lines:
        for code in record.phenomena:
            if code not in known:
                yield Problem(folder.metadata, number, f"{record.id} has the unknown phenomenon {code!r}")
        found = group(record.province)
        if found is None:
            yield Problem(folder.metadata, number, f"province {record.province!r} is not in provinces.toml")
        elif after_merger(record.date) and found != record.province:
            message = f"{record.id} is dated {record.date}, when {record.province} was part of {found}"
            yield Problem(folder.metadata, number, f"{message}; mend date or province")
