"""Show what a new pipeline gains and loses against the last release, document by document.

`training` may not import `evaluation`, so this calls its command, as a person would.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from spacy.language import Language

from ie import brat
from ie.document import Document
from ie.errors import ModelError
from ie.export.jsonl import dumps
from ie.models import read
from ie.pipeline import tag_text
from training.reports import documents

HOME = Path(__file__).parents[1]
logger = logging.getLogger("training")


def gains_and_losses(before: Path, after: Path, splits: Sequence[str]) -> str:
    """Return what `python -m evaluation compare` says of two pipelines on each split that has documents.

    Where the last release does not fit the layers of this code, its committed results stand for it.
    """
    pipelines = _pipelines(before, after)
    parts = []
    for split in splits:
        gold = documents(split)
        if gold:
            said = _compared(gold, *pipelines) if pipelines else _compared_by_results(split, after)
            parts.append(f"{split}\n{said}")
    return "\n".join(parts)


def _pipelines(before: Path, after: Path) -> tuple[Language, Language] | None:
    """Return both pipelines, or None when the weights of the last release do not fit this code."""
    try:
        # Read anew, since a release writes over the folder of the last one.
        return read(before), read(after)
    except ModelError as error:
        logger.warning("%s; compared by its committed results", error)
        return None


def _compared_by_results(split: str, after: Path) -> str:
    return _compare(f"pipeline-{split.replace(':', '-')}", f"pipeline:{after.resolve()}")


def _compared(gold: Sequence[Document], old: Language, new: Language) -> str:
    """Return what `compare` says of what both pipelines find."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "gold").mkdir()
        for document in gold:
            brat.write(document, folder / "gold")
        found = [_tagged(folder / name, gold, nlp) for name, nlp in (("before.jsonl", old), ("after.jsonl", new))]
        return _compare(*found, "--brat", str(folder / "gold"))


def _tagged(path: Path, gold: Sequence[Document], nlp: Language) -> str:
    lines = [dumps(tag_text(document.text, name=document.name, nlp=nlp)) for document in gold]
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return str(path)


def _compare(*arguments: str) -> str:
    command = [sys.executable, "-m", "evaluation", "compare", *arguments]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else f"could not be compared: {done.stderr.strip()}\n"
