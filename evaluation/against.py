"""Every system beside one run on the same gold: F1, how far it is from that run, and the paired test.

A system that is judged on some labels alone is set beside the other run on these labels alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evaluation.across import left_out, results_on, system_name
from evaluation.figures import bounds, share, table
from evaluation.runs import Plan, Result, tallies_of
from evaluation.scores import Counts, PairedTest, randomisation, resamples, total
from evaluation.scores import interval as interval_of

METRICS = {"spans": "entities.headline", "relations": "relations.headline"}
HEAD = ("system", "judged on", "spans F1", "95 % interval", "difference", "p")


def against(split: str, *, known: Plan, folder: Path, base: str = "pipeline") -> str:
    """Return one row for every run on the split, each against the run `BASE-SPLIT`."""
    names = [run.name for run in known.runs.values() if run.split == split and run.note]
    found, old = results_on(split, names, folder)
    first = next((result for result in found if result["run"] == f"{base}-{split}"), None)
    if first is None:
        return f"No result yet: `python -m evaluation run {base}-{split}`.\n"
    rows = [row(result, first, seed=known.seed) for result in found]
    head = [*HEAD, "relations F1", "95 % interval", "difference", "p"]
    return _caption(first) + table(head, rows, left=2) + left_out(old)


def row(result: Result, first: Result, *, seed: int) -> list[str]:
    """Return the cells of one system."""
    cells = [system_name(result), ", ".join(result.get("labels", ())) or "everything"]
    for what, metric in METRICS.items():
        handed = what == "spans" and result.get("given") == "spans"
        cells += ["given", "", "", ""] if handed else _cells(result, first, metric, seed=seed)
    return cells


def _cells(result: Result, first: Result, metric: str, *, seed: int) -> list[str]:
    names = result.get("labels", ())
    own, other = (counts(each, metric, names) for each in (result, first))
    whole = total(own.values())
    if not whole.support:
        return ["–"] * 4
    spread = interval_of(list(own.values()), resamples(len(own), seed=seed))["f1"]
    figures = [share(whole.f1), bounds([round(bound, 4) for bound in spread] if spread else None)]
    if result is first:
        return [*figures, "", ""]
    test = paired(other, own, seed=seed)
    return [*figures, f"{100 * test.difference:+.1f}", f"{test.p:.4f}"]


def counts(result: Result, metric: str, names: Iterable[str]) -> dict[str, Counts]:
    """Return the counts of each document, over the named labels and relations or over all."""
    wanted = set(names)
    return {
        document: total(entry for name, entry in tally.get(metric, {}).items() if not wanted or name in wanted)
        for document, tally in tallies_of(result).items()
    }


def paired(first: Mapping[str, Counts], second: Mapping[str, Counts], *, seed: int) -> PairedTest:
    """Return the paired test of two systems on the documents of one gold."""
    names = sorted(first)
    return randomisation([first[name] for name in names], [second[name] for name in names], seed=seed)


def _caption(found: dict[str, Any]) -> str:
    what = f"{found['documents']} documents, corpus `{found['corpus_sha256'][:12]}`"
    return f"Headline F1 on `{found['split']}`, difference to `{found['run']}` with the p-value: {what}.\n\n"
