"""Pipelines that differ in one thing, side by side: what each part is worth, what was tried.

Each series of `runs.toml` is set against its first variant. Words per second stand where
`python -m evaluation speed --name SERIES-VARIANT` measured them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluation import costs
from evaluation.across import left_out, results_on
from evaluation.against import counts, paired
from evaluation.figures import bounds, share, table
from evaluation.runs import Plan, Result, Series

METRICS = ("entities.headline", "relations.headline")


def side_by_side(series: Series, split: str, *, known: Plan, folder: Path) -> str:
    """Return one row for every variant that has a result, and name those that have none."""
    names = {series.of(variant, split): variant for variant in series.variants}
    found, old = results_on(split, [name for name in names if name in known.runs], folder)
    first = next((result for result in found if names[result["run"]] == series.first), None)
    timed = {name: costs.load(series.of(name), folder) for name in series.variants}
    fast = {name: f"{each['words_per_second']['pipeline']:,.0f}" for name, each in timed.items() if each}
    rows = []
    for result in found:
        name = names[result["run"]]
        speed = [fast.get(name, "–")] if fast else []
        rows.append([f"`{name}`", series.variants[name], *_figures(result, first, known.seed), *speed])
    head = ["variant", "what is different", *HEAD, *(["words per second"] if fast else [])]
    text = _caption(found[0], series.first) + table(head, rows, left=2) if found else ""
    done = {result["run"] for result in found}
    missing = [name for run, name in names.items() if run not in done and run not in old]
    return text + (f"\nNot trained yet: {', '.join(missing)}.\n" if missing else "") + left_out(old)


HEAD = ("spans F1", "95 % interval", "difference", "p", "relations F1", "95 % interval", "difference", "p")


def _figures(result: Result, first: Result | None, seed: int) -> list[str]:
    cells = []
    for metric in METRICS:
        entry = result["scores"][metric]["all"]
        cells += [share(entry["f1"]), bounds(entry["interval"]["f1"]), *_difference(result, first, metric, seed)]
    return cells


def _difference(result: Result, first: Result | None, metric: str, seed: int) -> list[str]:
    if first is None or result is first:
        return ["", ""]
    test = paired(counts(first, metric, ()), counts(result, metric, ()), seed=seed)
    return [f"{100 * test.difference:+.1f}", f"{test.p:.4f}"]


def _caption(found: dict[str, Any], first: str) -> str:
    what = f"{found['documents']} documents, corpus `{found['corpus_sha256'][:12]}`"
    return f"Headline F1 on `{found['split']}`, difference to `{first}` with the p-value: {what}.\n\n"
