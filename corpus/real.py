"""Real excerpts: annotations that ship, texts that each user fetches. See `references` for the record.

Nothing here needs the texts to be there: what is missing is counted and said, never guessed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import references
from corpus.checks import project_places, reach, spans
from corpus.checks.problem import Problem
from corpus.files import read_text
from corpus.folder import HOME, Folder
from corpus.metadata import SPLITS
from corpus.references import Reference
from ie.document import Document
from ie.errors import IEError, InputError

logger = logging.getLogger("corpus")


@dataclass(frozen=True)
class Presence:
    """Which excerpts of a split have their texts, by id."""

    split: str
    present: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        total = len(self.present) + len(self.missing)
        head = f"real {self.split}: {len(self.present)} of {total} texts are here"
        return head if not self.missing else f"{head}, {len(self.missing)} missing; run python -m corpus fetch-real"


def reference_paths(split: str, *, root: Path = HOME) -> list[Path]:
    """Return the records of a split (`train`, `dev`, `test` or `all`) in order of their names."""
    if split not in (*SPLITS, "all"):
        raise InputError(f"unknown split {split!r}; use one of {', '.join(SPLITS)}, all")
    names = SPLITS if split == "all" else (split,)
    return [path for name in names for path in sorted((Folder(root).real / name).glob("*.json"))]


def presence(split: str, *, root: Path = HOME) -> Presence:
    """Tell which excerpts of a split have their texts."""
    texts = Folder(root).real_texts
    ids = [path.stem for path in reference_paths(split, root=root)]
    present = tuple(id for id in ids if (texts / f"{id}.txt").is_file())
    return Presence(split, present, tuple(id for id in ids if id not in set(present)))


def load_real(split: str, *, root: Path = HOME) -> list[Document]:
    """Return the real excerpts of a split whose texts are here, `meta` filled; log how many are missing.

    The texts come with `python -m corpus fetch-real`. Raises InputError for an unknown split, FormatError when a
    record is broken or a text is not the one that was annotated. `presence` tells the missing ids.
    """
    found = presence(split, root=root)
    if found.missing:
        logger.warning("%s", found)
    texts, here = Folder(root).real_texts, set(found.present)
    documents = []
    for path in reference_paths(split, root=root):
        if path.stem in here:
            text = read_text(texts / f"{path.stem}.txt")
            documents.append(references.read(path).document(text, split=path.parent.name))
    return documents


def check_real(*, root: Path = HOME) -> list[Problem]:
    """Check every record by itself and, where its text is here, against the text."""
    problems: list[Problem] = []
    seen: dict[str, Path] = {}
    for path in reference_paths("all", root=root):
        try:
            reference = references.read(path)
        except IEError as error:
            problems.append(Problem(path, 0, str(error).removeprefix(f"{path}: ")))
            continue
        other = seen.setdefault(reference.id, path)
        if reference.id != path.stem or other != path:
            problems.append(Problem(path, 0, f"id {reference.id} must be the file's name and stand once"))
        problems += _against_text(reference, path, root)
    return problems


def _against_text(reference: Reference, path: Path, root: Path) -> Iterator[Problem]:
    text_path = Folder(root).real_texts / f"{path.stem}.txt"
    if not text_path.is_file():
        return
    try:
        document = reference.document(read_text(text_path), split=path.parent.name)
    except IEError as error:
        yield Problem(text_path, 0, str(error).removeprefix(f"{text_path}:"))
        return
    lines = references.line_of_ids(path.read_text("utf-8"))
    yield from spans.problems(document, lines, path)
    yield from reach.problems(document, lines, path)
    yield from project_places.problems(document, lines, path)
