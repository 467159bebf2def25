"""What an audit reports: which figures do not agree, by what sum, how far beyond their rounding."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Evidence:
    """One figure that a finding rests on: its QUANTITY, its characters and its sentence in `document`'s text."""

    document: str
    quantity: str
    text: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    sentence_end: int

    def as_dict(self) -> dict[str, object]:
        """Return all fields by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True)
class Finding:
    """Figures of a report that contradict each other beyond their rounding.

    `stated` is the figure that was checked, `lower` and `upper` the bounds within which it would agree, all three exact
    decimal text in `unit`; a bound is None where there is none. `evidence` has the checked figure first. `score` is the
    lowest score of the spans and relations used, None when a person gave them all.
    """

    id: str
    kind: str
    severity: str
    message: str
    arithmetic: str
    stated: str
    lower: str | None
    upper: str | None
    unit: str | None
    evidence: tuple[Evidence, ...]
    score: float | None = None

    @property
    def quantities(self) -> tuple[str, ...]:
        """Ids of the quantities used, the checked one first."""
        return tuple(each.quantity for each in self.evidence)

    def as_dict(self) -> dict[str, object]:
        """Return all fields by name, ready for JSON."""
        plain: dict[str, object] = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**plain, "evidence": [each.as_dict() for each in self.evidence]}


@dataclass(frozen=True)
class Checked:
    """One sum that was checked: what it found, None when the figures agree."""

    kind: str
    finding: Finding | None = None
