"""Parts against totals: `216,8 tỷ đồng, trong đó: thuế 88,2; lệ phí 51,7; còn lại 38,3`.

A part above its total is always wrong. A sum is held against the total only where the list looks complete: reports
also name a few parts of many, and cut one total twice (by source and by level), so that a sum far from the total says
nothing. What lies close to the total but not on it is an error of a figure. How close is decided by what leads the list
in; the limits were set on the corpus's training reports. Beyond them a list is held against its total where one slip of
the pen in one of its parts explains the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ie.audit.figures import Figure, Report, words
from ie.audit.finding import Checked
from ie.audit.slips import is_slip
from ie.audit.wording import amount, finding, number, span
from ie.intervals import Interval
from ie.normalise.exact import exactly
from ie.sentences import sentence_at

OVER, OVER_SOME, OVER_WHOLE = Decimal("0.15"), Decimal("0.03"), Decimal("0.5")
"""How far above its total a list may come to be held against it: any list, two parts after `trong đó`, after `gồm`."""

UNDER = {"rest": Decimal("0.1"), "whole": Decimal("0.07"), "": Decimal("0.07"), "some": Decimal("0.03")}
"""How far below its total, by what leads the list in: a remainder, `gồm`, nothing, `trong đó`."""

WHOLE_DIGITS, DIGITS = 3, 4
"""Digits that a part must have to be held for a slip: in a list led in by `gồm`, in any other."""

MOST = 40
"""Longest list of parts that is added up."""


@dataclass(frozen=True)
class Part:
    """A part in the unit of its total, with the score of the relation."""

    figure: Figure
    score: float | None


def check(report: Report) -> Iterator[Checked]:
    """Yield what came of every list of parts that a total can be held against."""
    for total in report.ordered:
        if not total.is_amount or total.total is not None or total.has("Change"):
            continue
        parts = _parts(report, total)
        if len(parts) < 2:
            yield from _listed(report, total)
        large = list(_too_large(report, total, parts))
        yield from large
        run = _last_run(total, parts)
        if large:
            continue
        if run is None:
            yield Checked("parts")
        elif 2 <= len(run) <= MOST:
            yield from _sum(report, total, run)


def _parts(report: Report, total: Figure) -> list[Part]:
    found = []
    for step in report.heads(total, "PART_OF"):
        figure = step.figure
        scaled = (
            figure.within(total) if figure.is_amount and figure.total is None and not figure.has("Change") else None
        )
        if scaled:
            found.append(Part(scaled, step.score))
    return found


def _listed(report: Report, total: Figure) -> Iterator[Checked]:
    """Hold the list that `gồm` leads in against its total where its parts are not linked; a slip must explain it."""
    at, run = report.position[total.id], list[Part]()
    for figure in report.ordered[at + 1 : at + 1 + MOST]:
        lead = report.between(run[-1].figure if run else total, figure)
        if not report.same_sentence(total, figure) or (run and (";" in lead or words("some").search(lead))):
            break
        if not run and not words("whole").search(lead):
            if figure.unit == total.unit and not figure.has("Change"):
                return
            continue
        scaled = figure.within(total) if figure.is_amount and figure.total is None else None
        if scaled is None or figure.has("Change"):
            return
        run.append(Part(scaled, None))
    if len(run) < 2 or any(report.tails(part.figure, "RATIO_OF") for part in run):
        return
    if _added(run).meets(total.interval):
        yield Checked("parts")
    elif _slipped(report, total, run):
        yield _found(report, total, run)


def _too_large(report: Report, total: Figure, parts: Sequence[Part]) -> Iterator[Checked]:
    for part in parts:
        if part.figure.interval.low <= total.interval.high or not _announced(report, total, part.figure):
            continue
        a, b = amount(part.figure.value, total.unit), amount(total.value, total.unit)
        found = finding(
            report,
            "parts",
            [part.figure, total],
            total.interval,
            lower=False,
            arithmetic=f"{a} > {b}",
            message=f"the part {a} is above its total {b}",
            scores=[part.score],
        )
        yield Checked("parts", found)


def _announced(report: Report, total: Figure, part: Figure) -> bool:
    """Tell whether a part stands in the sentence of its total after words that announce it."""
    lead = report.between(total, part)
    said = words("some").search(lead) or words("whole").search(lead)
    return bool(said) and ";" not in lead and report.same_sentence(total, part)


def _last_run(total: Figure, parts: Sequence[Part]) -> list[Part] | None:
    """Return the parts after the last list that came to the total; None when a list did and no part is left."""
    run: list[Part] = []
    closed = False
    for part in parts:
        run.append(part)
        if len(run) > 1 and _added(run).meets(total.interval):
            run, closed = [], True
    return None if closed and not run else run


def _added(run: Sequence[Part]) -> Interval:
    added = run[0].figure.interval
    for part in run[1:]:
        added += part.figure.interval
    return added


def _sum(report: Report, total: Figure, run: Sequence[Part]) -> Iterator[Checked]:
    distance = _distance(total, run)
    near = abs(distance) <= total.value * _limit(report, total, run, over=distance > 0)
    near = near and (distance > 0 or not _passed_over(report, total, run))
    if not near and (_is_written(report, total, run, -distance) or not _slipped(report, total, run)):
        return
    yield _found(report, total, run)


def _distance(total: Figure, run: Sequence[Part]) -> Decimal:
    with exactly():
        return sum((part.figure.value for part in run), Decimal(0)) - total.value


def _found(report: Report, total: Figure, run: Sequence[Part]) -> Checked:
    added, distance = _added(run), _distance(total, run)
    with exactly():
        value = total.value + distance
    said, whole = " + ".join(number(part.figure.value) for part in run), amount(total.value, total.unit)
    found = finding(
        report,
        "parts",
        [total, *(part.figure for part in run)],
        added,
        arithmetic=f"{said} = {number(value)} ({span(added)} before rounding); stated {whole}",
        message=f"the parts come to {amount(value, total.unit)}, {_off(distance)} their total {whole}",
        scores=[part.score for part in run],
    )
    return Checked("parts", found)


def _slipped(report: Report, total: Figure, run: Sequence[Part]) -> bool:
    """Tell whether one slip in one part brings the list to its total; a list that may leave parts out asks for more."""
    lead = report.between(total, run[0].figure)
    if words("mainly").search(lead):
        return False
    digits = WHOLE_DIGITS if words("whole").search(lead) else DIGITS
    for part in run:
        others = [other for other in run if other is not part]
        rest = total.interval - _added(others) if others else total.interval
        if is_slip(part.figure, rest, digits=digits):
            return True
    return False


def _is_written(report: Report, total: Figure, run: Sequence[Part], missing: Decimal) -> bool:
    """Tell whether what a list lacks stands in the sentences of its parts: then it is a part that nobody linked."""
    first, last = (part.figure.entity for part in (run[0], run[-1]))
    start, end = sentence_at(report.text, first.start, last.end)
    if missing <= 0:
        return False
    wanted = re.sub(r"\D", "", number(missing / total.scale))
    return wanted in re.split(r"\D+", re.sub(r"(?<=\d)[.,](?=\d)", "", report.text[start:end]))


def _passed_over(report: Report, total: Figure, run: Sequence[Part]) -> bool:
    """Tell whether among the parts or right after them stands an amount of their unit that may be one of them."""
    known = {part.figure.id for part in run}
    places = sorted(report.position[id] for id in known)
    start = report.position[total.id] + 1 if report.position[total.id] < places[0] else places[0]
    last = report.ordered[places[-1]]
    after = report.ordered[places[-1] + 1 : places[-1] + 2]
    near = report.ordered[start : places[-1]] + [figure for figure in after if report.same_sentence(last, figure)]
    return any(
        figure.id not in known
        and figure is not total
        and figure.unit in (total.unit, None)
        and not figure.has("Change")
        and not report.tails(figure, "PART_OF")
        for figure in near
    )


def _off(distance: Decimal) -> str:
    return f"{number(abs(distance))} {'above' if distance > 0 else 'below'}"


def _limit(report: Report, total: Figure, run: Sequence[Part], *, over: bool) -> Decimal:
    lead = report.between(total, run[0].figure)
    some = bool(words("some").search(lead))
    whole = bool(words("whole").search(lead)) and report.same_sentence(total, run[-1].figure)
    if over:
        return OVER_SOME if some and len(run) == 2 else OVER_WHOLE if whole and not some else OVER
    if words("mainly").search(lead):
        return Decimal(0)
    if any(words("rest").search(report.before(part.figure)[-20:]) for part in run):
        return UNDER["rest"]
    return UNDER["some" if some else "whole" if words("whole").search(lead) else ""]
