"""What a pipeline takes: bytes on disk, seconds to load in a new process, memory over many documents."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from ie.errors import InputError

CHECKPOINTS = 20
PARAGRAPHS = 1
"""Paragraphs of a made document: memory is asked of many documents, not of long ones."""
_LOAD = """
import sys, time
before = time.process_time()
import ie
from ie.startup import import_spacy
import_spacy()
bare = time.process_time()
ie.load(sys.argv[1])
print(bare - before, time.process_time() - before)
"""
_STATM = Path("/proc/self/statm")


def size(folder: Path) -> int:
    """Return the bytes of all files of a pipeline."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def load_seconds(folder: Path, *, repeats: int) -> tuple[float, float]:
    """Return the median processor times of importing spaCy and of all up to a loaded pipeline, in new processes."""
    taken = []
    for _ in range(repeats):
        run = subprocess.run([sys.executable, "-c", _LOAD, str(folder)], capture_output=True, text=True, check=False)
        if run.returncode:
            raise InputError(f"{folder}: does not load in a new process ({run.stderr.strip().splitlines()[-1]})")
        taken.append([float(seconds) for seconds in run.stdout.split()])
    bare, whole = (round(median(seconds), 3) for seconds in zip(*taken, strict=True))
    return bare, whole


def memory(nlp: Any, texts: Sequence[str], *, documents: int, seed: int) -> list[list[float]]:
    """Tag `documents` made texts and return up to CHECKPOINTS points `[documents done, MB held]`.

    The texts are paragraphs of `texts` put together anew with other digits, so that every one brings words not seen
    before. The first point is after the first document, when everything is loaded.
    """
    import ie

    marks = {max(1, round(documents * part / CHECKPOINTS)) for part in range(CHECKPOINTS + 1)}
    points = []
    for number, text in enumerate(made(texts, documents=documents, seed=seed), 1):
        ie.facts_of(ie.tag_text(text, nlp=nlp))
        if number in marks:
            points.append([number, round(held(), 1)])
    return points


def made(texts: Sequence[str], *, documents: int, seed: int) -> Iterator[str]:
    """Yield documents of paragraphs drawn from `texts`, their digits drawn anew."""
    rng = random.Random(seed)
    paragraphs = [line for text in texts for line in text.split("\n") if len(line) > 40]
    if not paragraphs:
        raise InputError("speed: the texts hold no paragraph of more than 40 characters; give longer ones")
    for _ in range(documents):
        drawn = "\n\n".join(rng.choices(paragraphs, k=PARAGRAPHS))
        yield re.sub(r"\d", lambda _: str(rng.randint(1, 9)), drawn)


def held() -> float:
    """Return the memory of this process in MB; where the system does not say, the most it ever held."""
    import resource

    if _STATM.is_file():
        return int(_STATM.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
