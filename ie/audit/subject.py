"""What a figure is a figure of, to be compared over sentences and reports: indicator, unit, time, place, qualifiers."""

from __future__ import annotations

from dataclasses import dataclass

from ie.audit.figures import Figure, Report, words
from ie.normalise.fold import fold

LEAST_WORDS = 3
"""Syllables that an indicator must have to be told from others: `giải ngân` and `kinh phí` are of anything."""

_LOOSE = frozenset(("estimate", "approximate"))


@dataclass(frozen=True)
class Subject:
    """Two figures with one subject should be the same; bounds of time are ISO dates, None where none is said."""

    indicator: str
    unit: str | None
    start: str | None
    end: str | None
    places: tuple[str, ...]
    qualifiers: tuple[str, ...]
    basis: str | None
    projects: tuple[str, ...]
    fraction: bool


def subject(report: Report, figure: Figure) -> Subject | None:
    """Return the subject of a figure that measures an indicator of its own; None for changes, parts and ratios."""
    fact = figure.fact
    if fact is None or not fact.indicator or report.indicator(figure) is None or figure.has("Change"):
        return None
    if report.is_wanted(figure):
        return None
    if report.tails(figure, "PART_OF") or report.links.tails(figure.id, "RATIO_OF"):
        return None
    name = indicator_name(fact.indicator)
    if name is None:
        return None
    return Subject(
        name,
        figure.unit,
        fact.period_start,
        fact.period_end,
        tuple(sorted(map(fold, fact.places))),
        tuple(sorted(set(fact.qualifiers) - _LOOSE)),
        fact.share_basis,
        tuple(sorted(map(fold, fact.projects))),
        figure.total is not None,
    )


def indicator_name(text: str) -> str | None:
    """Return what an indicator is compared by, None for one too short to be told from others."""
    name = fold(text)
    if len(name.split()) < LEAST_WORDS:
        return None
    match = words("opening").match(name)
    return name[match.end() :].strip() if match and match.end() < len(name) else name


def heads(report: Report) -> list[tuple[Figure, Subject]]:
    """Return the figures that have a subject: of one mention of an indicator the first, the others are its details."""
    found = []
    seen: set[tuple[str | None, str | None, str | None]] = set()
    for figure in report.ordered:
        what = subject(report, figure)
        if what is None:
            continue
        mention = (report.indicator(figure), what.start, what.end)
        if mention not in seen:
            found.append((figure, what))
        seen.add(mention)
    return found
