from __future__ import annotations

from pathlib import Path

import pytest

from ie.crfsuite import read_weights
from ie.errors import FormatError


def test_weights_are_those_that_crfsuite_says(tmp_path: Path) -> None:
    pycrfsuite = pytest.importorskip("pycrfsuite")
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.append([["chữ=xã"], ["chữ=Tân", "hoa"], ["chữ=Lập", "hoa"]], ["N", "B", "I"])
    trainer.append([["chữ=ở"], ["chữ=Tân", "hoa"]], ["N", "B"])
    trainer.train(str(tmp_path / "model"))
    tagger = pycrfsuite.Tagger()
    tagger.open(str(tmp_path / "model"))
    info = tagger.info()
    found = read_weights(tmp_path / "model")
    assert set(found.labels) == {"N", "B", "I"}
    known = {(a, b): weight for (a, b), weight in info.state_features.items()}
    assert known
    for row, attribute in enumerate(found.attributes):
        for column, label in enumerate(found.labels):
            assert found.state[row, column] == pytest.approx(known.get((attribute, label), 0.0), abs=1e-5)
    for (before, after), weight in info.transitions.items():
        at = found.labels.index(before), found.labels.index(after)
        assert found.transition[at] == pytest.approx(weight, abs=1e-5)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"PK\x03\x04" * 20)
    with pytest.raises(FormatError, match="is no CRFsuite model"):
        read_weights(tmp_path / "model")
