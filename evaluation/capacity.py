"""The result of `python -m evaluation throughput`: made, kept in `results/speed/throughput.json`, written as tables."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from statistics import mean
from typing import Any

from evaluation import splits, throughput
from evaluation.figures import table
from evaluation.runs import RESULTS, versions
from ie.archive.engine import ModelEngine
from ie.archive.options import Options
from ie.errors import FormatError

AIM = 1.8
"""What two workers should do of the work of one."""
SIZES = (50_000, 10_000_000)
NODES = (1, 10, 100)
CORES = 16
PROGRAM = splits.ROOT / "ie"
"""Whose speed is measured."""
WORK = splits.ROOT / "build" / "throughput"
"""Where a measurement keeps what it has until its result is written."""
NAME = "speed/throughput.json"
MISSING = "Not measured: `python -m evaluation throughput`.\n"


def measured(*, documents: int, single: int, seed: int, work: Path) -> dict[str, Any]:
    """Tag a made archive of `documents` with two workers and `single` of them with one, and return the result.

    What a former call measured in the folder `work` of the same archive, model and program is not measured again.
    """
    model = ModelEngine.describe(Options())
    archive = {"documents": documents, "single": single, "seed": seed}
    about = {**archive, "model": model, "versions": versions(), "program": throughput.source_hash(PROGRAM)}
    bench = throughput.Bench(work)
    bench.prepare(about, [document.text for split in ("train", "dev") for document in splits.corpus_split(split)])
    # The runs stand between the rounds of word segmentation, which tell whether the machine kept its speed.
    words = [bench.segmented("before")]
    runs = [bench.run(workers=1, documents=single)]
    words.append(bench.segmented("between"))
    runs.append(bench.run(workers=2, documents=documents))
    words.append(bench.segmented("after"))
    return {
        "model": model,
        **archive,
        "bytes": _size(bench.archive, "*.txt"),
        "out_bytes": _size(bench.out(2), "*.parquet"),
        "machine": {"processor": platform.machine(), "cores": os.cpu_count() or 1, "system": platform.system()},
        "versions": versions(),
        "runs": runs,
        "ratio": round(runs[1]["rates"]["words"] / runs[0]["rates"]["words"], 3),
        "word_tokenize": {name: [each[name] for each in words] for name in words[0]},
    }


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern))


def save(found: dict[str, Any], folder: Path = RESULTS) -> Path:
    """Write the result and return its path."""
    path = folder / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in found.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return path


def load(folder: Path = RESULTS) -> dict[str, Any] | None:
    """Return the result, None when there is none."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FormatError(
            f"{path}: not JSON ({error}); make it again with `python -m evaluation throughput`"
        ) from error
    return found


def caption(found: dict[str, Any]) -> str:
    """Return what was measured on what, what failed, and how busy the machine was with other things."""
    model, machine, one = found["model"], found["machine"], found["runs"][0]
    failed = sum(run["failed"] for run in found["runs"])
    loads = " and ".join(f"{run['load']} with {run['workers']}" for run in found["runs"])
    some = "" if one["documents"] == found["documents"] else f", one worker on {one['documents']:,} of them"
    return (
        f"`{model['name']}` {model['version']} on {found['documents']:,} made documents of "
        f"{found['bytes'] / found['documents'] / 1000:.1f} kB{some}; {machine['system']} on {machine['processor']}, "
        f"{machine['cores']} cores; mean load average {loads} at work"
        + (f"; {failed} documents failed" if failed else "")
        + ".\n\n"
    )


RATES = (
    "workers",
    "documents",
    "documents/s",
    "words/s",
    "worker's processor s/document",
    "parent's",
    "peak MB of a worker at its document {from:.0f}",
    "at its last",
    "most that one grew",
)


