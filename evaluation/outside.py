"""Systems that run as a program of their own: a baseline of `python -m training baseline`, or any command.

The program is given a folder of `.txt` files and writes the JSONL of `ie tag`, so it may live in another environment
and be written in another language. The gold stays here; only one that asks for spans gets them, as `.ann` files.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from evaluation.predictions import read_jsonl
from evaluation.splits import ROOT
from ie import brat
from ie.document import Document
from ie.errors import FormatError, InputError

ABOUT = "about.json"


def answers(command: Sequence[str], documents: Sequence[Document], *, name: str) -> list[Document]:
    """Run a command, `{folder}` and `{out}` put into its words, and return the documents that it wrote.

    Raises InputError when it cannot be started, fails or writes nothing.
    """
    with TemporaryDirectory() as made:
        folder, out = Path(made) / "reports", Path(made) / "out.jsonl"
        folder.mkdir()
        for document in documents:
            brat.write(document, folder)
        run = [word.replace("{folder}", str(folder)).replace("{out}", str(out)) for word in command]
        try:
            done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
        except OSError as error:
            raise InputError(f"{name}: {command[0]} cannot be run ({error.strerror}); give a program") from error
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise InputError(f"{name}: {command[0]} failed with status {done.returncode} ({said})")
        if not out.is_file():
            raise InputError(f"{name}: {command[0]} wrote no file; let it write the JSONL of `ie tag` to {{out}}")
        return read_jsonl(out)


def about(folder: Path) -> dict[str, str]:
    """Return what a trained baseline says of itself."""
    path = folder / ABOUT
    try:
        table = json.loads(path.read_text("utf-8"))
        return {key: str(table[key]) for key in ("model", "version", "sources")}
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(f"{path}: says no model, version and sources; train the baseline again") from error
