import itertools
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.vocab import Vocab

from ie.tokenizer import UndertheseaTokenizer
from ie.transformer import joined, transformer
from tests.training_cases import brat_folder, report
from training.train import CONFIGS, Plan, train

TOKENIZER = UndertheseaTokenizer(Vocab())


def test_words_are_joined_and_tokens_stay() -> None:
    doc = TOKENIZER("Ủy ban nhân dân xã Tân Lập họp.")
    shadow = joined(doc, "_")
    assert len(shadow) == len(doc)
    assert "nhân_dân" in shadow.text
    assert shadow.text.replace("_", " ") == doc.text


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder with 30 positions and a vocabulary of pieces, made here."""
    pytest.importorskip("torch")
    pytest.importorskip("spacy_transformers")
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    letters = sorted(set(report("m", lines=20).text.lower()) - {" ", "\n"} | set("_abcdefghijklmnopqrstuvwxyz"))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(pieces), "utf-8")
    BertTokenizerFast(str(folder / "vocab.txt"), strip_accents=False, model_max_length=28).save_pretrained(folder)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertModel(BertConfig(vocab_size=len(pieces), max_position_embeddings=30, **shape)).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("joint", [" ", "_"])
def test_a_report_longer_than_the_window_gets_a_vector_for_every_token(encoder: Path, joint: str) -> None:
    model = transformer(name=str(encoder), width=8, overlap=3, joint=joint)
    docs = [TOKENIZER(report("m", lines=3).text), TOKENIZER("Thu 12,5 tỷ đồng.")]
    model.initialize(X=docs[1:])
    vectors = model.predict(docs)
    assert [len(v) for v in vectors] == [len(doc) for doc in docs]
    spaces = np.array([token.text.isspace() for token in docs[0]])
    pooled = docs
    for layer in model.layers[:-1]:
        pooled = layer.predict(pooled)
    assert (np.abs(pooled[0]).sum(axis=1) > 0).tolist() == (~spaces).tolist()
    windows = next(node for node in model.walk() if "get_spans" in node.attrs).attrs["get_spans"]
    cut = windows([docs[0]])[0]
    assert len(cut) > 3
    assert cut[0].start == 0
    assert cut[-1].end == len(docs[0])
    for before, after in itertools.pairwise(cut):
        assert before.start < after.start <= before.end < after.end
    assert all(windows._pieces(span.text) <= windows.room() for span in cut if len(span) > 1)


def test_the_config_trains_a_step_and_the_pipeline_loads_again(encoder: Path, tmp_path: Path) -> None:
    source = f"brat:{brat_folder(tmp_path / 'reports', reports=1)}"
    overrides = (("components.tok2vec.model.name", str(encoder)), ("components.tok2vec.model.overlap", 3))
    config = CONFIGS / "transformer.cfg"
    out = tmp_path / "out"
    train(Plan((source,), (source,), out, config, None, steps=1, evaluate_every=1, overrides=overrides))
    nlp, text = spacy.load(out / "model-best"), report("m", lines=1).text
    assert set(nlp(text).spans) == {"ie"}
    again = spacy.load(out / "model-best")
    assert np.allclose(
        nlp.get_pipe("tok2vec").predict([nlp(text)])[0], again.get_pipe("tok2vec").predict([again(text)])[0]
    )


def test_without_the_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from ie.transformer import MissingTransformerError

    monkeypatch.setitem(sys.modules, "spacy_transformers.layers", None)
    with pytest.raises(MissingTransformerError, match=r"pip install 'viet-report-ie\[transformer\]'"):
        transformer(name="x", width=8)
