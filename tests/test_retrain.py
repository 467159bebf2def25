import json
import logging
import re
import zipfile
from pathlib import Path

import pytest
import spacy

from corpus.convert import cas, label_studio
from corpus.convert.formats import convert
from ie import brat
from tests.training_cases import brat_folder, report
from training import checkpoint
from training.__main__ import main
from training.own_reports import ProblemsError, checked, detect, prepare, split
from training.train import Plan, train


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return brat_folder(tmp_path / "reports", reports=4)


def _plan(reports: Path, out: Path, **changes: object) -> Plan:
    source = f"brat:{reports}"
    plan = {"init": None, "steps": 4, "evaluate_every": 2, "seed": 3, **changes}
    return Plan((source,), (source,), out, **plan)  # type: ignore[arg-type]


def weights(model: Path) -> dict[str, bytes]:
    return {str(p.relative_to(model)): p.read_bytes() for p in sorted(model.rglob("model"))}


def test_same_seed_same_weights_and_a_resumed_run_ends_alike(reports: Path, tmp_path: Path) -> None:
    train(_plan(reports, tmp_path / "a"))
    half = _plan(reports, tmp_path / "b", steps=2, overrides=(("training.optimizer.learn_rate.total_steps", 4),))
    train(half)
    train(_plan(reports, tmp_path / "b", resume=True))
    assert _checkpoint(tmp_path / "a") == _checkpoint(tmp_path / "b")
    assert weights(tmp_path / "a" / "model-best") == weights(tmp_path / "b" / "model-best")
    steps = [json.loads(line)["step"] for line in (tmp_path / "b" / "metrics.jsonl").read_text().splitlines()]
    assert steps == [2, 4]
    log = (tmp_path / "b" / "train.log").read_text("utf-8")
    assert "resumed at step 2" in log
    assert "MEASURES" in log


def _checkpoint(out: Path) -> bytes:
    return (out / checkpoint.FILE).read_bytes()


