"""What a run says while it works: a bar on a terminal, JSON lines when asked, else nothing.

JSON lines go to one stream, an object each: `time` (ISO 8601, UTC), `event`, and what belongs to the event.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from ie.archive.answer import Answer
from ie.archive.inputs import FAILED

EVERY = 10.0
"""Seconds between two events of progress."""
COLUMNS, ROWS = 80, 24


def _assumed_size(stream: TextIO) -> dict[str, Any]:
    """Return how tqdm learns the size of the terminal: by asking, or told ours where the answer is 0 columns or rows.

    Some terminals in containers answer so; a bar of that size is none.
    """
    try:
        told = all(os.get_terminal_size(stream.fileno()))
    except OSError:
        told = False
    return {"dynamic_ncols": True} if told else {"ncols": COLUMNS, "nrows": ROWS}


class Watch:
    """Hears of everything that happens in a run and gathers its timings."""

    def __init__(self, stream: TextIO | None = None, *, json_log: bool = False) -> None:
        self._stream = stream
        self.json_log = json_log
        self._bar: Any = None
        self._begun = self._said = time.monotonic()
        self.started = datetime.now(UTC)
        self.counts: Counter[str] = Counter()
        self.stages: dict[str, float] = defaultdict(float)
        self.peak = 0
        self.listeners: list[Callable[[Answer], None]] = []
        """Called with every answer; a measurement listens here."""

    def event(self, event: str, **what: Any) -> None:
        """Log an event."""
        if event == "worker lost":
            self.counts["workers lost"] += 1
        if self.json_log and self._stream is not None:
            record = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **what}
            self._stream.write(json.dumps(record, ensure_ascii=False) + "\n")
            self._stream.flush()

    def planned(self, *, documents: int, done: int) -> None:
        """Start the bar: how many documents are to be tagged and how many a former start has tagged."""
        self._begun = time.monotonic()
        if self._stream is not None and not self.json_log and self._stream.isatty():
            from tqdm import tqdm

            size = _assumed_size(self._stream)
            self._bar = tqdm(total=documents, initial=done, unit="doc", file=self._stream, **size)

    def skipped(self, count: int) -> None:
        """Move the bar over documents that a former start has tagged."""
        if self._bar is not None and count:
            self._bar.initial += count
            self._bar.update(count)

    def answered(self, answer: Answer) -> None:
        """Take in one answer."""
        self.counts[answer.state] += 1
        self.counts["words"] += answer.words
        for stage, seconds in answer.stages.items():
            self.stages[stage] += seconds
        self.stages["processor"] += answer.processor
        self.peak = max(self.peak, answer.peak)
        for listen in self.listeners:
            listen(answer)
        self.moved(1, failed=self.counts[FAILED])

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        begun = time.monotonic()
        yield
        self.stages[stage] += time.monotonic() - begun

    def moved(self, documents: int, *, failed: int) -> None:
        """Show that documents are done."""
        self.counts["answered"] += documents
        if self._bar is not None:
            self._bar.update(documents)
            if failed:
                self._bar.set_postfix(failed=failed, refresh=False)
        elif self.json_log and time.monotonic() - self._said > EVERY:
            self._said = time.monotonic()
            rate = self.counts["answered"] / max(self._said - self._begun, 1e-9)
            self.event("progress", done=self.counts["answered"], per_second=round(rate, 2), failed=failed)

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()

    def timings(self) -> dict[str, Any]:
        """Return what this start took."""
        seconds = time.monotonic() - self._begun
        return {
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "documents": self.counts["answered"],
            "words": self.counts["words"],
            "stages": {name: round(value, 3) for name, value in sorted(self.stages.items())},
            "peak_memory": self.peak,
            "workers_lost": self.counts["workers lost"],
        }
