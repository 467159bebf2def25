"""A longer time below a shorter one within it: `tháng 8 3.480 triệu đồng, lũy kế 8 tháng 2.476 triệu đồng`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations

from ie.audit.figures import Figure, Report
from ie.audit.finding import Checked
from ie.audit.subject import indicator_name
from ie.audit.wording import amount, finding
from ie.facts import Fact
from ie.normalise.fold import fold

SHORTEST = timedelta(days=6)
"""A time shorter than this is the day that a balance is of, not a time that something is counted over."""

MOST = 60
"""How many figures of one indicator are compared with each other."""


def check(report: Report) -> Iterator[Checked]:
    """Yield what came of every figure of a time and the one of the longest time around it, of the same indicator."""
    groups: dict[str, list[Figure]] = defaultdict(list)
    for figure in report.ordered:
        if _counts(report, figure):
            for key in _keys(report, figure):
                groups[key].append(figure)
    seen: set[tuple[str, str]] = set()
    for figures in groups.values():
        for short, long in permutations(figures[:MOST], 2):
            if (short.id, long.id) not in seen and _around(short, long):
                seen.add((short.id, long.id))
                yield _compared(report, short, long)


def _keys(report: Report, figure: Figure) -> list[str]:
    """Return what brings figures of one indicator together: its mention, and its name where that is telling."""
    name = indicator_name(figure.fact) if figure.fact else None
    return [str(report.indicator(figure)), *([f"name {name}"] if name else [])]


def _counts(report: Report, figure: Figure) -> bool:
    """Tell whether a figure is an amount of an indicator over a stretch of time, whole and reached."""
    fact = figure.fact
    if fact is None or not figure.is_amount or figure.dimension is None or figure.total is not None:
        return False
    if fold(fact.period or "").startswith("cùng kỳ"):
        return False
    whole = not figure.has("Change") and not report.is_wanted(figure) and not report.tails(figure, "PART_OF")
    return whole and report.indicator(figure) is not None and bounds(fact) is not None


def bounds(fact: Fact) -> tuple[date, date] | None:
    """Return the first and last day of a fact's time, None when one is not known or the time is a day."""
    if not fact.period_start or not fact.period_end:
        return None
    try:
        start, end = date.fromisoformat(fact.period_start), date.fromisoformat(fact.period_end)
    except ValueError:
        return None
    return (start, end) if end - start >= SHORTEST else None


def _around(short: Figure, long: Figure) -> bool:
    """Tell whether the time of `long` holds that of `short`, both of one unit, place and project."""
    if short.unit != long.unit or short.fact is None or long.fact is None:
        return False
    inner, outer = bounds(short.fact), bounds(long.fact)
    if inner is None or outer is None or inner == outer:
        return False
    places = [sorted(map(fold, fact.places + fact.projects)) for fact in (short.fact, long.fact)]
    return outer[0] <= inner[0] and inner[1] <= outer[1] and places[0] == places[1]


def _compared(report: Report, short: Figure, long: Figure) -> Checked:
    if long.interval.high >= short.interval.low:
        return Checked("cumulative")
    a, b = amount(long.value, long.unit), amount(short.value, short.unit)
    times = [figure.fact.period if figure.fact else "" for figure in (long, short)]
    found = finding(
        report,
        "cumulative",
        [long, short],
        short.interval,
        upper=False,
        arithmetic=f"{a} ({times[0]}) < {b} ({times[1]})",
        message=f"{a} for {times[0]} is below the {b} for {times[1]}, which lies within it",
    )
    return Checked("cumulative", found)
