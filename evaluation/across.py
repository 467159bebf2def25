"""Tables over several runs on one split: peers side by side, and F1 against the number of training reports.

Runs are set side by side only when they were made on the same gold, by its hash; the others are named below the table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation import runs
from evaluation.figures import bounds, share, table
from evaluation.runs import Plan, Result
from ie.errors import FormatError
from ie.schema import schema

METRICS = ("headline", "exact", "overlap")
_CURVE = re.compile(rf"{runs.CURVE}(\d+)-(.+)")


@dataclass(frozen=True)
class Point:
    """The result of one step of the learning curve; `reports` is how many reports it was trained on."""

    reports: int
    result: Result

    def entry(self, metric: str) -> dict[str, Any]:
        """Return counts, figures and intervals over all labels."""
        found: dict[str, Any] = self.result["scores"][metric]["all"]
        return found


def results_on(split: str, names: Sequence[str], folder: Path) -> tuple[list[Result], list[str]]:
    """Return the results on a split that were made on the gold most of them share, and the names of the others."""
    present = [runs.load(name, folder) for name in names if (folder / f"{name}.json").is_file()]
    here = [found for found in present if found["split"] == split]
    hashes = Counter(found["corpus_sha256"] for found in here)
    shared = max(hashes, key=lambda known: hashes[known], default="")
    same = [found for found in here if found["corpus_sha256"] == shared]
    return same, [found["run"] for found in here if found["corpus_sha256"] != shared]


def points(split: str, folder: Path) -> tuple[list[Point], list[str]]:
    """Return the learning curve from every `curve-N-SPLIT.json` of the folder, shortest first, and what is left out."""
    sizes = {}
    for path in folder.glob(f"{runs.CURVE}*-{split}.json"):
        match = _CURVE.fullmatch(path.stem)
        if match and match[2] == split:
            sizes[path.stem] = int(match[1])
    found, old = results_on(split, sorted(sizes, key=lambda name: sizes[name]), folder)
    return [Point(sizes[result["run"]], result) for result in found], old


def curve(split: str, folder: Path) -> str:
    """Return the learning curve as a table."""
    found, old = points(split, folder)
    if not found:
        return f"No result yet: `python -m evaluation run {runs.CURVE}N-{split}`.\n"
    rows = []
    for point in found:
        cells = []
        for metric in ("entities.headline", "relations.headline"):
            entry = point.entry(metric)
            cells += [str(entry["support"]), share(entry["f1"]), bounds(entry["interval"]["f1"])]
        rows.append([str(point.reports), *cells])
    head = ["training reports", "spans", "F1", "95 % interval", "relations", "F1", "95 % interval"]
    return _caption(found[0].result, "headline") + table(head, rows, left=0) + left_out(old)


def peers(split: str, metric: str, *, known: Plan, folder: Path) -> str:
    """Return one row for each run on the split that carries a `note`, one column for each label a peer is judged on."""
    if metric not in METRICS:
        raise FormatError(f"peers:{split}/{metric}: no such metric; use one of {', '.join(METRICS)}")
    named = {run.name: run for run in known.runs.values() if run.split == split and run.note}
    found, old = results_on(split, list(named), folder)
    if not found:
        wanted = " ".join(named) or "NAME"
        return f"No result yet: `python -m evaluation run {wanted}`.\n"
    reachable = {label for run in named.values() for label in run.labels}
    labels = [label for label in schema().labels if label in reachable] or list(schema().labels)
    rows = [
        [system_name(result), *(_cell(result, label, metric) for label in labels), named[result["run"]].note]
        for result in found
    ]
    head = ["system", *(f"{label} (n = {_support(found, label, metric)})" for label in labels), "what it cannot do"]
    return _caption(found[0], metric) + table(head, rows, left=len(head)) + left_out(old)


def _cell(found: Result, label: str, metric: str) -> str:
    if found.get("labels") and label not in found["labels"]:
        return "not its task"
    entry = found["scores"][f"entities.{metric}"]["labels"].get(label)
    return f"{share(entry['f1'])} ({bounds(entry['interval']['f1'])})" if entry else "–"


def _support(found: Sequence[Result], label: str, metric: str) -> int:
    entries = [result["scores"][f"entities.{metric}"]["labels"].get(label) for result in found]
    return max((entry["support"] for entry in entries if entry), default=0)


def system_name(found: Result) -> str:
    """Return the system of a result with its version."""
    system = found["system"]
    return f"`{system['name']}` {system.get('version', '')}".strip()


def _caption(found: Result, metric: str) -> str:
    what = f"{found['documents']} documents, corpus `{found['corpus_sha256'][:12]}`"
    return f"F1 ({metric} matching) with 95 % intervals on `{found['split']}`: {what}.\n\n"


def left_out(names: Sequence[str]) -> str:
    """Return a line that names results made on another gold, "" when there are none."""
    return f"\nLeft out, made on another version of the gold: {', '.join(names)}; run them again.\n" if names else ""
