"""What a system built on reflow, the tokenizer and candidate pairs can never find, however well it learns.

Each loss is charged to recall like any other miss; here it is told apart, so that it can be mended where it arises.
"""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.marks import Chars, Marked
from ie.document import Document


@dataclass(frozen=True)
class Limits:
    """What is out of reach in one document.

    `spans` maps ids of gold spans to `reflow` or `tokenisation`; `pairs` holds ids of gold relations between reachable
    spans that the candidate generator never proposes.
    """

    spans: dict[str, str]
    pairs: frozenset[str]


def limits(gold: Document, marked: Marked) -> Limits:
    """Run reflow, tokenizer and candidate generator on the gold spans of a document; nothing trained is needed."""
    from spacy.vocab import Vocab

    from ie.candidates import pairs
    from ie.reflow import reflow
    from ie.spans import Key
    from ie.tokenizer import UndertheseaTokenizer

    flowed = reflow(gold.text)
    back = flowed.from_source()
    doc = UndertheseaTokenizer(Vocab())(flowed.text)
    lost: dict[str, str] = {}
    keys: dict[str, Key] = {}
    for span in marked.spans:
        place = _place(span.chars, back, flowed.text)
        found = doc.char_span(*place) if place else None
        if found is None:
            lost[span.id] = "tokenisation" if place else "reflow"
        else:
            keys[span.id] = Key(span.label, found.start, found.end)
    proposed = pairs(doc, sorted(set(keys.values())))
    known = {(proposed.spans[h], proposed.spans[t]) for h, t in zip(proposed.head, proposed.tail, strict=True)}
    reachable = [link for link in marked.links if link.head.id in keys and link.tail.id in keys]
    never = {link.id for link in reachable if (keys[link.head.id], keys[link.tail.id]) not in known}
    return Limits(lost, frozenset(never))


def _place(chars: Chars, back: dict[int, int], text: str) -> tuple[int, int] | None:
    """Return the stretch of the reflowed text that holds these source characters and no other, None without one."""
    places = [back.get(at) for start, end in chars for at in range(start, end)]
    known = [place for place in places if place is not None]
    if len(known) < len(places) or not known:
        return None
    start, end = min(known), max(known) + 1
    inked = sum(not char.isspace() for char in text[start:end])
    return (start, end) if inked == len(known) else None
