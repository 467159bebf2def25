"""Measures how fast an archive is tagged with one worker and with two, where the time goes, how much memory they take.

The archive is made: whole reports of the corpus's training and development splits, some paragraphs left out or changed
for those of other reports and all figures drawn anew, so that no two documents are alike. Everything that was measured
is kept in a working folder until the result is written: a measurement that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation import moments
from ie.errors import InputError

SWAPPED, DROPPED = 0.25, 0.1
"""Shares of the paragraphs of a report that are taken from another one or left out."""
IN_FOLDER = 100
"""Documents in each folder of the archive."""
WORDS_DOCUMENTS = 100
"""Documents, evenly over the archive, that underthesea's word segmentation is timed on in each round."""


def made(texts: Sequence[str], *, documents: int, seed: int) -> Iterator[str]:
    """Yield documents made of the texts, each of the length of a whole report."""
    rng = random.Random(seed)
    lines = [text.split("\n") for text in texts]
    pool = [line for report in lines for line in report if len(line) > 40]
    if not pool:
        raise InputError("throughput: the texts hold no paragraph of more than 40 characters; give longer ones")
    for number in range(documents):
        kept = [
            rng.choice(pool) if rng.random() < SWAPPED and len(line) > 40 else line
            for line in lines[number % len(lines)]
        ]
        text = "\n".join(line for line in kept if len(line) <= 40 or rng.random() >= DROPPED)
        yield re.sub(r"[1-9]", lambda _: str(rng.randint(1, 9)), text)


def write(texts: Sequence[str], folder: Path, *, documents: int, seed: int) -> None:
    """Write the made documents to a folder of folders; it is there whole or not at all."""
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    for number, text in enumerate(made(texts, documents=documents, seed=seed)):
        path = part / f"{number // IN_FOLDER:04d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    part.replace(folder)


def source_hash(folder: Path) -> str:
    """Return a hash of the program's files: what was measured of another state of it is measured anew."""
    found = hashlib.sha256()
    for path in sorted(path for kind in ("py", "toml", "tsv") for path in folder.rglob(f"*.{kind}")):
        found.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return found.hexdigest()


@dataclass(frozen=True)
class Bench:
    """The working folder of a measurement: the archive, the runs over it, and what was measured so far."""

    folder: Path

    @property
    def archive(self) -> Path:
        """The made documents."""
        return self.folder / "archive"

    def prepare(self, about: dict[str, Any], texts: Sequence[str]) -> None:
        """Make the archive, or keep all when it was made for the same measurement `about`."""
        known = self.folder / "about.json"
        if self.folder.exists() and not known.is_file() and any(self.folder.iterdir()):
            raise InputError(f"{self.folder}: holds other things; give a new folder with --work")
        if known.is_file() and json.loads(known.read_text("utf-8")) != about:
            say(f"{self.folder}: what was measured of another model, program or archive is done away with")
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        known.write_text(json.dumps(about), "utf-8")
        if not self.archive.is_dir():
            write(texts, self.archive, documents=about["documents"], seed=about["seed"])

    def run(self, *, workers: int, documents: int) -> dict[str, Any]:
        """Tag so many documents with so many workers, or what is left of them, and return the figures."""
        from ie.archive import Options, tag_archive
        from ie.archive.progress import Watch

        watch = Watch(sys.stderr)
        path = self.folder / f"moments-{workers}.jsonl"
        recorder = moments.Recorder(path, watch)
        say(f"{workers} at work on {documents} documents")
        try:
            found = tag_archive(self.part(documents), self.out(workers), options=Options(workers=workers), watch=watch)
            if found.fresh:
                recorder.finished()
        finally:
            recorder.close()
        if not found.counts["tagged"]:
            raise InputError(f"throughput: {found}; see {self.out(workers)}/errors")
        return moments.summary(moments.read(path), workers)

    def out(self, workers: int) -> Path:
        """The output of so many workers."""
        return self.folder / f"out-{workers}"

    def part(self, documents: int) -> list[Path]:
        """Return folders of the archive that hold so many documents, spread evenly over it."""
        folders = sorted(self.archive.iterdir())
        wanted = min(-(-documents // IN_FOLDER), len(folders))
        return [folders[position * len(folders) // wanted] for position in range(wanted)]

    def segmented(self, when: str) -> dict[str, float]:
        """Return the rate of `word_rate`, measured now when it was not measured before."""
        path = self.folder / f"words-{when}.json"
        if not path.is_file():
            found = word_rate(self.archive)
            path.write_text(json.dumps(found), "utf-8")
        kept: dict[str, float] = json.loads(path.read_text("utf-8"))
        return kept


def say(what: str) -> None:
    """Tell on standard error what is being done."""
    sys.stderr.write(f"throughput: {what}\n")


def word_rate(archive: Path) -> dict[str, float]:
    """Return words a second of `underthesea.word_tokenize`, a line at a time: on the wall and of the processor.

    Words are what white space parts, here as in the runs.
    """
    from underthesea import word_tokenize

    paths = sorted(archive.rglob("*.txt"))
    chosen = paths[:: max(1, len(paths) // WORDS_DOCUMENTS)]
    texts = [[line for line in path.read_text("utf-8").split("\n") if line.strip()] for path in chosen]
    word_tokenize(texts[0][0])
    wall, used = time.perf_counter(), time.process_time()
    for text in texts:
        for line in text:
            word_tokenize(line)
    words = sum(len(line.split()) for text in texts for line in text)
    return {
        "wall": round(words / (time.perf_counter() - wall), 1),
        "processor": round(words / (time.process_time() - used), 1),
    }
