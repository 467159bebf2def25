"""Relations that leave their sentence where the guidelines keep them in it (section 4 of GUIDELINES.md).

Within a paragraph only PART_OF reaches other sentences, those that `trong đó`, `gồm` … introduce, and FUNDED what is
said of a project after its name. A lead-in gives the items under it no indicator, unless no figure of its own measures
it. Cells of tables are left alone: their sentence is the row and the head.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc
from spacy.vocab import Vocab

from corpus.checks.problem import Problem
from ie import tokens
from ie.document import Document, Relation
from ie.gold import on_tokens
from ie.scope import scope
from ie.spans import Key
from ie.tokenizer import UndertheseaTokenizer

INSIDE = ("MEASURES", "IN_PERIOD", "LOCATED_IN", "BASED_ON")
"""Relations that stay within a sentence of their paragraph."""

_CELL = "|"
_NO_SENTENCE = (_CELL, "*")
"""What begins no new sentence though a full stop stands before it: the next cell, the next item of one line."""
_NEAR = 3, 6
"""How many tokens before and after a figure a stroke between cells may stand."""


class _Placed(NamedTuple):
    relation: Relation
    head: Key
    tail: Key


def problems(document: Document, lines: Mapping[str, int], path: Path) -> Iterator[Problem]:
    """Yield one problem a relation that leaves its sentence; `lines` gives the line of each id in the file `path`."""
    for relation in leaving(document):
        message = f"{relation.type} {relation.id} leaves its sentence; take it out (GUIDELINES.md, section 4)"
        yield Problem(path, lines.get(relation.id, 0), message)


def leaving(document: Document) -> list[Relation]:
    """Return the relations of a document that leave their sentence against the guidelines, in its order."""
    doc, keys = on_tokens(document, UndertheseaTokenizer(Vocab()))
    placed = [
        _Placed(relation, keys[relation.head], keys[relation.tail])
        for relation in document.relations
        if relation.head in keys and relation.tail in keys
    ]
    text = _Text(doc)
    measures = [each for each in placed if each.relation.type == "MEASURES"]
    at_home = {each.tail for each in measures if text.together(each)}
    told = Counter(each.head for each in measures)

    def needed(each: _Placed) -> bool:
        return each.relation.type == "MEASURES" and each.tail not in at_home and told[each.head] == 1

    return [each.relation for each in placed if text.leaves(each) and not needed(each)]


class _Text:
    """Paragraphs and sentences of a document, and what stands where."""

    def __init__(self, doc: Doc) -> None:
        self.where, self.words = scope(doc), tokens.words(doc)
        self.first = np.unique(self.where.paragraph, return_index=True)

    def together(self, each: _Placed) -> bool:
        """Tell whether both ends stand in one sentence."""
        sentence = self.where.sentence
        return bool(sentence[each.head.start] == sentence[each.tail.start])

    def leaves(self, each: _Placed) -> bool:
        """Tell whether a relation joins two sentences that the guidelines keep apart."""
        if self.together(each) or self._in_table(each.head):
            return False
        paragraph = self.where.paragraph
        head, tail = int(paragraph[each.head.start]), int(paragraph[each.tail.start])
        if head == tail:
            return each.relation.type in INSIDE and any(self._sentences_between(each))
        led = tail in self.where.ancestors[head] and bool(self.where.colon[tail])
        return each.relation.type == "MEASURES" and led

    def _in_table(self, figure: Key) -> bool:
        before, after = _NEAR
        numbers, starts = self.first
        start = int(starts[np.searchsorted(numbers, self.where.paragraph[figure.start])])
        near = self.words[max(0, figure.start - before) : figure.start + after]
        return self.words[start].startswith(_CELL) or _CELL in near

    def _sentences_between(self, each: _Placed) -> Iterator[bool]:
        """Yield for each end of a sentence between both whether a sentence, and no cell or item, begins after it."""
        low, high = sorted((each.head.start, each.tail.start))
        ends = low + np.flatnonzero(np.diff(self.where.sentence[low : high + 1]))
        return (not self.words[end + 1].startswith(_NO_SENTENCE) for end in ends.tolist())
