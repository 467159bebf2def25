"""Checks a report against itself: shares, sums, remainders, repeats, changes; every finding spells its sum out."""

from ie.audit.finding import Evidence, Finding
from ie.audit.report import audit

__all__ = ["Evidence", "Finding", "audit"]
