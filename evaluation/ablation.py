"""What each part of the pipeline is worth: pipelines trained alike but for one thing, side by side.

A variant `NAME` of the table `ablation` in `runs.toml` is the run `ablation-NAME-SPLIT`; the others are set against
`default`. Words per second stand where `python -m evaluation speed --name ablation-NAME` measured them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evaluation import costs
from evaluation.across import left_out, results_on
from evaluation.against import counts, paired
from evaluation.figures import bounds, share, table
from evaluation.runs import Plan, Result

METRICS = ("entities.headline", "relations.headline")
DEFAULT = "default"


def ablation(split: str, *, known: Plan, folder: Path) -> str:
    """Return one row for every variant that has a result, and name those that have none."""
    names = {f"ablation-{name}-{split}": name for name in known.variants}
    found, old = results_on(split, [name for name in names if name in known.runs], folder)
    first = next((result for result in found if names[result["run"]] == DEFAULT), None)
    rows = [_row(result, first, names[result["run"]], known, folder) for result in found]
    head = ["variant", "what is different", *HEAD, "words per second"]
    text = _caption(found[0]) + table(head, rows, left=2) if found else ""
    done = {result["run"] for result in found}
    missing = [name for run, name in names.items() if run not in done and run not in old]
    return text + (f"\nNot trained yet: {', '.join(missing)}.\n" if missing else "") + left_out(old)


HEAD = ("spans F1", "95 % interval", "difference", "p", "relations F1", "95 % interval", "difference", "p")


def _row(result: Result, first: Result | None, name: str, known: Plan, folder: Path) -> list[str]:
    cells = [f"`{name}`", known.variants[name]]
    for metric in METRICS:
        entry = result["scores"][metric]["all"]
        cells += [share(entry["f1"]), bounds(entry["interval"]["f1"]), *_difference(result, first, metric, known.seed)]
    timed = costs.load(f"ablation-{name}", folder)
    return [*cells, f"{timed['words_per_second']['pipeline']:,.0f}" if timed else "–"]


def _difference(result: Result, first: Result | None, metric: str, seed: int) -> list[str]:
    if first is None or result is first:
        return ["", ""]
    test = paired(counts(first, metric, ()), counts(result, metric, ()), seed=seed)
    return [f"{100 * test.difference:+.1f}", f"{test.p:.4f}"]


def _caption(found: dict[str, Any]) -> str:
    what = f"{found['documents']} documents, corpus `{found['corpus_sha256'][:12]}`"
    return f"Headline F1 on `{found['split']}`, difference to `{DEFAULT}` with the p-value: {what}.\n\n"
