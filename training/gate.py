"""Show what a new pipeline gains and loses against the last release, document by document.

`training` may not import `evaluation`, so this calls its command, as a person would.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import spacy

from ie import brat
from ie.export.jsonl import dumps
from ie.pipeline import tag_text
from training.reports import documents

HOME = Path(__file__).parents[1]


def gains_and_losses(before: Path, after: Path, splits: Sequence[str]) -> str:
    """Return what `python -m evaluation compare` says of two pipelines on each split that has documents."""
    parts = []
    for split in splits:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if _written(split, folder, before, after):
                parts.append(f"{split}\n{_compared(folder)}")
    return "\n".join(parts)


def _written(split: str, folder: Path, before: Path, after: Path) -> int:
    """Write the gold of a split as brat files and what both pipelines find; return the number of documents."""
    gold = documents(split)
    (folder / "gold").mkdir()
    for document in gold:
        brat.write(document, folder / "gold")
    for name, model in (("before", before), ("after", after)):
        nlp = spacy.load(model)
        lines = [dumps(tag_text(document.text, name=document.name, nlp=nlp)) for document in gold]
        (folder / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), "utf-8")
    return len(gold)


def _compared(folder: Path) -> str:
    files = [str(folder / name) for name in ("before.jsonl", "after.jsonl")]
    command = [sys.executable, "-m", "evaluation", "compare", *files, "--brat", str(folder / "gold")]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else f"could not be compared: {done.stderr.strip()}\n"
