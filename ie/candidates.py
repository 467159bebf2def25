"""Which pairs of spans may be related, and what is seen of a pair.

Candidates are pairs that the schema allows within a paragraph (a few sentences apart at most) or between a paragraph
and those above it in the outline, as near as `ie.reach` says for their labels. Gold pairs outside are lost to the
model; `ie.relations` counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from spacy.tokens import Doc

from ie.features import _hash, features
from ie.hashing import mixed
from ie.reach import in_reach
from ie.schema import schema
from ie.scope import Scope, scope
from ie.spans import Key
from ie.tokens import words

MAX_SPANS_A_TOKEN = 0.8
"""More spans than that come from a model that has learned nothing yet; their pairs would fill the memory."""
FEATURES = 16
_BASE = 1_000_003
_INVERSE = pow(_BASE, -1, 2**64)
_PUNCTUATION = (",", ";", ":", "(", ")", ".", "/", "-", "\n")


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs of one Doc: `head` and `tail` index `spans`; `table` is `(pairs, FEATURES)` of hashed ids.

    `allowed` is `(pairs, relation types)`, bool, by the schema.
    """

    spans: tuple[Key, ...]
    head: np.ndarray
    tail: np.ndarray
    table: np.ndarray
    allowed: np.ndarray


def relation_names() -> tuple[str, ...]:
    """Return the relation types in the order of the model's outputs."""
    return tuple(schema().relations)


@cache
def _signature() -> np.ndarray:
    """Return `(labels, labels, relations)`: what the schema allows."""
    rules = schema()
    labels = tuple(rules.labels)
    table = np.zeros((len(labels), len(labels), len(rules.relations)), dtype=bool)
    for i, head in enumerate(labels):
        for j, tail in enumerate(labels):
            table[i, j] = [rules.allows(name, head, tail) for name in rules.relations]
    return table


def pairs(doc: Doc, spans: Sequence[Key]) -> Pairs:
    """Return the candidate pairs among `spans`, sorted by head and tail."""
    ordered = tuple(sorted(spans, key=lambda k: (k.start, -k.end, k.label)))
    names = {label: index for index, label in enumerate(schema().labels)}
    signature = _signature()
    count = len(ordered)
    if count < 2 or count > MAX_SPANS_A_TOKEN * len(doc) + 50:
        return _empty(ordered)
    where = scope(doc)
    labels = np.array([names[span.label] for span in ordered])
    starts = np.array([span.start for span in ordered])
    ends = np.array([span.end for span in ordered])
    head, tail = _near(where, labels, starts, ends)
    if not len(head):
        return _empty(ordered)
    table = _table(doc, where, labels, starts, ends, head, tail)
    return Pairs(ordered, head, tail, table, signature[labels[head], labels[tail]])


def _empty(spans: tuple[Key, ...]) -> Pairs:
    none = np.zeros(0, dtype=np.int64)
    return Pairs(
        spans, none, none, np.zeros((0, FEATURES), dtype=np.uint64), np.zeros((0, len(relation_names())), dtype=bool)
    )


