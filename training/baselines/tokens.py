"""What a classical tagger sees of a token: the word, its affixes and shape, its neighbours two to each side."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_DIGIT, _CAPITAL, _SMALL = re.compile(r"\d+"), re.compile(r"[^\W\d_a-zà-ỹđ]+"), re.compile(r"[a-zà-ỹđ]+")
WINDOW = 2


def shape(word: str) -> str:
    """Return the word with runs of capitals as `X`, of small letters as `x`, of digits as `d`."""
    return _DIGIT.sub("d", _SMALL.sub("x", _CAPITAL.sub("X", word)))[:8]


def features(words: Sequence[str], starts: np.ndarray) -> list[list[str]]:
    """Return the features of each token of a paragraph; `starts` marks where underthesea's words start."""
    lower = [word.lower() if not word[0].isdigit() else _DIGIT.sub("0", word) for word in words]
    shapes = [shape(word) for word in words]
    compounds = _compounds(lower, starts)
    return [_token(index, words, lower, shapes, compounds, starts) for index in range(len(words))]


def _compounds(lower: Sequence[str], starts: np.ndarray) -> list[str]:
    """Return for each token the underthesea word that it is part of."""
    heads = [0, *(index for index in range(1, len(lower)) if starts[index])]
    ends = [*heads[1:], len(lower)]
    return ["_".join(lower[head:end]) for head, end in zip(heads, ends, strict=True) for _ in range(head, end)]


def _token(
    index: int,
    words: Sequence[str],
    lower: Sequence[str],
    shapes: Sequence[str],
    compounds: Sequence[str],
    starts: np.ndarray,
) -> list[str]:
    word = lower[index]
    found = ["bias", f"p2={word[:2]}", f"p3={word[:3]}", f"s2={word[-2:]}", f"s3={word[-3:]}"]
    found += [f"c={compounds[index]}", f"b={int(starts[index])}", f"title={words[index].istitle()}"]
    for step in range(-WINDOW, WINDOW + 1):
        place = index + step
        if 0 <= place < len(words):
            found += [f"{step}w={lower[place]}", f"{step}h={shapes[place]}"]
        else:
            found.append(f"{step}edge")
    if index:
        found += [f"w-1|w={lower[index - 1]}|{word}", f"h-1|h={shapes[index - 1]}|{shapes[index]}"]
    if index + 1 < len(words):
        found += [f"w|w+1={word}|{lower[index + 1]}", f"h|h+1={shapes[index]}|{shapes[index + 1]}"]
    return found
