"""The shared token vectors: an embedding of `features(doc)` and a dilated convolution over it.

The encoder is spaCy's maxout window encoder but for the dilation: layer k sees the tokens `dilations[k]` away, so four
layers see 15 syllables to each side at the cost of a window of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import (
    Linear,
    Model,
    chain,
    concatenate,
    list2ragged,
    ragged2list,
    with_array,
)
from thinc.types import Floats2d

from ie.features import COLUMNS, features, norm
from ie.layers import dilated_step, hash_embed, normed_maxout, rows_once


def feature_arrays(without: Sequence[str] = ()) -> Model[list[Doc], list]:
    """Return a layer that turns each Doc into its `(tokens, 6)` array of ids; ready arrays pass through.

    Columns named in `without` hold one and the same id, so that nothing is seen of them.
    """
    # No attribute of the layer: weights that are read in bring the attributes of their own layer.
    return Model("ie_features", partial(_forward_features, hidden=[COLUMNS.index(name) for name in without]))


def _forward_features(model: Model, docs: Sequence[Doc], is_train: bool, *, hidden: Sequence[int]):  # type: ignore[no-untyped-def]
    def backprop(gradient: list) -> list:
        return []

    tables = [model.ops.asarray(features(doc) if isinstance(doc, Doc) else doc) for doc in docs]
    if hidden:
        tables = [table.copy() for table in tables]
        for table in tables:
            table[:, hidden] = 0
    return tables, backprop


def norm_vectors() -> Model[list[Doc], list[Floats2d]]:
    """Return a layer that looks up the static vector of each token's norm in the vocabulary of its Doc."""
    return Model("ie_norm_vectors", _forward_vectors)


def _forward_vectors(model: Model, docs: Sequence[Doc], is_train: bool):  # type: ignore[no-untyped-def]
    def backprop(gradient: list) -> list:
        return []

    return [_vectors(model, doc) for doc in docs], backprop


def _vectors(model: Model, doc: Doc) -> Floats2d:
    table = doc.vocab.vectors
    if not table.shape[0]:
        raise ValueError(
            "the pipeline has no static vectors; set [initialize] vectors, or vectors = 0 in the embedding"
        )
    words = [norm(token.text) for token in doc]
    if not words:
        return model.ops.alloc2f(0, table.shape[1])
    kinds = {word: index for index, word in enumerate(dict.fromkeys(words))}
    return model.ops.asarray2f(table.get_batch(list(kinds))[[kinds[word] for word in words]])


def report_embed(
    *,
    width: int,
    rows: Sequence[int],
    widths: Sequence[int],
    dropout: float | None = None,
    without: Sequence[str] = (),
    vectors: int = 0,
) -> Model[list[Doc], list[Floats2d]]:
    """Embed the six features and mix them to `width`; registered as `ie.ReportEmbed.v1`.

    `rows` and `widths` give the table size and vector width of each feature, in the order of `ie.features.COLUMNS`;
    `without` names features to hide, to see what each is worth. `vectors` is the width to which static vectors of the
    norms are brought beside them, 0 for none.
    """
    if not len(rows) == len(widths) == len(COLUMNS):
        raise ValueError(f"rows and widths need {len(COLUMNS)} numbers each, one a feature: {', '.join(COLUMNS)}")
    unknown = sorted(set(without) - set(COLUMNS))
    if unknown:
        raise ValueError(f"without names no feature: {', '.join(unknown)}; use some of {', '.join(COLUMNS)}")
    tables = [
        hash_embed(nO=size, nV=count, column=column, seed=7 + column, dropout=dropout)
        for column, (count, size) in enumerate(zip(rows, widths, strict=True))
    ]
    mix: Model = normed_maxout(nO=width, nI=sum(widths) + vectors, nP=3)
    if not vectors:
        embed: Model = chain(concatenate(*tables), mix)
        return chain(feature_arrays(without), list2ragged(), rows_once(embed), ragged2list())
    learned: Model = chain(feature_arrays(without), list2ragged(), rows_once(concatenate(*tables)))
    static: Model = chain(norm_vectors(), list2ragged(), with_array(Linear(nO=vectors)))
    return chain(concatenate(learned, static), with_array(mix), ragged2list())


def dilated_encoder(*, width: int, dilations: Sequence[int], pieces: int) -> Model[list[Floats2d], list[Floats2d]]:
    """Stack residual dilated convolutions with maxout; registered as `ie.DilatedEncoder.v1`.

    Texts of a batch are kept apart by as many zero rows as the receptive field, so a batch changes no result.
    """
    layers = [dilated_step(width=width, distance=far, pieces=pieces) for far in dilations]
    model: Model = chain(*layers) if len(layers) > 1 else layers[0]
    encoder = with_array(model, pad=sum(dilations))
    encoder.set_dim("nO", width)
    return encoder


registry.architectures("ie.ReportEmbed.v1", func=report_embed)
registry.architectures("ie.DilatedEncoder.v1", func=dilated_encoder)
