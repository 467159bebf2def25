"""The trained entity layers: one BILUO tagging per label over shared token vectors, so that labels may nest.

Every label is a layer of its own with five tags a token; decoding takes the best tag sequence that is well formed.
Qualifiers of quantities (estimate, planned, …) are read off the same layer at the tokens of a QUANTITY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline.trainable_pipe import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Linear, Maxout, Model, Optimizer, chain, set_dropout_rate, with_array
from thinc.types import Floats2d

from ie import spans as carry
from ie.schema import schema
from ie.spans import Key

TAGS = ("O", "B", "I", "L", "U")
O, B, I, L, U = range(5)  # noqa: E741
_ALLOWED = np.full((5, 5), -np.inf, dtype=np.float32)
for _from, _to in ((O, O), (O, B), (O, U), (B, I), (B, L), (I, I), (I, L), (L, O), (L, B), (L, U), (U, O), (U, B), (U, U)):
    _ALLOWED[_from, _to] = 0.0
_NEXT = np.isfinite(_ALLOWED)


def qualifier_names() -> tuple[tuple[str, str], ...]:
    """Return the `(attribute, value)` pairs that the tagger learns, in the order of its outputs."""
    found = (a for a in schema().attributes.values() if a.name != "Open")
    return tuple((a.name, value) for a in found for value in (a.values or ("",)))


def label_names() -> tuple[str, ...]:
    """Return the labels in the order of the layers."""
    return tuple(schema().labels)


def layered_tagger(tok2vec: Model[list[Doc], list[Floats2d]], *, hidden: int) -> Model[list[Doc], list[Floats2d]]:
    """Score the tags of all layers and the qualifiers; registered as `ie.LayeredTagger.v1`.

    Output: for each Doc `(tokens, 5 * labels + qualifiers)` logits.
    """
    outputs = len(TAGS) * len(label_names()) + len(qualifier_names())
    width = tok2vec.get_dim("nO") if tok2vec.has_dim("nO") else None
    head: Model = chain(Maxout(nO=hidden, nI=width, nP=2, normalize=True, dropout=0.0), Linear(nO=outputs, nI=hidden))
    model: Model = chain(tok2vec, with_array(head))
    model.set_ref("tok2vec", tok2vec)
    return model


def encode(spans: Iterable[Key], length: int) -> np.ndarray:
    """Return the `(length, labels)` tags of the spans; where spans of one label overlap the longer one is kept."""
    layers = {label: index for index, label in enumerate(label_names())}
    tags = np.zeros((length, len(layers)), dtype=np.int64)
    for span in sorted(spans, key=lambda k: k.start - k.end):
        column = tags[span.start : span.end, layers[span.label]]
        if column.any():
            continue
        column[:] = I
        column[0], column[-1] = (U, U) if len(column) == 1 else (B, L)
    return tags


def decode(logits: np.ndarray) -> list[tuple[int, int, float]]:
    """Return `(start, end, score)` of the spans of one layer from its `(tokens, 5)` log probabilities.

    The best tag of each token is taken where these form well-formed spans; elsewhere the best well-formed sequence is
    found by Viterbi over the stretch between two outside tokens. The score is the mean probability of the tags.
    """
    best = logits.argmax(axis=1)
    inside = np.flatnonzero(best != O)
    found: list[tuple[int, int, float]] = []
    if not len(inside):
        return found
    breaks = np.flatnonzero(np.diff(inside) > 1) + 1
    for run in np.split(inside, breaks):
        start, end = int(run[0]), int(run[-1]) + 1
        tags = best[start:end]
        if not _well_formed(tags):
            start, end = max(0, start - 1), min(len(best), end + 1)
            tags = _viterbi(logits[start:end])
        found += _spans(tags, logits[start:end], start)
    return found


def _well_formed(tags: np.ndarray) -> bool:
    return bool(tags[0] in (B, U) and tags[-1] in (L, U) and _NEXT[tags[:-1], tags[1:]].all())


def _viterbi(logits: np.ndarray) -> np.ndarray:
    length = len(logits)
    back = np.zeros((length, 5), dtype=np.int64)
    score = logits[0].copy()
    score[[I, L]] = -np.inf
    for index in range(1, length):
        paths = score[:, None] + _ALLOWED
        back[index] = paths.argmax(axis=0)
        score = paths.max(axis=0) + logits[index]
    score[[B, I]] = -np.inf
    tags = np.zeros(length, dtype=np.int64)
    tags[-1] = score.argmax()
    for index in range(length - 1, 0, -1):
        tags[index - 1] = back[index, tags[index]]
    return tags


def _spans(tags: np.ndarray, logits: np.ndarray, offset: int) -> list[tuple[int, int, float]]:
    found = []
    start = 0
    for index, tag in enumerate(tags):
        if tag in (B, U):
            start = index
        if tag in (L, U):
            picked = logits[np.arange(start, index + 1), tags[start : index + 1]]
            found.append((offset + start, offset + index + 1, float(np.exp(picked.mean()))))
    return found


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return log probabilities over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))  # type: ignore[no-any-return]


class EntityLayers(TrainablePipe):
    """The spaCy component `ie_entities`: sets `doc.spans["ie"]` and the qualifiers of quantities."""

    def __init__(self, vocab: Vocab, model: Model, name: str = "ie_entities", *, scorer: Callable | None = None) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.scorer = scorer
        self.cfg: dict[str, Any] = {"labels": list(label_names()), "qualifiers": [list(q) for q in qualifier_names()]}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, one a layer."""
        return label_names()

    def predict(self, docs: Sequence[Doc]) -> list[np.ndarray]:
        """Return the logits of each Doc."""
        if not any(len(doc) for doc in docs):
            width = len(TAGS) * len(label_names()) + len(qualifier_names())
            return [np.zeros((0, width), dtype=np.float32) for _ in docs]
        return self.model.predict(docs)  # type: ignore[no-any-return]

    def set_annotations(self, docs: Sequence[Doc], scores: list[np.ndarray]) -> None:
        """Decode the logits and set spans, scores and qualifiers."""
        for doc, logits in zip(docs, scores, strict=True):
            found: dict[Key, float] = {}
            count = len(label_names())
            tags = log_softmax(logits[:, : 5 * count].reshape(len(doc), count, 5))
            for layer, label in enumerate(label_names()):
                for start, end, score in decode(tags[:, layer]):
                    trimmed = _trim(doc, start, end)
                    if trimmed:
                        found[Key(label, *trimmed)] = score
            carry.set_spans(doc, found, found)
            carry.set_attributes(doc, _qualifiers(found, logits[:, 5 * count :]))

    def get_loss(self, examples: Sequence[Example], scores: list[np.ndarray]) -> tuple[float, list[np.ndarray]]:
        """Return the cross entropy of the tags and qualifiers, and its gradient."""
        count = len(label_names())
        names = {name: index for index, name in enumerate(qualifier_names())}
        gradients, loss = [], 0.0
        for example, logits in zip(examples, scores, strict=True):
            gold = carry.keys(example.reference)
            d_logits = np.zeros_like(logits)
            tags = encode(gold, len(logits))
            guess = np.exp(log_softmax(logits[:, : 5 * count].reshape(len(logits), count, 5)))
            rows, layers = np.indices(tags.shape)
            loss += float(-np.log(guess[rows, layers, tags] + 1e-9).sum())
            guess[rows, layers, tags] -= 1.0
            d_logits[:, : 5 * count] = guess.reshape(len(logits), 5 * count)
            marked = carry.attributes(example.reference)
            for span in gold:
                if span.label == "QUANTITY":
                    truth = np.zeros(len(names), dtype=np.float32)
                    truth[[names[pair] for pair in marked.get(span, ()) if pair in names]] = 1.0
                    part = 1 / (1 + np.exp(-logits[span.start : span.end, 5 * count :]))
                    d_logits[span.start : span.end, 5 * count :] = (part - truth) * 0.5
            gradients.append(d_logits)
        return loss, gradients

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from one batch."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        batch = [example for example in examples if len(example.predicted)]
        if not batch:
            return losses
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update([example.predicted for example in batch])
        loss, gradients = self.get_loss(batch, scores)
        tokens = sum(len(gradient) for gradient in gradients)
        backprop([gradient * (100.0 / tokens) for gradient in gradients])
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss / tokens
        return losses

    def initialize(
        self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None, **kwargs: Any
    ) -> None:
        """Infer the missing dimensions from a few examples."""
        docs = [example.predicted for example, _ in zip(get_examples(), range(4), strict=False)]
        self.model.initialize(X=docs)

    def add_label(self, label: str) -> int:
        """Refuse: labels come from `ie/schema.toml`."""
        raise NotImplementedError("labels stand in ie/schema.toml")


