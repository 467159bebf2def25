"""One figure stated twice: `tỷ lệ hộ nghèo 12,4 %` in a section, `13 %` in the summary.

Figures far apart are of two things that happen to go by one name; figures that differ by a power of ten alone are one
with its mark misplaced; so is a figure that one slip of the pen has changed. Only reports on a time repeat themselves:
decisions and plans set many figures of one name, a list has one an item, and a sentence that names another place speaks
of that place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from ie.audit.figures import Figure, Report
from ie.audit.finding import Checked
from ie.audit.slips import is_slip
from ie.audit.subject import Subject, heads
from ie.audit.wording import amount, finding, span
from ie.normalise.exact import exactly

NEAR = Decimal("0.25")
"""How far apart two figures of one name may be, in parts of the larger, to be held for the same one."""


def check(report: Report) -> Iterator[Checked]:
    """Yield what came of every two mentions of one indicator for the same time, place and project."""
    stated: dict[Subject, list[Figure]] = defaultdict(list)
    for figure, what in heads(report):
        stated[what].append(figure)
    for what, figures in stated.items():
        for figure in figures[1:]:
            if _comparable(report, figures[0], figure) and _near(figures[0], figure):
                yield _compared(report, what, figure, figures[0])


def _comparable(report: Report, one: Figure, other: Figure) -> bool:
    """Tell whether two mentions can be of one thing: of a known time and the same places, not in one list."""
    about = report.document.about
    timed = all(figure.fact and figure.fact.period_start for figure in (one, other))
    if not timed and not (about and about.period_start):
        return False
    if report.same_sentence(one, other) or report.same_list(one, other):
        return False
    return report.places_before(one) == report.places_before(other)


def _near(one: Figure, other: Figure) -> bool:
    """Tell whether two figures can be meant to be the same."""
    first, second = one.value, other.value
    low, high = sorted((first, second))
    with exactly():
        if high - low <= abs(high) * NEAR:
            return True
    digits = [value.normalize().as_tuple().digits for value in (first, second)]
    return (digits[0] == digits[1] and len(digits[0]) > 1) or is_slip(other, one.interval)


def _compared(report: Report, what: Subject, second: Figure, first: Figure) -> Checked:
    if first.interval.meets(second.interval) and first.total == second.total:
        return Checked("repeat")
    a, b = (amount(figure.value, figure.unit) for figure in (first, second))
    found = finding(
        report,
        "repeat",
        [second, first],
        first.interval,
        arithmetic=f"{a} can be {span(first.interval)}, {b} can be {span(second.interval)}",
        message=f"{what.indicator} is {a} first, {b} later",
    )
    return Checked("repeat", found)
