from collections.abc import Callable

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from thinc.api import Model

from ie import spans as carry
from ie.candidates import Pairs, pairs, relation_names
from ie.decode import decode, drop_alone
from ie.relations import invented, never_proposed, pair_scorer, rival_scorer, targets
from ie.spans import Key, Link
from ie.tokenizer import UndertheseaTokenizer

TOKENIZER = UndertheseaTokenizer(spacy.vocab.Vocab())
Q1, U1, Q2, U2, I1 = (
    Key("QUANTITY", 3, 4),
    Key("UNIT", 4, 6),
    Key("QUANTITY", 8, 9),
    Key("UNIT", 9, 10),
    Key("INDICATOR", 0, 2),
)


def _doc() -> Doc:
    doc = TOKENIZER("Doanh thu đạt 15 tỷ đồng, bằng 18% kế hoạch")
    carry.set_spans(doc, [Q1, U1, Q2, U2, I1])
    carry.set_relations(
        doc, [Link("HAS_UNIT", Q1, U1), Link("HAS_UNIT", Q2, U2), Link("RATIO_OF", Q2, Q1), Link("MEASURES", Q1, I1)]
    )
    return doc


def test_candidates_are_what_the_schema_allows() -> None:
    found = pairs(_doc(), carry.keys(_doc()))
    seen = {(found.spans[h].label, found.spans[t].label) for h, t in zip(found.head, found.tail, strict=True)}
    assert seen == {("QUANTITY", "UNIT"), ("QUANTITY", "INDICATOR"), ("QUANTITY", "QUANTITY")}
    assert found.allowed.any(axis=1).all()
    assert never_proposed(_doc()) == []


def test_every_gold_pair_has_its_target() -> None:
    doc = _doc()
    table = targets(doc, pairs(doc, carry.keys(doc)))
    names = relation_names()
    assert {names[k]: int(n) for k, n in enumerate(table.sum(axis=0)) if n} == {
        "HAS_UNIT": 2,
        "MEASURES": 1,
        "RATIO_OF": 1,
    }


def test_features_do_not_depend_on_the_order_of_spans() -> None:
    doc = _doc()
    first, second = pairs(doc, carry.keys(doc)), pairs(doc, list(reversed(carry.keys(doc))))
    assert first.spans == second.spans
    assert (first.table == second.table).all()


def test_far_pairs_are_counted_as_never_proposed() -> None:
    doc = TOKENIZER("Thu 5. " + "Câu này dài. " * 12 + "Đơn vị ha")
    quantity, unit = Key("QUANTITY", 1, 2), Key("UNIT", len(doc) - 1, len(doc))
    carry.set_spans(doc, [quantity, unit])
    carry.set_relations(doc, [Link("HAS_UNIT", quantity, unit)])
    assert [link.type for link in never_proposed(doc)] == ["HAS_UNIT"]


def _pairs(spans: tuple[Key, ...], links: list[tuple[int, int]]) -> Pairs:
    head, tail = (np.array(column) for column in zip(*links, strict=True))
    return Pairs(spans, head, tail, np.zeros((len(head), 1)), np.ones((len(head), len(relation_names())), dtype=bool))


def test_a_quantity_keeps_its_best_unit_only() -> None:
    found = _pairs((Q1, U1, U2), [(0, 1), (0, 2)])
    scores = np.zeros((2, len(relation_names())))
    scores[:, relation_names().index("HAS_UNIT")] = (0.7, 0.9)
    assert [(k.type, k.tail) for k in decode(found, scores, np.full(len(relation_names()), 0.5))] == [("HAS_UNIT", U2)]


def test_ratios_make_no_circle() -> None:
    found = _pairs((Q1, Q2), [(0, 1), (1, 0)])
    scores = np.zeros((2, len(relation_names())))
    scores[:, relation_names().index("RATIO_OF")] = (0.6, 0.8)
    assert [(k.head, k.tail) for k in decode(found, scores, np.full(len(relation_names()), 0.5))] == [(Q2, Q1)]


def _scorer(make: Callable[..., Model]) -> tuple[Model, list[tuple[Doc, Pairs]]]:
    """Return a small scorer, and pairs to score."""
    from spacy.ml.models.tok2vec import build_Tok2Vec_model

    from ie.tok2vec import dilated_encoder, report_embed

    embed = report_embed(width=8, rows=[20] * 6, widths=[4] * 6)
    tok2vec = build_Tok2Vec_model(embed, dilated_encoder(width=8, dilations=[1, 2], pieces=2))
    model: Model = make(tok2vec, hidden=8, rows=50, dropout=0.0)
    doc = _doc()
    batch = [(doc, pairs(doc, carry.keys(doc)))]
    model.initialize(X=batch)
    return model, batch


@pytest.mark.parametrize("make", [pair_scorer, rival_scorer])
def test_gradients_of_the_pair_scorer_are_right(make: Callable[..., Model]) -> None:
    model, batch = _scorer(make)
    size = (len(batch[0][1].head), len(relation_names()))
    weights = np.random.default_rng(0).normal(size=size).astype(np.float32)
    _, backprop = model.begin_update(batch)
    backprop(weights)
    step = 1e-2
    for linear in [model.get_ref("between"), *([model.get_ref("widen")] if make is rival_scorer else [])]:
        wanted = float(linear.get_grad("b")[0])
        values = []
        for sign in (1, -1):
            linear.get_param("b")[0] += sign * step
            values.append(float((model.predict(batch) * weights).sum()))
            linear.get_param("b")[0] -= sign * step
        assert wanted == pytest.approx((values[0] - values[1]) / (2 * step), rel=0.05, abs=0.02)


def test_a_pair_is_scored_by_what_else_its_head_could_be_related_to() -> None:
    model, batch = _scorer(rival_scorer)
    doc, found = batch[0]
    alone = Pairs(found.spans, found.head[:1], found.tail[:1], found.table[:1], found.allowed[:1])
    assert found.spans[found.head[0]] == Q1
    assert np.abs(model.predict(batch)[0] - model.predict([(doc, alone)])[0]).max() > 1e-4


def test_invented_spans_are_those_that_touch_no_gold_span_of_their_label() -> None:
    reference, predicted = _doc(), _doc()
    beside, over = Key("INDICATOR", 10, 12), Key("INDICATOR", 1, 3)
    carry.set_spans(predicted, [Q1, beside, over, Key("PLACE", 0, 1)])
    assert invented(reference, predicted) == [Key("PLACE", 0, 1), beside]


def test_a_model_that_has_learned_nothing_teaches_nothing() -> None:
    predicted = _doc()
    carry.set_spans(predicted, [Key("PLACE", at, at + 1) for at in range(6)])
    assert invented(_doc(), predicted) == []


def test_an_indicator_that_nothing_measures_is_none() -> None:
    doc = _doc()
    other = Key("INDICATOR", 10, 12)
    carry.set_spans(doc, [Q1, U1, I1, other], {I1: 0.9, other: 0.8, Q1: 1.0, U1: 1.0})
    drop_alone(doc, [Link("MEASURES", Q1, I1)])
    assert set(carry.keys(doc)) == {Q1, U1, I1}
    assert other not in carry.scores(doc)
    assert carry.scores(doc)[I1] == 0.9
