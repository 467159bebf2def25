"""How a spaCy Doc carries the annotation: a span group, relations and qualifiers in its user data.

`doc.spans["ie"]` holds all spans, nested across labels. `doc._.ie_relations` is a list of `Link`; `doc._.ie_attributes`
maps a span key to its attributes. Keys are `(label, start, end)` in tokens, end exclusive, never list positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from spacy.tokens import Doc, Span, SpanGroup

GROUP = "ie"
_RELATIONS, _ATTRIBUTES, _SCORES = "ie_relations", "ie_attributes", "ie_scores"


class Key(NamedTuple):
    """A span by label and tokens, end exclusive."""

    label: str
    start: int
    end: int


class Link(NamedTuple):
    """A relation between two spans of a Doc."""

    type: str
    head: Key
    tail: Key
    score: float = 1.0


class _Kept(SpanGroup):
    """A span group that knows the keys of its spans until one changes: reading them off costs a Span object each."""

    known: tuple[Key, ...] | None = None

    def __setitem__(self, i: int, span: Span) -> None:
        self.known = None
        super().__setitem__(i, span)

    def __delitem__(self, i: int) -> None:
        self.known = None
        super().__delitem__(i)

    def __iadd__(self, other: Any) -> SpanGroup:
        self.known = None
        return super().__iadd__(other)

    def append(self, span: Span) -> None:
        self.known = None
        super().append(span)

    def extend(self, spans: Any) -> None:
        self.known = None
        super().extend(spans)

    def from_bytes(self, bytes_data: bytes) -> SpanGroup:
        self.known = None
        return super().from_bytes(bytes_data)


def key(span: Span) -> Key:
    """Return the key of a spaCy span."""
    return Key(span.label_, span.start, span.end)


def keys(doc: Doc) -> list[Key]:
    """Return the keys of all spans in order of the text, longer first."""
    group = doc.spans.get(GROUP)
    if group is None:
        return []
    if isinstance(group, _Kept) and group.known is not None:
        return list(group.known)
    return _in_order({key(span) for span in group})


def _in_order(found: Iterable[Key]) -> list[Key]:
    return sorted(found, key=lambda k: (k.start, -k.end, k.label))


def set_spans(doc: Doc, spans: Iterable[Key], scores: dict[Key, float] | None = None) -> None:
    """Replace the spans of `doc`."""
    found = _in_order(set(spans))
    _keep(doc, found, [Span(doc, k.start, k.end, label=k.label) for k in found], scores or {})


def _keep(doc: Doc, found: list[Key], made: list[Span], scores: Mapping[Key, float]) -> None:
    """Set the spans of `doc`, and the scores of those keys that have one."""
    doc.spans[GROUP] = group = _Kept(doc, name=GROUP, spans=made)
    group.known = tuple(found)
    # Lists of pairs: spaCy stores a Doc's user data as msgpack, which has no tuples as keys of a dict. It takes a `Key`
    # or `Link` for a list, and gives lists back; what was never stored is read off as it is.
    doc.user_data[_SCORES] = [(k, float(v)) for k, v in scores.items()]


def drop_spans(doc: Doc, unwanted: Iterable[Key]) -> None:
    """Take spans and their scores out of `doc`."""
    gone = set(unwanted)
    if not gone:
        return
    group, known, sure = doc.spans[GROUP], keys(doc), scores(doc)
    found = [k for k in known if k not in gone]
    kept_scores = {k: sure[k] for k in found if k in sure}
    if isinstance(group, _Kept) and group.known is not None:
        # Spans taken over cost less than spans made anew.
        _keep(doc, found, [group[index] for index, k in enumerate(known) if k not in gone], kept_scores)
    else:
        set_spans(doc, found, kept_scores)


def scores(doc: Doc) -> dict[Key, float]:
    """Return the scores of the predicted spans."""
    return {_key(k): v for k, v in doc.user_data.get(_SCORES, ())}


def _key(stored: Sequence[Any]) -> Key:
    return stored if type(stored) is Key else Key(*stored)


def relations(doc: Doc) -> list[Link]:
    """Return the relations of `doc`."""
    found = doc.user_data.get(_RELATIONS, [])
    return [k if type(k) is Link else Link(k[0], Key(*k[1]), Key(*k[2]), k[3]) for k in found]


def set_relations(doc: Doc, links: Iterable[Link]) -> None:
    """Replace the relations of `doc`."""
    doc.user_data[_RELATIONS] = [k if type(k.score) is float else k._replace(score=float(k.score)) for k in links]


def attributes(doc: Doc) -> dict[Key, tuple[tuple[str, str], ...]]:
    """Return the attributes of each span that has some, as `(name, value)` pairs, value "" for a flag."""
    found = doc.user_data.get(_ATTRIBUTES, ())
    return {_key(k): tuple((name, value) for name, value in pairs) for k, pairs in found}


def set_attributes(doc: Doc, found: dict[Key, tuple[tuple[str, str], ...]]) -> None:
    """Replace the attributes of `doc`."""
    doc.user_data[_ATTRIBUTES] = [(k, tuple(v)) for k, v in found.items()]


def register_extensions() -> None:
    """Make `doc._.ie_relations` and `doc._.ie_attributes` available."""
    for name, getter in (("ie_relations", relations), ("ie_attributes", attributes)):
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=getter)


register_extensions()
