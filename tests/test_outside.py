from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from evaluation import outside, runs
from evaluation.against import against, counts
from evaluation.given import related
from evaluation.runs import Plan, Run, execute, save
from evaluation.scores import Counts
from evaluation.systems import MissingSystemError, answers, bare, system
from ie.document import Document
from ie.errors import FormatError, InputError
from tests.evaluation_cases import report

GOLD = [
    report("Trồng {Q1:QUANTITY 12} {U1:UNIT ha} {I1:INDICATOR rừng}", "HAS_UNIT Q1 U1", "MEASURES Q1 I1", name="first"),
    report("Có {Q1:QUANTITY 7} {U1:UNIT xã} đạt chuẩn", "HAS_UNIT Q1 U1", name="second"),
]
# Answers with the first word of every report as a QUANTITY.
FIRST_WORD = """
import json, pathlib, sys
with open(sys.argv[2], "w", encoding="utf-8") as out:
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.txt")):
        text = path.read_text("utf-8")
        end = text.index(" ")
        span = {"id": "T1", "label": "QUANTITY", "start": 0, "end": end, "text": text[:end], "source": [[0, end]]}
        print(json.dumps({"document": path.name, "text": text, "entities": [span], "relations": []}), file=out)
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "tagger.py"
    path.write_text(FIRST_WORD, "utf-8")
    return f"{sys.executable} {path} {{folder}} {{out}}"


def test_any_program_can_be_judged(program: str) -> None:
    found = answers(system(f"command:{program}"), GOLD)
    assert [(d.name, d.entities[0].text) for d in found] == [("first", "Trồng"), ("second", "Có")]
    scores = execute(Run("mine", f"command:{program}", "reports"), GOLD, seed=1)["scores"]["entities.exact"]["all"]
    assert (scores["tp"], scores["fp"], scores["fn"]) == (0, 2, 5)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["no-such-program", "{folder}", "{out}"], "no-such-program cannot be run"),
        ([sys.executable, "-c", "raise SystemExit('sorry')", "{out}"], r"failed with status 1 \(sorry\)"),
        ([sys.executable, "-c", "pass", "{folder}", "{out}"], "wrote no file"),
        ([sys.executable, "-c", "import sys; open(sys.argv[1], 'w')", "{out}"], "holds no document"),
    ],
)
def test_a_program_that_fails_is_named(command: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        outside.answers(command, GOLD, name="mine")


def test_a_command_must_say_where_folder_and_file_go() -> None:
    with pytest.raises(InputError, match="say where"):
        system("command:tagger {folder}")


def test_a_baseline_that_is_not_built_says_how_to_build_it() -> None:
    with pytest.raises(MissingSystemError, match="python -m training baseline crf --out build/no-such"):
        system("crf:build/no-such")


def test_a_baseline_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "about.json").write_text(json.dumps({"kind": "crf", "model": "m", "version": "1", "sources": "s"}))
    assert outside.about(tmp_path) == {"model": "m", "version": "1", "sources": "s"}
    (tmp_path / "about.json").write_text("{}")
    with pytest.raises(FormatError, match="says no model"):
        outside.about(tmp_path)


def test_given_spans_hold_no_relation_and_no_attribute() -> None:
    (shown,) = bare([report("{Q1:QUANTITY!Estimate 12} {U1:UNIT ha}", "HAS_UNIT Q1 U1")], spans=True)
    assert [(e.id, e.label, e.text) for e in shown.entities] == [("Q1", "QUANTITY", "12"), ("U1", "UNIT", "ha")]
    assert not shown.relations
    assert not any(entity.attributes for entity in shown.entities)


def test_the_relation_step_alone_keeps_the_gold_spans() -> None:
    found = related(bare(GOLD, spans=True), None)
    for gold, document in zip(GOLD, found, strict=True):
        assert {(e.label, e.source) for e in document.entities} == {(e.label, e.fragments) for e in gold.entities}
    assert {relation.type for document in found for relation in document.relations} >= {"HAS_UNIT"}


# --- every system against one run


def without(gold: Document, label: str) -> Document:
    kept = tuple(entity for entity in gold.entities if entity.label != label)
    ids = {entity.id for entity in kept}
    links = tuple(r for r in gold.relations if {r.head, r.tail} <= ids)
    return Document(gold.name, gold.text, kept, links)


def results(folder: Path) -> Plan:
    made = {
        "pipeline-dev": ((), lambda gold: gold),
        "crf-dev": ((), lambda gold: without(gold, "UNIT")),
        "peer-dev": (("QUANTITY",), lambda gold: gold),
    }
    planned = {}
    for name, (labels, predict) in made.items():
        run = Run(name, name.partition("-")[0], "dev", labels, "cannot fly")
        planned[name] = run
        save(runs.result(run, [(gold, predict(gold)) for gold in GOLD], about={"version": "1"}, seed=1), folder)
    return Plan(1, {"dev": ("brat", "dev")}, planned)


def test_every_system_stands_beside_the_pipeline(tmp_path: Path) -> None:
    known = results(tmp_path)
    text = against("dev", known=known, folder=tmp_path)
    assert "| `pipeline` 1 | everything | 100.0 | 100.0–100.0 |  |  | 100.0 |" in text
    crf = next(line for line in text.splitlines() if line.startswith("| `crf` 1"))
    # 3 of 5 spans found: F1 75; 1 of 3 relations: F1 50.
    assert "| everything | 75.0 |" in crf
    assert "| -25.0 |" in crf
    assert "| 50.0 |" in crf
    assert "| `peer` 1 | QUANTITY | 100.0 | 100.0–100.0 | +0.0 | 1.0000 | – | – | – | – |" in text


def test_counts_of_a_restricted_system_are_over_its_labels(tmp_path: Path) -> None:
    results(tmp_path)
    found = runs.load("pipeline-dev", tmp_path)
    assert counts(found, "entities.headline", ("QUANTITY",)) == {"first": Counts(1, 0, 0), "second": Counts(1, 0, 0)}


def test_without_the_run_to_compare_with_there_is_no_table(tmp_path: Path) -> None:
    known = results(tmp_path)
    (tmp_path / "pipeline-dev.json").unlink()
    assert "python -m evaluation run pipeline-dev" in against("dev", known=known, folder=tmp_path)
