"""Reports of one place beside each other: a cumulative below last month's, one month stated with two figures.

Reports are of one place when they say so themselves (`Document.about`); those that do not are left out and counted.
Estimates are corrected later as a matter of course, so that a figure marked as one is held to nothing but the rule that
what adds up over a year cannot fall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from ie.audit.cumulative import bounds
from ie.audit.figures import Figure, Report
from ie.audit.finding import Evidence, Finding
from ie.audit.subject import Subject, heads
from ie.audit.wording import amount, evidence, severity, span
from ie.document import Document
from ie.normalise.exact import decimal_text
from ie.normalise.fold import fold

Place = tuple[str, ...]


@dataclass(frozen=True)
class Stated:
    """A figure that a report states of its place, with what it is compared by."""

    document: str
    dated: str
    what: Subject
    figure: Figure
    time: tuple[date, date]
    where: Evidence


@dataclass
class Series:
    """Reports taken in one after the other; `findings` holds them against each other.

    Of a report only its figures are kept. `unplaced` counts the reports that do not say of which place they are.
    """

    stated: dict[Place, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    unplaced: int = 0

    def add(self, document: Document) -> None:
        """Take in the figures of a report."""
        place = place_of(document)
        if place is None:
            self.unplaced += 1
            return
        self.stated[place].extend(_stated(document))

    def findings(self) -> tuple[Finding, ...]:
        """Return the contradictions between reports of one place, in order of the later report, with ids S1, S2, …"""
        found = [finding for rows in self.stated.values() for finding in _place_findings(rows)]
        found.sort(key=lambda finding: (finding.evidence[0].document, finding.evidence[0].start, finding.kind))
        return tuple(replace(finding, id=f"S{number}") for number, finding in enumerate(found, 1))


def audit_series(documents: Iterable[Document]) -> tuple[Finding, ...]:
    """Return the contradictions between reports of one place, of any number of places."""
    series = Series()
    for document in documents:
        series.add(document)
    return series.findings()


def place_of(document: Document) -> Place | None:
    """Return the place that a report is of, with the units above it, None where it does not say."""
    about = document.about
    if about is None or about.place is None:
        return None
    return tuple(map(fold, (about.place, *about.parents)))


def _stated(document: Document) -> Iterator[Stated]:
    report = Report(document)
    dated = (document.about.date or "") if document.about else ""
    for figure, what in heads(report):
        time = bounds(figure.fact) if figure.fact else None
        if time and not figure.has("Planned"):
            yield Stated(document.name, dated, what, figure, time, evidence(report, figure))


def _place_findings(rows: Sequence[Stated]) -> Iterator[Finding]:
    groups: dict[Subject, list[Stated]] = defaultdict(list)
    for row in rows:
        groups[replace(row.what, start=None, end=None, qualifiers=())].append(row)
    for group in groups.values():
        yield from _falling(group)
        yield from _restated(group)


def _falling(group: Sequence[Stated]) -> Iterator[Finding]:
    """Yield the figures that add up from one first day and fall from one report to the next."""
    years: dict[date, list[Stated]] = defaultdict(list)
    for row in group:
        if row.figure.has("Cumulative") and row.figure.is_amount and row.figure.dimension is not None:
            years[row.time[0]].append(row)
    for rows in years.values():
        rows.sort(key=lambda row: (row.time[1], row.dated))
        for first, second in pairwise(rows):
            fallen = second.figure.interval.high < first.figure.interval.low
            if first.time[1] < second.time[1] and first.document != second.document and fallen:
                a, b = _amounts(first, second)
                said = f"{b} up to {second.time[1]} is below {a} up to {first.time[1]}"
                yield _finding("series", second, first, said, f"{b} < {a}", upper=False)


def _restated(group: Sequence[Stated]) -> Iterator[Finding]:
    """Yield the figures of one time that two reports state differently, neither as an estimate."""
    times: dict[tuple[tuple[date, date], bool], list[Stated]] = defaultdict(list)
    for row in group:
        if not row.figure.has("Estimate"):
            times[row.time, row.figure.has("Cumulative")].append(row)
    for rows in times.values():
        rows.sort(key=lambda row: (row.dated, row.document))
        for first, second in pairwise(rows):
            if first.document != second.document and not first.figure.interval.meets(second.figure.interval):
                a, b = _amounts(first, second)
                said = f"{second.what.indicator} is {a} in {first.document}, {b} in {second.document}"
                sums = f"{a} can be {span(first.figure.interval)}, {b} can be {span(second.figure.interval)}"
                yield _finding("restated", second, first, said, sums)


def _amounts(first: Stated, second: Stated) -> tuple[str, str]:
    return amount(first.figure.value, first.figure.unit), amount(second.figure.value, second.figure.unit)


def _finding(kind: str, second: Stated, first: Stated, message: str, arithmetic: str, *, upper: bool = True) -> Finding:
    scores = [row.figure.fact.score for row in (first, second) if row.figure.fact and row.figure.fact.score is not None]
    expected = first.figure.interval
    return Finding(
        id="",
        kind=kind,
        severity=severity(second.figure.interval.gap(expected), second.figure.value),
        message=message,
        arithmetic=arithmetic,
        stated=decimal_text(second.figure.value),
        lower=decimal_text(expected.low),
        upper=decimal_text(expected.high) if upper else None,
        unit=second.figure.unit,
        evidence=(second.where, first.where),
        score=min(scores, default=None),
    )
