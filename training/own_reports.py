"""A researcher's own reports: brat folders, exports of Label Studio or INCEpTION; checked, then cut into train and dev.

Every problem of every file is named before anything is learned: file, line, what to do. What was read is written as
brat folders below the output, which then are the sources of the training, so that a run can be resumed and retraced.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.checks import standoff
from corpus.checks.problem import Problem
from corpus.convert.formats import FORMATS
from corpus.files import decode
from ie import brat
from ie.document import Document
from ie.errors import IEError, InputError

SHARE = 0.2
"""Part of the documents that is kept for dev when none are given."""

NAMES = {".ann": "brat", ".json": "label-studio", ".zip": "inception"}
logger = logging.getLogger("training")


class ProblemsError(IEError, ValueError):
    """Reports have problems; the message has one line for each."""


@dataclass(frozen=True)
class Found:
    """The documents of a place and what is wrong with it; `format` is how they are written."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]
    format: str


def detect(place: Path) -> tuple[str, list[Path]]:
    """Return the format of a file or folder and its files; InputError when it holds none that is known, or several."""
    if not place.exists():
        raise InputError(f"{place}: no such file or folder; give a brat folder or an export")
    paths = sorted(p for p in place.iterdir() if p.is_file()) if place.is_dir() else [place]
    kinds = {NAMES[path.suffix] for path in paths if path.suffix in NAMES}
    if "brat" in kinds:
        kinds = {"brat"}  # a .json beside .ann files is metadata
    if len(kinds) != 1:
        what = f"holds {' and '.join(sorted(kinds))}" if kinds else "holds no .ann, .json or .zip"
        raise InputError(f"{place}: {what}; give brat files, or an export of Label Studio (.json) or INCEpTION (.zip)")
    (kind,) = kinds
    return kind, [path for path in paths if NAMES.get(path.suffix) == kind]


def read(place: Path) -> Found:
    """Read the annotated reports of a file or folder and everything that is wrong with them."""
    kind, paths = detect(place)
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        found, wrong = _brat(path) if kind == "brat" else _export(path, kind)
        documents += found
        problems += wrong
    problems += _names(documents, place)
    return Found(tuple(documents), tuple(problems), kind)


def _brat(path: Path) -> tuple[list[Document], list[Problem]]:
    text = path.with_suffix(".txt")
    if not text.is_file():
        return [], [Problem(text, 0, f"missing; {path.name} needs its text beside it")]
    try:
        ann, raw = (decode(part.read_bytes(), str(part)) for part in (path, text))
    except IEError as error:
        return [], [Problem(path, 0, str(error))]
    found = standoff.read(ann, raw, path)
    return [found.document], list(found.problems)


def _export(path: Path, kind: str) -> tuple[list[Document], list[Problem]]:
    try:
        return FORMATS[kind].read(path, path.parent), []
    except IEError as error:
        line, text = re.match(rf"(?:{re.escape(str(path))}:(?:(\d+):)? )?(.*)", str(error), re.DOTALL).groups()
        return [], [Problem(path, int(line or 0), text)]


def _names(documents: Sequence[Document], place: Path) -> Iterator[Problem]:
    seen: set[str] = set()
    for document in documents:
        if document.name in seen or not document.name or Path(document.name).name != document.name:
            yield Problem(place, 0, f"document name {document.name!r} is used twice or is no file name; rename it")
        seen.add(document.name)


def checked(places: Sequence[Path]) -> list[Document]:
    """Return the reports of all places; ProblemsError with a line for each problem when there is one."""
    found = [read(place) for place in places]
    problems = [str(problem) for each in found for problem in each.problems]
    if problems:
        raise ProblemsError(
            "\n".join([f"{len(problems)} problem{'s' * (len(problems) != 1)}, nothing was trained", *problems])
        )
    for place, each in zip(places, found, strict=True):
        logger.info("%s: %d reports, %s", place, len(each.documents), each.format)
    return [document for each in found for document in each.documents]


def split(documents: Sequence[Document], *, seed: int) -> tuple[list[Document], list[Document]]:
    """Cut reports into train and dev by document, with scikit-learn; InputError for fewer than two."""
    from sklearn.model_selection import train_test_split

    if len(documents) < 2:
        raise InputError(f"{len(documents)} report cannot be cut into train and dev; give more, or --dev")
    ordered = sorted(documents, key=lambda document: document.name)
    train, dev = train_test_split(ordered, test_size=max(1, round(SHARE * len(ordered))), random_state=seed)
    return list(train), list(dev)


def prepare(places: Sequence[Path], out: Path, *, dev: bool, seed: int) -> tuple[str, str | None]:
    """Check the reports, write them below `out` and return the sources of train and of dev (None when `dev` is given).

    What was written by an earlier run is replaced; the same reports and seed are cut alike.
    """
    documents = checked(places)
    parts = {"train": documents} if dev else dict(zip(("train", "dev"), split(documents, seed=seed), strict=True))
    for name, chosen in parts.items():
        folder = out / "reports" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for document in chosen:
            brat.write(document, folder)
    names = {name: [document.name for document in chosen] for name, chosen in parts.items()}
    (out / "split.json").write_text(json.dumps(names, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if not dev:
        text = "no dev reports given: %d of %d kept for dev, cut by document with seed %d (split.json)"
        logger.info(text, len(parts["dev"]), len(documents), seed)
    return f"brat:{out / 'reports' / 'train'}", None if dev else f"brat:{out / 'reports' / 'dev'}"
