"""Why spaCy's own processes do not pay: `nlp.pipe(n_process=2)` in several ways, and two workers of an archive run.

Each way is timed in a process of its own, because the threads of a process for arithmetic are settled before numpy is
imported; all do the same work, documents through the pipeline and nothing after it. A document's way back from a
process of spaCy's is timed by itself.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from evaluation import splits, throughput
from evaluation.figures import table
from evaluation.runs import RESULTS, versions
from ie.archive.answer import Answer
from ie.archive.options import Options
from ie.document import Document
from ie.errors import FormatError
from ie.process import ONE_THREAD

NAME = "speed/processes.json"
MISSING = "Not measured: `python -m evaluation processes`.\n"
BATCH = 4
"""Documents handed out at once where it is not spaCy's number."""
WAYS = {
    "one": "one process",
    "spacy": "`n_process=2`",
    "small": f"`n_process=2, batch_size={BATCH}`",
    "thread": f"`n_process=2, batch_size={BATCH}`, one thread for arithmetic in each",
    "workers": "two workers of an archive run",
}


class PipeEngine:
    """Documents through the pipeline alone, as the engine of a worker."""

    def __init__(self, options: Options) -> None:
        from ie.models import load

        self._nlp = load(options.model)

    def tag(self, data: bytes, name: str) -> Document:
        """Return a document without what was found in it."""
        self._nlp(data.decode("utf-8"))
        return Document(name, "", (), ())

    @staticmethod
    def describe(options: Options) -> dict[str, Any]:
        """Return that this is no model's result."""
        return {"name": "pipe", "version": "0", "sha256": ""}


def measured(*, documents: int, rounds: int, seed: int) -> dict[str, Any]:
    """Time every way over the same made documents, round after round, and return the quickest time of each."""
    texts = [document.text for split in ("train", "dev") for document in splits.corpus_split(split)]
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        throughput.write(texts, archive, documents=documents, seed=seed)
        heard = [{way: _alone(way, archive) for way in WAYS} for _ in range(rounds)]
        back = _alone("back", archive)
    return {
        "documents": documents,
        "rounds": rounds,
        "seed": seed,
        "versions": versions(),
        "cores": os.cpu_count() or 1,
        "ways": {way: min((each[way] for each in heard), key=_seconds) for way in WAYS},
        "back": back,
        "load": round(os.getloadavg()[0], 1),
    }


def _seconds(found: dict[str, Any]) -> float:
    return float(found["seconds"])


def _alone(way: str, archive: Path) -> dict[str, Any]:
    """Time one way in a fresh interpreter; only where it is wanted are threads for arithmetic held to one."""
    free = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    environment = free if way in ("spacy", "small") else {**free, **ONE_THREAD}
    command = [sys.executable, "-m", "evaluation.processes", way, str(archive)]
    done = subprocess.run(command, env=environment, cwd=splits.ROOT, capture_output=True, text=True)
    if done.returncode:
        raise FormatError(f"processes: {way} ended with {done.stderr.strip().splitlines()[-1:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def timed(way: str, archive: Path) -> dict[str, Any]:
    """Return seconds, the processor's seconds of all processes, and documents by process, without the start."""
    texts = [path.read_text("utf-8") for path in sorted(archive.rglob("*.txt"))]
    if way == "back":
        return way_back(texts)
    run = _workers if way == "workers" else _spacy
    return run(way, archive, texts)


def _spacy(way: str, archive: Path, texts: list[str]) -> dict[str, Any]:
    import ie

    nlp = ie.load()
    nlp.add_pipe("ie_evaluation_process")
    nlp(texts[0])
    kinds: dict[str, dict[str, int]] = {"one": {}, "spacy": {"n_process": 2}}
    how = kinds.get(way, {"n_process": 2, "batch_size": BATCH})
    began, used = time.monotonic(), _processor()
    found = [doc.user_data["process"] for doc in nlp.pipe(texts, **how)]
    seconds = time.monotonic() - began
    for child in multiprocessing.active_children():
        child.join()  # the processor's time of a process is known when it has ended
    return _figures(seconds, _processor() - used, found)


def _workers(way: str, archive: Path, texts: list[str]) -> dict[str, Any]:
    from ie.archive import plan, walk
    from ie.archive.bytes_of import Fetcher
    from ie.archive.inputs import Input
    from ie.archive.pool import Pool
    from ie.archive.worker import Setup

    options = Options(engine="evaluation.processes:PipeEngine", workers=2, batch=BATCH)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        fetcher = Fetcher([archive], scratch)
        found = walk.inputs([archive], fetcher=fetcher, scratch=scratch, limits=options.limits)
        plan.write(scratch / "plan", found, fetcher=fetcher, options=options)
        entries = list(plan.read(scratch / "plan").entries())
        pool = Pool(Setup(options, (archive,), scratch, os.getpid()), count=2, tell=_silent)

        def run(chosen: list[Input]) -> list[Answer]:
            return list(pool.run(plan.batches(chosen, set(), options=options)))

        try:
            run(entries[:8])  # until both have loaded
            began, used = time.monotonic(), time.process_time()
            answers = run(entries)
            taken = time.process_time() - used + sum(answer.processor for answer in answers)
            return _figures(time.monotonic() - began, taken, [answer.worker for answer in answers])
        finally:
            pool.close()


def _silent(event: str, **what: object) -> None:
    """Hear of workers and say nothing."""


def _figures(seconds: float, processor: float, processes: list[int]) -> dict[str, Any]:
    documents = sorted(Counter(processes).values(), reverse=True)
    return {"seconds": round(seconds, 2), "processor": round(processor, 2), "documents": documents}


def _processor() -> float:
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in found)


