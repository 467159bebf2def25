"""Fuzzes every reader over mutated golden files in a watched process: time, memory, errors other than our own.

Half of the time goes to inputs made from seeds, half to fuzzing guided by coverage where Atheris is installed.

Each input is made from a seed, so that a finding can be made again. A process that takes too long or dies is ended and
a new one goes on with the next input. What is found is counted by reader; nothing stops at the first finding.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus.golden.build import GOLDEN, read_manifest
from evaluation.readers.guided import fuzz_guided
from evaluation.readers.mutations import mutated

MAX_SECONDS = 20.0
"""Longest time of the processor for one input; the golden files take less than one second."""
PATIENCE = 6.0
"""How many times as long a process may take on the wall before it is ended: the machine has other work to do."""
MAX_MEMORY = 3 * 2**30
"""Most address space of the process in bytes."""
MAX_GROWTH = 1 * 2**20
"""Most growth of the resident peak by one input in KiB."""
READERS = {"docx": "docx", "odt": "odt", "html": "html", "txt": "text", "pdf": "pdf"}
"""Suffix of golden files -> reader. DOC and RTF are parsed by LibreOffice, whose output the DOCX reader gets."""


@dataclass
class Tried:
    """What happened to the inputs of one reader."""

    inputs: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    mutations: Counter[str] = field(default_factory=Counter)
    findings: list[dict[str, Any]] = field(default_factory=list)


def fuzz(seconds: float, *, readers: Sequence[str] = (), seed: int = 1, folder: Path | None = None) -> dict[str, Any]:
    """Fuzz the readers in turn, `seconds` in all; return what was tried and found, by reader."""
    guided = find_spec("atheris") is not None
    chosen = [suffix for suffix in READERS if not readers or READERS[suffix] in readers]
    tried = {READERS[suffix]: Tried() for suffix in chosen}
    worker = _Worker()
    at = seed * 1_000_000
    try:
        for suffix in chosen:
            end = time.monotonic() + seconds / len(chosen) / (1 + guided)
            while time.monotonic() < end:
                _one(worker, tried[READERS[suffix]], suffix, at)
                at += 1
    finally:
        worker.end()
    found = {name: _told(one) for name, one in tried.items()}
    if guided:
        for suffix in chosen:
            found[READERS[suffix]]["guided"] = _guided(suffix, seconds / len(chosen) / 2, seed, folder)
    return {"what": "fuzz", "seed": seed, "seconds": seconds, "readers": found}


def _guided(suffix: str, seconds: float, seed: int, folder: Path | None) -> dict[str, Any]:
    """Fuzz one reader guided by coverage; what went wrong is left in `folder` when one is given."""
    with TemporaryDirectory() as made:
        return fuzz_guided(suffix, seconds, seed, (folder or Path(made)) / suffix)


def _one(worker: _Worker, tried: Tried, suffix: str, seed: int) -> None:
    name, mutation, outcome, seconds = worker.ask(suffix, seed)
    tried.inputs += 1
    tried.slowest = max(tried.slowest, seconds)
    tried.mutations.update(mutation.removeprefix("inside ").split("+"))
    if outcome == "read":
        tried.read += 1
    elif outcome == "refused":
        tried.refused += 1
    else:
        tried.findings.append({"file": name, "seed": seed, "mutation": mutation, "what": outcome})


def _told(tried: Tried) -> dict[str, Any]:
    return {
        "inputs": tried.inputs,
        "read": tried.read,
        "refused": tried.refused,
        "slowest": round(tried.slowest, 2),
        "mutations": dict(sorted(tried.mutations.items())),
        "findings": tried.findings,
    }


class _Worker:
    """A process that reads inputs, started anew after it was ended."""

    def __init__(self) -> None:
        self.process: Any = None
        self.pipe: Any = None

    def ask(self, suffix: str, seed: int) -> tuple[str, str, str, float]:
        """Return file, mutation, what became of it and seconds; a process that hangs or dies is a finding."""
        if self.process is None or not self.process.is_alive():
            self._start()
        self.pipe.send((suffix, seed))
        if not self.pipe.poll(PATIENCE * MAX_SECONDS):
            self.end()
            return (*describe(suffix, seed), f"took more than {PATIENCE * MAX_SECONDS:.0f} s on the wall", 0.0)
        try:
            return self.pipe.recv()  # type: ignore[no-any-return]
        except EOFError:
            code = self.process.exitcode
            self.end()
            return (*describe(suffix, seed), f"the process died ({code})", 0.0)

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, far = context.Pipe()
        self.process = context.Process(target=serve, args=(far,), daemon=True)
        self.process.start()
        far.close()
        self.pipe.recv()

    def end(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


def made(suffix: str, seed: int) -> tuple[str, str, bytes]:
    """Return the golden file, the mutation and the bytes of an input: the same for the same seed."""
    chance = random.Random(seed)
    files = sorted(entry["file"] for entry in read_manifest()["files"] if entry["file"].endswith(f".{suffix}"))
    files = [file for file in files if "scan" not in file]
    name = chance.choice(files)
    mutation, data = mutated((GOLDEN / name).read_bytes(), chance)
    return name, mutation, data


def describe(suffix: str, seed: int) -> tuple[str, str]:
    """Return the file and the mutation of an input."""
    return made(suffix, seed)[:2]


def serve(pipe: Connection) -> None:
    """Read inputs until the other end closes; memory is limited, so that a bomb is an error here and not there."""
    from ie.read import read_bytes

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    read_bytes((GOLDEN / "notes-a.txt").read_bytes(), "warm.txt")
    pipe.send("ready")
    for suffix, seed in _asked(pipe):
        name, mutation, data = made(suffix, seed)
        started = time.process_time()
        what = outcome(data, name)
        seconds = time.process_time() - started
        pipe.send((name, mutation, what if seconds <= MAX_SECONDS else f"took {seconds:.0f} s", seconds))


def _asked(pipe: Connection) -> Iterator[tuple[str, int]]:
    while True:
        try:
            yield pipe.recv()
        except EOFError:
            return


def outcome(data: bytes, name: str) -> str:
    """Read and reflow bytes; `read`, `refused`, or what went wrong."""
    from ie.errors import IEError
    from ie.read import ReadOptions, read_bytes
    from ie.read.plain import canonical
    from ie.reflow import reflow

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        source = canonical(read_bytes(data, name, options=ReadOptions(any_language=True)))
        flowed = reflow(source.text, source.layout)
        list(source.fragments(flowed.source(0, len(flowed.offsets), source.text)))
    except IEError as error:
        return "refused" if "\n" not in str(error) else f"an error of several lines: {str(error)[:80]!r}"
    except Exception as error:  # noqa: BLE001 - any other error is what is looked for
        return f"{type(error).__name__}: {str(error)[:120]}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return f"took {grown // 1024} MB" if grown > MAX_GROWTH else "read"
