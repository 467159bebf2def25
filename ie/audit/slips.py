"""Slips of the pen: one digit for another, two neighbours swapped, a mark moved.

Where it is likely but not certain what a figure should agree with, a difference accuses the report only if one slip
explains it: of the figures that a number of three digits could be by chance, one in thirty is a slip away.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ie.audit.figures import Figure
from ie.intervals import Interval
from ie.normalise.exact import exactly

LEAST_DIGITS = 3
"""Digits that a figure must have so that a slip is no accident."""

_MOST = 5
_SHIFTS = (-2, -1, 1, 2)


def is_slip(figure: Figure, wanted: Interval, *, digits: int = LEAST_DIGITS) -> bool:
    """Tell whether one slip makes the figure of one in `wanted`, both of at least as many digits."""
    stated = _steps(figure.value, figure.step)
    if len(stated.strip("0")) < 2 or len(stated) < digits or wanted.low <= 0:
        return False
    return _moved(figure, wanted) or any(
        len(right) >= digits and _one_off(stated, right) for right in _candidates(wanted, figure.step)
    )


def _steps(value: Decimal, step: Decimal) -> str:
    with exactly():
        return str(int((value / step).to_integral_value()))


def _candidates(wanted: Interval, step: Decimal) -> list[str]:
    """Return the figures of this step that lie in an interval, as digits; none where they are too many to tell."""
    first = int((wanted.low / step).to_integral_value(ROUND_FLOOR))
    last = int((wanted.high / step).to_integral_value(ROUND_CEILING))
    return [str(number) for number in range(first, last + 1)] if last - first <= _MOST else []


def _one_off(stated: str, right: str) -> bool:
    """Tell whether two rows of digits differ in one place or by two neighbours."""
    if len(stated) != len(right):
        return False
    places = [at for at in range(len(stated)) if stated[at] != right[at]]
    if len(places) == 2:
        first, second = places
        return second == first + 1 and stated[first] == right[second] and stated[second] == right[first]
    return len(places) == 1


def _moved(figure: Figure, wanted: Interval) -> bool:
    """Tell whether the figure is right but for its mark."""
    return any(wanted.meets(figure.interval.times(Decimal(1).scaleb(shift))) for shift in _SHIFTS)
