"""Errors planted into clean gold reports: one figure of a sum that comes out is changed, so that it no longer does.

The sums are looked for here by arithmetic alone, not by the audit's own rules, so that what the audit never looks at
counts against it. Edits keep the length of the text: a digit replaced, two swapped, a decimal mark moved. `closing.py`
plants the rest.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ie.audit.figures import Figure, Report
from ie.document import Document, fragments_text

KINDS = ("share", "plan", "parts", "remainder", "change", "cumulative", "repeat")
MOST = 3
"""Errors of one kind planted in one report."""

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Sum:
    """Figures of a report, by id, that come out; `broken` tells whether they still do once one was changed."""

    kind: str
    ids: tuple[str, ...]
    broken: Callable[[Sequence[Figure]], bool]


@dataclass(frozen=True)
class Planted:
    """One error: its kind and the characters of the source that were changed or added."""

    kind: str
    start: int
    end: int
    was: str
    now: str


def sums(report: Report) -> Iterator[Sum]:
    """Yield the sums of a report that come out, of every kind but repeats."""
    yield from _shares(report)
    yield from _parts(report)
    yield from _remainders(report)
    yield from _changes(report)
    yield from _cumulatives(report)


def _off_share(figures: Sequence[Figure]) -> bool:
    share, part, *whole = figures
    of = whole[0].value if whole else part.total
    return of is None or of <= 0 or abs(share.value - _HUNDRED * part.value / of) > share.step


def _shares(report: Report) -> Iterator[Sum]:
    for share in report.ordered:
        if not share.is_share or share.has("Change") or share.has("Approximate"):
            continue
        for step in report.tails(share, "RATIO_OF")[:1]:
            part = step.figure
            if part.total is not None:
                wholes: list[tuple[Figure, ...]] = [()]
            else:
                wholes = [(other,) for other in _near(report, part) if other.value >= part.value]
            for whole in wholes:
                if not _off_share((share, part, *whole)):
                    kind = "plan" if share.entity.get("Basis") == "plan" else "share"
                    yield Sum(kind, tuple(f.id for f in (share, part, *whole)), _off_share)
                    break


def _near(report: Report, figure: Figure) -> list[Figure]:
    """Return the figures of the same unit in the same sentence, and the totals that the figure is part of."""
    totals = [step.figure for step in report.tails(figure, "PART_OF")]
    near = [o for o in report.ordered if o is not figure and o.unit == figure.unit and report.same_sentence(o, figure)]
    return [other for other in (*totals, *near) if other.total is None and not other.has("Change")]


def _off_parts(figures: Sequence[Figure]) -> bool:
    total, *parts = figures
    added = sum((part.value for part in parts), Decimal(0))
    return abs(added - total.value) > (len(parts) + 1) * max(figure.step for figure in figures) / 2


def _parts(report: Report) -> Iterator[Sum]:
    for total in report.ordered:
        parts = [step.figure for step in report.heads(total, "PART_OF") if step.figure.unit == total.unit]
        if total.is_amount and len(parts) > 1 and not _off_parts((total, *parts)):
            yield Sum("parts", tuple(figure.id for figure in (total, *parts)), _off_parts)


def _off_rest(figures: Sequence[Figure]) -> bool:
    rest, first, *second = figures
    left = first.value - second[0].value if second else (first.total or Decimal(0)) - first.value
    return abs(left - rest.value) > max(figure.step for figure in figures)


def _remainders(report: Report) -> Iterator[Sum]:
    for rest in report.ordered:
        if not rest.is_amount or rest.total is not None or not re.search(r"\bcòn\b", report.before(rest)):
            continue
        before = [f for f in report.ordered[: report.position[rest.id]] if f.unit == rest.unit][-2:]
        before = [figure for figure in before if report.same_sentence(figure, rest)]
        tries = [(f,) for f in before if f.total is not None] + ([tuple(before)] if len(before) == 2 else [])
        for others in tries:
            if not _off_rest((rest, *others)):
                yield Sum("remainder", tuple(figure.id for figure in (rest, *others)), _off_rest)
                break


def _off_change(figures: Sequence[Figure]) -> bool:
    change, after, before = figures
    return (
        before.value <= 0 or abs(change.value - _HUNDRED * abs(after.value - before.value) / before.value) > change.step
    )


def _changes(report: Report) -> Iterator[Sum]:
    for change in report.ordered:
        if not change.is_share or not change.has("Change") or change.entity.get("Basis") == "plan":
            continue
        for step in report.tails(change, "RATIO_OF")[:1]:
            for before in _near(report, step.figure):
                if not _off_change((change, step.figure, before)):
                    yield Sum("change", (change.id, step.figure.id, before.id), _off_change)


def _off_whole(figures: Sequence[Figure]) -> bool:
    long, short = figures
    return long.interval.high < short.interval.low


def _cumulatives(report: Report) -> Iterator[Sum]:
    for long in report.ordered:
        for short in report.ordered:
            same = report.indicator(long) is not None and report.indicator(long) == report.indicator(short)
            if same and long is not short and long.has("Cumulative") and not short.has("Cumulative"):
                plain = long.unit == short.unit and long.is_amount and not report.tails(short, "PART_OF")
                if plain and _holds(long, short) and not _off_whole((long, short)):
                    yield Sum("cumulative", (long.id, short.id), _off_whole)


def _holds(long: Figure, short: Figure) -> bool:
    a, b = long.fact, short.fact
    if a is None or b is None or None in (a.period_start, a.period_end, b.period_start, b.period_end):
        return False
    inside = str(a.period_start) <= str(b.period_start) and str(b.period_end) <= str(a.period_end)
    return (
        inside and b.period_start != b.period_end and (a.period_start, a.period_end) != (b.period_start, b.period_end)
    )


def edited(text: str, kind: str, rng: random.Random) -> str:
    """Return a figure with one mistake of a writer, of the same length; a cumulative loses its size."""
    digits = [at for at, char in enumerate(text) if char.isdigit()]
    if not digits:
        return text
    if kind == "cumulative":
        return "".join("0" if char.isdigit() and at != digits[0] else "1" if at == digits[0] else char
                       for at, char in enumerate(text))  # fmt: skip
    way = rng.choice(("replace", "replace", "swap", "mark"))
    if way == "swap" and len(digits) > 1:
        at = rng.randrange(len(digits) - 1)
        return _swapped(text, digits[at], digits[at + 1])
    if way == "mark" and re.fullmatch(r"\d{2,},\d+", text):
        at = text.index(",")
        return _swapped(text, at - 1, at)
    at = rng.choice(digits)
    choices = [d for d in "123456789" if d != text[at]]
    return f"{text[:at]}{rng.choice(choices)}{text[at + 1 :]}"


def _swapped(text: str, first: int, second: int) -> str:
    chars = list(text)
    chars[first], chars[second] = chars[second], chars[first]
    return "".join(chars)


def replaced(gold: Document, start: int, now: str) -> Document:
    """Return a gold document with the characters from `start` on replaced by as many others."""
    text = gold.text[:start] + now + gold.text[start + len(now) :]
    entities = tuple(replace(e, text=fragments_text(text, e.fragments), value=None) for e in gold.entities)
    return replace(gold, text=text, entities=entities)
