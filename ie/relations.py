"""The trained relation component: scores typed pairs of spans and keeps those that hold together.

A pair is seen through the token vectors of its two spans, the mean of the tokens between them and hashed features of
`ie.views`. Relations are scored end to end by `evaluation`; the scorer here guides training and counts every gold
relation, those included that the candidate generator never proposes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline.trainable_pipe import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Linear, Model, Optimizer, chain, set_dropout_rate
from thinc.layers import Dropout
from thinc.types import Floats2d

from ie import rivals
from ie import spans as carry
from ie.calibration import calibrated
from ie.candidates import Pairs, pairs, relation_names
from ie.decode import decode, drop_alone
from ie.layers import columns_once, hash_embed, layer_norm, mish, not_learned
from ie.spans import Key, Link
from ie.views import FEATURES

BATCH = 8
"""Docs whose pairs are scored together, so that memory does not grow with the batch of the pipeline."""


def pair_scorer(
    tok2vec: Model[list[Doc], list[Floats2d]], *, hidden: int, rows: int, dropout: float = 0.2
) -> Model[list[tuple[Doc, Pairs]], Floats2d]:
    """Score candidate pairs; registered as `ie.PairScorer.v1`.

    Input: Docs with their candidate pairs. Output: `(all pairs, relation types)` logits, in order of the Docs.
    """
    return _scorer(tok2vec, hidden=hidden, rows=rows, dropout=dropout, width=0)


def rival_scorer(
    tok2vec: Model[list[Doc], list[Floats2d]], *, hidden: int, rows: int, rivals: int = 32, dropout: float = 0.2
) -> Model[list[tuple[Doc, Pairs]], Floats2d]:
    """Score candidate pairs beside their rivals; registered as `ie.PairScorer.v3`.

    What is seen of a pair is brought to `rivals` numbers and set beside that of the pairs which one relation would be
    chosen from (`ie.rivals`), so that a figure goes to the nearer of two places and a part keeps to one total. Output:
    `(all pairs, relation types)` logits, in order of the Docs.
    """
    return _scorer(tok2vec, hidden=hidden, rows=rows, dropout=dropout, width=rivals)


def _scorer(
    tok2vec: Model[list[Doc], list[Floats2d]], *, hidden: int, rows: int, dropout: float, width: int
) -> Model[list[tuple[Doc, Pairs]], Floats2d]:
    wide = tok2vec.get_dim("nO")
    head, tail, between = (Linear(nO=hidden, nI=size) for size in (2 * wide, 2 * wide, wide))
    tables = [hash_embed(nO=hidden, nV=rows, column=column, seed=101 + column) for column in range(FEATURES)]
    out = _outputs(hidden, dropout)
    compared: dict[str, Model] = {}
    if width:
        compared["narrow"] = chain(layer_norm(hidden), mish(nO=width, nI=hidden))
        compared["widen"] = Linear(nO=hidden, nI=rivals.VIEWS * width)
    model: Model = Model(
        "pair_scorer",
        _forward,
        init=_init,
        layers=[tok2vec, head, tail, between, out, *compared.values(), *tables],
        refs={"tok2vec": tok2vec, "head": head, "tail": tail, "between": between, "out": out, **compared},
        dims={"nO": len(relation_names())},
    )
    model.attrs["tables"] = len(tables)
    return model


def _outputs(hidden: int, dropout: float) -> Model:
    """Return the layers from the sum of all views of a pair to its logits."""
    return chain(
        layer_norm(hidden),
        Dropout(dropout),
        mish(nO=hidden, nI=hidden),
        Dropout(dropout),
        Linear(nO=len(relation_names()), nI=hidden),
    )


def _init(model: Model, X: Any = None, Y: Any = None) -> None:
    model.get_ref("tok2vec").initialize(X=[doc for doc, _ in X] if X else None)
    for layer in model.layers[1:]:
        layer.initialize()
    linear = model.get_ref("out").layers[-1]
    linear.set_param("b", linear.get_param("b") - 2.0)


def _forward(model: Model, batch: Sequence[tuple[Doc, Pairs]], is_train: bool):  # type: ignore[no-untyped-def]
    tok2vec = model.get_ref("tok2vec")
    vectors, back_vectors = tok2vec([doc for doc, _ in batch], is_train)
    found = [each for _, each in batch]
    hidden, back_hidden = _views(model, vectors, found, is_train, back_vectors)
    out = model.get_ref("out")
    if not model.has_ref("narrow"):
        scores, back_out = out(hidden, is_train)
        return scores, lambda d_scores: back_hidden(back_out(d_scores))
    seen, back_seen = model.get_ref("narrow")(hidden, is_train)
    beside, back_beside = rivals.beside(found, seen)
    context, back_context = model.get_ref("widen")(beside, is_train)
    scores, back_out = out(hidden + context, is_train)

    def backprop(d_scores: Floats2d) -> list:
        d_hidden = back_out(d_scores)
        return back_hidden(d_hidden + back_seen(back_beside(back_context(d_hidden))))  # type: ignore[no-any-return]

    return scores, backprop


def _views(model: Model, vectors: list[Floats2d], batch: list[Pairs], is_train: bool, back_vectors: Callable):  # type: ignore[no-untyped-def]
    sizes = [len(v) for v in vectors]
    flat = np.concatenate([*vectors, np.zeros((1, vectors[0].shape[1]), dtype=np.float32)])
    offsets = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    firsts, lasts, heads, tails = _positions(batch, offsets)
    spans = np.hstack([flat[firsts], flat[lasts]])
    low, high = _gaps(batch, offsets)
    size = np.maximum(high - low, 1)[:, None].astype(np.float32)
    table = np.concatenate([found.table for found in batch])
    tables, back_tables = model.layers[-model.attrs["tables"] :], []
    head_y, back_head = model.get_ref("head")(spans, is_train)
    tail_y, back_tail = model.get_ref("tail")(spans, is_train)
    hidden = head_y[heads] + tail_y[tails]
    if not is_train:
        number = np.repeat(np.arange(len(batch)), [len(found.head) for found in batch])
        hidden += _said_between(model.get_ref("between"), flat, sizes, (low + number, high + number), size)
        columns_once(tables, table, hidden)
        return hidden, not_learned
    sums = _sums(flat)
    mid_y, back_mid = model.get_ref("between")((sums[high] - sums[low]) / size, is_train)
    hidden += mid_y
    for layer in tables:
        y, back = layer(table, is_train)
        back_tables.append(back)
        hidden += y

    def backprop(d_hidden: Floats2d) -> list:
        for back in back_tables:
            back(d_hidden)
        d_head, d_tail = np.zeros_like(head_y), np.zeros_like(tail_y)
        np.add.at(d_head, heads, d_hidden)
        np.add.at(d_tail, tails, d_hidden)
        d_spans = back_head(d_head) + back_tail(d_tail)
        d_middle = back_mid(d_hidden) / size
        width = flat.shape[1]
        d_flat = np.zeros_like(flat)
        np.add.at(d_flat, firsts, d_spans[:, :width])
        np.add.at(d_flat, lasts, d_spans[:, width:])
        d_sums = np.zeros_like(sums)
        np.add.at(d_sums, high, d_middle)
        np.subtract.at(d_sums, low, d_middle)
        d_flat += np.cumsum(d_sums[::-1], axis=0)[::-1][1:]
        return back_vectors(np.split(d_flat[:-1], np.cumsum(sizes)[:-1]))  # type: ignore[no-any-return]

    return hidden, backprop


def _said_between(
    linear: Model, flat: Floats2d, sizes: Sequence[int], gaps: tuple[np.ndarray, np.ndarray], size: Floats2d
) -> Floats2d:
    """Return what `linear` says of the mean of the tokens of each gap: the mean of what it says of each.

    So the sums are over fewer numbers, and those of one column stand together. Each Doc has sums of its own, one more
    than tokens, so that a batch changes no result; `gaps` are low and high places in these.
    """
    said = linear.ops.gemm(linear.get_param("W"), flat, trans2=True)
    sums = np.zeros((len(said), sum(sizes) + len(sizes)), dtype=np.float32)
    for number, (first, end) in enumerate(pairwise(accumulate(sizes, initial=0))):
        np.cumsum(said[:, first:end], axis=1, out=sums[:, first + number + 1 : end + number + 1])
    sums = np.ascontiguousarray(sums.T)
    return (sums[gaps[1]] - sums[gaps[0]]) / size + linear.get_param("b")  # type: ignore[no-any-return]


def _sums(values: Floats2d) -> Floats2d:
    """Return the sums of the first 0, 1, 2 … rows."""
    return np.pad(np.cumsum(values, axis=0), [(1, 0), (0, 0)])


def _positions(batch: list[Pairs], offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return first and last tokens of all spans, and the span numbers of heads and tails, over the batch."""
    firsts = [offset + span.start for found, offset in zip(batch, offsets, strict=True) for span in found.spans]
    lasts = [offset + span.end - 1 for found, offset in zip(batch, offsets, strict=True) for span in found.spans]
    base = np.concatenate([[0], np.cumsum([len(found.spans) for found in batch])])
    heads = np.concatenate([found.head + start for found, start in zip(batch, base[:-1], strict=True)])
    tails = np.concatenate([found.tail + start for found, start in zip(batch, base[:-1], strict=True)])
    return np.array(firsts, dtype=np.int64), np.array(lasts, dtype=np.int64), heads, tails


