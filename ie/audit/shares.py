"""Shares against amounts: `64/72 (88,9%)`, `402 trên tổng số 684, chiếm 58,9%`, `4.127/5.510 tỷ đồng, đạt 74,9%`.

A share is checked when the whole that it is of is certain: the total of a fraction, the one total of its part, the one
plan of its amount. Where the whole is only likely (a table's column, money allotted and paid), one slip of the pen must
explain the difference. A share of the plan counts from zero (`đạt 95%`) or from the plan (`vượt 3,5%`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ie.audit.change import direction
from ie.audit.figures import Figure, Report, Step, words
from ie.audit.finding import Checked
from ie.audit.slips import is_slip
from ie.audit.wording import amount, finding, number, span
from ie.intervals import Interval, cut, point

_HUNDRED = Decimal(100)
FAR = Decimal(300)
"""Percentage above which two figures are more likely of two things than part and whole."""
NEAR = 40
"""Longest way in characters from an amount to the plan or total it is written with."""
WIDE = 12
"""How many figures to either side of an amount are looked at for a second plan in its sentence."""


@dataclass(frozen=True)
class Whole:
    """The whole of a part: what it can have been, the figures it was taken from, the scores on the way.

    `sure` is False where it is only likely to be the whole.
    """

    interval: Interval
    value: Decimal
    figures: tuple[Figure, ...]
    scores: tuple[float | None, ...]
    kind: str
    sure: bool = True


def check(report: Report) -> Iterator[Checked]:
    """Yield what came of every share whose part and whole are certain."""
    for share in report.ordered:
        if not share.is_share or share.total is not None:
            continue
        parts = report.tails(share, "RATIO_OF")
        if len(parts) != 1 or not parts[0].figure.is_amount:
            continue
        part = parts[0]
        whole = _whole(report, share, part.figure)
        if whole and whole.interval.low > 0:
            yield from _judged(report, share, part, whole)


def _whole(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the whole that the share is of, None where it is not certain."""
    basis = share.entity.get("Basis")
    if basis == "same_period" or words("earlier").match(report.after(share).lstrip(" ,")):
        return None
    if part.total is not None:
        return Whole(point(part.total), part.total, (part,), (), "share") if _plain(report, share, part) else None
    found = _pair(report, share, part) or _over(report, share, part) or _row(report, share, part)
    if basis == "plan":
        found = found or _plan(report, share, part)
    elif basis == "total":
        found = found or _total(report, share, part)
    if found is None:
        found = _taken(report, share, part) or _allotted(report, share, part) or _named(report, share, part)
        found = replace(found, sure=found.sure and basis != "plan") if found else None
    return replace(found, kind="plan") if found and basis == "plan" else found


