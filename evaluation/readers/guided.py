"""Fuzzes one reader guided by coverage: inputs that reach new code of `ie.read` are kept and mutated further.

A process of its own, for libFuzzer (through Atheris) ends it: `python -m evaluation.readers.guided SUFFIX SECONDS SEED
FOLDER`. It tells in `FOLDER/tally.json` what became of the inputs and leaves in FOLDER those that went wrong.
"""

from __future__ import annotations

import json
import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from evaluation.readers.mutations import mutated

MAX_WALL = 120
"""Seconds on the wall for one input before libFuzzer ends the process: the machine has other work to do."""
MAX_SECONDS = 20.0
MAX_RESIDENT = 2048
"""Most resident memory of the process in MiB."""
MAX_LENGTH = 600_000
_EVERY = 0.5
"""Seconds between two notes of the tally: libFuzzer ends the process without asking."""
_COVERED = re.compile(r"cov: (\d+)")


class Target:
    """What libFuzzer calls with each input; keeps count of what became of them."""

    def __init__(self, suffix: str, folder: Path) -> None:
        self.suffix = suffix
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self.findings: list[dict[str, Any]] = []
        self.noted = 0.0

    def one_input(self, data: bytes) -> None:
        """Read one input; what goes wrong is noted once for each kind and fuzzing goes on."""
        from evaluation.readers.fuzz import outcome

        started = time.process_time()
        what = outcome(data, f"x.{self.suffix}")
        seconds = time.process_time() - started
        self.slowest = max(self.slowest, seconds)
        if seconds > MAX_SECONDS:
            what = f"took {seconds:.0f} s"
        self.counts["inputs"] += 1
        self.counts[what if what in ("read", "refused") else "findings"] += 1
        if what not in ("read", "refused"):
            self._found(what, data)
        if time.monotonic() - self.noted > _EVERY:
            self.note()

    def _found(self, what: str, data: bytes) -> None:
        if any(one["what"][:30] == what[:30] for one in self.findings):
            return
        name = f"finding-{len(self.findings)}.{self.suffix}"
        (self.folder / name).write_bytes(data)
        self.findings.append({"file": name, "seed": 0, "mutation": "guided", "what": what})
        self.note()

    def note(self) -> None:
        """Write the tally."""
        self.noted = time.monotonic()
        told = {**self.counts, "slowest": round(self.slowest, 2), "findings": self.findings}
        (self.folder / "tally.json").write_text(json.dumps(told), "utf-8")


def mutate(data: bytes, limit: int, seed: int) -> bytes:
    """Return an input mutated by what we know of the formats and by libFuzzer's own mutations."""
    import atheris

    def libfuzzer(part: bytes, _: random.Random) -> bytes:
        return bytes(atheris.Mutate(part, max(limit, len(part))))

    return mutated(data, random.Random(seed), more={"libfuzzer": libfuzzer, "libfuzzer again": libfuzzer})[1][:limit]


def run(suffix: str, seconds: float, seed: int, folder: Path) -> None:
    """Fuzz until the time is over; does not return."""
    import atheris

    with atheris.instrument_imports(include=["ie"], enable_loader_override=False):
        from ie.read import read_bytes
        from ie.read.formats import READERS
        from ie.reflow import reflow

        __import__(READERS["text" if suffix == "txt" else suffix])
    from corpus.golden.build import GOLDEN

    reflow(read_bytes((GOLDEN / "notes-a.txt").read_bytes(), "warm.txt").text)
    resource.setrlimit(resource.RLIMIT_AS, (2 * MAX_RESIDENT * 2**20,) * 2)
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for path in sorted(GOLDEN.glob(f"*.{suffix}")):
        if "scan" not in path.name:
            (seeds / path.name).write_bytes(path.read_bytes())
    options = [
        *(f"-max_total_time={max(1, round(seconds))}", f"-seed={seed}", f"-max_len={MAX_LENGTH}", "-len_control=0"),
        "-mutate_depth=2",
        *(f"-timeout={MAX_WALL}", f"-rss_limit_mb={MAX_RESIDENT}", f"-artifact_prefix={folder}/"),
    ]
    target = Target(suffix, folder)
    target.note()
    atheris.Setup([sys.argv[0], *options, str(seeds)], target.one_input, custom_mutator=mutate)
    atheris.Fuzz()


def fuzz_guided(suffix: str, seconds: float, seed: int, folder: Path) -> dict[str, Any]:
    """Run the process and return its tally with how many edges it covered; what ended it early is a finding."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "evaluation.readers.guided", suffix, str(seconds), str(seed), str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=4 * seconds + 600)
    except subprocess.TimeoutExpired:
        return _told(folder, "", "did not end when its time was over")
    left = [path.name for path in folder.glob("*-*") if path.name.startswith(("crash-", "timeout-", "oom-", "leak-"))]
    ended = f"{left[0]} ended the process" if left else "" if done.returncode == 0 else done.stderr[-200:]
    return _told(folder, done.stderr, " ".join(ended.split()))


def _told(folder: Path, said: str, ended: str) -> dict[str, Any]:
    path = folder / "tally.json"
    tally = json.loads(path.read_text("utf-8")) if path.is_file() else {"findings": []}
    covered = _COVERED.findall(said)
    findings = tally["findings"] + ([{"file": "", "seed": 0, "mutation": "guided", "what": ended}] if ended else [])
    return {
        **{name: tally.get(name, 0) for name in ("inputs", "read", "refused", "slowest")},
        "edges": int(covered[-1]) if covered else 0,
        "edges_of_seeds": int(covered[0]) if covered else 0,
        "findings": findings,
    }


if __name__ == "__main__":
    run(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
