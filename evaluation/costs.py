"""The result of `python -m evaluation speed`: made, kept in `results/speed/NAME.json`, written as tables.

Unlike the scores these figures are of one machine and one day; what is to be trusted are the ratios of one run.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evaluation import footprint, speed, splits
from evaluation.figures import table
from evaluation.runs import RESULTS, versions
from ie.errors import FormatError, InputError

AIMS = {"to_word_tokenize": 0.4, "to_ner": 4.0, "size": 40.0, "load": 2.0}
"""What the project set out to reach: ratios at least, MB and seconds at most."""
NAMES = {
    "to_word_tokenize": "whole pipeline to `underthesea.word_tokenize` alone",
    "to_ner": "whole pipeline to `underthesea.ner`",
}


@dataclass(frozen=True)
class Wanted:
    """What is measured: a pipeline (None for the released one) on texts (None for the corpus's training reports)."""

    name: str
    model: Path | None
    texts: Path | None
    documents: int
    repeats: int
    memory: int
    seed: int


def measured(wanted: Wanted) -> dict[str, Any]:
    """Measure and return the result; raises InputError when there are too few texts."""
    from ie.models import load, model_path

    folder = model_path(wanted.model)
    nlp = load(wanted.model)
    with TemporaryDirectory() as made:
        paths = _texts(wanted.texts, Path(made))
        rounds = speed.rounds_of(paths, documents=wanted.documents, repeats=wanted.repeats, seed=wanted.seed)
        found = speed.measure(nlp, rounds)
        texts = [path.read_text("utf-8") for path in paths]
        points = footprint.memory(nlp, texts, documents=wanted.memory, seed=wanted.seed) if wanted.memory else []
    bare, whole = footprint.load_seconds(folder, repeats=min(3, wanted.repeats))
    return {
        "name": wanted.name,
        "model": {"name": f"{nlp.meta['lang']}_{nlp.meta['name']}", "version": nlp.meta["version"]},
        "texts": "the corpus's training reports" if wanted.texts is None else wanted.texts.name,
        "documents": wanted.documents,
        "repeats": wanted.repeats,
        "seed": wanted.seed,
        "machine": {"processor": platform.machine(), "cores": os.cpu_count() or 1, "system": platform.system()},
        "versions": versions(),
        **speed.summed_up(found),
        "size": footprint.size(folder),
        "load": whole,
        "load_spacy": bare,
        "memory": points,
    }


def _texts(folder: Path | None, made: Path) -> list[Path]:
    """Return the `.txt` files of a folder, or those of the corpus's training reports, put into `made`."""
    if folder is not None:
        found = sorted(folder.glob("*.txt"))
        if not found:
            raise InputError(f"{folder}: holds no .txt file; give a folder of reports")
        return found
    for document in splits.corpus_split("train"):
        (made / f"{document.name}.txt").write_text(document.text, "utf-8")
    return sorted(made.glob("*.txt"))


def save(found: dict[str, Any], folder: Path = RESULTS) -> Path:
    """Write the result to `speed/<name>.json` in the folder of results and return its path."""
    path = folder / "speed" / f"{found['name']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in found.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return path


def load(name: str, folder: Path = RESULTS) -> dict[str, Any] | None:
    """Return the result of that name, None when it was not measured."""
    path = folder / "speed" / f"{name}.json"
    if not path.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FormatError(f"{path}: not JSON ({error}); make it again with `python -m evaluation speed`") from error
    return found


def overview(found: dict[str, Any]) -> str:
    """Return what the project aims at and what was measured."""
    clock, wall = found["ratio"]["processor"], found["ratio"]["wall"]
    rows = [
        [
            NAMES[name],
            f"at least {AIMS[name]}",
            f"{clock[name]:.2f}",
            f"{wall[name]:.2f}",
            _range(found["rounds"][name]),
        ]
        for name in NAMES
    ]
    head = ["words per second", "aim", "measured", "on the wall", "rounds"]
    rates = ", ".join(f"`{name}` {rate:,.0f}" for name, rate in found["words_per_second"].items())
    size = f"{found['size'] / 1e6:.1f} MB on disk (aim: under {AIMS['size']:.0f})"
    load = f"{found['load']:.1f} s from the first import to a loaded pipeline (aim: under {AIMS['load']:.0f}), "
    load += f"{found['load_spacy']:.1f} s of them importing spaCy"
    bare = ", ".join(f"{rate:.2f} of `{name}`" for name, rate in found["floor"].items())
    floor = f"Cutting tokens and the matrix products of the layers alone, without all else, would be at {bare}."
    return caption(found) + table(head, rows) + f"\nWords per second here: {rates}. {size}; {load}. {floor}\n"


def _range(values: Sequence[float]) -> str:
    return f"{min(values):.2f}–{max(values):.2f}"


def caption(found: dict[str, Any]) -> str:
    """Return one line that says what was measured on what."""
    model, machine = found["model"], found["machine"]
    what = f"median of {found['repeats']} rounds of {found['documents']} documents, {found['words']} words in all"
    where = f"{machine['system']} on {machine['processor']}, {machine['cores']} cores"
    return f"Pipeline `{model['name']}` {model['version']} on {found['texts']}: {what}; {where}.\n\n"


def stages(found: dict[str, Any]) -> str:
    """Return the share of each stage in the time of all."""
    rows = [[stage, f"{100 * share:.1f}"] for stage, share in found["stages"].items()]
    return caption(found) + table(["stage", "% of the time"], rows)


def memory(found: dict[str, Any]) -> str:
    """Return the memory held while documents are tagged, at five of the points measured."""
    points = found["memory"]
    if not points:
        return "Not measured: `python -m evaluation speed --memory 10000`.\n"
    chosen = [points[round(part * (len(points) - 1) / 4)] for part in range(5)] if len(points) > 5 else points
    rows = [[f"{number:,.0f}", f"{held:.0f}"] for number, held in chosen]
    return caption(found) + table(["documents tagged", "memory in MB"], rows, left=0)


VIEWS = {"": overview, "stages": stages, "memory": memory}
