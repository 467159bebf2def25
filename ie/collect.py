"""What other architectures of the entity layers need around spaCy's own components: a suggester and a collector.

`ie_collect` is the pipe behind `ie_ner_layer` or `spancat`: it brings the spans of some groups into `doc.spans["ie"]`,
where the relations and everything after them look for spans. It learns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from thinc.api import Ops, get_current_ops
from thinc.types import Ragged

from ie import spans as carry
from ie.schema import schema
from ie.spans import GROUP, Key

DROPPED = "ie_candidates_dropped"
"""In `doc.user_data`: how many candidate spans did not fit the bound of the suggester."""


def group_of(label: str) -> str:
    """Return the name of the span group of one layer."""
    return f"{GROUP}:{label}"


class Collector:
    """The spaCy component `ie_collect`: sets `doc.spans["ie"]` from the groups, without overlaps inside a label.

    Where two spans of a label cross, the one with the better score stays, of equals the longer; spans of a label that
    may nest in itself stay both when one holds the other. Spans over a line end are left out: none may leave its line.
    """

    def __init__(self, groups: Sequence[str], *, scorer: Callable | None = None) -> None:
        self.groups = tuple(groups)
        self.scorer = scorer

    def __call__(self, doc: Doc) -> Doc:
        """Collect the spans of one Doc."""
        found: dict[Key, float] = {}
        for name in self.groups:
            group = doc.spans.get(name, [])
            sure = getattr(group, "attrs", {}).get("scores")
            values = [1.0] * len(group) if sure is None else [float(value) for value in sure]
            for span, value in zip(group, values, strict=True):
                if "\n" in span.text:
                    continue
                key = carry.key(span)
                found[key] = max(value, found.get(key, 0.0))
        kept = compatible(found)
        carry.set_spans(doc, kept, kept)
        for name in self.groups:
            if name != GROUP:
                del doc.spans[name]
        return doc

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Return the scores of the spans."""
        return self.scorer(examples, **kwargs) if self.scorer else {}

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write nothing: the config says everything."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Collector:
        """Return self: there is nothing to load."""
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return nothing to save."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Collector:
        """Return self: there is nothing to load."""
        return self


def compatible(found: dict[Key, float]) -> dict[Key, float]:
    """Return the spans that may stand together, best first taken."""
    kept: dict[Key, float] = {}
    by_label: dict[str, list[Key]] = {}
    for key in sorted(found, key=lambda k: (-found[k], k.start - k.end, k)):
        others = by_label.setdefault(key.label, [])
        nests = schema().labels[key.label].self_nesting
        if all(_apart(key, other) or (nests and _holds(key, other)) for other in others):
            others.append(key)
            kept[key] = found[key]
    return kept


def _apart(one: Key, other: Key) -> bool:
    return one.end <= other.start or other.end <= one.start


def _holds(one: Key, other: Key) -> bool:
    """Tell whether one of the two lies inside the other."""
    return (one.start <= other.start and other.end <= one.end) or (other.start <= one.start and one.end <= other.end)


def bounded_suggester(*, candidates_key: str, per_token: float) -> Callable[..., Ragged]:
    """Suggest the spans of a group, shortest first, as long as their tokens fit; registered as `ie.bounded.v1`.

    The spans of a Doc hold together at most `per_token` tokens for each of its tokens, so that memory is bounded
    whatever the finder proposes. What did not fit is counted in `doc.user_data["ie_candidates_dropped"]`.
    """

    def suggest(docs: Iterable[Doc], *, ops: Ops | None = None) -> Ragged:
        ops = get_current_ops() if ops is None else ops
        tables = [_bounded(doc, candidates_key, per_token) for doc in docs]
        lengths = ops.asarray1i([len(table) for table in tables])
        data = np.concatenate(tables) if tables else np.zeros((0, 2), dtype=np.int32)
        return Ragged(ops.asarray2i(data), lengths)

    return suggest


def _bounded(doc: Doc, candidates_key: str, per_token: float) -> np.ndarray:
    """Return the `(spans, 2)` table of token starts and ends of one Doc."""
    known = {(span.start, span.end) for span in doc.spans.get(candidates_key, [])}
    table = np.array(sorted(known, key=lambda s: (s[1] - s[0], s)), dtype=np.int32).reshape(-1, 2)
    size = np.cumsum(table[:, 1] - table[:, 0])
    fits = int(np.searchsorted(size, per_token * len(doc), side="right"))
    doc.user_data[DROPPED] = len(table) - fits
    return table[:fits]


def create_collector(nlp: Language, name: str, groups: list[str], scorer: Callable | None) -> Collector:
    """Build the component; registered as the factory `ie_collect`."""
    return Collector(groups, scorer=scorer)


registry.misc("ie.bounded.v1", func=bounded_suggester)
Language.factory(
    "ie_collect",
    assigns=["doc.spans"],
    default_config={
        "groups": [group_of(label) for label in schema().labels],
        "scorer": {"@scorers": "ie.span_scorer.v1"},
    },
    default_score_weights={"ie_core_f": 0.4, "ie_spans_f": 0.2},
    func=create_collector,
)
