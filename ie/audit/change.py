"""Changes against both values: `từ 07 hộ xuống 05 hộ, giảm 28,6%`; `41 vụ, giảm 12 vụ (22,6%)`.

The value after the change is the one that the change is RATIO_OF; the value before it stands beside it after `từ`,
`so với`, `cùng kỳ`, or follows from the change in units. A change of a percentage may be in points or in percent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ie.audit.figures import Figure, Report, Step, words
from ie.audit.finding import Checked
from ie.audit.wording import amount, finding, number, span
from ie.intervals import Interval, cut, point

_HUNDRED = point(Decimal(100))
_YEAR = re.compile(r"(?: năm)? [0-9]{4}(?: là| đạt)?$")


def check(report: Report) -> Iterator[Checked]:
    """Yield what came of every change whose value before and after are certain."""
    for after in report.ordered:
        changes = [step for step in report.heads(after, "RATIO_OF") if step.figure.has("Change")]
        changes = [step for step in changes if step.figure.entity.get("Basis") != "plan"]
        if not changes or after.total is not None:
            continue
        before = _before(report, after, changes)
        if before:
            for change in changes:
                yield from _against(report, change, after, before)
        elif not after.is_share:
            yield from _both(report, after, changes)


def _before(report: Report, after: Figure, changes: list[Step]) -> Figure | None:
    """Return the one figure beside `after` that is said to be the value before the change."""
    at = report.position[after.id]
    found = [
        figure
        for figure in report.ordered[max(0, at - 1) : at + 4]
        if figure is not after
        and figure.unit == after.unit
        and figure.total is None
        and not figure.has("Change")
        and not figure.has("Planned")
        and all(figure is not change.figure for change in changes)
        and _leads(report, figure)
        and report.same_sentence(figure, after)
        and report.indicator(figure) in (report.indicator(after), None)
    ]
    return found[0] if len(found) == 1 else None


def _leads(report: Report, figure: Figure) -> bool:
    lead = _YEAR.sub("", report.before(figure)).rstrip(" (:")
    return any(match.end() == len(lead) for match in words("prior").finditer(lead))


def direction(report: Report, change: Figure) -> int | None:
    """Return 1 for growth, -1 for decline, by the nearest word before the change; None where there is none."""
    lead = report.before(change)
    ups = [match.start() for match in words("up").finditer(lead)]
    downs = [match.start() for match in words("down").finditer(lead)]
    if not ups and not downs:
        return None
    return 1 if max(ups, default=-1) > max(downs, default=-1) else -1


def _against(report: Report, change: Step, after: Figure, before: Figure) -> Iterator[Checked]:
    figure = change.figure
    sign = direction(report, figure)
    if sign is None or before.interval.low <= 0:
        return
    rise = after.interval - before.interval if sign > 0 else before.interval - after.interval
    percent = (rise / before.interval).times(Decimal(100))
    if figure.unit == "lần":
        wanted = [after.interval / before.interval]
    else:
        wanted = [percent] if figure.is_share and not after.is_share else [rise]
        wanted += [percent] if figure.is_share and after.is_share else []
    yield _judged(report, figure, [after, before], wanted, scores=[change.score], said=_said(after, before, sign))


def _said(after: Figure, before: Figure, sign: int) -> str:
    first, second = (after, before) if sign > 0 else (before, after)
    return f"({number(first.value)} - {number(second.value)}) / {number(before.value)}"


def _both(report: Report, after: Figure, changes: list[Step]) -> Iterator[Checked]:
    """Hold a change in percent against the same change in units: the value before follows from the latter."""
    shares = [step for step in changes if step.figure.is_share]
    units = [step for step in changes if step.figure.unit == after.unit and step.figure.total is None]
    if len(shares) != 1 or len(units) != 1:
        return
    share, unit = shares[0], units[0]
    sign = direction(report, unit.figure)
    if sign is None or report.position[share.figure.id] - report.position[unit.figure.id] != 1:
        return
    delta = unit.figure.interval
    before = after.interval - delta if sign > 0 else after.interval + delta
    if before.low <= 0:
        return
    value, less = number(after.value - sign * unit.figure.value), number(unit.figure.value)
    said = f"{less} / ({number(after.value)} {'-' if sign > 0 else '+'} {less} = {value})"
    percent = [(delta / before).times(Decimal(100))]
    yield _judged(report, share.figure, [after, unit.figure], percent, scores=[share.score, unit.score], said=said)


def _judged(
    report: Report,
    change: Figure,
    others: list[Figure],
    wanted: list[Interval],
    *,
    scores: list[float | None],
    said: str,
) -> Checked:
    allowed = change.interval if change.has("Approximate") or not change.is_share else cut(change.value, change.step)
    if any(expected.meets(allowed) for expected in wanted):
        return Checked("change")
    stated, computed = amount(change.value, change.unit), " or ".join(span(expected) for expected in wanted)
    found = finding(
        report,
        "change",
        [change, *others],
        wanted[0],
        allowed=allowed,
        arithmetic=f"{said} gives {computed}; {stated} can be {span(allowed)}",
        message=f"the change is stated as {stated}, the values give {computed}",
        scores=scores,
    )
    return Checked("change", found)
