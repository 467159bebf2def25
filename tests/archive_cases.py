"""Archives for the tests and what is compared of their outputs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from ie.archive.options import Options
from tests.archive_stub import ENGINE

ROOT = Path(__file__).parents[1]


def stub_options(**other: Any) -> Options:
    """Options of a run with the stub tagger and small shards, so that a small archive has many."""
    return Options(**{"engine": ENGINE, "workers": 2, "shard_documents": 8, "row_group": 50, **other})


def small_archive(folder: Path, count: int = 60) -> Path:
    """Write a folder of `count` texts over three subfolders, of lengths that differ, with duplicates and a picture."""
    for number in range(count):
        path = folder / f"d{number % 3}" / f"{number:03d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Xã {number} có {number * 7} hộ. " * (1 + number % 11) + "SLOW0.01", "utf-8")
    (folder / "copy.txt").write_bytes((folder / "d0" / "003.txt").read_bytes())
    (folder / "odd.txt").write_text("ODD 5", "utf-8")
    (folder / "refused.txt").write_text("REFUSE", "utf-8")
    (folder / "map.jpg").write_bytes(b"\xff\xd8")
    return folder


def tree(out: Path) -> dict[str, bytes]:
    """Return the files of a finished run by path, but for the timings, which differ."""
    found = {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
    assert "timings.json" in found
    del found["timings.json"]
    return found


PROGRAM = """
import sys
from ie.archive.run import Stopped, tag_archive
from tests.archive_cases import stub_options
print("begun", flush=True)
try:
    tag_archive([sys.argv[1]], sys.argv[2], options=stub_options(workers=int(sys.argv[3]), batch=int(sys.argv[4])))
except Stopped as stopped:
    sys.exit(128 + stopped.number)
"""


def start(archive: Path, out: Path, *, workers: int = 2, batch: int = 16) -> subprocess.Popen[bytes]:
    """Start a run of its own process with the stub tagger and wait until Python itself has started.

    Ctrl-C in the middle of that ends the interpreter with a status that is no business of a run.
    """
    command = [sys.executable, "-c", PROGRAM, str(archive), str(out), str(workers), str(batch)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout
    assert run.stdout.readline() == b"begun\n"
    return run
