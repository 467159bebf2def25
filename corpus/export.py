"""Write the exports that `datasets.load_dataset` reads, and tell when they are stale."""

from __future__ import annotations

from pathlib import Path

from corpus.files import json_line, refresh, stale
from corpus.folder import HOME, Folder
from corpus.loader import load_documents
from corpus.metadata import SPLITS
from corpus.rows import row_of


def exports(*, root: Path = HOME) -> list[tuple[Path, str]]:
    """Return each export file with the content it should hold, one JSON line a report."""
    folder = Folder(root).export
    return [
        (folder / f"{split}.jsonl", "".join(json_line(row_of(d)) for d in load_documents(split, root=root)))
        for split in SPLITS
    ]


def write_exports(*, root: Path = HOME) -> list[Path]:
    """Write the exports and return the paths that changed."""
    wanted = exports(root=root)
    return refresh(wanted)


def stale_exports(*, root: Path = HOME) -> list[Path]:
    """Return the export files that are missing or differ from the reports."""
    return stale(exports(root=root))
