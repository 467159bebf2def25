"""Remainders: `nợ 4.020 triệu đồng, đã trả 2.330, còn nợ 1.690`; `64/71 hộ, còn 7 hộ`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ie.audit.figures import Figure, Report, words
from ie.audit.finding import Checked
from ie.audit.wording import amount, finding, number, span
from ie.intervals import Interval, point
from ie.normalise.exact import exactly


def check(report: Report) -> Iterator[Checked]:
    """Yield what came of every remainder whose total and whose done part stand right before it in its sentence."""
    for at, rest in enumerate(report.ordered):
        if not rest.is_amount or rest.total is not None or rest.unit is None or not _is_rest(report, rest):
            continue
        before = [figure for figure in report.ordered[max(0, at - 4) : at] if _same_kind(report, figure, rest)]
        last = before[-1] if before else None
        if last and last.total is not None:
            if report.ordered[at - 1] is last and last.total > rest.value:
                yield _judged(report, rest, [last], point(last.total) - point(last.value), (last.total, last.value))
        elif len(before) == 2 and _is_done(report, *before) and before[0].value > max(before[1].value, rest.value):
            whole, done = before
            yield _judged(report, rest, before, whole.interval - done.interval, (whole.value, done.value))


def _is_rest(report: Report, figure: Figure) -> bool:
    """Tell whether the words before a figure end in one for a remainder, not of another time."""
    lead = report.before(figure)
    ends = [match.end() for match in words("rest").finditer(lead)]
    return bool(ends) and len(lead) - ends[-1] <= 1 and not words("anew").search(lead)


def _same_kind(report: Report, figure: Figure, rest: Figure) -> bool:
    return figure.unit == rest.unit and not figure.has("Change") and report.same_sentence(figure, rest)


def _is_done(report: Report, whole: Figure, done: Figure) -> bool:
    """Tell whether words of doing lead from the total to the part, and no other relation claims the part."""
    parts = report.heads(whole, "PART_OF")
    return bool(words("done").search(report.between(whole, done))) and len(parts) <= 2


def _judged(
    report: Report, rest: Figure, before: list[Figure], expected: Interval, values: tuple[Decimal, Decimal]
) -> Checked:
    if expected.meets(rest.interval):
        return Checked("remainder")
    with exactly():
        left = values[0] - values[1]
    found = finding(
        report,
        "remainder",
        [rest, *before],
        expected,
        arithmetic=f"{number(values[0])} - {number(values[1])} = {number(left)} ({span(expected)} before rounding)",
        message=f"{amount(rest.value, rest.unit)} is said to be left, {amount(left, rest.unit)} is",
    )
    return Checked("remainder", found)
