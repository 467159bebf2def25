from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab

from ie import spans as carry
from ie.calibration import calibrated, log_odds
from ie.spans import Key, Link
from training.calibrate import answers, fitted

SCORES = st.floats(0, 1)


def test_a_name_without_a_map_keeps_its_score() -> None:
    assert calibrated(0.7, "UNIT", {"PLACE": [0.5, 0.0]}) == 0.7


def test_slope_and_shift_are_of_the_log_odds() -> None:
    assert calibrated(0.5, "UNIT", {"UNIT": [1.0, 0.0]}) == pytest.approx(0.5)
    # Log-odds of 0.9 are ln 9; half of them are ln 3, which is 0.75.
    assert calibrated(0.9, "UNIT", {"UNIT": [0.5, 0.0]}) == pytest.approx(0.75)
    assert calibrated(0.5, "UNIT", {"UNIT": [3.0, log_odds(0.8)]}) == pytest.approx(0.8)


@given(SCORES, SCORES, st.floats(0.05, 5), st.floats(-5, 5))
def test_a_map_keeps_the_order_and_stays_a_probability(one: float, other: float, slope: float, shift: float) -> None:
    low, high = (calibrated(score, "UNIT", {"UNIT": [slope, shift]}) for score in sorted((one, other)))
    assert 0 <= low <= high <= 1


def test_overconfident_scores_are_brought_down() -> None:
    draw = random.Random(1)
    found = [(0.99, draw.random() < 0.8) for _ in range(800)] + [(0.6, draw.random() < 0.5) for _ in range(400)]
    maps = {"MEASURES": fitted(found)}
    assert calibrated(0.99, "MEASURES", maps) == pytest.approx(0.8, abs=0.03)
    assert calibrated(0.6, "MEASURES", maps) == pytest.approx(0.5, abs=0.05)


def test_scores_that_mean_what_they_say_are_left_alone() -> None:
    draw = random.Random(2)
    found = [(score, draw.random() < score) for score in (0.2, 0.5, 0.8, 0.95) for _ in range(500)]
    slope, shift = fitted(found)
    assert slope == pytest.approx(1, abs=0.15)
    assert shift == pytest.approx(0, abs=0.15)


@pytest.mark.parametrize("right", [True, False])
def test_a_few_answers_that_are_all_alike_do_not_run_away(right: bool) -> None:
    slope, shift = fitted([(0.999, right)] * 4)
    assert 0.05 <= slope < 2
    assert abs(shift) < 2


def test_scores_without_order_give_no_negative_slope() -> None:
    slope, _ = fitted([(0.9, False)] * 200 + [(0.1, True)] * 200)
    assert slope == pytest.approx(0.05)


class Said:
    """Stands in for a pipeline that always says the same of a text."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc

    def __call__(self, text: str) -> Doc:
        assert text == self.doc.text
        return self.doc


def doc(*keys: Key, links: tuple[Link, ...] = (), scores: tuple[float, ...] = ()) -> Doc:
    made = Doc(Vocab(), words=["12", "ha", "rừng", "trồng"], spaces=[True, True, True, False])
    carry.set_spans(made, keys, dict(zip(keys, scores, strict=False)))
    carry.set_relations(made, links)
    return made


def test_answers_are_judged_end_to_end_each_gold_once() -> None:
    number, unit, whole, part = (
        Key("QUANTITY", 0, 1),
        Key("UNIT", 1, 2),
        Key("INDICATOR", 2, 4),
        Key("INDICATOR", 2, 3),
    )
    gold = doc(number, unit, whole, links=(Link("HAS_UNIT", number, unit), Link("MEASURES", number, whole)))
    wrong = Key("UNIT", 1, 3)
    said = doc(
        number,
        wrong,
        part,
        Key("INDICATOR", 3, 4),
        links=(Link("HAS_UNIT", number, wrong, 0.9), Link("MEASURES", number, part, 0.8)),
        scores=(0.99, 0.7, 0.6, 0.5),
    )
    found = answers(Said(said), [gold])  # type: ignore[arg-type]
    assert found["QUANTITY"] == [(0.99, True)]
    assert found["UNIT"] == [(0.7, False)]
    assert found["INDICATOR"] == [(0.6, True), (0.5, False)]
    assert (found["HAS_UNIT"], found["MEASURES"]) == ([(0.9, False)], [(0.8, True)])


def test_the_command_writes_maps_that_the_pipeline_then_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    import spacy

    import ie
    from ie.models import model_path
    from tests.evaluation_cases import folder, report
    from training.__main__ import main

    model = tmp_path / "model"
    shutil.copytree(model_path(), model)
    text = "Toàn xã có {T1:QUANTITY 250} {T2:UNIT hộ} nghèo, giảm {T3:QUANTITY 12} {T4:UNIT hộ} so với năm trước."
    reports = folder(tmp_path / "reports", report(text, "HAS_UNIT T1 T2", "HAS_UNIT T3 T4"))
    assert main(["calibrate", str(model), "--dev", f"brat:{reports}"]) == 0
    assert "QUANTITY     slope" in capsys.readouterr().out
    assert not list(model.rglob("strings.json"))
    nlp = spacy.load(model)
    maps = nlp.get_pipe("ie_entities").cfg["calibration"]
    assert set(maps) >= {"QUANTITY", "UNIT"}
    nlp.get_pipe("ie_entities").cfg["calibration"] = {**maps, "QUANTITY": [0.05, -3.0]}
    tagged = ie.tag_text("Toàn xã có 250 hộ nghèo.", nlp=nlp)
    assert all(e.score < 0.1 for e in tagged.entities if e.label == "QUANTITY")
