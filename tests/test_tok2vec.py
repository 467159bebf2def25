import numpy as np
import pytest
from spacy.ml.models.tok2vec import build_Tok2Vec_model
from spacy.vocab import Vocab
from thinc.api import Model

from ie.features import COLUMNS
from ie.tok2vec import dilated_encoder, report_embed
from ie.tokenizer import UndertheseaTokenizer

TOKENIZER = UndertheseaTokenizer(Vocab())


def _model(without: tuple[str, ...] = ()) -> Model:
    embed = report_embed(width=8, rows=[50] * 6, widths=[4] * 6, without=without)
    model = build_Tok2Vec_model(embed, dilated_encoder(width=8, dilations=[1, 2], pieces=2))
    model.initialize(X=[TOKENIZER("Thu ngân sách đạt 12 tỷ đồng")])
    return model


@pytest.mark.parametrize("column", COLUMNS)
def test_a_hidden_feature_is_not_seen(column: str) -> None:
    table = np.arange(1, 13, dtype=np.uint64).reshape(2, 6)
    other = table.copy()
    other[:, COLUMNS.index(column)] += 100
    hiding, seeing = _model((column,)), _model()
    assert (hiding.predict([table])[0] == hiding.predict([other])[0]).all()
    assert (seeing.predict([table])[0] != seeing.predict([other])[0]).any()
    assert table[0, 0] == 1


def test_an_unknown_feature_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        _model(("colour",))


def test_a_batch_changes_no_vector() -> None:
    model = _model()
    docs = [TOKENIZER(text) for text in ("Thu ngân sách đạt 12 tỷ đồng", "Xã Tân Lập có 3 thôn", "5 ha")]
    together = model.predict(docs)
    for doc, vectors in zip(docs, together, strict=True):
        assert vectors == pytest.approx(model.predict([doc])[0], abs=1e-5)
