"""A process that tags: it loads the engine once, reads one document ahead and answers in the order it was asked.

It is a fresh interpreter (not a fork): one math thread is set in its environment before numpy is imported, nothing is
inherited but one socket, and a new one after a crash starts from a known state. What it does not expect ends it: the
parent sees that, blames the document it was at and starts another.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from time import perf_counter, process_time

from ie.archive.answer import Answer, failed_body, tagged_body
from ie.archive.bytes_of import Fetcher
from ie.archive.engine import Engine, engine_class
from ie.archive.inputs import FAILED, TAGGED, Input
from ie.archive.options import Options
from ie.errors import IEError, InputError

OUT_OF_MEMORY = 86
"""Exit status of a worker that hit its memory limit."""
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Setup:
    """What a worker is told at its start."""

    options: Options
    roots: tuple[Path, ...]
    scratch: Path
    parent: int


@dataclass(frozen=True)
class Ready:
    """The engine is loaded."""

    seconds: float


def main(handle: int) -> None:
    """Serve the parent at the other end of the socket until it closes it."""
    connection = Connection(handle)
    setup: Setup = connection.recv()
    _isolate(setup.parent)
    begun = perf_counter()
    engine = engine_class(setup.options.engine)(setup.options)
    _limit_memory(setup.options.limits.memory)
    connection.send(Ready(perf_counter() - begun))
    try:
        for entry, data, seconds in _read_ahead(connection, Fetcher(setup.roots, setup.scratch)):
            connection.send(_answer(engine, entry, data, seconds))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BrokenPipeError:
        os._exit(0)


def _isolate(parent: int) -> None:
    """Leave signals to the parent, die with it, leave no core file."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(0)


def _limit_memory(extra: int) -> None:
    """Let the process map `extra` bytes more than it has now; where the system cannot tell, nothing is limited."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return
    most = pages * resource.getpagesize() + extra
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


Read = tuple[Input, bytes | IEError, float]


def _read_ahead(connection: Connection, fetcher: Fetcher) -> Iterator[Read]:
    """Yield the inputs asked for with their bytes; a thread reads the next while one is tagged."""
    ready: Queue[Read | None] = Queue(maxsize=1)

    def fill() -> None:
        try:
            while True:
                for entry in connection.recv():
                    ready.put(_fetched(entry, fetcher))
        except EOFError:
            pass
        finally:
            ready.put(None)

    threading.Thread(target=fill, daemon=True).start()
    while (item := ready.get()) is not None:
        yield item


def _fetched(entry: Input, fetcher: Fetcher) -> Read:
    begun = perf_counter()
    data: bytes | IEError
    try:
        data = fetcher.read(entry)
    except InputError as error:
        data = error
    return entry, data, perf_counter() - begun


def _answer(engine: Engine, entry: Input, data: bytes | IEError, seconds: float) -> Answer:
    begun, used = perf_counter(), process_time()
    try:
        if isinstance(data, IEError):
            raise data
        document = engine.tag(data, entry.name)
    except IEError as error:
        body, stages = failed_body(entry, str(error)), {"fetch": seconds}
        return Answer(entry.number, FAILED, body, stages=stages, peak=_peak(), worker=os.getpid())
    tagged = perf_counter()
    body = tagged_body(entry, document)
    stages = {"fetch": seconds, "tag": tagged - begun, "rows": perf_counter() - tagged}
    words, took = len(document.text.split()), process_time() - used
    return Answer(entry.number, TAGGED, body, words, stages, took, _peak(), os.getpid())


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
