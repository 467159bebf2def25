from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation import folds
from evaluation.__main__ import main
from evaluation.runs import load
from evaluation.splits import brat_folder
from evaluation.systems import MissingSystemError, answers, system
from ie.document import Document, Entity
from ie.errors import InputError
from ie.export import jsonl
from tests.evaluation_cases import folder, report
from tests.examples import examples

PLACES = ("Mường Khoa", "Tân Uyên", "Hố Mít", "Nà Tăm")
NAMES = [f"r{i:02}" for i in range(8)]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Eight reports of four communes, two each."""
    base = report("Trồng {T1:QUANTITY 3} {T2:UNIT ha} rừng.", "HAS_UNIT T1 T2")
    place = folder(tmp_path / "reports", *(replace(base, name=name) for name in NAMES))
    sources = {name: {"place": PLACES[i % 4], "level": "commune", "year": 2020 + i % 2} for i, name in enumerate(NAMES)}
    (place / "sources.json").write_text(json.dumps(sources), "utf-8")
    return place


def cut(reports: Path, *arguments: str) -> Path:
    out = reports.parent / "cv"
    assert main(["folds", str(reports), *arguments, "--out", str(out)]) == 0
    return out


def _plan(names: list[str], groups: dict[str, str], k: int, strata: dict[str, str]) -> list[folds.Fold] | None:
    """The folds, None where the groups are too few or too big; no other error may come out."""
    try:
        return folds.plan(names, groups, k, strata=strata, seed=1)
    except InputError:
        return None


def test_ten_groups_can_always_be_cut() -> None:
    groups = {f"d{i}": str(i % 10) for i in range(30)}
    strata = {f"d{i}": str(i % 2) for i in range(30)}
    for k in range(2, 6):
        assert _plan(list(groups), groups, k, {})
        assert _plan(list(groups), groups, k, strata)


@examples(60)  # the first example imports scikit-learn
@given(st.lists(st.integers(0, 9), min_size=4, max_size=40), st.integers(2, 5), st.booleans())
def test_groups_are_never_split_and_every_document_is_held_out_once(kinds: list[int], k: int, even: bool) -> None:
    names = [f"d{i}" for i in range(len(kinds))]
    groups = {name: str(kind) for name, kind in zip(names, kinds, strict=True)}
    assume(len(set(kinds)) >= max(3, k))
    strata = {name: str(i % 2) for i, name in enumerate(names)} if even else {}
    found = _plan(names, groups, k, strata)
    if found is None:
        return
    assert len(found) == k
    assert sorted(name for fold in found for name in fold.dev) == sorted(names)
    for fold in found:
        parts = [{groups[name] for name in getattr(fold, part)} for part in folds.PARTS]
        assert all(parts)
        assert len(set().union(*parts)) == sum(map(len, parts))
        assert sorted([*fold.train, *fold.tune, *fold.dev]) == sorted(names)
        assert set(fold.groups) == parts[2]


def test_folds_are_brat_folders_with_a_manifest(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = cut(reports, "--groups", "place", "-k", "4")
    found, _ = folds.read(out)
    assert sorted(group for fold in found for group in fold.groups) == sorted(PLACES)
    for fold in found:
        for part in folds.PARTS:
            names = sorted(getattr(fold, part))
            assert sorted(path.stem for path in (out / fold.name / part).glob("*.ann")) == names
            for name in names:
                assert (out / fold.name / part / f"{name}.txt").read_bytes() == (reports / f"{name}.txt").read_bytes()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("# fold-1: train 4, tune 2, dev 2; held out: ")
    assert lines[-1] == f"python -m evaluation folds-score {out}"


def test_the_commands_printed_are_those_of_the_trainer(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import training.__main__ as trainer

    cut(reports, "--groups", "place", "-k", "2")
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("python -m training ")]
    assert len(lines) == 2
    options = trainer._parser().parse_args(lines[0].split()[3:])
    assert options.dev[0].endswith("/fold-1/tune")
    assert options.source[0].endswith("/fold-1/train")


def test_groups_may_come_from_a_file(reports: Path) -> None:
    table = reports.parent / "groups.csv"
    table.write_text("document,group\n" + "".join(f"{name},{name[-1]}\n" for name in NAMES), "utf-8")
    found, _ = folds.read(cut(reports, "--groups-file", str(table), "-k", "4", "--stratify", "year"))
    assert sorted(group for fold in found for group in fold.groups) == [str(i) for i in range(8)]


def test_predictions_on_all_folds_are_pooled_into_one_result(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = cut(reports, "--groups", "place", "-k", "4")
    capsys.readouterr()
    assert main(["folds-score", str(out), "--system", "rules"]) == 0
    assert "8 documents" in capsys.readouterr().out
    found = load(str(out / "folds-cv.json"))
    assert sorted(found["per_document"]) == NAMES
    assert found["scores"]["entities.exact"]["labels"]["QUANTITY"]["tp"] == 8
    assert found["groups"]["year"]["2021"]["documents"] == 4


def test_a_fold_is_read_from_its_own_predictions(reports: Path) -> None:
    out = cut(reports, "--groups", "place", "-k", "4")
    for fold in folds.read(out)[0]:
        lines = []
        for name in fold.dev:
            text = (reports / f"{name}.txt").read_text("utf-8")
            lines.append(json.dumps({"document": name, "text": text, "entities": [], "relations": []}))
        (out / fold.name / "predictions.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert main(["folds-score", str(out)]) == 0
    assert load(str(out / "folds-cv.json"))["scores"]["entities.exact"]["all"]["fn"] == 16


def test_each_document_is_read_by_the_fold_that_held_it_out(reports: Path) -> None:
    out = cut(reports, "--groups", "place", "-k", "4")
    for number, fold in enumerate(folds.read(out)[0]):
        texts = {name: (reports / f"{name}.txt").read_text("utf-8") for name in NAMES}  # it also answers for the others
        spans = {name: Entity("T1", "UNIT", ((number, number + 1),), text[number]) for name, text in texts.items()}
        lines = [jsonl.dumps(Document(name, text, (spans[name],))) for name, text in texts.items()]
        (out / fold.name / "predictions.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    judged = system(f"folds:{out}")
    found = answers(judged, brat_folder(reports))
    assert sorted(document.name for document in found) == NAMES
    at = {name: number for number, fold in enumerate(folds.read(out)[0]) for name in fold.dev}
    assert {document.name: document.entities[0].start for document in found} == at
    assert judged.describe() == {"model": "one pipeline for each of 4 folds"}


def test_folds_that_are_not_there_are_skipped(tmp_path: Path) -> None:
    with pytest.raises(MissingSystemError, match="cut the folds"):
        system(f"folds:{tmp_path}")


def test_a_trained_pipeline_of_a_fold_is_found(tmp_path: Path) -> None:
    (tmp_path / "model" / "model-best").mkdir(parents=True)
    (tmp_path / "model" / "model-best" / "config.cfg").touch()
    assert folds.own(tmp_path) == f"pipeline:{tmp_path / 'model' / 'model-best'}"


def test_gold_that_changed_is_refused(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = cut(reports, "--groups", "place", "-k", "4")
    changed = next((out / "fold-1" / "dev").glob("*.ann"))
    changed.write_text("", "utf-8")
    assert main(["folds-score", str(out), "--system", "rules"]) == 1
    assert "the dev folders are not those of manifest.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--groups", "nosuch"], "no field 'nosuch'; use one of level, place, year"),
        (["--groups", "level"], "2 folds of 1 groups"),
        (["--groups", "year"], "fold-1: 1 groups left to learn from"),
        (["--groups", "place", "-k", "5"], "5 folds of 4 groups"),
        (["--groups", "place", "-k", "4", "--stratify", "place"], "no value of --stratify has 4 documents"),
        (["--groups", "place", "-k", "1"], "1 folds of 4 groups"),
        (["--groups-file", "nowhere.csv"], "nowhere.csv: cannot be read"),
    ],
)
def test_a_wrong_call_is_refused_with_one_line(
    arguments: list[str], message: str, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = reports.parent / "cv"
    assert main(["folds", str(reports), "-k", "2", *arguments, "--out", str(out)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("document,group\nr00,a\n", "no group for r01, r02, r03, r04, r05 and 2 more"),
        ("document,group\nr00,a\nr00,b\n", "groups.csv:3: r00 stands twice"),
        ("name,place\nr00,a\n", "groups.csv:2: expected document,group"),
    ],
)
def test_a_file_of_groups_that_does_not_fit_is_refused(
    table: str, message: str, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = reports.parent / "groups.csv"
    path.write_text(table, "utf-8")
    assert main(["folds", str(reports), "--groups-file", str(path), "--out", str(reports.parent / "cv")]) == 1
    assert message in capsys.readouterr().err


def test_a_folder_that_is_there_is_not_written_over(reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = cut(reports, "--groups", "place", "-k", "4")
    assert main(["folds", str(reports), "--groups", "place", "-k", "4", "--out", str(out)]) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_folder_without_folds_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["folds-score", str(tmp_path)]) == 1
    assert "manifest.json: not there" in capsys.readouterr().err
    (tmp_path / "manifest.json").write_text("{}", "utf-8")
    assert main(["folds-score", str(tmp_path)]) == 1
    assert "not a manifest of folds" in capsys.readouterr().err