def _near(where: Scope, labels: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return head and tail of the pairs in reach of each other, sorted by head and tail."""
    paragraph = where.paragraph[starts]
    head, tail = _in_sight(where, paragraph)
    kept = in_reach(labels, starts, ends, paragraph, where.sentence[starts], head, tail)
    head, tail = head[kept], tail[kept]
    order = np.lexsort((tail, head))
    return head[order], tail[order]


def _in_sight(where: Scope, paragraph: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs, both ways, of different spans in one paragraph or in two that the outline joins."""
    # Spans are sorted: those of a paragraph stand together.
    numbers, firsts = np.unique(paragraph, return_index=True)
    members = dict(zip(numbers.tolist(), np.split(np.arange(len(paragraph)), firsts[1:]), strict=True))
    heads, tails = [], []
    for number, inside in members.items():
        uppers = [members[ancestor] for ancestor in where.ancestors[number] if ancestor in members]
        seen = np.concatenate([inside, *uppers])
        head, tail = np.repeat(inside, len(seen)), np.tile(seen, len(inside))
        above = paragraph[tail] != number
        heads += [head, tail[above]]
        tails += [tail, head[above]]
    head, tail = np.concatenate(heads), np.concatenate(tails)
    return head[head != tail], tail[head != tail]


def _powers(base: int, count: int) -> np.ndarray:
    """Return the powers of `base` from 0 to `count`, modulo 2 ** 64."""
    with np.errstate(over="ignore"):
        steps = np.full(count + 1, base, dtype=np.uint64)
        steps[0] = 1
        return np.cumprod(steps, dtype=np.uint64)


class _Sequence:
    """Hashes any stretch of a sequence in constant time: a polynomial in `_BASE`, modulo 2 ** 64."""

    def __init__(self, values: np.ndarray) -> None:
        self.power = _powers(_BASE, len(values))
        # The hash of the first n values is the sum of value * base ** (n - 1 - place): one sum with the base's inverse.
        terms = np.concatenate([[0], values.astype(np.uint64) + np.uint64(1)]).astype(np.uint64)
        with np.errstate(over="ignore"):
            self.prefix = self.power * np.cumsum(terms * _powers(_INVERSE, len(values)), dtype=np.uint64)

    def stretch(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Return the hash of `[start, end)` for each pair of positions."""
        size = np.maximum(end - start, 0)
        with np.errstate(over="ignore"):
            return self.prefix[start + size] - self.prefix[start] * self.power[size]


def _counts(flags: np.ndarray) -> np.ndarray:
    """Return prefix counts along the first axis, one longer than it."""
    return np.concatenate([np.zeros((1, *flags.shape[1:]), dtype=np.int32), np.cumsum(flags, axis=0, dtype=np.int32)])


def _table(
    doc: Doc, where: Scope, labels: np.ndarray, starts: np.ndarray, ends: np.ndarray, head: np.ndarray, tail: np.ndarray
) -> np.ndarray:
    """Return the hashed features of the pairs; each column joins the labels with one view of the pair."""
    token = _Tokens(doc)
    forward = (starts[tail] >= starts[head]).astype(np.int64)
    left = np.where(forward == 1, np.minimum(ends[head], starts[tail]), np.minimum(ends[tail], starts[head]))
    right = np.where(forward == 1, starts[tail], starts[head])
    nested = ((starts[tail] >= starts[head]) & (ends[tail] <= ends[head])) | (
        (starts[head] >= starts[tail]) & (ends[head] <= ends[tail])
    )
    distance = np.maximum(right - left, 0)
    bucket = np.digitize(distance, [1, 2, 3, 4, 6, 9, 13, 20, 30, 50, 80, 140])
    both = mixed(np.zeros(len(head), dtype=np.uint64), labels[head] * 8 + labels[tail] + 64 * forward + 128 * nested)
    onehot = np.zeros((len(doc) + 1, 7), dtype=np.int32)
    np.add.at(onehot, (starts, labels), 1)
    starting = _counts(onehot)
    between = starting[right] - starting[np.minimum(left, right)]
    row = np.arange(len(head))
    same_tail, same_head = between[row, labels[tail]], between[row, labels[head]]
    # How many spans of the tail's label stand between, up to three and two.
    tails_3, tails_2 = np.minimum(same_tail, 3), np.minimum(same_tail, 2)
    order = _Sequence(labels)
    low, high = np.minimum(head, tail) + 1, np.maximum(head, tail)
    labels_between = np.where(high - low <= 6, order.stretch(low, np.maximum(high, low)), 1)
    marks = token.marks.stretch(token.mark_count[np.minimum(left, right)], token.mark_count[right])
    many = token.mark_count[right] - token.mark_count[np.minimum(left, right)]
    marks = np.where(many <= 6, marks, 1)
    counted = token.punctuation[right] - token.punctuation[np.minimum(left, right)]
    sentences = np.abs(where.sentence[starts[head]] - where.sentence[starts[tail]])
    apart = np.minimum(sentences, 2)
    paragraphs = where.paragraph[starts[tail]] - where.paragraph[starts[head]]
    colon = where.colon[where.paragraph[np.where(paragraphs < 0, starts[tail], starts[head])]]
    place = np.sign(paragraphs) * np.digitize(np.abs(paragraphs), [1, 2, 3, 6, 12]) + 8
    reach = place * 16 + np.minimum(sentences, 3) * 4 + colon
    bracket = token.depth[starts[tail]] - token.depth[starts[head]] + 4
    nearest = tails_3 * 8 + np.minimum(same_head, 3)
    after_head, before_head = token.norm_at(ends[head]), token.norm_at(starts[head] - 1)
    after_tail, before_tail = token.norm_at(ends[tail]), token.norm_at(starts[tail] - 1)
    place_of = _Places(where, labels, starts)
    cue, since = token.part_cue(np.minimum(left, right), right)
    told = np.where(cue >= 0, starting[np.clip(since, 0, len(doc))][row, labels[tail]], 0)
    told = np.where(cue >= 0, told - starting[np.minimum(left, right)][row, labels[tail]], 9)
    alike = (after_head == after_tail) * 2 + (token.norm_at(ends[head] + 1) == token.norm_at(ends[tail] + 1))
    first, first_head = place_of.ordinal(tail), place_of.ordinal(head)
    in_sentence, in_paragraph = place_of.rivals(head, labels[tail])
    line_head = token.line_start(starts[head], where)
    begins = place_of.sentence_start(tail)
    into = np.digitize(starts[tail] - begins, [1, 2, 3, 6, 12, 24])
    holder = _holders(labels, starts, ends)
    columns = [
        mixed(both, alike, tails_3, reach),
        mixed(both, alike, cue + 1, np.minimum(told, 3), forward),
        mixed(both, in_sentence, in_paragraph, apart, tails_2),
        mixed(both, first_head, first, place, colon),
        mixed(both, line_head, place, alike, first),
        mixed(both, nearest, reach),
        mixed(both, marks, nearest),
        mixed(both, reach, bucket),
        mixed(both, labels_between, apart),
        mixed(both, bracket, np.minimum(counted[:, 4], 2), np.minimum(counted[:, 3], 2), nearest),
        mixed(both, after_head, after_tail),
        mixed(both, after_head, before_head, nearest),
        mixed(both, np.minimum(counted[:, 1], 3), np.minimum(counted[:, 0], 4), np.minimum(counted[:, 5], 2)),
        mixed(both, holder[head], holder[tail], nearest),
        mixed(both, before_tail, apart, tails_2),
        mixed(both, into, apart, tails_2, in_sentence),
    ]
    return np.stack(columns, axis=1)


def _holders(labels: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return for each span one more than the label of the smallest span around it, 0 where it stands free.

    Spans are in order of start, longer ones first.
    """
    found = np.zeros(len(labels), dtype=np.int64)
    open_spans: list[tuple[int, int]] = []
    for index, (label, start, end) in enumerate(zip(labels.tolist(), starts.tolist(), ends.tolist(), strict=True)):
        while open_spans and open_spans[-1][0] <= start:
            open_spans.pop()
        around = next((around for until, around in reversed(open_spans) if until >= end), -1)
        found[index] = around + 1
        open_spans.append((end, label))
    return found


_ANNOUNCE = {"gồm": 2, "riêng": 4, "(": 5}
"""The number of the phrase that announces parts, where it is one word."""
_OPENING = {"trong": 1, "cụ": 2, "chi": 3}
_CLOSING = {"đó": 1, "số": 1, "thể": 2, "tiết": 3}
"""The phrase of two words that a word begins or ends: `trong đó`, `trong số`; `cụ thể`; `chi tiết`."""
_PAIRED = np.array([0, 1, 3, 3])
_BITS = 6
"""For each of what a word means to the pairs around it; see `_seen`."""


@lru_cache(maxsize=50_000)
def _seen(word: str) -> int:
    """Return in one number: the word's mark, one more than its place among them, and its part in a phrase."""
    lower = word.lower()
    meanings = (
        _PUNCTUATION.index(word) + 1 if word in _PUNCTUATION else 0,
        _ANNOUNCE.get(lower, 0),
        _OPENING.get(lower, 0),
        _CLOSING.get(lower, 0),
    )
    return sum(meaning << _BITS * place for place, meaning in enumerate(meanings))


def _part_cues(part: np.ndarray, opens: np.ndarray, closes: np.ndarray) -> np.ndarray:
    """Return for each token which phrase that announces parts starts there: 0 none, 1 trong đó, 2 gồm, 3 cụ thể …"""
    found = part.copy()
    paired = (opens[:-1] > 0) & (opens[:-1] == closes[1:])
    found[:-1][paired] = _PAIRED[opens[:-1][paired]]
    return found


class _Places:
    """Where spans stand among those of their label, in the sentence and in the paragraph."""

    def __init__(self, where: Scope, labels: np.ndarray, starts: np.ndarray) -> None:
        self.paragraph, self.sentence = where.paragraph[starts], where.sentence[starts]
        self.by_paragraph = self._table(self.paragraph, labels)
        self.by_sentence = self._table(self.sentence, labels)
        self.before = np.zeros(len(labels), dtype=np.int64)
        seen: dict[tuple[int, int], int] = {}
        for index, key in enumerate(zip(self.paragraph.tolist(), labels.tolist(), strict=True)):
            self.before[index] = seen.get(key, 0)
            seen[key] = seen.get(key, 0) + 1
        self.token_of_sentence = np.searchsorted(where.sentence, self.sentence)

    @staticmethod
    def _table(groups: np.ndarray, labels: np.ndarray) -> np.ndarray:
        table = np.zeros((int(groups.max()) + 1, 7), dtype=np.int64)
        np.add.at(table, (groups, labels), 1)
        return table

    def ordinal(self, index: np.ndarray) -> np.ndarray:
        """Return how many spans of its label stand before each span in its paragraph, three at most."""
        return np.minimum(self.before[index], 3)

    def rivals(self, index: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how many spans of `label` stand in each span's sentence and paragraph, three at most."""
        sentence = self.by_sentence[self.sentence[index], label]
        return np.minimum(sentence, 3), np.minimum(self.by_paragraph[self.paragraph[index], label], 3)

    def sentence_start(self, index: np.ndarray) -> np.ndarray:
        """Return the first token of each span's sentence."""
        return self.token_of_sentence[index]


class _Tokens:
    """Arrays over the tokens of a Doc that pairs look things up in."""

    def __init__(self, doc: Doc) -> None:
        self.hashes = features(doc)[:, 0]
        seen = np.fromiter(map(_seen, words(doc)), dtype=np.int64, count=len(doc))
        marks, part, opens, closes = ((seen >> _BITS * place) & (2**_BITS - 1) for place in range(4))
        self.mark_count = np.concatenate([[0], np.cumsum(marks > 0)])
        self.marks = _Sequence(marks[marks > 0])
        flags = marks[:, None] == np.arange(1, len(_PUNCTUATION) + 1)
        self.punctuation = _counts(flags)
        self.part = _part_cues(part, opens, closes)
        self.part_before = np.maximum.accumulate(np.where(self.part > 0, np.arange(len(doc)), -1))
        self.depth = np.clip(np.concatenate([[0], np.cumsum(flags[:, 3] * 1 - flags[:, 4])]), 0, 3)
        self.size = len(doc)
        self.edge = np.uint64(_hash("<edge>"))

    def norm_at(self, index: np.ndarray) -> np.ndarray:
        """Return the norm hashes at token positions, a fixed id beyond the ends."""
        inside = (index >= 0) & (index < self.size)
        return np.where(inside, self.hashes[np.clip(index, 0, self.size - 1)], self.edge)

    def part_cue(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which phrase that announces parts stands last in `[left, right)`, -1 for none, and its position."""
        at = self.part_before[np.clip(right - 1, 0, self.size - 1)]
        inside = (at >= left) & (right > left)
        return np.where(inside, self.part[np.clip(at, 0, self.size - 1)], -1), np.where(inside, at, 0)

    def line_start(self, index: np.ndarray, where: Scope) -> np.ndarray:
        """Return the norm hash of the first token of each position's paragraph."""
        first = np.unique(where.paragraph, return_index=True)[1]
        numbers = np.searchsorted(where.paragraph[first], where.paragraph[index])
        return self.hashes[first[numbers]]
