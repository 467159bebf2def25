"""The audit of one report: every check in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ie.audit import change, cumulative, parts, remainder, repeats, shares
from ie.audit.figures import Report
from ie.audit.finding import Checked, Finding
from ie.document import Document
from ie.facts import Fact

CHECKS: tuple[Callable[[Report], Iterator[Checked]], ...] = (
    shares.check,
    parts.check,
    remainder.check,
    change.check,
    repeats.check,
    cumulative.check,
)


def audit(document: Document, *, known: Sequence[Fact] | None = None) -> tuple[Finding, ...]:
    """Return the contradictions within a report, in order of the text, with ids A1, A2, …

    A check speaks only where the relations that it rests on are sure; silence is no proof that a report is sound. Who
    has worked out the facts of the document gives them as `known`, else they are worked out here.
    """
    return numbered(each.finding for each in checked(document, known=known) if each.finding)


def checked(document: Document, *, known: Sequence[Fact] | None = None) -> list[Checked]:
    """Return every sum that could be checked, whether it comes out or not."""
    report = Report(document, known=known)
    return [each for check in CHECKS for each in check(report)]


def numbered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in order of the text with ids."""
    found = sorted(findings, key=lambda finding: (finding.evidence[0].start, finding.kind))
    return tuple(replace(finding, id=f"A{number}") for number, finding in enumerate(found, 1))
