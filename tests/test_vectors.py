import shutil
from pathlib import Path

import numpy as np
import pytest
import spacy
import srsly

from tests.training_cases import brat_folder, report
from training.__main__ import main
from training.train import Plan, train
from training.vectors import META


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vectors of a tiny text, of which nothing is left."""
    pytest.importorskip("floret")
    folder = tmp_path_factory.mktemp("vectors")
    text = folder / "bao-cao"
    text.mkdir()
    (text / "a.txt").write_text(report("m", lines=12).text, "utf-8")
    (text / "b.txt").write_text(report("m", lines=12, first=30).text, "utf-8")
    assert main(["vectors", str(text), "--out", str(folder / "made"), "--rows", "300", "--width", "8"]) == 0
    shutil.rmtree(text)
    return folder / "made"


def test_every_word_has_a_vector_and_the_note_says_of_what_text(vectors: Path) -> None:
    nlp = spacy.load(vectors)
    assert nlp.vocab.vectors.shape == (300, 8)
    assert all(np.abs(nlp.vocab[word].vector).any() for word in ("ngân", "ngânn", "chưatừngthấy"))
    made = srsly.read_json(vectors / "meta.json")[META]
    assert (made["texts"], made["rows"], made["width"]) == (["bao-cao"], 300, 8)
    assert made["lines"] == 26
    assert str(vectors.parent) not in (vectors / "meta.json").read_text("utf-8")


def test_a_pipeline_carries_the_vectors_and_says_so(vectors: Path, tmp_path: Path) -> None:
    source, moved = str(brat_folder(tmp_path / "reports", reports=2)), tmp_path / "moved"
    shutil.copytree(vectors, moved)
    out = tmp_path / "out"
    arguments = ["train", "--source", f"brat:{source}", "--dev", f"brat:{source}", "--out", str(out), "--no-init"]
    assert main([*arguments, "--steps", "1", "--evaluate-every", "1", "--vectors", str(moved)]) == 0
    table = spacy.load(vectors).vocab.vectors.data
    shutil.rmtree(moved)
    nlp = spacy.load(out / "model-best")
    assert np.array_equal(nlp.vocab.vectors.data, table)
    static = next(node for node in nlp.get_pipe("tok2vec").model.walk() if node.name == "ie_norm_vectors")
    assert all(np.abs(rows).sum(axis=1).all() for rows in static.predict([nlp.make_doc("ngân sách xã Tân")]))
    card = (out / "model-best" / "README.md").read_text("utf-8")
    assert "300 rows of width 8, 0." in card
    assert "trained on 26 lines (" in card
    assert "characters) of bao-cao" in card
    assert "- size: " in card
    again = Plan((f"brat:{source}",), (f"brat:{source}",), tmp_path / "again", init=None, steps=1, evaluate_every=1,
                 vectors=out / "model-best")  # fmt: skip
    train(again)
    assert "characters) of bao-cao" in (tmp_path / "again" / "model-best" / "README.md").read_text("utf-8")


def test_what_holds_no_vectors_is_said(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    source = f"brat:{brat_folder(tmp_path / 'reports', reports=1)}"
    spacy.blank("xx").to_disk(tmp_path / "blank")
    for place in ("blank", "nowhere"):
        arguments = ["train", "--source", source, "--dev", source, "--out", str(tmp_path / "out"), "--no-init"]
        assert main([*arguments, "--vectors", str(tmp_path / place)]) == 1
    err = capsys.readouterr().err
    assert "blank: holds no vectors" in err
    assert "nowhere: no meta.json" in err


def test_text_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    pytest.importorskip("floret")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\xff")
    for place in ("bad.txt", "nowhere"):
        assert main(["vectors", str(tmp_path / place), "--out", str(tmp_path / "out")]) == 1
    err = capsys.readouterr().err
    assert "bad.txt: neither UTF-8 text" in err
    assert "nowhere: no such file or folder" in err
