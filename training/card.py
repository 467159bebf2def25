"""The card of a pipeline that somebody trained: what it learned from, how, and how well it did on its dev reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
import srsly
from thinc.api import Config

import ie
from training.vectors import META

COLUMNS = "| {} | support | F1 |\n| --- | ---: | ---: |\n"


@dataclass(frozen=True)
class Course:
    """How a run went: its steps, the best of them, its seed, and the components that alone were learned (none: all)."""

    steps: int
    best: int
    seed: int
    only: tuple[str, ...] = ()


def card(model: Path, *, sources: dict[str, int], dev: dict[str, int], course: Course) -> str:
    """Return the card of a trained pipeline as Markdown; `sources` and `dev` give the number of reports of each."""
    meta = srsly.read_json(model / "meta.json")
    config = Config().from_disk(model / "config.cfg", interpolate=False)
    scores = meta["performance"]
    lines = [
        f"# {meta['lang']}_{meta['name'] or 'pipeline'}",
        "",
        f"A pipeline for Vietnamese municipal reports: {', '.join(meta['pipeline'])}.",
        "",
        "## Training",
        "",
        f"- learned from: {_listed(sources)}",
        f"- chosen on: {_listed(dev)}",
        f"- {course.steps} steps, the best at step {course.best}; seed {course.seed}",
        *(f"- {name} alone, the rest as in a pipeline trained before" for name in course.only),
        f"- augmentation: strength {config['corpora']['train']['augment']['strength']}",
        *_vectors(model, meta.get(META)),
        f"- size: {_size(model)}",
        f"- spaCy {spacy.__version__}, viet-report-ie {ie.__version__}",
        "",
        "## Scores on the dev reports",
        "",
        "Exact spans on tokens, as training counts them; `python -m evaluation run --brat DIR` judges on the source",
        "text with intervals. A model is chosen on these reports, so expect a little less on others.",
        "",
        _table("label", scores.get("ie_spans_per_type") or {}),
        _table("relation", scores.get("ie_rel_per_type") or {}),
        "## Use",
        "",
        "```python",
        "import spacy",
        "",
        f'nlp = spacy.load("{model.name}")  # the path of this folder',
        "```",
        "",
    ]
    return "\n".join(lines)


def _vectors(model: Path, made: dict[str, Any] | None) -> list[str]:
    """Return the line of the static vectors: their table, what they were trained on, their share of the size."""
    if made is None:
        return []
    table = f"{made['rows']:,} rows" + (f" of width {made['width']}" if "width" in made else "")
    line = f"- static vectors: {made['tool']}, {table}, {_size(model / 'vocab')}"
    if "lines" in made:
        line += (
            f"; trained on {made['lines']:,} lines ({made['characters']:,} characters) of {', '.join(made['texts'])}"
        )
    return [f"{line}; the text is not needed to use or retrain it"]


def _size(place: Path) -> str:
    return f"{sum(path.stat().st_size for path in place.rglob('*') if path.is_file()) / 1e6:.1f} MB"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} ({count} reports)" for name, count in counts.items())


def _table(first: str, rows: dict[str, Any]) -> str:
    body = "".join(f"| {name} | {row['support']} | {100 * row['f']:.1f} |\n" for name, row in rows.items())
    return COLUMNS.format(first) + body


def readable(sources: Sequence[str]) -> list[str]:
    """Return the sources without folders of this machine."""
    return [f"own reports ({Path(s[5:]).name})" if s.startswith("brat:") else s for s in sources]
