"""Intervals of decimals: what a written figure can have been before it was rounded, and sums and quotients of such.

Bounds are exact; only quotients are rounded, outwards, so that an interval never loses a value that it should hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from ie.normalise.exact import exactly
from ie.normalise.fold import fold

_PRECISION = 50
_DOWN = Context(prec=_PRECISION, rounding=ROUND_FLOOR)
_UP = Context(prec=_PRECISION, rounding=ROUND_CEILING)
_HALF = Decimal("0.5")


@dataclass(frozen=True)
class Interval:
    """The decimals from `low` to `high`, both inclusive."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        with exactly():
            return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        with exactly():
            return Interval(self.low - other.high, self.high - other.low)

    def __truediv__(self, other: Interval) -> Interval:
        """Divide by an interval above zero; ZeroDivisionError when it touches zero."""
        if other.low <= 0:
            raise ZeroDivisionError("the divisor may be zero")
        low = min(_DOWN.divide(self.low, bound) for bound in (other.low, other.high))
        high = max(_UP.divide(self.high, bound) for bound in (other.low, other.high))
        return Interval(low, high)

    def times(self, factor: Decimal) -> Interval:
        """Return the interval with both bounds multiplied by a factor of zero or more."""
        with exactly():
            return Interval(self.low * factor, self.high * factor)

    def meets(self, other: Interval) -> bool:
        """Tell whether the two have a value in common."""
        return self.low <= other.high and other.low <= self.high

    def gap(self, other: Interval) -> Decimal:
        """Return how far apart the two are, 0 when they meet."""
        with exactly():
            return max(self.low - other.high, other.low - self.high, Decimal(0))


def point(value: Decimal) -> Interval:
    """Return the interval that holds one value."""
    return Interval(value, value)


def rounded(value: Decimal, unit: Decimal) -> Interval:
    """Return what a figure rounded to `unit` can have been: half a unit to either side."""
    with exactly():
        return Interval(value - unit * _HALF, value + unit * _HALF)


def cut(value: Decimal, unit: Decimal) -> Interval:
    """Return what a figure can have been that was rounded to `unit` or cut off there."""
    with exactly():
        return Interval(value - unit * _HALF, value + unit)


def last_place(text: str, value: Decimal) -> Decimal:
    """Return what one step of the last digit written is worth, in the measure of `value`.

    `text` is the figure as written and `value` what it was read as: `57.210` read as 57210 steps by 1, `94,0` by 0.1,
    `1,2 triệu` by 100000. Figures in words step by 1.
    """
    digits = re.sub(r"[^0-9]", "", text)
    if not digits or value == 0:
        return _after_mark(text)
    with exactly():
        ratio = abs(value) / Decimal(digits)
    power = ratio.normalize()
    return power if power.as_tuple().digits == (1,) else Decimal(1)


def _after_mark(text: str) -> Decimal:
    """Return the step of a zero: by the digits after its last mark."""
    match = re.search(r"[.,]([0-9]+)\D*$", fold(text))
    return Decimal(1).scaleb(-len(match[1])) if match else Decimal(1)


def coarse(value: Decimal, unit: Decimal) -> Decimal:
    """Return the step of an approximate figure: that of its last digit that is not zero (`gần 1.900` steps by 100)."""
    with exactly():
        while value and value % (unit * 10) == 0:
            unit *= 10
    return unit
