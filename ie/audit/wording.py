"""A finding put together: the sum spelled out, bounds, severity by how far beyond rounding the figures are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from ie.audit.figures import Figure, Report
from ie.audit.finding import Evidence, Finding
from ie.intervals import Interval
from ie.normalise.exact import decimal_text, exactly
from ie.sentences import sentence_at

HIGH, LOW = Decimal("0.1"), Decimal("0.01")
"""Gap in parts of the figure from which a finding is of high severity, and up to which it is of low severity."""

_DOWN, _UP = Context(prec=18, rounding=ROUND_FLOOR), Context(prec=18, rounding=ROUND_CEILING)
_SHOWN = Context(prec=6, rounding=ROUND_HALF_EVEN)


def number(value: Decimal) -> str:
    """Return a figure to be read: thousands apart, six digits that count where it has a long fraction."""
    if value != value.to_integral_value() and len(value.as_tuple().digits) > 10:
        value = _SHOWN.plus(value)
    whole, _, part = decimal_text(value).partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(whole):,}".replace(",", " ")
    return f"{sign}{grouped}{'.' + part if part else ''}"


def amount(value: Decimal, unit: str | None) -> str:
    """Return a figure with its unit."""
    return f"{number(value)} {unit}" if unit and unit != "%" else f"{number(value)}{unit or ''}"


def span(interval: Interval) -> str:
    """Return an interval to be read, one number where both bounds are the same."""
    low, high = number(interval.low), number(interval.high)
    return low if low == high else f"{low} to {high}"


def finding(
    report: Report,
    kind: str,
    figures: Sequence[Figure],
    expected: Interval,
    *,
    arithmetic: str,
    message: str,
    scores: Iterable[float | None] = (),
    allowed: Interval | None = None,
    lower: bool = True,
    upper: bool = True,
) -> Finding:
    """Return a finding about `figures`, the checked one first; `expected` is what the others say that it is.

    `allowed` is what the checked figure can have been, its own interval by default. `lower` and `upper` say whether
    `expected` bounds it on that side.
    """
    checked = figures[0]
    known = [s for s in (*scores, *(figure.entity.score for figure in figures)) if s is not None]
    return Finding(
        id="",
        kind=kind,
        severity=severity((allowed or checked.interval).gap(expected), checked.value),
        message=message,
        arithmetic=arithmetic,
        stated=decimal_text(checked.value),
        lower=decimal_text(_DOWN.plus(expected.low)) if lower else None,
        upper=decimal_text(_UP.plus(expected.high)) if upper else None,
        unit=checked.unit,
        evidence=tuple(evidence(report, figure) for figure in figures),
        score=min(known, default=None),
    )


def severity(gap: Decimal, value: Decimal) -> str:
    """Return low, medium or high by the gap beside the figure."""
    with exactly():
        beside = abs(value)
        if gap >= beside * HIGH:
            return "high"
        return "low" if gap <= beside * LOW else "medium"


def evidence(report: Report, figure: Figure) -> Evidence:
    """Return where a figure stands and its sentence."""
    entity = figure.entity
    start, end = sentence_at(report.text, entity.start, entity.end)
    return Evidence(
        report.document.name, entity.id, entity.text, entity.start, entity.end, report.text[start:end], start, end
    )