def _gaps(batch: list[Pairs], offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the tokens between head and tail, `[low, high)`, empty where they touch or nest."""
    lows, highs = [], []
    for found, offset in zip(batch, offsets, strict=True):
        starts = np.array([span.start for span in found.spans], dtype=np.int64)
        ends = np.array([span.end for span in found.spans], dtype=np.int64)
        first = (
            np.where(starts[found.head] <= starts[found.tail], found.head, found.tail) if len(starts) else found.head
        )
        second = found.head + found.tail - first
        low = ends[first] if len(starts) else first
        high = np.maximum(starts[second], low) if len(starts) else second
        lows.append(low + offset)
        highs.append(high + offset)
    return np.concatenate(lows), np.concatenate(highs)


class RelationScorer(TrainablePipe):
    """The spaCy component `ie_relations`: sets `doc._.ie_relations` over the spans that are there."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str = "ie_relations",
        *,
        threshold: float = 0.5,
        scorer: Callable | None = None,
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.scorer = scorer
        self.cfg: dict[str, Any] = {"threshold": threshold, "thresholds": {}, "calibration": {}}

    def predict(self, docs: Sequence[Doc]) -> tuple[list[Pairs], list[np.ndarray]]:
        """Return the candidate pairs of each Doc and their probabilities by type."""
        found = [pairs(doc, carry.keys(doc)) for doc in docs]
        busy = [index for index, each in enumerate(found) if len(each.head)]
        scores = [np.zeros((0, len(relation_names())), dtype=np.float32) for _ in docs]
        for first in range(0, len(busy), BATCH):
            chosen = busy[first : first + BATCH]
            logits = self.model.predict([(docs[index], found[index]) for index in chosen])
            cuts = np.cumsum([len(found[index].head) for index in chosen])[:-1]
            for index, part in zip(chosen, np.split(1 / (1 + np.exp(-logits)), cuts), strict=True):
                scores[index] = part * found[index].allowed
        return found, scores

    def set_annotations(self, docs: Sequence[Doc], scores: tuple[list[Pairs], list[np.ndarray]]) -> None:
        """Keep the pairs over the threshold that hold together; drop the spans that need a relation and have none."""
        limits = np.array([self.cfg["thresholds"].get(name, self.cfg["threshold"]) for name in relation_names()])
        for doc, found, values in zip(docs, *scores, strict=True):
            links = decode(found, values, limits)
            maps = self.cfg["calibration"]
            carry.set_relations(doc, [x._replace(score=calibrated(x.score, x.type, maps)) for x in links])
            drop_alone(doc, links)

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from one batch, on the gold spans and those that the entity layers invent: nothing is related to them.

        The invented ones are there when `training.annotating_components` names the entity layers.
        """
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        docs = [example.reference for example in examples]
        known = (carry.keys(e.reference) + invented(e.reference, e.predicted) for e in examples)
        found = [pairs(doc, spans) for doc, spans in zip(docs, known, strict=True)]
        if not any(len(each.head) for each in found):
            return losses
        set_dropout_rate(self.model, drop)
        batch = list(zip((example.predicted for example in examples), found, strict=True))
        logits, backprop = self.model.begin_update(batch)
        truth = np.concatenate([targets(doc, each) for doc, each in zip(docs, found, strict=True)])
        allowed = np.concatenate([each.allowed for each in found])
        guess = 1 / (1 + np.exp(-logits))
        gradient = (guess - truth) * allowed
        positives = max(1.0, float(truth.sum()))
        backprop((gradient * (4.0 / positives)).astype(np.float32))
        if sgd is not None:
            self.finish_update(sgd)
        wrong = np.where(truth > 0, guess, 1 - guess)
        losses[self.name] += float(-(np.log(wrong + 1e-9) * allowed).sum()) / positives
        return losses

    def get_loss(self, examples: Sequence[Example], scores: Any) -> tuple[float, Any]:
        """Refuse: the loss is worked out in `update`, where the candidates are known."""
        raise NotImplementedError("ie_relations computes its loss in update()")

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None, **kwargs: Any
    ) -> None:
        """Infer the missing dimensions from a few examples."""
        sample = [example for example, _ in zip(get_examples(), range(4), strict=False)]
        self.model.initialize(X=[(e.reference, pairs(e.reference, carry.keys(e.reference))) for e in sample])

    def add_label(self, label: str) -> int:
        """Refuse: relation types come from `ie/schema.toml`."""
        raise NotImplementedError("relation types stand in ie/schema.toml")


def invented(reference: Doc, predicted: Doc) -> list[Key]:
    """Return the predicted spans that touch no gold span of their label; none while there are more of them than gold.

    A model that has learned nothing yet invents spans everywhere.
    """
    gold: dict[str, np.ndarray] = {}
    known = carry.keys(reference)
    for key in known:
        gold.setdefault(key.label, np.zeros(len(reference), dtype=bool))[key.start : key.end] = True
    found = [k for k in carry.keys(predicted) if k.label not in gold or not gold[k.label][k.start : k.end].any()]
    return found if len(found) <= len(known) else []


def targets(doc: Doc, found: Pairs) -> np.ndarray:
    """Return `(pairs, types)`, 1 where the gold relations of `doc` join the pair."""
    names = {name: index for index, name in enumerate(relation_names())}
    where = {(found.spans[h], found.spans[t]): i for i, (h, t) in enumerate(zip(found.head, found.tail, strict=True))}
    table = np.zeros((len(found.head), len(names)), dtype=np.float32)
    for link in carry.relations(doc):
        row = where.get((link.head, link.tail))
        if row is not None:
            table[row, names[link.type]] = 1.0
    return table


def never_proposed(doc: Doc) -> list[Link]:
    """Return the gold relations of `doc` that no candidate pair covers."""
    found = pairs(doc, carry.keys(doc))
    known = {(found.spans[h], found.spans[t]) for h, t in zip(found.head, found.tail, strict=True)}
    return [link for link in carry.relations(doc) if (link.head, link.tail) not in known]


def score_relations(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
    """Return F1 of relations with exact ends, against all gold relations (`ie.relation_scorer.v1`)."""
    right, guessed, gold = Counter[str](), Counter[str](), Counter[str]()
    for example in examples:
        truth = {k[:3] for k in carry.relations(example.reference)}
        guess = {k[:3] for k in carry.relations(example.predicted)}
        right.update(k[0] for k in truth & guess)
        guessed.update(k[0] for k in guess)
        gold.update(k[0] for k in truth)
    total = guessed.total() + gold.total()
    per_type = {
        name: {
            "f": 2 * right[name] / (guessed[name] + gold[name]) if guessed[name] + gold[name] else 0.0,
            "support": gold[name],
        }
        for name in relation_names()
    }
    return {"ie_rel_f": 2 * right.total() / total if total else 0.0, "ie_rel_per_type": per_type}


def relation_scorer() -> Callable:
    """Return the scorer that the config names."""
    return score_relations


def create_relations(
    nlp: Language, name: str, model: Model, threshold: float, scorer: Callable | None
) -> RelationScorer:
    """Build the component; registered as the factory `ie_relations`."""
    return RelationScorer(nlp.vocab, model, name, threshold=threshold, scorer=scorer)


registry.architectures("ie.PairScorer.v1", func=pair_scorer)
registry.architectures("ie.PairScorer.v3", func=rival_scorer)
registry.scorers("ie.relation_scorer.v1", func=relation_scorer)
Language.factory(
    "ie_relations",
    requires=["doc.spans"],
    default_config={"model": None, "threshold": 0.5, "scorer": {"@scorers": "ie.relation_scorer.v1"}},
    default_score_weights={"ie_rel_f": 0.4},
    func=create_relations,
)
