"""Exact decimal arithmetic and its text: a figure of a report is never rounded and never a float."""

from __future__ import annotations

from contextlib import AbstractContextManager
from decimal import Context, Decimal, localcontext

MAX_DIGITS = 60
"""Longest run of digits read as a number; more is a code or an extraction error."""

# Six numbers of the longest kind may be multiplied before a digit would be lost.
_EXACT = Context(prec=6 * MAX_DIGITS)


def exactly() -> AbstractContextManager[Context]:
    """Run a block with enough digits that sums and products of a report's figures are exact."""
    return localcontext(_EXACT)


def product(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact product."""
    return _EXACT.multiply(left, right)


def negative(number: Decimal) -> Decimal:
    """Return the exact number with its sign turned; zero has none."""
    return _EXACT.minus(number)


def decimal_text(number: Decimal) -> str:
    """Return plain decimal text: no exponent, no zeros after the last digit that counts, `0` for all zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
