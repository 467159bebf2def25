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
        self._adds: dict[int, int] = {}
        self._size = len(figures)
        for how, group in _groups(figures):
            for total, parts in _totals(group, figures):
                for part in parts:
                    self._adds.setdefault(part * self._size + total, how)

    def kind(self, part: np.ndarray, total: np.ndarray) -> np.ndarray:
        """Return for each pair of indices one number for how they compare, 0 where one of them is no figure.

        It says which is more, whether their units are the same, other or unknown, and whether the first is one of
        figures after the second that add up to it.
        """
        first, second = self._worth[part], self._worth[total]
        more = np.where(np.isclose(first, second, rtol=_EXACT, atol=0.0), 2, np.where(first < second, 1, 3))
        one, other = self._unit[part], self._unit[total]
        units = np.where(one == other, np.where(one == 0, 1, 2), np.where((one == 0) | (other == 0), 3, 0))
        keys = (part * self._size + total).tolist()
        adds = np.fromiter((self._adds.get(key, 0) for key in keys), dtype=np.int64, count=len(keys))
        return np.where(np.isnan(first) | np.isnan(second), 0, more + 4 * units + 16 * adds)


def _groups(figures: Sequence[Amount | None]) -> Iterator[tuple[int, list[int]]]:
    """Yield the indices of figures that may be added: those of one unit (1), and all that count (2)."""
    by_unit: dict[str, list[int]] = defaultdict(list)
    counts: list[int] = []
    for index, each in enumerate(figures):
        if each is not None and each.worth > 0:
            by_unit[each.unit].append(index)
            if each.counts:
                counts.append(index)
    yield from ((1, group) for group in by_unit.values())
    yield 2, counts


def _totals(group: Sequence[int], figures: Sequence[Amount | None]) -> Iterator[tuple[int, list[int]]]:
    """Yield figures that those right after them add up to, with these; parts of a part are passed over."""
    amounts = [each for each in (figures[index] for index in group) if each is not None]
    after: dict[int, int] = {}
    for place in range(len(amounts) - FEWEST_PARTS - 1, -1, -1):
        # What looked like parts of a part may be the next parts: a small number is soon the sum of others.
        parts = _parts(amounts, place, after) or _parts(amounts, place, {})
        if parts:
            after[place] = parts[-1] + 1 if parts[-1] not in after else after[parts[-1]]
            yield group[place], [group[part] for part in parts]


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
