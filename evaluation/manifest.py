"""What `python -m evaluation folds` wrote: which documents each fold learns from, tunes on and holds out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ie.errors import FormatError, InputError

PARTS = ("train", "tune", "dev")
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Fold:
    """Names of the documents of each part; `groups` are those held out in `dev`."""

    name: str
    groups: tuple[str, ...]
    train: tuple[str, ...]
    tune: tuple[str, ...]
    dev: tuple[str, ...]


def read(out: Path) -> tuple[list[Fold], str]:
    """Return the folds of a folder that `write` made and the hash of their documents."""
    path = out / MANIFEST
    try:
        table = json.loads(path.read_text("utf-8"))
        rows: list[dict[str, Any]] = table["folds"]
        folds = [Fold(**{key: row[key] if key == "name" else tuple(row[key]) for key in row}) for row in rows]
        return folds, str(table["corpus_sha256"])
    except OSError as error:
        raise InputError(f"{path}: not there; make the folds with `python -m evaluation folds`") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(
            f"{path}: not a manifest of folds; make it again with `python -m evaluation folds`"
        ) from error


def own(folder: Path) -> str:
    """Return the system of a fold: its file of predictions, else its trained pipeline."""
    if (folder / "predictions.jsonl").is_file():
        return f"jsonl:{folder / 'predictions.jsonl'}"
    if (folder / "model" / "model-best" / "config.cfg").is_file():
        return f"pipeline:{(folder / 'model' / 'model-best').resolve()}"
    raise InputError(f"{folder}: no predictions.jsonl and no model/model-best; train it with the command of `folds`")
