"""How fast an archive is tagged with one worker and with two, where the time goes, how much memory a worker takes.

The archive is made: whole reports of the corpus's training and development splits, some paragraphs left out or changed
for those of other reports and all figures drawn anew, so that no two documents are alike. The first documents, while
workers start, are not timed.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ie.archive.answer import Answer
from ie.errors import InputError

SWAPPED, DROPPED = 0.25, 0.1
"""Shares of the paragraphs of a report that are taken from another one or left out."""
WORDS_DOCUMENTS = 200
"""Documents that underthesea's word segmentation is timed on."""
FLAT_FROM = 100


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
    """Write the made documents to a folder of folders, a hundred in each."""
    for number, text in enumerate(made(texts, documents=documents, seed=seed)):
        path = folder / f"{number // 100:04d}" / f"{number:06d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@dataclass
class Timed:
    """Hears the answers of a run: when, how many words, how much memory."""

    workers: int
    moments: list[float] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)

    def __call__(self, answer: Answer) -> None:
        """Take in one answer."""
        self.moments.append(time.monotonic())
        self.words.append(answer.words)
        self.peaks.append(answer.peak)

    def rates(self) -> dict[str, float]:
        """Return documents and words a second from the time when all workers were at work to the last answer."""
        first = min(len(self.moments) - 1, 4 * self.workers)
        seconds = max(self.moments[-1] - self.moments[first], 1e-9)
        words = sum(self.words[first + 1 :])
        return {"documents": (len(self.moments) - 1 - first) / seconds, "words": words / seconds}

    def memory(self) -> dict[str, float]:
        """Return the most memory of a worker in MB up to document FLAT_FROM and to the last."""
        early = max(self.peaks[:FLAT_FROM])
        return {"from": min(FLAT_FROM, len(self.peaks)), "then": early / 1e6, "last": max(self.peaks) / 1e6}


def run(archive: Path, out: Path, *, workers: int) -> dict[str, Any]:
    """Tag the archive and return what was measured; raises InputError when some of it could not be tagged."""
    from ie.archive import Options, tag_archive
    from ie.archive.progress import Watch

    watch, timed = Watch(), Timed(workers)
    watch.listeners.append(timed)
    load = os.getloadavg()[0]
    used = time.process_time()
    found = tag_archive([archive], out, options=Options(workers=workers), watch=watch)
    if found.failed or not found.counts["tagged"]:
        raise InputError(f"throughput: {found}; see {out}/errors")
    measured = watch.timings()
    seconds = dict(measured["stages"])
    processor = seconds.pop("processor")
    return {
        "workers": workers,
        "documents": found.counts["tagged"],
        "seconds": round(measured["seconds"], 1),
        "rates": {name: round(rate, 3) for name, rate in timed.rates().items()},
        "processor": round(processor / found.counts["tagged"], 4),
        "parent_processor": round((time.process_time() - used) / found.counts["tagged"], 4),
        "stages": {name: round(value / sum(seconds.values()), 4) for name, value in sorted(seconds.items())},
        "memory": {name: round(value, 1) for name, value in timed.memory().items()},
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
    }


def word_rate(archive: Path) -> dict[str, float]:
    """Return words a second of `underthesea.word_tokenize`, a line at a time: on the wall and of the processor.

    Words are what white space parts, here as in the runs.
    """
    from underthesea import word_tokenize

    paths = sorted(archive.rglob("*.txt"))[:WORDS_DOCUMENTS]
    texts = [[line for line in path.read_text("utf-8").split("\n") if line.strip()] for path in paths]
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