def way_back(texts: list[str]) -> dict[str, Any]:
    """Return the milliseconds of tagging a document, of packing and of unpacking it, and its kB, as spaCy does it."""
    from spacy.tokens import Doc

    import ie

    nlp = ie.load()
    nlp(texts[0])
    clock = [time.process_time()]
    docs = list(nlp.pipe(texts))
    clock.append(time.process_time())
    packed = [doc.to_bytes() for doc in docs]
    clock.append(time.process_time())
    for each in packed:
        Doc(nlp.vocab).from_bytes(each)
    clock.append(time.process_time())
    tag, pack, unpack = (1000 * (end - start) / len(texts) for start, end in pairwise(clock))
    return {
        "tag": round(tag, 1),
        "pack": round(pack, 1),
        "unpack": round(unpack, 1),
        "kB": round(sum(map(len, packed)) / len(texts) / 1000, 1),
    }


def save(found: dict[str, Any], folder: Path = RESULTS) -> Path:
    """Write the result and return its path."""
    path = folder / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return path


def written(folder: Path = RESULTS) -> str:
    """Return the committed result as a table."""
    path = folder / NAME
    return table_of(json.loads(path.read_text("utf-8"))) if path.is_file() else MISSING


def table_of(found: dict[str, Any]) -> str:
    """Return a result as a table."""
    one = found["ways"]["one"]["seconds"]
    rows = [
        [
            meaning,
            f"{found['ways'][way]['seconds']:.1f}",
            f"{one / found['ways'][way]['seconds']:.2f}",
            f"{found['ways'][way]['processor']:.1f}",
            " + ".join(map(str, found["ways"][way]["documents"])),
        ]
        for way, meaning in WAYS.items()
    ]
    back = found["back"]
    return (
        f"{found['documents']} made documents, the quickest of {found['rounds']} rounds, {found['cores']} cores, load "
        f"average {found['load']} at the end.\n\n"
        + table(["way", "seconds", "times one process", "processor's seconds", "documents by process"], rows)
        + f"\nA document takes {back['tag']:.0f} ms of the processor to tag, {back['pack']:.1f} to pack for the way "
        + f"back ({back['kB']:.0f} kB) and {back['unpack']:.1f} to unpack in the parent.\n"
    )


def _main(way: str, archive: str) -> None:
    from spacy.language import Language

    def process(doc: Any) -> Any:
        doc.user_data["process"] = os.getpid()
        return doc

    Language.component("ie_evaluation_process", func=process)
    sys.stdout.write(json.dumps(timed(way, Path(archive))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
