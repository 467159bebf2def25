"""One figure stated twice: `tỷ lệ hộ nghèo 12,4 %` in a section, `13 %` in the summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ie.audit.figures import Figure, Report
from ie.audit.finding import Checked
from ie.audit.subject import Subject, heads
from ie.audit.wording import amount, finding, span


def check(report: Report) -> Iterator[Checked]:
    """Yield what came of every two mentions of one indicator for the same time, place and project."""
    stated: dict[Subject, list[Figure]] = defaultdict(list)
    for figure, what in heads(report):
        stated[what].append(figure)
    for what, figures in stated.items():
        for figure in figures[1:]:
            if not report.same_sentence(figures[0], figure):
                yield _compared(report, what, figure, figures[0])


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
