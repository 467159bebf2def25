"""The result of `python -m evaluation throughput`: made, kept in `results/speed/throughput.json`, written as tables."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evaluation import splits, throughput
from evaluation.figures import table
from evaluation.runs import RESULTS, versions
from ie.errors import FormatError

AIM = 1.8
"""What two workers should do of the work of one."""
SIZES = (50_000, 10_000_000)
NODES = (1, 10, 100)
CORES = 16
NAME = "speed/throughput.json"
MISSING = "Not measured: `python -m evaluation throughput`.\n"


def measured(*, documents: int, seed: int) -> dict[str, Any]:
    """Make an archive of `documents`, tag it with one worker and with two, and return the result."""
    from ie.archive.engine import ModelEngine
    from ie.archive.options import Options

    texts = [document.text for split in ("train", "dev") for document in splits.corpus_split(split)]
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        throughput.write(texts, archive, documents=documents, seed=seed)
        size = sum(path.stat().st_size for path in archive.rglob("*.txt"))
        runs = [throughput.run(archive, Path(folder) / f"out-{n}", workers=n) for n in (1, 2)]
        out = sum(path.stat().st_size for path in (Path(folder) / "out-1").rglob("*.parquet"))
        words = throughput.word_rate(archive)
    return {
        "model": ModelEngine.describe(Options()),
        "documents": documents,
        "bytes": size,
        "out_bytes": out,
        "seed": seed,
        "machine": {"processor": platform.machine(), "cores": os.cpu_count() or 1, "system": platform.system()},
        "versions": versions(),
        "runs": runs,
        "ratio": round(runs[1]["rates"]["documents"] / runs[0]["rates"]["documents"], 3),
        "word_tokenize": words,
    }


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
    """Return what was measured on what, and how busy the machine was with other things."""
    model, machine = found["model"], found["machine"]
    loads = ", ".join(f"{before}–{after}" for before, after in (run["load"] for run in found["runs"]))
    return (
        f"`{model['name']}` {model['version']} on {found['documents']:,} made documents of "
        f"{found['bytes'] / found['documents'] / 1000:.1f} kB; {machine['system']} on {machine['processor']}, "
        f"{machine['cores']} cores; load average before and after each run: {loads}.\n\n"
    )


def rates(found: dict[str, Any]) -> str:
    """Return the rates of one and two workers, their ratio, and the rate against word segmentation alone."""
    rows = []
    for run in found["runs"]:
        memory = run["memory"]
        rows.append(
            [
                str(run["workers"]),
                f"{run['rates']['documents']:.2f}",
                f"{run['rates']['words']:,.0f}",
                f"{run['processor']:.3f}",
                f"{run['parent_processor']:.3f}",
                f"{memory['then']:.0f}",
                f"{memory['last']:.0f}",
            ]
        )
    first = found["runs"][0]
    head = [
        "workers",
        "documents/s",
        "words/s",
        "worker's processor s/document",
        "parent's",
        f"peak MB of a worker at document {first['memory']['from']:.0f}",
        "at the last",
    ]
    segmenting = found["word_tokenize"]
    own = first["rates"]["words"] / first["rates"]["documents"] / first["processor"]
    return (
        caption(found)
        + table(head, rows, left=0)
        + f"\nTwo workers do {found['ratio']:.2f} times the work of one (aim: {AIM}). "
        + f"`underthesea.word_tokenize` alone: {segmenting['processor']:,.0f} words a second of the processor, "
        + f"a worker {own:,.0f}: a ratio of {own / segmenting['processor']:.2f}.\n"
    )


def stages(found: dict[str, Any]) -> str:
    """Return the share of time by stage, workers' and parent's time together."""
    names = sorted({name for run in found["runs"] for name in run["stages"]})
    meaning = {
        "fetch": "fetch: bytes from disk, hash (a thread, while the document before is tagged)",
        "tag": "tag: read, reflow, tokenise, entities, relations, values",
        "rows": "rows: facts, audit, columns",
        "write": "write: Parquet parts (the parent, while workers tag)",
    }
    rows = [[meaning.get(n, n), *(f"{100 * run['stages'].get(n, 0):.1f}" for run in found["runs"])] for n in names]
    return caption(found) + table(["% of the time", "1 worker", "2 workers"], rows)


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
    hours = seconds / 3600
    return (
        f"{hours / 24:.1f} days"
        if hours > 48
        else f"{hours:.1f} hours"
        if hours >= 1
        else f"{seconds / 60:.0f} minutes"
    )


def _space(size: float) -> str:
    return f"{size / 1e12:.1f} TB" if size > 1e12 else f"{size / 1e9:.1f} GB"


VIEWS = {"": rates, "stages": stages, "sizing": sizing}
