"""Check a corpus: every file, every annotation, every record, every split, and what the whole must show.

Problems are mistakes: the corpus may not be released with one. Shortfalls tell what a growing corpus still lacks, and
notices what somebody should look at. Nothing is dropped silently: what could not be read is a problem of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import metadata, values
from corpus.checks import coverage, neighbours, project_places, reach, records, sizes, spans, standoff
from corpus.checks.problem import Problem
from corpus.files import decode
from corpus.folder import HOME, Folder
from corpus.metadata import Metadata
from ie import brat
from ie.document import Document
from ie.errors import IEError


@dataclass(frozen=True)
class Outcome:
    """What a check found: mistakes, what is still missing, and what to look at."""

    documents: int
    problems: tuple[Problem, ...]
    shortfalls: tuple[str, ...]
    notices: tuple[str, ...]


def check(*, root: Path = HOME) -> Outcome:
    """Check the corpus below `root` and return everything that was found."""
    folder = Folder(root)
    problems = records.problems(folder)
    documents, wrong = read_all(folder)
    problems += wrong
    problems += _neighbours(documents, folder)
    problems += [problem for document in documents for problem in _relations(document, folder)]
    problems += values.problems(documents, folder)
    problems += _real(folder)
    counts = coverage.count(documents)
    described = [document for document in documents if document.meta]
    shortfalls = (*sizes.short(described), *coverage.rare(counts))
    return Outcome(len(documents), tuple(sorted(set(problems))), shortfalls, tuple(_unseen(counts)))


def read_all(folder: Folder) -> tuple[list[Document], list[Problem]]:
    """Return every report that can be read, `meta` filled where a record stands, and the problems of all of them."""
    known = _records(folder)
    documents: list[Document] = []
    problems: list[Problem] = []
    for id in records.report_ids(folder):
        text_path, ann_path = folder.reports / f"{id}.txt", folder.reports / f"{id}.ann"
        if not text_path.is_file() or not ann_path.is_file():
            continue
        document, wrong = check_pair(text_path, ann_path)
        problems += wrong
        if document is not None:
            problems += [] if wrong else _order(document, ann_path)
            documents.append(replace(document, meta=known[id].as_meta()) if id in known else document)
    return documents, problems


def _order(document: Document, path: Path) -> Iterator[Problem]:
    if brat.format(document) != path.read_text("utf-8"):
        yield Problem(path, 0, "not in the toolkit's order (T, R, A, notes); run python -m corpus freeze --tidy")


def _records(folder: Folder) -> Mapping[str, Metadata]:
    try:
        return {record.id: record for _, record in metadata.read_lines(folder.metadata)}
    except IEError:
        return {}  # named by checks.records


def check_pair(text_path: Path, ann_path: Path) -> tuple[Document | None, list[Problem]]:
    """Check one text with its annotation; the document is None when one of the two cannot be decoded."""
    decoded = {}
    problems = []
    for path in (text_path, ann_path):
        try:
            decoded[path] = decode(path.read_bytes(), str(path))
        except IEError as error:
            problems.append(_from_error(path, error))
    if problems:
        return None, problems
    return check_annotation(decoded[ann_path], decoded[text_path], ann_path)


def _from_error(path: Path, error: IEError) -> Problem:
    line, _, message = str(error).removeprefix(f"{path}:").partition(":")
    return Problem(path, int(line), message.strip()) if line.isdigit() else Problem(path, 0, str(error))


def check_annotation(ann: str, text: str, path: Path) -> tuple[Document, list[Problem]]:
    """Check an annotation against its text; `path` is named in the problems. Returns the part that could be read."""
    found = standoff.read(ann, text, path)
    return found.document, found.problems + spans.problems(found.document, found.lines, path)


def _neighbours(documents: Sequence[Document], folder: Folder) -> Iterator[Problem]:
    texts = {document.name: document.text for document in documents}
    for run in neighbours.shared_runs({d.name: neighbours.without_references(d) for d in documents}):
        line = texts[run.second].count("\n", 0, run.second_start) + 1
        other = texts[run.first].count("\n", 0, run.first_start) + 1
        where = f"{run.first}.txt:{other}"
        message = f"shares a run of {len(run.words)} words with {where}: {' '.join(run.words)!r}"
        yield Problem(folder.reports / f"{run.second}.txt", line, f"{message}; rewrite one, or add a formula")


def _relations(document: Document, folder: Folder) -> Iterator[Problem]:
    path = folder.reports / f"{document.name}.ann"
    lines = {row.partition("\t")[0]: number for number, row in enumerate(path.read_text("utf-8").splitlines(), 1)}
    yield from reach.problems(document, lines, path)
    yield from project_places.problems(document, lines, path)


def _real(folder: Folder) -> list[Problem]:
    from corpus.real import check_real

    return check_real(root=folder.root)


def _unseen(counts: Sequence[coverage.Count]) -> Iterator[str]:
    for found in counts:
        for name in found.unseen:
            yield f"{name} is tagged {found.phenomenon.code} ({found.phenomenon.name}), but none was found"
