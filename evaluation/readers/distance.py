"""Edit distance of two texts, for character error rates."""

from __future__ import annotations

import numpy as np


def distance(first: str, second: str) -> int:
    """Return the Levenshtein distance: characters put in, left out or changed. Time grows with the product."""
    if first == second:
        return 0
    a, b = (np.array([ord(char) for char in text], dtype=np.int32) for text in (first, second))
    row = np.arange(len(b) + 1)
    steps = np.arange(len(b) + 1)
    for at, char in enumerate(a):
        best = np.minimum(row[1:] + 1, row[:-1] + (b != char))
        row = np.concatenate(([at + 1], best))
        # A cell may also come from the one on its left, one more: the running minimum of `cell - column` says how.
        row = np.minimum.accumulate(row - steps) + steps
    return int(row[-1])
