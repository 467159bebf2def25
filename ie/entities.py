"""The trained entity layers: one BILUO tagging per label over shared token vectors, so that labels may nest.

Every label is a layer of its own with five tags a token and a conditional random field over a paragraph (`ie.crf`).
Qualifiers of quantities (estimate, planned, …) are read off the same layer at the tokens of a QUANTITY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline.trainable_pipe import TrainablePipe
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Linear, Model, Optimizer, chain, concatenate, set_dropout_rate, with_array
from thinc.types import Floats2d

from ie import crf
from ie import spans as carry
from ie.calibration import calibrated
from ie.crf import TAGS, B, I, L, U
from ie.layers import normed_maxout, not_learned
from ie.schema import schema
from ie.sections import COLUMNS, section_vectors
from ie.spans import Key
from ie.tokens import words

MAX_RUN = 600
"""Longest stretch in tokens that is decoded at once."""
QUALIFIER_WEIGHT = 2.0
"""Of the gradient of a qualifier beside that of a tag."""
MAYBE = 12.0
"""A token is no part of a quantity where the tag outside it leads by more."""


def qualifier_names() -> tuple[tuple[str, str], ...]:
    """Return the `(attribute, value)` pairs that the tagger learns, in the order of its outputs."""
    found = (a for a in schema().attributes.values() if a.name != "Open")
    return tuple((a.name, value) for a in found for value in (a.values or ("",)))


def qualifier_key(pair: tuple[str, str]) -> str:
    """Return the name of an `(attribute, value)` pair: `Planned`, `Basis=plan`."""
    return f"{pair[0]}={pair[1]}" if pair[1] else pair[0]


def label_names() -> tuple[str, ...]:
    """Return the labels in the order of the layers."""
    return tuple(schema().labels)


def sectioned_tagger(
    tok2vec: Model[list[Doc], list[Floats2d]], *, hidden: int, section: int, qualifier: int
) -> Model[list[Doc], list[Floats2d]]:
    """Score the tags of all layers and the qualifiers; registered as `ie.LayeredTagger.v2`.

    Qualifiers have layers of their own, `qualifier` wide, which see beside the token vectors what stands above and
    before a token: vectors of width `section` of the ids of `ie.sections`. Output: for each Doc
    `(tokens, 5 * labels + qualifiers)` logits.
    """
    width, more = tok2vec.get_dim("nO"), COLUMNS * section
    tags = _head(width, hidden, len(TAGS) * len(label_names()))
    qualifiers = _head(width + more, qualifier, len(qualifier_names()))
    both: Model = Model("tags_and_qualifiers", _forward_both, init=_init_both, layers=[tags, qualifiers])
    both.attrs["width"] = width
    scorer: Model = chain(concatenate(tok2vec, section_vectors(section)), with_array(both))
    moves = crf.transitions(len(label_names()))
    return Model(
        "layered_tagger",
        _forward,
        init=_init,
        layers=[scorer, moves],
        refs={"tok2vec": tok2vec, "transitions": moves},
    )


def _head(width: int, hidden: int, outputs: int) -> Model:
    return chain(normed_maxout(nO=hidden, nI=width, nP=2), Linear(nO=outputs, nI=hidden))


def _forward_both(model: Model, views: Floats2d, is_train: bool):  # type: ignore[no-untyped-def]
    tags, qualifiers = model.layers
    width = model.attrs["width"]
    tag_scores, back_tags = tags(np.ascontiguousarray(views[:, :width]), is_train)
    cut = tag_scores.shape[1]
    if not is_train:
        return np.hstack([tag_scores, _of_figures(qualifiers, views, tag_scores)]), not_learned
    qualifier_scores, back_qualifiers = qualifiers(views, is_train)

    def backprop(gradient: Floats2d) -> Floats2d:
        found = back_qualifiers(np.ascontiguousarray(gradient[:, cut:]))
        found[:, :width] += back_tags(np.ascontiguousarray(gradient[:, :cut]))
        return found  # type: ignore[no-any-return]

    return np.hstack([tag_scores, qualifier_scores]), backprop


def _of_figures(qualifiers: Model, views: Floats2d, tag_scores: Floats2d) -> Floats2d:
    """Return the scores of the qualifiers where a token may be of a quantity; elsewhere nobody asks, and they are 0."""
    first = len(TAGS) * label_names().index("QUANTITY")
    scores = tag_scores[:, first : first + len(TAGS)]
    rows = np.flatnonzero(scores[:, 1:].max(axis=1) > scores[:, 0] - MAYBE)
    found = np.zeros((len(views), len(qualifier_names())), dtype=np.float32)
    if len(rows):
        found[rows] = qualifiers.predict(views[rows])
    return found


def _init_both(model: Model, X: Any = None, Y: Any = None) -> None:
    for layer in model.layers:
        layer.initialize()


def _forward(model: Model, docs: Sequence[Doc], is_train: bool):  # type: ignore[no-untyped-def]
    return model.layers[0](docs, is_train)


def _init(model: Model, X: Any = None, Y: Any = None) -> None:
    model.layers[0].initialize(X=X)


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


def paragraphs(doc: Doc) -> list[tuple[int, int]]:
    """Return the token ranges `[start, end)` between line ends, long ones cut at MAX_RUN tokens; no span leaves one."""
    found: list[tuple[int, int]] = []
    start = 0
    size = len(doc)
    for end in [*(index for index, word in enumerate(words(doc)) if "\n" in word), size]:
        found += [(low, min(low + MAX_RUN, end)) for low in range(start, end, MAX_RUN)]
        start = end + 1
    return found


def spans_of(tags: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return layer, first token and end (exclusive) of the spans of `(tokens, layers)` well-formed tags, by layer."""
    layers, starts = np.nonzero(((tags == B) | (tags == U)).T)
    _, lasts = np.nonzero(((tags == L) | (tags == U)).T)
    return layers, starts, lasts + 1