def test_a_run_does_not_go_on_with_other_reports(reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    arguments = ["train", "--source", f"brat:{reports}", "--dev", f"brat:{reports}", "--out", str(tmp_path / "out")]
    arguments += ["--no-init", "--steps", "1", "--evaluate-every", "1"]
    assert main(arguments) == 0
    brat.write(report("m9", first=50), reports)
    assert main([*arguments, "--resume"]) == 1
    assert "the reports changed since the run was interrupted" in capsys.readouterr().err


def test_training_stops_early(reports: Path, tmp_path: Path) -> None:
    overrides = (("training.optimizer.learn_rate.initial_rate", 0.0),)
    train(_plan(reports, tmp_path / "out", steps=50, evaluate_every=1, patience=2, overrides=overrides))
    course = [json.loads(line) for line in (tmp_path / "out" / "metrics.jsonl").read_text().splitlines()]
    best = max(course, key=lambda record: (record["score"], -record["step"]))
    assert course[-1]["step"] == best["step"] + 2 < 50


def test_own_reports_are_cut_checked_and_described(
    reports: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out = tmp_path / "mine"
    with caplog.at_level(logging.INFO, "training"):
        arguments = ["train", "--reports", str(reports), "--out", str(out), "--no-init", "--steps", "1"]
        assert main([*arguments, "--evaluate-every", "1"]) == 0
    assert "no dev reports given: 1 of 4 kept for dev" in caplog.text
    cut = json.loads((out / "split.json").read_text())
    assert sorted(cut["train"] + cut["dev"]) == ["m0", "m1", "m2", "m3"]
    card = (out / "model-best" / "README.md").read_text("utf-8")
    assert "own reports (train) (3 reports)" in card
    assert "| QUANTITY |" in card
    assert str(tmp_path) not in card
    assert spacy.load(out / "model-best").pipe_names[-1] == "ie_relations"


@pytest.mark.parametrize(("name", "suffix"), [("label-studio", ".json"), ("inception", ".zip")])
def test_exports_of_other_tools_give_the_same_reports(reports: Path, tmp_path: Path, name: str, suffix: str) -> None:
    if name == "inception":
        pytest.importorskip("cassis")
    export = tmp_path / "export" / f"all{suffix}"
    convert(reports, export, format=name)
    assert detect(export.parent)[0] == detect(export)[0] == name
    theirs = {d.name: d for d in checked([export])}
    ours = {d.name: d for d in checked([reports])}
    assert set(theirs) == set(ours)
    for id, document in ours.items():
        assert theirs[id].text == document.text
        assert {(e.label, e.fragments) for e in theirs[id].entities} == {
            (e.label, e.fragments) for e in document.entities
        }


def inception_zip(path: Path, *, reports: int = 3, **damage: str) -> Path:
    """An export as INCEpTION writes it: one XMI a document with their type system; `damage` edits the first by regex.

    The spans are drawn in INCEpTION: they bear no identifier and there is no record of our own.
    """
    cassis = pytest.importorskip("cassis")
    types = cas._type_system()
    span, link = types.get_type(cas.SPAN), types.get_type(cas.LINK)
    with zipfile.ZipFile(path, "w") as file:
        for number in range(reports):
            made, document = cassis.Cas(typesystem=types), report(f"r{number}", lines=1, first=7 * number + 1)
            made.sofa_string, made.sofa_mime = document.text, "text/plain"
            drawn = {e.id: span(begin=e.start, end=e.end, label=e.label) for e in document.entities}
            made.add_all(drawn.values())
            for relation in document.relations:
                head, tail = drawn[relation.head], drawn[relation.tail]
                made.add(link(begin=tail.begin, end=tail.end, label=relation.type, Governor=head, Dependent=tail))
            xmi = made.to_xmi()
            for pattern, new in damage.items() if number == 0 else ():
                xmi = re.sub(DAMAGES[pattern], new, xmi, count=1, flags=re.DOTALL)
            file.writestr(f"r{number}.xmi", xmi)
        file.writestr("TypeSystem.xml", types.to_xml())
    return path


DAMAGES = {
    "label": 'label="PLACE"',
    "governor": r'Governor="\d+"',
    "end": r'(?<=ReportSpan )(.*? end=)"\d+"',
    "tail": "</.*",
}


def label_studio_json(path: Path, **damage: object) -> Path:
    """An export of Label Studio; `damage` sets keys of the first region of the first task."""
    tasks = json.loads(label_studio.write([report(f"r{n}", lines=1, first=7 * n + 1) for n in range(3)]))
    region = tasks[0]["annotations"][0]["result"][0]
    region["value"].update(damage)
    path.write_text(json.dumps(tasks), "utf-8")
    return path


@pytest.mark.parametrize("name", ["brat", "inception", "label-studio"])
def test_a_step_is_trained_from_an_export(name: str, tmp_path: Path) -> None:
    makers = {
        "brat": lambda: brat_folder(tmp_path / "own", reports=3),
        "inception": lambda: inception_zip(tmp_path / "own.zip"),
        "label-studio": lambda: label_studio_json(tmp_path / "own.json"),
    }
    out = tmp_path / "out"
    arguments = ["train", "--reports", str(makers[name]()), "--out", str(out), "--no-init", "--steps", "1"]
    assert main(arguments) == 0
    kept = brat.read(next((out / "reports").rglob("*.ann")))
    assert {e.label for e in kept.entities} == {"INDICATOR", "PLACE", "PERIOD", "QUANTITY", "UNIT", "PROJECT", "LEGAL"}
    assert len(kept.relations) >= 9
    assert (out / "model-best" / "README.md").is_file()
    assert json.loads((out / "metrics.jsonl").read_text("utf-8").splitlines()[-1])["step"] == 1


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"label": 'label="PLAC"'}, r"r0\.xmi T\d+: unknown label 'PLAC'; use one of"),
        ({"governor": 'Governor="99999"'}, r"r0\.xmi: points to an annotation 99999 that it does not hold"),
        ({"governor": ""}, r"r0\.xmi: relation \d+ does not join two spans"),
        ({"end": r'\1"99999"'}, r"r0\.xmi: a span at \d+ to 99999 lies outside the text"),
        ({"tail": ""}, r"r0\.xmi: cannot be read \("),
    ],
    ids=["label", "dangling", "one end", "beyond", "torn"],
)
def test_an_error_in_an_inception_export_is_one_line(damage: dict[str, str], message: str, tmp_path: Path) -> None:
    path = inception_zip(tmp_path / "own.zip", reports=1, **damage)
    assert_one_line(path, message)


