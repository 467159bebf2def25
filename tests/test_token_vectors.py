"""Token vectors of a trained pipeline, for others to start from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.vocab import Vocab

from ie.errors import InputError
from ie.features import COLUMNS, features
from ie.tok2vec import feature_arrays
from ie.tokenizer import UndertheseaTokenizer
from tests.training_cases import brat_folder
from training.__main__ import main
from training.token_vectors import save
from training.train import CONFIGS, Plan, train


def _embedded(model: Path) -> np.ndarray:
    table = spacy.load(model).get_pipe("tok2vec").model
    return next(node for node in table.walk() if node.has_param("E")).get_param("E")  # type: ignore[no-any-return]


def test_a_training_starts_from_the_token_vectors_of_another(tmp_path: Path) -> None:
    source = f"brat:{brat_folder(tmp_path / 'reports')}"
    plan = Plan((source,), (source,), tmp_path / "one", config=CONFIGS / "report.cfg", init=None, steps=1)
    train(plan)
    vectors = tmp_path / "kept" / "tok2vec.bin"
    assert main(["token-vectors", str(tmp_path / "one" / "model-best"), "--out", str(vectors)]) == 0
    train(replace(plan, out=tmp_path / "two", init=vectors, seed=1))
    train(replace(plan, out=tmp_path / "three", seed=1))
    first, started, anew = (_embedded(tmp_path / name / "model-best").ravel() for name in ("one", "two", "three"))
    assert np.corrcoef(first, started)[0, 1] > 0.9
    assert np.corrcoef(first, anew)[0, 1] < 0.5


def test_what_holds_no_token_vectors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no trained pipeline"):
        save(tmp_path, tmp_path / "out.bin")
    spacy.blank("xx").to_disk(tmp_path / "blank")
    with pytest.raises(InputError, match="has no component tok2vec"):
        save(tmp_path / "blank", tmp_path / "out.bin")


def test_a_hidden_feature_stays_hidden_whatever_weights_are_read() -> None:
    doc = UndertheseaTokenizer(Vocab())("Thu ngân sách xã Tân Lập")
    layer = feature_arrays(["lexicon"]).from_bytes(feature_arrays().to_bytes())
    (table,) = layer.predict([doc])
    column = COLUMNS.index("lexicon")
    assert not table[:, column].any()
    assert features(doc)[:, column].any()