def _over_spans(best: np.ufunc, rows: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return `best` (minimum, add) over the rows `[start, end)` of each span; no span is empty."""
    closed = np.concatenate([rows, rows[:1]])
    return best.reduceat(closed, np.stack([starts, ends], axis=1).ravel())[::2]  # type: ignore[no-any-return]


class EntityLayers(TrainablePipe):
    """The spaCy component `ie_entities`: sets `doc.spans["ie"]` and the qualifiers of quantities."""

    def __init__(
        self, vocab: Vocab, model: Model, name: str = "ie_entities", *, scorer: Callable | None = None
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.scorer = scorer
        self.cfg: dict[str, Any] = {
            "labels": list(label_names()),
            "qualifiers": [list(q) for q in qualifier_names()],
            # Given to each span of a label when decoding, chosen on dev: more found, more of it wrong. On the first tag
            # alone, so that spans are found more readily and do not grow.
            "bias": {},
            # Least log-odds of a qualifier, chosen on dev.
            "limits": {},
            # What a score means, chosen on dev; see ie.calibration.
            "calibration": {},
        }

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
        """Decode the logits and set spans, scores and qualifiers; the paragraphs of all Docs are decoded together."""
        count = 5 * len(label_names())
        bounds = [*pairwise(accumulate(map(len, scores), initial=0))]
        ranges = [
            (first + start, first + end)
            for doc, (first, _) in zip(docs, bounds, strict=True)
            for start, end in paragraphs(doc)
        ]
        tags, sure = self._decode(np.concatenate([logits[:, :count] for logits in scores]), ranges)
        for doc, logits, (first, end) in zip(docs, scores, bounds, strict=True):
            spans = self._spans(words(doc), tags[first:end], sure[first:end])
            carry.set_spans(doc, spans, spans)
            carry.set_attributes(doc, _qualifiers(spans, logits[:, count:], self.cfg["limits"]))

    def _spans(self, texts: list[str], tags: np.ndarray, sure: np.ndarray) -> dict[Key, float]:
        """Return the spans of `(tokens, labels)` tags and how sure the tags of each are, at the least sure token."""
        layers, starts, ends = spans_of(tags)
        if not len(layers):
            return {}
        base = layers * len(tags)
        least = _over_spans(np.minimum, sure.T.ravel(), base + starts, base + ends)
        names, maps = label_names(), self.cfg["calibration"]
        found: dict[Key, float] = {}
        for layer, start, end, score in zip(
            *(column.tolist() for column in (layers, starts, ends, least)), strict=True
        ):
            trimmed = _trim(texts, start, end)
            if trimmed:
                found[Key(names[layer], *trimmed)] = calibrated(score, names[layer], maps)
        return found

    def _decode(self, logits: np.ndarray, ranges: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
        """Return the tags `(tokens, labels)` and the probability of the tags of spans; O outside the `ranges`."""
        scores = logits.reshape(len(logits), len(label_names()), len(TAGS)).copy()
        if not ranges:
            return np.zeros(scores.shape[:2], dtype=np.int64), np.zeros(scores.shape[:2], dtype=np.float32)
        learned = self.model.get_ref("transitions").get_param("T")
        bias = np.array([self.cfg["bias"].get(label, 0.0) for label in label_names()], dtype=np.float32)
        scores[..., B] += bias
        scores[..., U] += bias
        starts, lengths = _starts_and_lengths(ranges)
        tags = crf.viterbi(scores, starts, lengths, learned)
        return tags, crf.certainty(scores, starts, lengths, learned, tags)

    def get_loss(self, examples: Sequence[Example], scores: list[np.ndarray]) -> tuple[float, list[np.ndarray]]:
        """Return the negative log likelihood of the tags and qualifiers, and its gradient."""
        count = len(label_names())
        names = {name: index for index, name in enumerate(qualifier_names())}
        moves = self.model.get_ref("transitions")
        learned = moves.get_param("T")
        gradients = [np.zeros_like(logits) for logits in scores]
        ranges: list[tuple[int, int]] = []
        truths: list[np.ndarray] = []
        at = 0
        for example, logits, gradient in zip(examples, scores, gradients, strict=True):
            gold = carry.keys(example.reference)
            ranges += [(at + start, at + end) for start, end in paragraphs(example.reference)]
            truths.append(np.eye(5, dtype=np.float32)[encode(gold, len(logits))])
            at += len(logits)
            self._qualifier_gradient(example, gold, logits[:, 5 * count :], gradient[:, 5 * count :], names)
        if not ranges:
            return 0.0, gradients
        tags = np.concatenate([logits[:, : 5 * count] for logits in scores]).reshape(at, count, 5)
        total, marginals, expected = crf.forward_backward(tags, *_starts_and_lengths(ranges), learned)
        truth, seen = _within(np.concatenate(truths), ranges)
        moves.inc_grad("T", (expected - seen).astype(np.float32) * (100.0 / max(1, at)))
        delta = (marginals - truth).reshape(at, 5 * count)
        for gradient, part in zip(gradients, np.split(delta, np.cumsum([*map(len, scores)])[:-1]), strict=True):
            gradient[:, : 5 * count] = part
        return total - float((tags * truth).sum() + (learned * seen).sum()), gradients

    def _qualifier_gradient(
        self, example: Example, gold: list[Key], logits: np.ndarray, out: np.ndarray, names: dict[tuple[str, str], int]
    ) -> None:
        """Write the gradient of the qualifiers at the tokens of each gold quantity into `out`."""
        marked = carry.attributes(example.reference)
        for span in gold:
            if span.label == "QUANTITY":
                truth = np.zeros(len(names), dtype=np.float32)
                truth[[names[pair] for pair in marked.get(span, ()) if pair in names]] = 1.0
                guess = 1 / (1 + np.exp(-logits[span.start : span.end]))
                out[span.start : span.end] = (guess - truth) * QUALIFIER_WEIGHT

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


def _starts_and_lengths(ranges: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    starts, ends = np.array(ranges, dtype=np.int64).T
    return starts, ends - starts


def _within(truth: np.ndarray, ranges: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the `(tokens, labels, tags)` truth inside the paragraphs, 0 elsewhere, and its moves `(labels, 5, 5)`."""
    inside, goes_on = np.zeros(len(truth), dtype=bool), np.zeros(len(truth), dtype=bool)
    for start, end in ranges:
        inside[start:end] = True
        goes_on[start + 1 : end] = True
    kept = truth * inside[:, None, None]
    later = np.flatnonzero(goes_on)
    return kept, np.einsum("nck,ncj->ckj", kept[later - 1], kept[later])


def _trim(texts: list[str], start: int, end: int) -> tuple[int, int] | None:
    """Drop white space tokens from the edges of a span."""
    while start < end and texts[start].isspace():
        start += 1
    while end > start and texts[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _qualifiers(
    found: Iterable[Key], logits: np.ndarray, limits: Mapping[str, float]
) -> dict[Key, tuple[tuple[str, str], ...]]:
    names = qualifier_names()
    limit = np.array([limits.get(qualifier_key(pair), 0.0) for pair in names])
    spans = [span for span in found if span.label == "QUANTITY"]
    if not spans:
        return {}
    starts, ends = (np.array([span[side] for span in spans]) for side in (1, 2))
    means = _over_spans(np.add, logits, starts, ends) / (ends - starts)[:, None]
    picked: dict[Key, list[tuple[tuple[str, str], float]]] = {}
    for row, column in np.argwhere(means > limit).tolist():
        picked.setdefault(spans[row], []).append((names[column], float(means[row, column])))
    return {span: _one_value_each(values) for span, values in picked.items()}


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


registry.scorers("ie.span_scorer.v1", func=span_scorer)
Language.factory(
    "ie_entities",
    assigns=["doc.spans"],
    default_config={"model": None, "scorer": {"@scorers": "ie.span_scorer.v1"}},
    default_score_weights={"ie_core_f": 0.4, "ie_spans_f": 0.2},
    func=create_entities,
)
