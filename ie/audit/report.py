"""The audit of one report: every check in turn."""

from __future__ import annotations

from ie.audit.finding import Finding
from ie.document import Document


def audit(document: Document) -> tuple[Finding, ...]:
    """Return the contradictions within a report, in order of the text."""
    return ()
