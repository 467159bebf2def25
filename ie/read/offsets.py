"""Maps from characters of a changed text back to the text it was made from.

A map is an int32 array `(characters, 2)`: for each character of the new text the `[start, end)` it was made from, in
characters of the old text, never descending. Characters left out belong to no row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from ie.document import Fragment


class Rewriter:
    """Builds a new text and its map while an old text is walked from left to right."""

    def __init__(self, old: str) -> None:
        self.old = old
        self.at = 0
        self._parts: list[str] = []
        # Plain arrays: most pieces are a few characters; an array of numpy for each would cost more than all else.
        self._starts = array("i")
        self._ends = array("i")

    def keep(self, end: int) -> None:
        """Take over the characters up to `end` as they are."""
        if end > self.at:
            self._parts.append(self.old[self.at : end])
            self._starts.extend(range(self.at, end))
            self._ends.extend(range(self.at + 1, end + 1))
            self.at = end

    def replace(self, start: int, end: int, new: str) -> None:
        """Keep what stands before `start` and write `new` for `[start, end)`, each character mapped to all of it."""
        self.keep(start)
        if new:
            self._parts.append(new)
            self._starts.extend([start] * len(new))
            self._ends.extend([end] * len(new))
        self.at = end

    def splice(self, start: int, end: int, new: str, offsets: np.ndarray) -> None:
        """Keep what stands before `start` and write `new` for `[start, end)`; `offsets` map it into `[start, end)`."""
        self.keep(start)
        self._parts.append(new)
        self._starts.extend((offsets[:, 0] + start).tolist())
        self._ends.extend((offsets[:, 1] + start).tolist())
        self.at = end

    def done(self) -> tuple[str, np.ndarray]:
        """Keep the rest and return the new text with its map."""
        self.keep(len(self.old))
        columns = [np.frombuffer(side, dtype=np.int32) if side else () for side in (self._starts, self._ends)]
        return "".join(self._parts), np.array(columns, dtype=np.int32).T.reshape(-1, 2)


def identity(start: int, end: int) -> np.ndarray:
    """Return the map of the characters `[start, end)` to themselves."""
    at = np.arange(start, end, dtype=np.int32)
    return np.stack([at, at + 1], axis=1)


def compose(first: np.ndarray | None, second: np.ndarray | None) -> np.ndarray | None:
    """Return the map of two changes one after the other; None stands for no change."""
    if first is None or second is None:
        return second if first is None else first
    return np.stack([first[second[:, 0], 0], first[second[:, 1] - 1, 1]], axis=1) if len(second) else second


def back(fragments: Iterable[Fragment], offsets: np.ndarray | None) -> tuple[Fragment, ...]:
    """Return the fragments of the old text that `fragments` of the new one were made from."""
    if offsets is None:
        return tuple(fragments)
    return tuple((int(offsets[start, 0]), int(offsets[end - 1, 1])) for start, end in fragments if start < end)
