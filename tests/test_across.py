from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation import across, runs
from evaluation.__main__ import main
from evaluation.predictions import align
from evaluation.render import rendered
from evaluation.runs import Plan, Run
from ie.document import Document
from ie.errors import FormatError
from tests.evaluation_cases import folder, report

FIRST = report("{T1:QUANTITY 3} {T2:UNIT ha} tại {T3:PLACE Huế}", "HAS_UNIT T1 T2", name="first")
SECOND = report("{T1:QUANTITY 5} {T2:UNIT km}", "HAS_UNIT T1 T2", name="second")
GOLD = [FIRST, SECOND]
NUMBERS = ("QUANTITY", "UNIT")
PLAN = Plan(
    1,
    {"s": ("brat", "s")},
    {
        "whole-s": Run("whole-s", "rules", "s", note="reads all"),
        "numbers-s": Run("numbers-s", "other", "s", NUMBERS, "knows no place"),
        "places-s": Run("places-s", "third", "s", ("PLACE",), "knows no number"),
        "plain-s": Run("plain-s", "rules", "s"),
    },
)


def scored(run: Run, folder: Path, gold: list[Document] = GOLD, found: list[Document] | None = None) -> None:
    runs.save(runs.result(run, align(gold, found or gold, what=run.name), about={"version": "2"}, seed=1), folder)


def shown(marker: str, folder: Path) -> str:
    return rendered(f"<!-- results:{marker} -->\n<!-- /results -->\n", known=PLAN, folder=folder, where="page.md")


def cells(text: str) -> list[list[str]]:
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row for row in rows if not row[0].startswith("---")]


def test_peers_stand_side_by_side_on_the_labels_they_can_produce(tmp_path: Path) -> None:
    scored(PLAN.runs["whole-s"], tmp_path, found=[FIRST, replace(SECOND, entities=(), relations=())])
    scored(PLAN.runs["numbers-s"], tmp_path)
    scored(PLAN.runs["plain-s"], tmp_path)
    head, whole, numbers = cells(shown("peers:s", tmp_path))
    assert head == ["system", "QUANTITY (n = 2)", "UNIT (n = 2)", "PLACE (n = 1)", "what it cannot do"]
    assert [whole[0], whole[1].split()[0], whole[4]] == ["`rules` 2", "66.7", "reads all"]
    assert numbers == ["`other` 2", "100.0 (100.0–100.0)", "100.0 (100.0–100.0)", "not its task", "knows no place"]


def test_peers_by_overlap(tmp_path: Path) -> None:
    entities = tuple(replace(e, fragments=((0, 4),), text="3 ha") if e.id == "T2" else e for e in FIRST.entities)
    scored(PLAN.runs["numbers-s"], tmp_path, found=[replace(FIRST, entities=entities), SECOND])
    exact, overlap = (cells(shown(f"peers:s/{mode}", tmp_path))[1][2] for mode in ("exact", "overlap"))
    assert (exact.split()[0], overlap.split()[0]) == ("50.0", "100.0")


def test_results_on_other_gold_are_named_not_compared(tmp_path: Path) -> None:
    scored(PLAN.runs["whole-s"], tmp_path)
    scored(PLAN.runs["numbers-s"], tmp_path)
    scored(PLAN.runs["places-s"], tmp_path, gold=[FIRST])
    text = shown("peers:s", tmp_path)
    assert [row[0] for row in cells(text)[1:]] == ["`rules` 2", "`other` 2"]
    assert "Left out, made on another version of the gold: places-s; run them again." in text


def test_no_result_says_how_to_make_one(tmp_path: Path) -> None:
    assert "python -m evaluation run whole-s numbers-s places-s" in shown("peers:s", tmp_path)
    assert "python -m evaluation run curve-N-s" in shown("curve:s", tmp_path)


@pytest.mark.parametrize("marker", ["peers:nosuch", "curve:nosuch", "peers:s/token"])
def test_a_marker_that_names_no_split_or_metric_is_refused(marker: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"nosuch|token"):
        shown(marker, tmp_path)


def curve(folder: Path) -> None:
    empty = [replace(document, entities=(), relations=()) for document in GOLD]
    half = [FIRST, replace(SECOND, entities=(), relations=())]
    for size, found in ((100, GOLD), (20, half), (5, empty)):
        scored(Run(f"curve-{size}-s", "pipeline", "s"), folder, found=found)
    scored(Run("curve-7-other-s", "pipeline", "other-s"), folder)


def test_the_curve_is_in_order_of_size(tmp_path: Path) -> None:
    curve(tmp_path)
    rows = cells(shown("curve:s", tmp_path))[1:]
    assert [(row[0], row[1], row[2]) for row in rows] == [("5", "5", "0.0"), ("20", "5", "75.0"), ("100", "5", "100.0")]
    assert [point.reports for point in across.points("other-s", tmp_path)[0]] == [7]


def test_the_report_draws_the_curve_of_its_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    results, page = tmp_path / "results", tmp_path / "page.html"
    curve(results)
    gold = folder(tmp_path / "s", *GOLD)
    arguments = ["report", "curve-20-s", "-o", str(page), "--results", str(results), "--brat", str(gold)]
    assert main(arguments) == 0
    whole = page.read_text("utf-8")
    assert "<h2>Learning curve</h2>" in whole
    for path in results.glob("curve-[15]*-s.json"):
        path.unlink()
    (results / "curve-20-s.json").rename(results / "single.json")
    assert main(["report", str(results / "single.json"), *arguments[2:]]) == 0
    without = page.read_text("utf-8")
    assert "Learning curve" not in without
    assert whole.count("<svg") == without.count("<svg") + 1


def test_errors_and_compare_keep_to_the_labels_of_a_restricted_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = folder(tmp_path / "s", *GOLD)
    scored(PLAN.runs["whole-s"], tmp_path)
    scored(PLAN.runs["numbers-s"], tmp_path)
    place = ["--results", str(tmp_path), "--brat", str(gold)]
    assert main(["errors", "numbers-s", *place]) == 0
    assert capsys.readouterr().out.startswith("0 mistakes\n")
    assert main(["compare", "whole-s", "numbers-s", *place]) == 0
    assert "0 gains, 0 losses" in capsys.readouterr().out


def test_a_restricted_run_says_so_where_it_is_summed_up(tmp_path: Path) -> None:
    scored(PLAN.runs["numbers-s"], tmp_path)
    assert "| numbers-s (QUANTITY, UNIT alone) | 2 |" in shown("summary", tmp_path)
    assert "judged on QUANTITY, UNIT alone: 2 documents" in shown("numbers-s", tmp_path)
    assert "Attributes are not judged in this run." in shown("numbers-s/attributes", tmp_path)


def test_the_plan_holds_a_run_for_each_size_of_the_curve(tmp_path: Path) -> None:
    path = tmp_path / "runs.toml"
    start = 'seed = 1\n[splits.s]\nbrat = "s"\n[runs]\n'
    path.write_text(start + '[curve]\nsizes = [5, 20]\nsystem = "pipeline:build/c{n}"\nsplit = "s"\n', "utf-8")
    assert runs.plan(path).runs == {
        "curve-5-s": Run("curve-5-s", "pipeline:build/c5", "s"),
        "curve-20-s": Run("curve-20-s", "pipeline:build/c20", "s"),
    }
