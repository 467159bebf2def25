"""The fuzzer: mutations, outcomes, and a watched process that hangs or dies is a finding."""

import random
from typing import Any

import pytest

from corpus.golden.build import GOLDEN
from evaluation.readers import fuzz, guided
from evaluation.readers.mutations import PLAIN, mutated
from evaluation.readers.tables import VIEWS, block

DATA = (GOLDEN / "notes-b.docx").read_bytes()


@pytest.mark.parametrize("name", PLAIN)
def test_mutations_change_bytes_the_same_way_for_a_seed(name: str) -> None:
    made = [PLAIN[name](b'<a b="1">text</a>' * 9, random.Random(seed)) for seed in (1, 1, 2, 3, 4)]
    assert made[0] == made[1]
    assert len(set(made)) > 1
    assert PLAIN[name](b"", random.Random(1)) is not None


def test_parts_of_containers_are_mutated() -> None:
    said = {mutated(DATA, random.Random(seed))[0].startswith("inside ") for seed in range(12)}
    assert said == {True, False}


def test_outcomes() -> None:
    assert fuzz.outcome((GOLDEN / "notes-a.txt").read_bytes(), "a.txt") == "read"
    assert fuzz.outcome(b"", "a.txt") == "refused"


def test_other_errors_are_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **options: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("ie.read.read_bytes", broken)
    assert fuzz.outcome(b"x", "a.txt") == "KeyError: 'x'"


class _Silent:
    """A process that never answers."""

    def __init__(self) -> None:
        self.process: Any = self
        self.pipe: Any = self
        self.exitcode = -9

    def is_alive(self) -> bool:
        return True

    def send(self, asked: object) -> None:
        pass

    def poll(self, seconds: float) -> bool:
        return False

    def kill(self) -> None:
        pass

    def join(self) -> None:
        pass


def test_a_process_that_hangs_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = fuzz._Worker()
    silent = _Silent()
    worker.process, worker.pipe = silent, silent
    name, _, what, _ = worker.ask("txt", 5)
    assert name.endswith(".txt")
    assert what.startswith("took more than")
    assert worker.process is None
    silent.poll = lambda seconds: True  # type: ignore[method-assign]
    silent.recv = lambda: (_ for _ in ()).throw(EOFError)  # type: ignore[attr-defined]
    worker.process, worker.pipe = silent, silent
    assert worker.ask("txt", 5)[2] == "the process died (-9)"


def test_tables(tmp_path: Any) -> None:
    tried = fuzz.Tried(3, 1, 2)
    assert "| text | seeds | 3 | 1 | 2 | 0 |" in VIEWS["fuzz"](
        {"seed": 1, "seconds": 5.0, "readers": {"text": fuzz._told(tried)}}
    )
    told = fuzz._told(tried) | {"guided": {"inputs": 9, "read": 8, "refused": 1, "slowest": 0.2, "findings": [],
                                           "edges": 20, "edges_of_seeds": 12}}  # fmt: skip
    assert "| text | guided | 9 | 8 | 1 | 0 | 0.2 | 12 → 20 |" in VIEWS["fuzz"](
        {"seed": 1, "seconds": 5.0, "readers": {"text": told}}
    )
    long = {"files": [{"pages": 2000, "seconds": 40.0, "rate": 50.0, "memory": 250}]}
    assert "| 2000 | 40.0 | 50.0 | 250 |" in VIEWS["long"](long)
    row = {"files": 1, "characters": 1000, "errors": 5, "notes": 2, "tied": 2, "rows": 0, "whole": 0}
    row |= {"facts": 9, "same": 8, "lost": 1, "new": 0}
    text = VIEWS["quality"]({"kinds": {"scan": row}, "skipped": {"doc": "LibreOffice"}})
    assert "| scan | 1 | 1000 | 0.50 % | 2 of 2 | – | 8 of 9 | 1 | 0 |" in text
    assert "LibreOffice is missing" in text
    assert "python -m evaluation readers" in block("quality", tmp_path)


def test_guided_fuzzing_notes_what_became_of_inputs(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    target = guided.Target("txt", tmp_path)
    target.one_input((GOLDEN / "notes-a.txt").read_bytes())
    target.one_input(b"")
    monkeypatch.setattr("evaluation.readers.fuzz.outcome", lambda data, name: "KeyError: 'x'")
    target.one_input(b"odd")
    target.one_input(b"odd again")
    target.note()
    told = guided._told(tmp_path, "#3 INITED cov: 11 ft: 2\n#4 NEW cov: 15", "")
    assert (told["inputs"], told["read"], told["refused"], told["edges"]) == (4, 1, 1, 15)
    assert [one["what"] for one in told["findings"]] == ["KeyError: 'x'"]
    assert (tmp_path / "finding-0.txt").read_bytes() == b"odd"


def test_streams_of_pdf_are_mutated_inside() -> None:
    data = (GOLDEN / "notes-a.pdf").read_bytes()
    assert any(mutated(data, random.Random(seed))[0].startswith("inside ") for seed in range(9))
