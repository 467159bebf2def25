"""Token vectors from a pretrained transformer (PhoBERT, XLM-R) instead of features and convolutions.

spacy-transformers (extra `transformer`) loads, runs and saves the encoder. What is ours: reports are read in windows
measured in the encoder's own pieces, overlapping and never cut off, and underthesea's words are joined as PhoBERT was
trained to see them (`Tân_Lập`), each syllable still getting a vector of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from spacy.tokens import Doc, Span
from spacy.util import registry
from thinc.api import Linear, Model, chain, reduce_mean, with_array
from thinc.types import Floats2d

from ie.errors import IEError
from ie.tokenizer import word_starts


class MissingTransformerError(IEError, ImportError):
    """The packages of the extra `transformer` are not installed."""


class Windows:
    """Cuts Docs into overlapping spans that the encoder can hold whole.

    Args:
        encoder: The spacy-transformers model, for its tokenizer and size.
        overlap: Tokens that two neighbouring windows share; a token in both has the mean of its pieces in both.
        joint: What stands between the syllables of a word: a blank, or `_` for PhoBERT.
        limit: The most pieces of a window with the special ones; 0 for what the encoder takes.
        device: Where the encoder runs, such as `cuda`; empty for where it is.
    """

    def __init__(self, encoder: Model, *, overlap: int, joint: str, limit: int, device: str) -> None:
        self.encoder, self.overlap, self.joint, self.limit, self.device = encoder, overlap, joint, limit, device
        self._sizes: dict[str, int] = {}

    def __call__(self, docs: Iterable[Doc]) -> list[list[Span]]:
        """Return the windows of each Doc."""
        if self.device and self.encoder.transformer.device.type != self.device:  # type: ignore[attr-defined]
            self.encoder.transformer.to(self.device)  # type: ignore[attr-defined]
        return [self.of(doc if self.joint == " " else joined(doc, self.joint)) for doc in docs]

    def of(self, doc: Doc) -> list[Span]:
        """Return the windows of one Doc; together they hold every token, in order."""
        room = self.room()
        sizes = [self._size(token.text) for token in doc]
        found: list[Span] = []
        start = 0
        while start < len(doc):
            end = start + 1
            used = sizes[start]
            while end < len(doc) and used + sizes[end] <= room:
                used += sizes[end]
                end += 1
            while end > start + 1 and self._pieces(doc[start:end].text) > room:
                end = start + max(1, (end - start) * 3 // 4)
            found.append(doc[start:end])
            if end == len(doc):
                break
            start = max(start + 1, end - min(self.overlap, (end - start) // 2))
        return found

    def room(self) -> int:
        """Return how many pieces of text a window may have."""
        tokenizer = self.encoder.tokenizer  # type: ignore[attr-defined]
        positions = getattr(self.encoder.transformer.config, "max_position_embeddings", 514)  # type: ignore[attr-defined]
        most = min(tokenizer.model_max_length, positions - 2, self.limit or positions)
        tokenizer.model_max_length = min(tokenizer.model_max_length, positions - 2)
        return max(1, int(most) - 1 - tokenizer.num_special_tokens_to_add())

    def _size(self, text: str) -> int:
        if text not in self._sizes:
            self._sizes[text] = self._pieces(text)
        return self._sizes[text]

    def _pieces(self, text: str) -> int:
        return len(self.encoder.tokenizer.tokenize(text))  # type: ignore[attr-defined]


def joined(doc: Doc, joint: str) -> Doc:
    """Return a Doc of the same tokens whose text has `joint` between the syllables of each underthesea word."""
    starts = word_starts(doc)
    words = [token.text for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    for index in range(1, len(words)):
        if not starts[index] and spaces[index - 1]:
            words[index], spaces[index - 1] = joint + words[index], False
    return Doc(doc.vocab, words=words, spaces=spaces)


def transformer(
    *,
    name: str,
    width: int,
    overlap: int = 32,
    joint: str = " ",
    limit: int = 0,
    device: str = "",
    grad_factor: float = 1.0,
    tokenizer_config: dict[str, Any] | None = None,
) -> Model[list[Doc], list[Floats2d]]:
    """Embed the tokens with the encoder `name` (a name or a folder); registered as `ie.Transformer.v1`.

    A token's vector is the mean of its pieces in all windows, brought to `width`; white space has none and gets noughts
    before that. Raises MissingTransformerError without spacy-transformers.
    """
    try:
        from spacy_transformers.layers import TransformerModel, split_trf_batch, trfs2arrays
    except ImportError as error:
        raise MissingTransformerError(
            "a transformer needs torch and spacy-transformers; pip install 'viet-report-ie[transformer]'"
        ) from error
    encoder = TransformerModel(name, _whole, tokenizer_config or {"use_fast": True})
    encoder.attrs["get_spans"] = Windows(encoder, overlap=overlap, joint=joint, limit=limit, device=device)
    pooled: Model = chain(encoder, _home(), split_trf_batch(), trfs2arrays(reduce_mean(), grad_factor))
    model: Model = chain(pooled, with_array(Linear(nO=width)))
    model.set_dim("nO", width)
    return model


def _whole(docs: Iterable[Doc]) -> list[list[Span]]:
    return [[doc[:]] for doc in docs]


def _home() -> Model:
    """Return a layer that brings what an encoder on a GPU puts out to the processor, where the other layers run."""
    return Model("ie_home", _forward_home)


def _forward_home(model: Model, batch: Any, is_train: bool):  # type: ignore[no-untyped-def]
    kind = type(batch.model_output)
    device = batch.model_output.last_hidden_state.device

    def backprop(gradient: Any) -> Any:
        moved = {name: value.to(device) for name, value in gradient.model_output.items()}
        return replace(gradient, model_output=type(gradient.model_output)(**moved))

    return replace(batch, model_output=kind(last_hidden_state=batch.model_output.last_hidden_state.cpu())), backprop


registry.architectures("ie.Transformer.v1", func=transformer)