def rates(found: dict[str, Any]) -> str:
    """Return the rates of one and two workers, their ratio, and the rate against word segmentation alone."""
    rows = []
    for run in found["runs"]:
        figures = [
            f"{run['rates']['documents']:.2f}",
            f"{run['rates']['words']:,.0f}",
            f"{run['processor']['worker']:.3f}",
            f"{run['processor']['parent']:.3f}",
            *(f"{run['memory'][name]:.0f}" for name in ("then", "last", "growth")),
        ]
        rows.append([str(run["workers"]), f"{run['documents']:,}", *figures])
    head = [name.format(**found["runs"][-1]["memory"]) for name in RATES]
    return caption(found) + table(head, rows, left=0) + "\n" + _ratio(found) + _against(found)


def _ratio(found: dict[str, Any]) -> str:
    one, two = (run["processor"] for run in found["runs"])
    single, both = (run["rates"]["documents"] for run in found["runs"])
    dearer = (two["worker"] + two["parent"]) / (one["worker"] + one["parent"])
    return (
        f"Two workers do {found['ratio']:.2f} times the work of one (words a second; aim: {AIM}), "
        f"{both / single:.2f} times in documents a second; those of one are part of those of two. A document takes "
        f"{dearer:.2f} times the processor's time when two are at work, the parent's included.\n\n"
    )


def _against(found: dict[str, Any]) -> str:
    rounds, first = found["word_tokenize"]["processor"], found["runs"][0]
    own = first["rates"]["words"] / first["rates"]["documents"] / first["processor"]["worker"]
    return (
        f"`underthesea.word_tokenize` alone cuts {mean(rounds):,.0f} words a second of the processor "
        f"({min(rounds):,.0f} to {max(rounds):,.0f} before, between and after the runs), a worker tags {own:,.0f}: "
        f"a ratio of {own / mean(rounds):.2f}.\n"
    )


MEANINGS = {
    "fetch": "fetch: bytes from disk, hash (a thread, while the document before is tagged)",
    "tag": "tag: read, reflow, tokenise, entities, relations, values",
    "rows": "rows: facts, audit, columns",
    "write": "write: Parquet parts (the parent, while workers tag)",
}


def stages(found: dict[str, Any]) -> str:
    """Return the share of time by stage, workers' and parent's time together, and the speed by length."""
    names = [name for name in MEANINGS if any(name in run["stages"] for run in found["runs"])]
    rows = [[MEANINGS[n], *(f"{100 * run['stages'].get(n, 0):.1f}" for run in found["runs"])] for n in names]
    lengths = [[f"{part['words']:,.0f}", f"{part['rate']:,.0f}"] for part in found["runs"][-1]["lengths"]]
    return (
        caption(found)
        + table(["% of the time", "1 worker", "2 workers"], rows)
        + "\nBy length, a quarter of the documents each, with two workers:\n\n"
        + table(["words a document", "words/s of the processor"], lengths, left=0)
    )


def sizing(found: dict[str, Any]) -> str:
    """Return how long archives take on clusters, from the rate of one worker and the ratio of two."""
    rate = found["runs"][0]["rates"]["documents"]
    keeps = min(1.0, found["ratio"] / 2)
    disk = found["out_bytes"] / found["documents"]
    rows = [
        [f"{size:,}", str(nodes), str(nodes * CORES), _time(size / (rate * keeps * nodes * CORES)), _space(size * disk)]
        for size in SIZES
        for nodes in NODES
    ]
    memory = max(run["memory"]["last"] for run in found["runs"]) * CORES / 1000
    return (
        table(["reports", f"machines of {CORES} cores", "workers", "time", "Parquet"], rows, left=0)
        + f"\nWorked out from {rate:.2f} documents a second and worker on the machine above, of which each of several "
        + f"keeps {keeps:.0%}; {memory:.1f} GB of memory a machine for its workers. Not measured on a cluster.\n"
    )


def _time(seconds: float) -> str:
    for most, unit, name in ((90 * 60, 60, "minutes"), (48 * 3600, 3600, "hours")):
        if seconds < most:
            return f"{seconds / unit:.{int(seconds < 10 * unit)}f} {name}"
    return f"{seconds / 86400:.1f} days"


def _space(size: float) -> str:
    return f"{size / 1e12:.1f} TB" if size > 1e12 else f"{size / 1e9:.1f} GB"


VIEWS = {"": rates, "stages": stages, "sizing": sizing}
