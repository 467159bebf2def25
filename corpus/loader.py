"""Load a split as documents or as a Hugging Face dataset."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import metadata, splits
from corpus.folder import HOME, Folder
from corpus.real import load_real
from corpus.rows import features, row_of
from ie import brat
from ie.document import Document
from ie.errors import FormatError

if TYPE_CHECKING:
    from datasets import DatasetDict


def load_documents(split: str, *, real: bool = False, root: Path = HOME) -> list[Document]:
    """Return the reports of a split (`train`, `dev`, `test` or `all`) in order of their ids, `meta` filled.

    With `real` the real excerpts of the split follow, as far as their texts were fetched; see `load_real`. Raises
    InputError for an unknown split, FormatError naming file and line when a report is missing or broken.
    """
    folder = Folder(root)
    records = metadata.read(folder.metadata)
    documents = []
    for id in splits.ids(splits.read(folder.splits), split):
        if id not in records:
            raise FormatError(f"{folder.metadata}: no record of {id}, which {folder.splits} names; run check")
        document = brat.read(folder.reports / f"{id}.txt")
        documents.append(replace(document, meta=records[id].as_meta()))
    return documents + (load_real(split, root=root) if real else [])


def load_dataset_dict(*, root: Path = HOME) -> DatasetDict:
    """Return the three splits as a `datasets.DatasetDict` with typed features; nothing is cached on disk."""
    from datasets import Dataset, DatasetDict

    tables = {}
    for split in metadata.SPLITS:
        rows = [_typed(row_of(document)) for document in load_documents(split, root=root)]
        tables[split] = Dataset.from_list(rows, features=features())
    return DatasetDict(tables)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"date": datetime.date.fromisoformat(row["date"])}