def _total(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the one total that the part is a part of."""
    totals = report.tails(part, "PART_OF")
    if len(totals) != 1 or not _plain(report, share, part):
        return None
    total = totals[0].figure
    if total.total is not None or total.unit != part.unit:
        return None
    return Whole(total.interval, total.value, (part, total), (totals[0].score,), "share")


def _plain(report: Report, share: Figure, part: Figure) -> bool:
    """Tell whether the share follows its part with no other figure and no other whole between them."""
    follows = report.position[share.id] - report.position[part.id] == 1 and report.same_paragraph(part, share)
    return follows and not words("other").search(report.between(part, share))


def _pair(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the second amount of a pair `412 tỷ đồng/530 tỷ đồng` that the share follows."""
    at = report.position[part.id] + 1
    if at + 1 >= len(report.ordered) or report.ordered[at + 1] is not share:
        return None
    second = report.ordered[at]
    slashed = report.between(part, second).strip()
    if second.unit != part.unit or not slashed.endswith("/") or len(slashed) > NEAR or second.total is not None:
        return None
    return Whole(second.interval, second.value, (part, second), (), "share")


def _row(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the figure before the part in a table's row: plan, done, share, with nothing but blanks between.

    It is certain where the share is one of the plan and the row has no other figure.
    """
    at = report.position[part.id]
    if at == 0 or report.ordered[at + 1 : at + 2] != [share]:
        return None
    first = report.ordered[at - 1]
    gaps = report.between(first, part) + report.between(part, share)
    alone = at == 1 or _line(report, first) != _line(report, report.ordered[at - 2])
    if gaps.strip(" |\t") or first.unit != part.unit or first.total is not None:
        return None
    if _line(report, first) != _line(report, share):
        return None
    sure = alone and share.entity.get("Basis") == "plan"
    return Whole(first.interval, first.value, (part, first), (), "plan", sure)


def _line(report: Report, figure: Figure) -> int:
    """Return where the line of a figure starts."""
    return report.text.rfind("\n", 0, figure.entity.start)


def _over(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the total that follows its share: `giải ngân 42 tỷ đồng (48%) trên tổng số vốn 87 tỷ đồng`."""
    at = report.position[share.id] + 1
    if at >= len(report.ordered) or not _plain(report, share, part):
        return None
    whole = report.ordered[at]
    plain = whole.unit == part.unit is not None and whole.total is None and whole.value >= part.value
    lead = report.between(share, whole).lstrip("% )")
    if not plain or len(lead) > NEAR or not words("over").match(lead) or not report.same_sentence(share, whole):
        return None
    return Whole(whole.interval, whole.value, (part, whole), (), "share")


def _taken(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the figure before the part that it was done of: `tiếp nhận 512 đơn, giải quyết 481 đơn, đạt 93,9%`.

    It is certain where it is the part's total or stands right before it; not beyond a change or a semicolon.
    """
    totals = report.tails(part, "PART_OF")
    first = totals[0].figure if totals else _earlier(report, part)
    if first is None or len(totals) > 1 or first.unit != part.unit or first.total is not None or first.has("Change"):
        return None
    if not _plain(report, share, part) or part.has("Change") or first.value < part.value:
        return None
    next_to = report.position[part.id] - report.position[first.id] == 1 and ";" not in report.between(first, part)
    if not report.same_sentence(first, share) or not words("taken").search(report.before(part)):
        return None
    scores = tuple(step.score for step in totals)
    return Whole(first.interval, first.value, (part, first), scores, "share", bool(totals) or next_to)


def _named(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the figure that a part is likely of: `chi 612 tỷ đồng, riêng đầu tư 248,6 tỷ đồng, chiếm 40,6%`."""
    first = _earlier(report, part)
    if first is None or not _plain(report, share, part) or part.has("Change") or first.value < part.value:
        return None
    if not report.same_sentence(first, share) or not words("some").search(report.before(part)):
        return None
    said = words("share").search(report.between(part, share))
    return Whole(first.interval, first.value, (part, first), (), "share", sure=False) if said else None


def _earlier(report: Report, part: Figure) -> Figure | None:
    """Return the nearest amount of the same unit before the part, at most three figures away."""
    at = report.position[part.id]
    near = report.ordered[max(0, at - 3) : at]
    found = [first for first in near if first.unit == part.unit is not None and not first.has("Change")]
    return found[-1] if found and found[-1].total is None else None


def _allotted(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the money that the part was likely paid of: `bố trí 96,3 tỷ đồng, giải ngân 41,2 (42,8%)`."""
    first = _earlier(report, part)
    if first is None or not _plain(report, share, part) or part.has("Change") or part.has("Planned"):
        return None
    if not report.same_sentence(first, share) or not words("spent").search(report.before(part)):
        return None
    said = words("allotted").search(report.before(first)) or words("allotted").search(report.between(first, part))
    return Whole(first.interval, first.value, (part, first), (), "plan", sure=False) if said else None


def _plan(report: Report, share: Figure, part: Figure) -> Whole | None:
    """Return the one plan of the same indicator that stands with the part in its sentence."""
    indicator = report.indicator(part)
    others = [
        other
        for other in report.ordered[max(0, report.position[part.id] - WIDE) : report.position[part.id] + WIDE]
        if other is not part
        and other.unit == part.unit
        and other.total is None
        and not other.has("Change")
        and not report.heads(other, "RATIO_OF")
        and indicator is not None
        and report.indicator(other) == indicator
        and report.same_sentence(other, share)
    ]
    if len(others) != 1 or not others[0].has("Planned") or part.has("Planned") or not _said_planned(report, others[0]):
        return None
    return Whole(others[0].interval, others[0].value, (part, others[0]), (), "plan")


def _said_planned(report: Report, figure: Figure) -> bool:
    """Tell whether words beside a figure make it the plan."""
    return bool(words("plan").search(report.before(figure)) or words("plan").match(report.after(figure).lstrip(" (,")))


def _judged(report: Report, share: Figure, part: Step, whole: Whole) -> Iterator[Checked]:
    beyond = _beyond(report, share)
    if beyond is None:
        return
    ratio = (part.figure.interval / whole.interval).times(_HUNDRED)
    base = ratio - point(_HUNDRED) if beyond > 0 else point(_HUNDRED) - ratio if beyond < 0 else ratio
    allowed = share.interval if share.has("Approximate") else cut(share.value, share.step)
    if base.meets(allowed):
        yield Checked(whole.kind)
        return
    if (not whole.sure or base.low > FAR) and not is_slip(share, base):
        return
    a, b = amount(part.figure.value, part.figure.unit), amount(whole.value, part.figure.unit)
    less = {0: "", 1: " - 100", -1: ", and 100 less that"}[beyond]
    found = finding(
        report,
        whole.kind,
        [share, *dict.fromkeys((part.figure, *whole.figures))],
        base,
        allowed=allowed,
        arithmetic=f"{a} / {b} x 100{less} = {span(base)}; {share.entity.text}% can be {span(allowed)}",
        message=f"{share.entity.text}% is not {a} of {b}, which is {number(_middle(base))}%",
        scores=(part.score, *whole.scores),
    )
    yield Checked(whole.kind, found)


def _beyond(report: Report, share: Figure) -> int | None:
    """Return 1 for a share above the whole (`vượt 3,5%`), -1 for one below it, 0 for a share of it, None for doubt."""
    if not share.has("Change"):
        return 0
    return direction(report, share)


def _middle(interval: Interval) -> Decimal:
    middle = (interval.low + interval.high) / 2
    return middle.quantize(Decimal("0.01"))
