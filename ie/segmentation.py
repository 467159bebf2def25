"""underthesea's word segmentation with its own weights, worked out for many lines at once.

The library's `word_tokenize` cuts a line with one large regular expression and spells out more than forty features for
every token before it tags them. Its model is linear: a feature is a token, two or three tokens in a row, or a trait of
theirs, and what it adds depends on that text and its place alone. So every text is looked at once, a `_Table` keeps
what it adds at each place, and a token costs three look-ups. The words are those of `word_tokenize`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ie.crfsuite import Weights, read_weights

_MODEL = "ws_crf_vlsp2013_20230727"
_ATTRIBUTE = re.compile(r"T\[(-?\d)(?:,(-?\d))?\](?:\.(\w+))?=(.*)", re.DOTALL)
_FAR = 2
"""How many tokens before and after its own a feature looks at."""
_PLACES = 2 * _FAR + 1
_NOTHING = np.zeros(_PLACES)
_TRAITS = ("is_in_dict", "isdigit", "istitle")
_LENGTHS = (1, 2, 3)
_KEPT = 30_000
"""How many texts of each length are remembered, so that memory stays bounded."""


def goes_on(lines: Sequence[Sequence[str]]) -> list[bool]:
    """Tell for each token of the lines, one line after the other, whether the word of the token before goes on in it.

    A line holds the tokens of underthesea's `regex_tokenize` (`cut`); no line may be empty.
    """
    tables, moves = _model()
    at = np.flatnonzero([inside for line in lines for inside in _framed(len(line))])
    total = np.zeros(len(at))
    looks = [[_look(word) for word in line] for line in lines]
    for table in tables:
        rows = table.rows(lines, looks)
        for place in range(_PLACES):
            total += rows[at + place - _FAR, place]
    return _best_path(total.tolist(), [len(line) for line in lines], moves)


def cut(text: str) -> tuple[str, ...]:
    """Return the tokens that underthesea cuts a text without blanks into."""
    from underthesea.pipeline.word_tokenize.regex_tokenize import tokenize

    return tuple(tokenize(text, use_token_normalize=False))


def _framed(size: int) -> list[bool]:
    """Return which rows of a line with the rows beyond its ends are those of its tokens."""
    return [False] * _FAR + [True] * size + [False] * _FAR


class _Look(NamedTuple):
    """What a token shares with others."""

    lower: str
    titled: bool
    """Whether it is what underthesea calls a title: it does not begin with a small letter."""


@lru_cache(maxsize=_KEPT)
def _look(word: str) -> _Look:
    return _Look(word.lower(), word[0].isupper() or not word[0].isalpha())


class _Table:
    """What the texts of one length in tokens add for a word start over a word that goes on, a row a text.

    A row has a column for each place of the text's first token, from two before the token in question to two after it.
    Rows 0 and 1 are those of a text that begins before its line or ends after it. Most texts have no weight of their
    own; those that share their traits share a row, and most of them show by their first two tokens that they do.
    """

    def __init__(self, length: int, weights: dict[str, dict[str, np.ndarray]], known: frozenset[str]) -> None:
        self._length = length
        self._weights = weights
        self._known = known
        every = weights.values()
        self._edges = [sum((table.get(edge, _NOTHING) for table in every), _NOTHING) for edge in ("BOS", "EOS")]
        self._seconds = _seconds(length, [*known, *weights[""], *weights["lower"]])
        self._forget()

    def _forget(self) -> None:
        self._index: dict[tuple[str, ...], int] = {}
        self._shared: dict[tuple[bool, ...], int] = {}
        self._rows = np.array(self._edges)
        self._size = len(self._edges)

    def rows(self, lines: Sequence[Sequence[str]], looks: Sequence[Sequence[_Look]]) -> np.ndarray:
        """Return the rows of all texts of the lines, with two more than the line has tokens on each side."""
        if len(self._index) > _KEPT:
            self._forget()
        found: list[int] = []
        for line, seen in zip(lines, looks, strict=True):
            made = self._words(line) if self._length == 1 else self._runs(line, seen)
            found += [0] * _FAR
            found += made
            found += [1] * (len(line) - len(made) + _FAR)
        return self._rows[found]

    def _words(self, line: Sequence[str]) -> list[int]:
        """Return the number of the row of each token."""
        known = self._index
        return [known[text] if text in known else self._add(text) for text in zip(line, strict=True)]

    def _runs(self, line: Sequence[str], looks: Sequence[_Look]) -> list[int]:
        """Return the number of the row of each run of two or three tokens."""
        known, seconds, length = self._index, self._seconds, self._length
        plain = self._traited((False, False, False)), self._traited((False, False, True))
        found = []
        for at, (first, second, last) in enumerate(zip(looks, looks[1:], looks[length - 1 :], strict=False)):
            if second.lower in seconds.get(first.lower, ()):
                text = (*line[at : at + length],)
                found.append(known[text] if text in known else self._add(text))
            else:
                found.append(plain[first.titled and second.titled and last.titled])
        return found

    def _add(self, words: tuple[str, ...]) -> int:
        """Work out the row of a text that was not seen yet and return its number."""
        text = " ".join(words)
        lower = text.lower()
        titled = all(_look(word).titled for word in words)
        number = self._traited((lower in self._known, words[0].isascii() and text.isdigit(), titled))
        if text in self._weights[""] or lower in self._weights["lower"]:
            own = self._weights[""].get(text, _NOTHING) + self._weights["lower"].get(lower, _NOTHING)
            number = self._append(self._rows[number] + own)
        self._index[words] = number
        return number

    def _traited(self, traits: tuple[bool, ...]) -> int:
        """Return the number of the row of texts that have these traits and no weight of their own."""
        if traits not in self._shared:
            values = zip(_TRAITS, map(str, traits), strict=True)
            row = sum((self._weights[trait].get(value, _NOTHING) for trait, value in values), _NOTHING)
            self._shared[traits] = self._append(row)
        return self._shared[traits]

    def _append(self, row: np.ndarray) -> int:
        if self._size == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._size] = row
        self._size += 1
        return self._size - 1


def _seconds(length: int, texts: Iterable[str]) -> dict[str, set[str]]:
    """Return for the first token of texts of `length` tokens, in small letters, the second tokens that follow it."""
    found: dict[str, set[str]] = {}
    for text in texts:
        parts = text.lower().split(" ")
        if len(parts) == length > 1:
            found.setdefault(parts[0], set()).add(parts[1])
    return found


@cache
def _model() -> tuple[tuple[_Table, ...], np.ndarray]:
    """Return the tables of underthesea's model and its transitions, from the row's tag to the column's, start first."""
    import joblib
    from underthesea.pipeline import word_tokenize

    folder = Path(word_tokenize.__file__).parent / "models" / _MODEL
    weights = read_weights(folder / "models.bin")
    known = frozenset(joblib.load(folder / "dictionary.bin"))
    order = [weights.labels.index(tag) for tag in ("B-W", "I-W")]
    traits = _by_trait(weights, weights.state[:, order[0]] - weights.state[:, order[1]])
    return tuple(_Table(length, traits[length], known) for length in _LENGTHS), weights.transition[np.ix_(order, order)]


