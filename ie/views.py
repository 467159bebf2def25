"""What is seen of a pair of spans: hashed features, each of which joins the labels with one view of the pair.

Which views pay was settled on held-out pipelines; half of those tried once were found to add nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from ie.amounts import Amount, Compared, amount
from ie.features import _hash, features
from ie.hashing import mixed
from ie.schema import schema
from ie.scope import Scope
from ie.tokens import blanks, words

FEATURES = 16
_BASE = 1_000_003
_INVERSE = pow(_BASE, -1, 2**64)
_PUNCTUATION = (",", ";", ":", "(", ")", ".", "/", "-", "\n")
_COMMA, _SEMICOLON, _OPENS, _CLOSES, _STOP = 0, 1, 3, 4, 5
_LABELS = 7
_LONGEST = 6
"""So many spans or marks between two are told apart; more are all one."""


class Spans(NamedTuple):
    """Label numbers and tokens `[start, end)` of the spans of a Doc, in order of start, longer ones first."""

    labels: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


def table(doc: Doc, where: Scope, spans: Spans, head: np.ndarray, tail: np.ndarray) -> np.ndarray:
    """Return the `(pairs, FEATURES)` ids of the pairs given by the numbers of their spans."""
    token = _Tokens(doc)
    gap, apart = _Gap(token, spans, head, tail), _Distance(where, spans, head, tail)
    edge, place_of = _Edges(token, spans, head, tail), _Places(where, spans)
    both = mixed(np.zeros(len(head), dtype=np.uint64), gap.kind(spans, head, tail))
    tails, heads = gap.of_label(spans.labels[tail]), gap.of_label(spans.labels[head])
    nearest = _most(tails, 3) * 8 + _most(heads, 3)
    cue, told = gap.announced(spans.labels[tail])
    first_head, first = place_of.ordinal(head), place_of.ordinal(tail)
    in_sentence, in_paragraph = place_of.rivals(head, spans.labels[tail])
    into = np.digitize(spans.starts[tail] - place_of.sentence_start(tail), [1, 2, 3, 6, 12, 24])
    marks, holder = gap.punctuation(), _holders(spans)
    few, near = _most(tails, 2), _most(apart.sentences, 2)
    columns = [
        mixed(both, edge.alike, _most(tails, 3), apart.reach),
        mixed(both, edge.alike, cue + 1, _most(told, 3), gap.forward),
        mixed(both, in_sentence, in_paragraph, near, few),
        mixed(both, first_head, first, apart.place, apart.colon),
        mixed(both, token.line_start(spans.starts[head], where), apart.place, edge.alike, first),
        mixed(both, gap.marks(), nearest),
        mixed(both, apart.reach, gap.length()),
        mixed(both, gap.labels(spans, head, tail), near),
        mixed(both, gap.depth, _most(marks[:, _CLOSES], 2), _most(marks[:, _OPENS], 2), nearest),
        mixed(both, edge.after_head, edge.after_tail),
        mixed(both, edge.after_head, edge.before_head, nearest),
        mixed(both, _most(marks[:, _SEMICOLON], 3), _most(marks[:, _COMMA], 4), _most(marks[:, _STOP], 2)),
        mixed(both, holder[head], holder[tail], nearest),
        mixed(both, edge.before_tail, near, few),
        mixed(both, into, near, few, in_sentence),
        mixed(both, Compared(_figures(doc, spans)).kind(head, tail)),
    ]
    return np.stack(columns, axis=1)


def _most(counts: np.ndarray, limit: int) -> np.ndarray:
    return np.minimum(counts, limit)  # type: ignore[no-any-return]


class _Gap:
    """What stands between the two spans of each pair: the tokens `[low, high)`, none where they touch or nest."""

    def __init__(self, token: _Tokens, spans: Spans, head: np.ndarray, tail: np.ndarray) -> None:
        head_start, tail_start = spans.starts[head], spans.starts[tail]
        after = tail_start >= head_start
        self.forward = after.astype(np.int64)
        first_end = np.where(after, spans.ends[head], spans.ends[tail])
        self.high = np.where(after, tail_start, head_start)
        self.low = np.minimum(first_end, self.high)
        self.depth = token.depth[tail_start] - token.depth[head_start] + 4
        self.token = token
        onehot = np.zeros((token.size + 1, _LABELS), dtype=np.int32)
        np.add.at(onehot, (spans.starts, spans.labels), 1)
        self.starting = _counts(onehot)
        self.between = self.starting[self.high] - self.starting[self.low]

    def kind(self, spans: Spans, head: np.ndarray, tail: np.ndarray) -> np.ndarray:
        """Return the labels of both, which comes first, and whether one holds the other, in one number."""
        starts, ends = spans.starts, spans.ends
        inside = (starts[tail] >= starts[head]) & (ends[tail] <= ends[head])
        around = (starts[head] >= starts[tail]) & (ends[head] <= ends[tail])
        return (  # type: ignore[no-any-return]
            spans.labels[head] * 8 + spans.labels[tail] + 64 * self.forward + 128 * (inside | around)
        )

    def length(self) -> np.ndarray:
        """Return a number for how many tokens stand between."""
        return np.digitize(self.high - self.low, [1, 2, 3, 4, 6, 9, 13, 20, 30, 50, 80, 140])

    def of_label(self, label: np.ndarray) -> np.ndarray:
        """Return how many spans of each pair's `label` begin between."""
        return self.between[np.arange(len(label)), label]  # type: ignore[no-any-return]

    def labels(self, spans: Spans, head: np.ndarray, tail: np.ndarray) -> np.ndarray:
        """Return an id of the labels of the spans between, 1 where they are many."""
        low, high = np.minimum(head, tail) + 1, np.maximum(head, tail)
        found = _Sequence(spans.labels).stretch(low, np.maximum(high, low))
        return np.where(high - low <= _LONGEST, found, 1)

    def marks(self) -> np.ndarray:
        """Return an id of the marks of punctuation between, 1 where they are many."""
        low, high = self.token.mark_count[self.low], self.token.mark_count[self.high]
        return np.where(high - low <= _LONGEST, self.token.marks.stretch(low, high), 1)

    def punctuation(self) -> np.ndarray:
        """Return how many of each mark of `_PUNCTUATION` stand between, `(pairs, marks)`."""
        return self.token.punctuation[self.high] - self.token.punctuation[self.low]  # type: ignore[no-any-return]

    def announced(self, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the last phrase between that announces parts, -1 for none, and the spans of `label` told before it.

        Where no phrase stands there the second is 9.
        """
        cue, since = self.token.part_cue(self.low, self.high)
        until = self.starting[np.clip(since, 0, self.token.size), label]
        before = until - self.starting[self.low, label]
        return cue, np.where(cue >= 0, before, 9)


class _Distance:
    """How far the spans of each pair are apart in sentences and paragraphs."""

    def __init__(self, where: Scope, spans: Spans, head: np.ndarray, tail: np.ndarray) -> None:
        first, second = spans.starts[head], spans.starts[tail]
        self.sentences = np.abs(where.sentence[first] - where.sentence[second])
        paragraphs = where.paragraph[second] - where.paragraph[first]
        self.colon = where.colon[where.paragraph[np.where(paragraphs < 0, second, first)]]
        self.place = np.sign(paragraphs) * np.digitize(np.abs(paragraphs), [1, 2, 3, 6, 12]) + 8
        self.reach = self.place * 16 + _most(self.sentences, 3) * 4 + self.colon


class _Edges:
    """The norms of the tokens right before and after the spans of each pair."""

    def __init__(self, token: _Tokens, spans: Spans, head: np.ndarray, tail: np.ndarray) -> None:
        starts, ends = spans.starts, spans.ends
        self.after_head, self.before_head = token.norm_at(ends[head]), token.norm_at(starts[head] - 1)
        self.after_tail, self.before_tail = token.norm_at(ends[tail]), token.norm_at(starts[tail] - 1)
        next_too = token.norm_at(ends[head] + 1) == token.norm_at(ends[tail] + 1)
        self.alike = (self.after_head == self.after_tail) * 2 + next_too
        """2 where the same token follows both, 1 where the same token follows that one."""


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


def _figures(doc: Doc, spans: Spans) -> list[Amount | None]:
    """Return what each QUANTITY comes to in the UNIT right after it, None for spans of other labels."""
    texts, spaced, labels = words(doc), blanks(doc), tuple(schema().labels)

    def text(index: int) -> str:
        first, end = int(spans.starts[index]), int(spans.ends[index])
        if end - first == 1:
            return texts[first]
        return "".join(texts[at] + " " * spaced[at] for at in range(first, end)).rstrip()

    units = {int(spans.starts[index]): index for index in np.flatnonzero(spans.labels == labels.index("UNIT")).tolist()}
    found: list[Amount | None] = [None] * len(spans.labels)
    for index in np.flatnonzero(spans.labels == labels.index("QUANTITY")).tolist():
        end = int(spans.ends[index])
        unit = units.get(end, units.get(end + 1))
        found[index] = amount(text(index), "" if unit is None else text(unit))
    return found


def _holders(spans: Spans) -> np.ndarray:
    """Return for each span one more than the label of the smallest span around it, 0 where it stands free."""
    labels, starts, ends = spans
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

    def __init__(self, where: Scope, spans: Spans) -> None:
        labels, starts = spans.labels, spans.starts
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
        table = np.zeros((int(groups.max()) + 1, _LABELS), dtype=np.int64)
        np.add.at(table, (groups, labels), 1)
        return table

    def ordinal(self, index: np.ndarray) -> np.ndarray:
        """Return how many spans of its label stand before each span in its paragraph, three at most."""
        return _most(self.before[index], 3)

    def rivals(self, index: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how many spans of `label` stand in each span's sentence and paragraph, three at most."""
        sentence = self.by_sentence[self.sentence[index], label]
        return _most(sentence, 3), _most(self.by_paragraph[self.paragraph[index], label], 3)

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
        self.depth = np.clip(np.concatenate([[0], np.cumsum(flags[:, _OPENS] * 1 - flags[:, _CLOSES])]), 0, 3)
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
