from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import render, report, runs
from evaluation.calibration import CUTS, binned, error, reliability
from evaluation.runs import Run
from ie.document import Document, Entity
from tests.evaluation_cases import report as marked

GOLD = marked(
    "{P1:PERIOD Năm 2024} trồng {Q1:QUANTITY 12} {U1:UNIT ha} ở {L1:PLACE Na Hang}", "HAS_UNIT Q1 U1", name="report"
)
FOUND = replace(
    GOLD,
    entities=(
        *(replace(e, score=score) for e, score in zip(GOLD.entities, (0.95, 0.85, 0.55, 0.85), strict=True)),
        Entity("T9", "PLACE", ((9, 14),), "trồng", score=0.85),
    ),
    relations=tuple(replace(r, score=0.9) for r in GOLD.relations),
)


def plain(document: Document) -> Document:
    return replace(
        document,
        entities=tuple(replace(e, score=None) for e in document.entities),
        relations=tuple(replace(r, score=None) for r in document.relations),
    )


def test_bins_hold_mean_score_and_share_right() -> None:
    bins = binned([(0.91, True), (0.99, False), (1.0, True), (0.2, False)])
    assert [(b.size, round(b.score, 3), round(b.right, 3)) for b in bins] == [(1, 0.2, 0.0), (3, 0.967, 0.667)]


def test_the_error_is_the_mean_distance_of_the_bins() -> None:
    # One prediction 0.2 from what was right, three 0.3 from it: (1 * 0.2 + 3 * 0.3) / 4.
    assert error(binned([(0.2, False), (0.9, False), (0.9, True), (1.0, True)])) == pytest.approx(
        (0.2 + 3 * abs(2.8 / 3 - 2 / 3)) / 4
    )
    assert error([]) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_bins_hold_every_prediction_and_the_error_is_a_share(scored: list[tuple[float, bool]]) -> None:
    bins = binned(scored)
    assert sum(b.size for b in bins) == len(scored)
    assert sum(b.size * b.right for b in bins) == pytest.approx(sum(right for _, right in scored))
    assert 0 <= (error(bins) or 0) <= 1


def test_scores_are_judged_by_label_and_relation() -> None:
    found = reliability([(GOLD, FOUND)])
    assert found["entities"]["names"]["PLACE"] == {"error": 0.35, "score": 0.85, "right": 0.5, "bins": [[2, 0.85, 0.5]]}
    assert found["entities"]["names"]["UNIT"]["error"] == 0.45
    assert found["relations"]["all"]["bins"] == [[1, 0.9, 1.0]]
    assert reliability([(GOLD, plain(FOUND))]) == {}


def test_a_cut_keeps_what_scores_as_much() -> None:
    cuts = {row[0]: row[1:] for row in reliability([(GOLD, FOUND)])["entities"]["cuts"]}
    assert list(cuts) == list(CUTS)
    assert cuts[0.0] == [4, 1, 4]
    assert cuts[0.6] == [3, 1, 4]
    assert cuts[0.95] == [1, 0, 4]
    assert cuts[0.99] == [0, 0, 4]


def test_a_result_shows_what_its_scores_mean() -> None:
    found = runs.result(Run("r", "rules", "dev"), [(GOLD, FOUND)], about={}, seed=1)
    assert "| PLACE | 2 | 85.0 | 50.0 | 35.0 |" in render.reliability(found)
    assert "| 0.6 | 4 | 75.0 | 75.0 | 75.0 | 1 | 100.0 | 100.0 | 100.0 |" in render.cuts(found)
    page = report.page(found, [(GOLD, FOUND)])
    assert "calibration error" in page
    without = runs.result(Run("r", "rules", "dev"), [(GOLD, plain(FOUND))], about={}, seed=1)
    assert render.reliability(without) == render.cuts(without) == "The system gives no scores.\n"
    assert "The system gives no scores." in report.page(without, [(GOLD, plain(FOUND))])


def test_gold_without_qualifiers_judges_none() -> None:
    said = replace(GOLD, entities=tuple(replace(e, attributes=(("Estimate", ""),)) for e in GOLD.entities))
    judged = runs.result(Run("r", "rules", "dev"), [(GOLD, said)], about={}, seed=1)
    assert judged["scores"]["attributes"]["labels"]["Estimate"]["fp"] == 4
    spared = runs.result(Run("r", "rules", "dev", qualifiers=False), [(GOLD, said)], about={}, seed=1)
    assert "attributes" not in spared["scores"]
    assert render.attributes(spared) == "Attributes are not judged in this run.\n"


def test_the_plan_says_which_gold_bears_no_qualifiers() -> None:
    planned = runs.plan().runs
    assert not planned["pipeline-real-dev"].qualifiers
    assert planned["pipeline-corpus-dev"].qualifiers
