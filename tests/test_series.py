from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation import costs, runs
from evaluation.__main__ import main
from evaluation.render import rendered
from evaluation.runs import Plan, Run, Series, result, save
from evaluation.series import side_by_side
from ie.document import Document
from ie.errors import FormatError
from tests.evaluation_cases import report

GOLD = [report("Trồng {Q1:QUANTITY 12} {U1:UNIT ha}", "HAS_UNIT Q1 U1", name=name) for name in ("first", "second")]
VARIANTS = {"default": "nothing", "no-words": "no underthesea words", "spancat": "`spancat`"}
SERIES = Series("ablation", VARIANTS)


def blind(gold: Document) -> Document:
    return replace(gold, entities=gold.entities[:1], relations=())


@pytest.fixture
def known(tmp_path: Path) -> Plan:
    planned = {f"ablation-{name}-dev": Run(f"ablation-{name}-dev", "rules", "dev") for name in VARIANTS}
    for name, predict in (("default", lambda gold: gold), ("no-words", blind)):
        run = planned[f"ablation-{name}-dev"]
        save(result(run, [(gold, predict(gold)) for gold in GOLD], about={}, seed=1), tmp_path)
    return Plan(1, {"dev": ("brat", "dev")}, planned, {"ablation": SERIES})


def test_variants_stand_beside_the_default(known: Plan, tmp_path: Path) -> None:
    text = side_by_side(SERIES, "dev", known=known, folder=tmp_path)
    assert "| `default` | nothing | 100.0 | 100.0–100.0 |  |  | 100.0 | 100.0–100.0 |  |  |\n" in text
    assert "words per second" not in text
    # Half of the spans found: F1 2/3. Two documents: all of them are swapped in half of the trials, so p is a half.
    row = next(line for line in text.splitlines() if line.startswith("| `no-words`"))
    assert "| no underthesea words | 66.7 | 66.7–66.7 | -33.3 | 0.5" in row
    assert "| 0.0 | 0.0–0.0 | -100.0 |" in row
    assert text.endswith("Not trained yet: spancat.\n")


def test_words_per_second_stand_where_they_were_measured(known: Plan, tmp_path: Path) -> None:
    (tmp_path / "speed").mkdir()
    timed = {"words_per_second": {"pipeline": 8123.4}}
    (tmp_path / "speed" / "ablation-no-words.json").write_text(json.dumps(timed), "utf-8")
    assert costs.load("ablation-no-words", tmp_path) == timed
    lines = side_by_side(SERIES, "dev", known=known, folder=tmp_path).splitlines()
    assert next(line for line in lines if line.startswith("| `no-words`")).endswith("| 8,123 |")
    assert next(line for line in lines if line.startswith("| `default`")).endswith("| – |")


def test_without_a_result_every_variant_is_named(known: Plan, tmp_path: Path) -> None:
    text = rendered("<!-- results:ablation:dev -->\n<!-- /results -->\n", known=known, folder=tmp_path / "none")
    assert "Not trained yet: default, no-words, spancat." in text


def test_a_marker_that_names_no_split_is_refused(known: Plan, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="names no split"):
        rendered("<!-- results:ablation:moon -->\n<!-- /results -->\n", known=known, folder=tmp_path)


def test_the_plan_holds_a_run_for_each_variant(capsys: pytest.CaptureFixture[str]) -> None:
    plan = runs.plan()
    variants = plan.series["ablation"].variants
    assert plan.series["ablation"].first == "default"
    wanted = [f"ablation-{name}-{split}" for split in ("real-dev", "corpus-dev") for name in variants]
    assert main(["runs", "ablation-"]) == 0
    assert capsys.readouterr().out.split() == wanted
    for name in variants:
        assert plan.runs[f"ablation-{name}-corpus-dev"].system == f"pipeline:build/ablation/{name}/model-best"


def test_a_variant_that_is_not_built_is_skipped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = runs.plan()
    known.runs["ablation-x"] = Run("ablation-x", "pipeline:build/ablation/no-such/model-best", "corpus-dev")
    from evaluation.__main__ import _one_run

    assert _one_run(known.runs["ablation-x"], known, tmp_path)
    assert "ablation-x: skipped, pipeline:build/ablation/no-such/model-best is not built" in capsys.readouterr().out


def test_every_variant_is_judged_on_every_split_and_stands_in_no_summary(tmp_path: Path) -> None:
    path = tmp_path / "runs.toml"
    path.write_text(
        'seed = 1\n[splits]\na = {corpus = "dev"}\nb = {brat = "b"}\n[runs]\n'
        '[series.tried]\nsplits = ["a", "b"]\nsystem = "pipeline:{name}"\n[series.tried.variants]\nfirst = "nothing"\n',
        "utf-8",
    )
    known = runs.plan(path)
    assert sorted(known.runs) == ["tried-first-a", "tried-first-b"]
    assert known.runs["tried-first-b"].system == "pipeline:first"
    (tmp_path / "tried-first-a.json").write_text("{}", "utf-8")
    text = rendered("<!-- results:summary -->\n<!-- /results -->\n", known=known, folder=tmp_path)
    assert "No run has a result yet" in text
