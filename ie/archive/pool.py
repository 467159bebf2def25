"""Processes that tag, watched: one that crashes, hangs or takes too much memory costs the document it was at.

Workers answer in the order they were asked, so the document to blame is the first one unanswered. A crash may be the
fault of what the worker did before: the suspect is tried once more, alone in a fresh process, and fails only if that
ends too. A document that runs out of time fails at once. What else the worker held is handed out again.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import IO, Any

from ie.archive.answer import Answer, failed_body
from ie.archive.inputs import FAILED, Input
from ie.archive.options import MB
from ie.archive.worker import OUT_OF_MEMORY, Ready, Setup
from ie.errors import IEError
from ie.process import ONE_THREAD

AHEAD = 2
"""Batches a worker holds, so that it never waits for the parent."""
START_SECONDS = 600.0
STARTS = 3
"""Processes in a row that may end before they are ready."""
Batch = list[Input]
Tell = Callable[..., None]


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    errors: IO[bytes]
    since: float
    ready: bool = False
    held: deque[Batch] = field(default_factory=deque)
    alone: bool = False

    @property
    def busy(self) -> bool:
        """Whether something is to be heard from the worker in time."""
        return bool(self.held) or not self.ready

    def ask(self, batch: Batch) -> None:
        """Hand over a batch."""
        if not self.held:
            self.since = time.monotonic()
        self.held.append(list(batch))
        self.connection.send(batch)

    def answered(self) -> Input:
        """Return the input that an answer is for: the first one held."""
        self.since = time.monotonic()
        entry = self.held[0].pop(0)
        if not self.held[0]:
            self.held.popleft()
        return entry


class Pool:
    """Runs batches of inputs through `count` workers; `tell(event, **what)` hears of starts and losses."""

    def __init__(self, setup: Setup, *, count: int, tell: Tell) -> None:
        self._setup = setup
        self._tell = tell
        self._count = count
        self._again: deque[Batch] = deque()
        self._suspects: deque[Input] = deque()
        self._blamed: set[int] = set()
        self._failed_starts = 0
        self._workers: list[_Worker] = []

    def run(self, batches: Iterator[Batch]) -> Iterator[Answer]:
        """Yield an answer for every input of the batches, in no order; the workers stay for a further call."""
        while True:
            self._hand_out(batches)
            if not any(worker.held for worker in self._workers):
                return
            yield from self._answers()

    def _hand_out(self, batches: Iterator[Batch]) -> None:
        """Give every worker what it may hold."""
        self._grow(batches)
        for worker in self._workers:
            while worker.ready and len(worker.held) < AHEAD and not worker.alone:
                batch = self._next(batches)
                if batch is None:
                    return
                self._ask(worker, batch)

    def _grow(self, batches: Iterator[Batch]) -> None:
        """Start workers while there is work for them: a run with nothing left starts none."""
        while len(self._workers) < self._count:
            batch = [self._suspects.popleft()] if self._suspects else self._next(batches)
            if batch is None:
                return
            worker = self._start()
            worker.alone = len(batch) == 1 and batch[0].number in self._blamed
            self._workers.append(worker)
            self._ask(worker, batch)

    def _next(self, batches: Iterator[Batch]) -> Batch | None:
        return self._again.popleft() if self._again else next(batches, None)

    def _ask(self, worker: _Worker, batch: Batch) -> None:
        """Hand over a batch; a worker that is gone by now is seen to when its end of the socket is read."""
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.ask(batch)

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        errors = tempfile.TemporaryFile()  # noqa: SIM115
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109
        process = subprocess.Popen(
            [sys.executable, "-c", f"from ie.archive.worker import main; main({theirs.fileno()})"],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            pass_fds=(theirs.fileno(),),
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": paths},
            start_new_session=True,
        )
        theirs.close()
        worker = _Worker(process, Connection(ours.detach()), errors, time.monotonic())
        with suppress(BrokenPipeError, ConnectionResetError):
            worker.connection.send(self._setup)
        self._tell("worker started", pid=process.pid)
        return worker

    def _answers(self) -> Iterator[Answer]:
        """Wait for the next answers, deaths or ends of time."""
        by_connection: dict[Any, _Worker] = {worker.connection: worker for worker in self._workers}
        heard = wait(list(by_connection), timeout=self._patience())
        for connection in heard:
            yield from self._hear(by_connection[connection])
        for worker in [w for c, w in by_connection.items() if c not in heard and w.busy]:
            if self._left(worker) <= 0:
                yield from self._out_of_time(worker)

    def _hear(self, worker: _Worker) -> Iterator[Answer]:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._lost(worker)
            return
        if isinstance(message, Ready):
            worker.ready, worker.since = True, time.monotonic()
            self._failed_starts = 0
            self._tell("worker ready", pid=worker.process.pid, seconds=round(message.seconds, 3))
            return
        worker.answered()
        worker.alone = False
        yield message

    def _left(self, worker: _Worker) -> float:
        most = self._setup.options.limits.seconds if worker.ready else START_SECONDS
        return worker.since + most - time.monotonic()

    def _patience(self) -> float:
        return max(0.0, min(self._left(worker) for worker in self._workers if worker.busy))

    def _lost(self, worker: _Worker) -> Iterator[Answer]:
        """See to a worker that ended by itself."""
        why = self._end(worker)
        if not worker.ready:
            self._failed_starts += 1
            self._again.extend(worker.held)
            if self._failed_starts >= STARTS:
                raise IEError(f"workers cannot start: {why}")
            return
        if not worker.held:
            return
        suspect = worker.answered()
        self._again.extend(worker.held)
        if suspect.number in self._blamed:
            yield self._failure(suspect, why)
        else:
            self._blamed.add(suspect.number)
            self._suspects.append(suspect)

    def _out_of_time(self, worker: _Worker) -> Iterator[Answer]:
        self._end(worker)
        if not worker.ready:
            raise IEError(f"a worker was not ready after {START_SECONDS:.0f} seconds; is the machine overloaded?")
        slow = worker.answered()
        self._again.extend(worker.held)
        yield self._failure(slow, f"took longer than {self._setup.options.limits.seconds:g} seconds")

    def _failure(self, entry: Input, why: str) -> Answer:
        return Answer(entry.number, FAILED, failed_body(entry, f"{entry.name}: {why}; the file is as it was"))

    def _end(self, worker: _Worker) -> str:
        """Make sure that the process and its children are gone, and return why it went."""
        why = self._why(worker)
        _kill(worker)
        self._workers.remove(worker)
        self._tell("worker lost", pid=worker.process.pid, why=why)
        return why

    def _why(self, worker: _Worker) -> str:
        """Say why a process ended; "" for one that has not."""
        try:
            status = worker.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "did not answer"
        if status == OUT_OF_MEMORY:
            return f"needed more than {self._setup.options.limits.memory // MB} MB of memory"
        if status == -signal.SIGKILL:
            return "made the system kill its worker, most likely for want of memory"
        if status < 0:
            return f"crashed its worker ({signal.Signals(-status).name})"
        return f"stopped its worker ({_last_line(worker.errors) or f'exit status {status}'})"

    def close(self) -> None:
        """End all workers; they hold nothing that is not told."""
        for worker in self._workers:
            _kill(worker)
        self._workers.clear()


def _kill(worker: _Worker) -> None:
    try:
        os.killpg(worker.process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        worker.process.kill()
    worker.process.wait()
    worker.connection.close()
    worker.errors.close()


def _last_line(stream: IO[bytes]) -> str:
    """Return the last line that a worker wrote: the error of a traceback."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 4096))
    lines = stream.read().decode("utf-8", "replace").split("\n")
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
