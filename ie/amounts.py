"""What the figures of a text come to beside each other: no part is more than its total, and parts often add up to it.

A scorer of vectors cannot do sums, so it is told. Numbers are read by themselves, in the plain Vietnamese way: what the
surroundings decide about them (`ie.normalise`) is known only after the pairs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ie.normalise.numbers import parse_number
from ie.normalise.units import parse_unit

MOST_PARTS = 30
FEWEST_PARTS = 2
_EXACT = 1e-9


class Amount(NamedTuple):
    """A figure as an amount of `unit` ("": none is known), right to `step`; `counts` where it counts things."""

    worth: float
    step: float
    unit: str
    counts: bool


@lru_cache(maxsize=20_000)
def amount(number: str, unit: str) -> Amount | None:
    """Return what a number of a unit comes to, its scale words multiplied in; None for ranges and what is no number."""
    value = parse_number(number)
    if value is None or value.kind != "number" or value.number is None:
        return None
    read, step = float(value.number), 0.5 * 10.0 ** -len(value.number.partition(".")[2])
    known = parse_unit(unit) if unit else None
    if known is None:
        return Amount(read, step, unit, False)
    scale = float(known.scale)
    return Amount(read * scale, step * scale, known.name, known.counter)


class Compared:
    """Figures of one text, in its order, against each other; None stands for what is no figure."""

    def __init__(self, figures: Sequence[Amount | None]) -> None:
        self._worth = np.array([math.nan if each is None else each.worth for each in figures])
        units = {"": 0}
        self._unit = np.array([-1 if each is None else units.setdefault(each.unit, len(units)) for each in figures])
        adds: dict[int, int] = {}
        for how, group in _groups(figures):
            for total, parts in _totals(group):
                for part in parts:
                    adds.setdefault(part * len(figures) + total, how)
        self._keys = np.array(sorted(adds), dtype=np.int64)
        self._adds = np.array([adds[key] for key in sorted(adds)], dtype=np.int64)

    def kind(self, part: np.ndarray, total: np.ndarray) -> np.ndarray:
        """Return for each pair of indices one number for how they compare, 0 where one of them is no figure.

        It says which is more, whether their units are the same, other or unknown, and whether the first is one of
        figures after the second that add up to it.
        """
        kind = np.zeros(len(part), dtype=np.int64)
        both = np.flatnonzero((self._unit[part] >= 0) & (self._unit[total] >= 0))
        kind[both] = self._of_figures(part[both], total[both])
        return kind

    def _of_figures(self, part: np.ndarray, total: np.ndarray) -> np.ndarray:
        first, second = self._worth[part], self._worth[total]
        alike = np.abs(first - second) <= _EXACT * np.abs(second)
        more = np.where(alike, 2, np.where(first < second, 1, 3))
        one, other = self._unit[part], self._unit[total]
        units = np.where(one == other, np.where(one == 0, 1, 2), np.where((one == 0) | (other == 0), 3, 0))
        return more + 4 * units + 16 * self._added(part * len(self._worth) + total)  # type: ignore[no-any-return]

    def _added(self, keys: np.ndarray) -> np.ndarray:
        """Return how the first of each pair adds up with others to the second, 0 where it does not."""
        if not len(self._keys):
            return np.zeros(len(keys), dtype=np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[at] == keys, self._adds[at], 0)


_Group = list[tuple[int, Amount]]


def _groups(figures: Sequence[Amount | None]) -> Iterator[tuple[int, _Group]]:
    """Yield the figures that may be added, by their index: those of one unit (1), and all that count (2)."""
    by_unit: dict[str, _Group] = defaultdict(list)
    counts: _Group = []
    for index, each in enumerate(figures):
        if each is not None and each.worth > 0:
            by_unit[each.unit].append((index, each))
            if each.counts:
                counts.append((index, each))
    yield from ((1, group) for group in by_unit.values())
    yield 2, counts


def _totals(group: _Group) -> Iterator[tuple[int, list[int]]]:
    """Yield figures that those right after them add up to, with these; parts of a part are passed over."""
    amounts = [each for _, each in group]
    after: dict[int, int] = {}
    for place in range(len(amounts) - FEWEST_PARTS - 1, -1, -1):
        # What looked like parts of a part may be the next parts: a small number is soon the sum of others.
        parts = _parts(amounts, place, after) or _parts(amounts, place, {})
        if parts:
            after[place] = after.get(parts[-1], parts[-1] + 1)
            yield group[place][0], [group[part][0] for part in parts]


def _parts(amounts: Sequence[Amount], total: int, after: dict[int, int]) -> list[int]:
    """Return the figures from the one after `total` on that add up to it, [] when none do.

    `after` says where a figure that was found to be a total itself is done. What is counted adds up exactly, what is
    measured as far as its digits go.
    """
    wanted, slack = amounts[total].worth, amounts[total].step
    exact = amounts[total].counts or not amounts[total].unit
    added, place = 0.0, total + 1
    parts: list[int] = []
    while place < len(amounts) and len(parts) < MOST_PARTS and amounts[place].worth < wanted:
        added += amounts[place].worth
        slack += amounts[place].step / 2
        parts.append(place)
        if len(parts) >= FEWEST_PARTS and abs(added - wanted) <= (_EXACT * wanted if exact else slack):
            return parts
        if added > wanted + slack:
            return []
        place = after.get(place, place + 1)
    return []
