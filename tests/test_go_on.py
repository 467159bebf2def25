from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import spacy

from ie.errors import InputError
from ie.models import model_path
from tests.training_cases import brat_folder
from training.__main__ import _setting
from training.train import CONFIGS, Plan, train


def _plan(folder: Path, **changes: object) -> Plan:
    source = f"brat:{brat_folder(folder / 'reports')}"
    return Plan((source,), (source,), folder / "out", config=CONFIGS / "report.cfg", init=None, steps=1, **changes)  # type: ignore[arg-type]


def _weights(model: Path) -> np.ndarray:
    return spacy.load(model).get_pipe("ie_relations").model.get_ref("between").get_param("W").ravel()  # type: ignore[no-any-return]


def test_training_goes_on_from_the_weights_of_a_pipeline(tmp_path: Path) -> None:
    train(_plan(tmp_path))
    start = tmp_path / "out" / "model-best"
    train(_plan(tmp_path / "again", start=start, seed=1))
    train(_plan(tmp_path / "anew", seed=1))
    first, again, anew = (_weights(tmp_path / folder / "out" / "model-best") for folder in ("", "again", "anew"))
    assert np.corrcoef(first, again)[0, 1] > 0.9
    assert np.corrcoef(first, anew)[0, 1] < 0.5


def test_one_component_is_learned_alone(tmp_path: Path) -> None:
    train(_plan(tmp_path))
    start = tmp_path / "out" / "model-best"
    train(_plan(tmp_path / "again", start=start, only=("ie_relations",)))
    before, after = (spacy.load(model) for model in (start, tmp_path / "again" / "out" / "model-best"))
    assert not np.array_equal(_weights(start), _weights(tmp_path / "again" / "out" / "model-best"))
    for name in ("tok2vec", "ie_entities"):
        assert before.get_pipe(name).model.to_bytes() == after.get_pipe(name).model.to_bytes()
    card = (tmp_path / "again" / "out" / "model-best" / "README.md").read_text("utf-8")
    assert "ie_relations alone" in card


def test_a_component_that_is_not_shown_what_stays_as_it_is_is_not_learned_alone(tmp_path: Path) -> None:
    plan = replace(_plan(tmp_path), config=CONFIGS / "spancat.cfg", start=tmp_path, only=("ie_relations",))
    with pytest.raises(InputError, match=r"spancat\.cfg: what tok2vec, spancat, ie_collect say is not shown"):
        train(plan)


def test_an_architecture_with_a_component_without_weights_goes_on(tmp_path: Path) -> None:
    start = replace(_plan(tmp_path), config=CONFIGS / "spancat.cfg")
    train(start)
    assert train(replace(start, out=tmp_path / "again", start=tmp_path / "out" / "model-best"))


def test_a_component_that_is_not_there_or_has_nothing_to_go_on_from_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no component ie_relation to learn; use some of tok2vec, ie_entities"):
        train(_plan(tmp_path, start=tmp_path, only=("ie_relation",)))
    with pytest.raises(InputError, match="give --start MODEL"):
        train(_plan(tmp_path / "other", only=("ie_relations",)))


def test_a_start_that_is_no_pipeline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no trained pipeline"):
        train(_plan(tmp_path, start=tmp_path))


def test_a_start_of_another_build_is_refused(tmp_path: Path) -> None:
    plan = _plan(tmp_path, start=model_path(), overrides=(("components.ie_relations.model.hidden", 16),))
    with pytest.raises(InputError, match="built otherwise"):
        train(plan)


def test_settings_are_read_as_json() -> None:
    assert _setting("training.dropout=0.3") == ("training.dropout", 0.3)
    assert _setting('embed.without=["word"]') == ("embed.without", ["word"])
    assert _setting("model.@architectures=ie.PairScorer.v1") == ("model.@architectures", "ie.PairScorer.v1")
    with pytest.raises(InputError, match=r"section\.key=value"):
        _setting("dropout")