def _trim(doc: Doc, start: int, end: int) -> tuple[int, int] | None:
    """Drop white space tokens from the edges of a span."""
    while start < end and doc[start].is_space:
        start += 1
    while end > start and doc[end - 1].is_space:
        end -= 1
    return (start, end) if start < end else None


def _qualifiers(found: Iterable[Key], logits: np.ndarray) -> dict[Key, tuple[tuple[str, str], ...]]:
    names = qualifier_names()
    chosen: dict[Key, tuple[tuple[str, str], ...]] = {}
    for span in found:
        if span.label == "QUANTITY":
            mean = logits[span.start : span.end].mean(axis=0)
            picked = _one_value_each([(names[i], float(mean[i])) for i in np.flatnonzero(mean > 0)])
            if picked:
                chosen[span] = picked
    return chosen


def _one_value_each(found: list[tuple[tuple[str, str], float]]) -> tuple[tuple[str, str], ...]:
    """Keep the best value of each attribute."""
    best: dict[str, tuple[str, float]] = {}
    for (name, value), score in found:
        if name not in best or best[name][1] < score:
            best[name] = (value, score)
    return tuple((name, value) for name, (value, _) in best.items())


def score_spans(examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
    """Return exact F1 of the core labels and of each label, on the tokens of the examples (`ie.span_scorer.v1`).

    A guide while training; what is believed is measured by `evaluation` on the source text.
    """
    counts: dict[str, list[int]] = {label: [0, 0, 0] for label in label_names()}
    for example in examples:
        gold, guess = set(carry.keys(example.reference)), set(carry.keys(example.predicted))
        for label, entry in counts.items():
            right = {k for k in guess if k.label == label}
            truth = {k for k in gold if k.label == label}
            entry[0] += len(right & truth)
            entry[1] += len(right)
            entry[2] += len(truth)
    core = [counts[name] for name, label in schema().labels.items() if label.core]
    result: dict[str, Any] = {"ie_core_f": _f1([sum(column) for column in zip(*core, strict=True)])}
    result["ie_spans_f"] = _f1([sum(column) for column in zip(*counts.values(), strict=True)])
    result["ie_spans_per_type"] = {label: {"f": _f1(entry), "support": entry[2]} for label, entry in counts.items()}
    return result


def _f1(entry: Sequence[int]) -> float:
    right, guessed, gold = entry
    return 2 * right / (guessed + gold) if guessed + gold else 0.0


def span_scorer() -> Callable:
    """Return the scorer that the config names."""
    return score_spans


def create_entities(nlp: Language, name: str, model: Model, scorer: Callable | None) -> EntityLayers:
    """Build the component; registered as the factory `ie_entities`."""
    return EntityLayers(nlp.vocab, model, name, scorer=scorer)


registry.architectures("ie.LayeredTagger.v1", func=layered_tagger)
registry.scorers("ie.span_scorer.v1", func=span_scorer)
Language.factory(
    "ie_entities",
    assigns=["doc.spans"],
    default_config={"model": None, "scorer": {"@scorers": "ie.span_scorer.v1"}},
    default_score_weights={"ie_core_f": 0.4, "ie_spans_f": 0.2},
    func=create_entities,
)
