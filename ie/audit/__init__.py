"""Checks a report against itself: shares, sums, remainders, repeats, changes; every finding spells its sum out."""

from ie.audit.checks import audit
from ie.audit.finding import Evidence, Finding
from ie.audit.series import Series, audit_series

__all__ = ["Evidence", "Finding", "Series", "audit", "audit_series"]