def _by_trait(weights: Weights, gains: np.ndarray) -> dict[int, dict[str, dict[str, np.ndarray]]]:
    """Return by length, trait and value what a text adds at each place; `gains` are those of the attributes."""
    found: dict[int, dict[str, dict[str, np.ndarray]]] = {
        length: {trait: {} for trait in ("", "lower", *_TRAITS)} for length in _LENGTHS
    }
    for attribute, gain in zip(weights.attributes, gains.tolist(), strict=True):
        first, last, trait, value = _ATTRIBUTE.fullmatch(attribute).groups(default="")  # type: ignore[union-attr]
        length = int(last or first) - int(first) + 1
        places = found[length][trait].setdefault(value, np.zeros(_PLACES))
        places[int(first) + _FAR] = gain
    return found


def _best_path(gains: Sequence[float], sizes: Sequence[int], moves: np.ndarray) -> list[bool]:
    """Return for each token whether it goes on a word, on the best path of each line (Viterbi's with two tags).

    `gains` are what a word start has over a word that goes on; only that difference matters to the best path.
    """
    (start_start, start_on), (on_start, on_on) = moves.tolist()
    found: list[bool] = []
    at = 0
    for size in sizes:
        lead = gains[at]
        back = []
        for gain in gains[at + 1 : at + size]:
            to_start, to_on = lead + start_start >= on_start, lead + start_on >= on_on
            back.append((to_start, to_on))
            best_start = lead + start_start if to_start else on_start
            lead = gain + best_start - (lead + start_on if to_on else on_on)
        at += size
        found += _traced(lead, back)
    return found


def _traced(lead: float, back: Sequence[tuple[bool, bool]]) -> list[bool]:
    """Follow the best path back from its end, where a start has `lead`; `back` tells whether a start came before."""
    start = lead >= 0
    path = [not start]
    for from_start, from_on in reversed(back):
        start = from_start if start else from_on
        path.append(not start)
    return path[::-1]
