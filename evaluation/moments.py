"""The moments of archive runs: a line an answer, kept as it comes, so that a run that was stopped is measured as well.

Every start of a run is a session. Its first answers, until all workers are at work, are not timed; rates are worked out
over the sessions together.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from ie.archive.answer import Answer
from ie.archive.inputs import TAGGED
from ie.archive.progress import Watch
from ie.errors import FormatError, InputError

WARM = 2
"""Answers of every worker that are not timed."""
FLAT_FROM = 100
"""The document of a worker from which on its memory should be flat."""
END = "end"
"""State of the moment when a run is finished, its last shard written."""


@dataclass(frozen=True)
class Moment:
    """An answer as the parent heard it, or the END. Times in seconds, `peak` the most memory of its worker, in bytes.

    `at` counts from an arbitrary point; `processor` is what the worker took for the document, `parent` what the parent
    has taken since its start, `write` the part of that for Parquet; `stages` are seconds of the worker by stage.
    """

    session: int
    at: float
    state: str
    words: int
    worker: int
    peak: int
    processor: float
    parent: float
    write: float
    load: float
    stages: dict[str, float] = field(default_factory=dict)


class Recorder:
    """Hears the answers of one start and appends a line for each to a file."""

    def __init__(self, path: Path, watch: Watch) -> None:
        former = read(path)
        self._session = former[-1].session + 1 if former else 0
        self._stream = path.open("a", encoding="utf-8", buffering=1)
        self._watch = watch
        watch.listeners.append(self)

    def __call__(self, answer: Answer) -> None:
        """Write down one answer."""
        moment = Moment(
            self._session,
            time.monotonic(),
            answer.state,
            answer.words,
            answer.worker,
            answer.peak,
            answer.processor,
            time.process_time(),
            self._watch.stages["write"],
            os.getloadavg()[0],
            answer.stages,
        )
        self._stream.write(json.dumps(asdict(moment)) + "\n")

    def finished(self) -> None:
        """Write down that the run is finished."""
        self(Answer(-1, END, b""))

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def read(path: Path) -> list[Moment]:
    """Return the moments of a file, a line torn at the end left out; none when there is no file."""
    lines = path.read_text("utf-8").split("\n")[:-1] if path.is_file() else []
    try:
        return [Moment(**json.loads(line)) for line in lines]
    except (ValueError, TypeError) as error:
        raise FormatError(f"{path}: holds no moments of a run ({error}); remove it and measure again") from error


def answers(moments: Iterable[Moment]) -> list[Moment]:
    """Return the moments that are answers."""
    return [moment for moment in moments if moment.state != END]


def sessions(moments: Iterable[Moment]) -> list[list[Moment]]:
    """Return the moments of every start."""
    found: dict[int, list[Moment]] = defaultdict(list)
    for moment in moments:
        found[moment.session].append(moment)
    return list(found.values())


def steady(session: Sequence[Moment], workers: int) -> Sequence[Moment]:
    """Return a session from the moment when each of its workers had answered WARM times; none when that never was."""
    heard: dict[int, int] = defaultdict(int)
    for position, moment in enumerate(session):
        heard[moment.worker] += 1
        if sum(count >= WARM for count in heard.values()) >= workers:
            return session[position:]
    return ()


def rates(moments: Iterable[Moment], workers: int) -> dict[str, float]:
    """Return documents and words a second while all workers were at work; InputError when they never were."""
    seconds = documents = words = 0.0
    for session in sessions(answers(moments)):
        timed = steady(session, workers)
        if len(timed) > 1:
            seconds += timed[-1].at - timed[0].at
            documents += len(timed) - 1
            words += sum(moment.words for moment in timed[1:])
    if not seconds:
        raise InputError(f"throughput: too few documents to time {workers} at work; give more with --documents")
    return {"documents": documents / seconds, "words": words / seconds}


def memory(moments: Iterable[Moment]) -> dict[str, float]:
    """Return the most MB of a worker at its document FLAT_FROM and at its last, and the most that one grew between.

    Workers that answered fewer are left out of that; where all did, it is counted from the half of the busiest.
    """
    peaks: dict[tuple[int, int], list[int]] = defaultdict(list)
    for moment in moments:
        if moment.peak:
            peaks[moment.session, moment.worker].append(moment.peak)
    most = max(map(len, peaks.values()))
    start = FLAT_FROM if most >= FLAT_FROM else (most + 1) // 2
    full = [each for each in peaks.values() if len(each) >= start]
    grown = max(each[-1] - each[start - 1] for each in full)
    then, last = max(each[start - 1] for each in full), max(max(each) for each in peaks.values())
    return {"from": start, "then": then / 1e6, "last": last / 1e6, "growth": grown / 1e6}


def stages(moments: Sequence[Moment]) -> dict[str, float]:
    """Return the share of each stage in the time of workers and of writing."""
    found: dict[str, float] = defaultdict(float)
    for moment in moments:
        for stage, seconds in moment.stages.items():
            found[stage] += seconds
    found["write"] = sum(session[-1].write for session in sessions(moments))
    whole = sum(found.values())
    return {stage: seconds / whole for stage, seconds in sorted(found.items())}


def processor(moments: Sequence[Moment]) -> dict[str, float]:
    """Return seconds of the processor a document that workers took and that the parent took."""
    parent = sum(session[-1].parent - session[0].parent for session in sessions(moments))
    heard = answers(moments)
    documents = max(1, len(heard) - len(sessions(heard)))
    return {"worker": sum(m.processor for m in heard) / len(heard), "parent": parent / documents}


def lengths(moments: Sequence[Moment], parts: int = 4) -> list[dict[str, float]]:
    """Return words a document and words a second of the processor for parts of the documents, the shortest first."""
    ordered = sorted((m for m in moments if m.state == TAGGED), key=_words)
    cuts = [len(ordered) * part // parts for part in range(parts + 1)]
    found = []
    for start, end in pairwise(cuts):
        part = ordered[start:end]
        if part:
            words, seconds = sum(map(_words, part)), sum(m.processor for m in part)
            found.append({"words": words / len(part), "rate": words / max(seconds, 1e-9)})
    return found


def _words(moment: Moment) -> int:
    return moment.words


def summary(moments: Sequence[Moment], workers: int) -> dict[str, Any]:
    """Return all figures of a run of so many workers."""
    heard = answers(moments)
    return {
        "workers": workers,
        "documents": len(heard),
        "failed": sum(moment.state != TAGGED for moment in heard),
        "sessions": len(sessions(heard)),
        "rates": _rounded(rates(moments, workers), 3),
        "processor": _rounded(processor(moments), 4),
        "stages": _rounded(stages(moments), 4),
        "memory": _rounded(memory(moments), 1),
        "lengths": [_rounded(each, 1) for each in lengths(moments)],
        "load": round(sum(moment.load for moment in heard) / len(heard), 1),
    }


def _rounded(figures: dict[str, float], digits: int) -> dict[str, float]:
    return {name: round(value, digits) for name, value in figures.items()}