def test_what_is_no_inception_export_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("cassis")
    for names, message in (((), "not a ZIP"), (("TypeSystem.xml",), "holds no .xmi file")):
        path = tmp_path / "own.zip"
        with zipfile.ZipFile(path, "w") as file:
            for name in names:
                file.writestr(name, cas._type_system().to_xml())
        assert_one_line(path, message)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("r0.xmi", "<x/>")
        file.writestr("TypeSystem.xml", pytest.importorskip("cassis").load_dkpro_core_typesystem().to_xml())
    assert_one_line(path, "TypeSystem.xml has no layer webanno.custom.ReportSpan")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"labels": ["PLAC"]}, "task 1 region T1: unknown label 'PLAC'"),
        ({"labels": []}, "task 1 region T1: has no label, start and end"),
        ({"start": "a"}, "task 1 region T1: has no label, start and end"),
        ({"end": 99999}, "task 1 region T1: from 30 to 99999 is outside the text"),
    ],
    ids=["label", "no label", "start", "beyond"],
)
def test_an_error_in_a_label_studio_export_is_one_line(damage: dict[str, object], message: str, tmp_path: Path) -> None:
    assert_one_line(label_studio_json(tmp_path / "own.json", **damage), message)


def test_json_that_is_torn_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text('[{"data": ', "utf-8")
    assert_one_line(path, r"own\.json:1: not JSON")


def assert_one_line(path: Path, message: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        checked([path])
    first, line = str(caught.value).split("\n")
    assert first == "1 problem, nothing was trained"
    assert line.startswith(str(path))
    assert line.count(path.name) == 1
    assert re.search(message, line)


def test_every_problem_is_named_with_file_and_line(reports: Path, capsys: pytest.CaptureFixture) -> None:
    path = reports / "m1.ann"
    lines = path.read_text("utf-8").split("\n")
    lines[1] = lines[1].replace("PLACE", "PLAC")
    lines[4] = lines[4].replace("\t", "\tUNITS ", 1)
    path.write_text("\n".join(lines), "utf-8")
    (reports / "m2.txt").unlink()
    with pytest.raises(ProblemsError) as caught:
        checked([reports])
    text = str(caught.value)
    assert "m1.ann:2: unknown label 'PLAC'; use one of" in text
    assert "m1.ann:5:" in text
    assert "m2.txt: missing" in text
    assert main(["train", "--reports", str(reports), "--out", str(reports / "out")]) == 1
    assert "m1.ann:2:" in capsys.readouterr().err


def test_what_is_no_folder_of_reports_is_said(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        assert main(["train", "--reports", str(place), "--out", str(tmp_path / "out")]) == 1
    err = capsys.readouterr().err
    assert "holds no .ann, .json or .zip" in err
    assert "no such file or folder" in err


def test_the_cut_is_the_same_for_the_same_seed(reports: Path, tmp_path: Path) -> None:
    documents = checked([reports])
    assert split(documents, seed=1) == split(documents[::-1], seed=1)
    first = prepare([reports], tmp_path / "a", dev=False, seed=1)
    assert first == (f"brat:{tmp_path / 'a/reports/train'}", f"brat:{tmp_path / 'a/reports/dev'}")
    assert prepare([reports], tmp_path / "b", dev=True, seed=1)[1] is None


def test_no_checkpoint_no_resume(reports: Path, tmp_path: Path) -> None:
    from ie.errors import FormatError

    with pytest.raises(FormatError, match="no checkpoint to resume"):
        train(_plan(reports, tmp_path / "out", resume=True))
