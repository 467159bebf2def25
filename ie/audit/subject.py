"""What a figure is a figure of, to be compared over sentences and reports: indicator, unit, time, place, qualifiers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ie.audit.figures import Figure, Report, words
from ie.facts import Fact
from ie.normalise.fold import fold
from ie.sentences import sentence_at

LEAST_WORDS = 3
"""Syllables that an indicator must have to be told from others: `giải ngân` and `kinh phí` are of anything."""

LEAST_WORDS_INSIDE = 4
"""The same, without words such as `tổng số`, for one that is not the first of its sentence: in `20 dự án, vốn đăng ký 7
tỷ đồng` the money is that of the projects, which its name does not say."""

_PRICES = re.compile(r"giá (hiện hành|so sánh|cố định|thực tế)")

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
    prices: str | None = None


def subject(report: Report, figure: Figure) -> Subject | None:
    """Return the subject of a figure that measures an indicator of its own; None for changes, parts and ratios."""
    fact = figure.fact
    if fact is None or not fact.indicator or report.indicator(figure) is None or figure.has("Change"):
        return None
    if report.is_wanted(figure):
        return None
    if report.tails(figure, "PART_OF") or report.links.tails(figure.id, "RATIO_OF"):
        return None
    name = indicator_name(fact)
    if name is None or not (len(name.split()) >= LEAST_WORDS_INSIDE or _is_first(report, figure)):
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
        _prices(report, figure),
    )


def _is_first(report: Report, figure: Figure) -> bool:
    """Tell whether no figure stands before this one in its sentence."""
    start, _ = sentence_at(report.text, figure.entity.start, figure.entity.end)
    at = report.position[figure.id]
    return at == 0 or report.ordered[at - 1].entity.start < start


def _prices(report: Report, figure: Figure) -> str | None:
    """Return the prices that a value is reckoned at, said before it in its sentence."""
    start, _ = sentence_at(report.text, figure.entity.start, figure.entity.end)
    said = _PRICES.findall(fold(report.text[start : figure.entity.start]))
    return said[-1] if said else None


def indicator_name(fact: Fact) -> str | None:
    """Return what an indicator is compared by, the same for its variants; None for one too short to be told."""
    name = fact.indicator_name or fold(fact.indicator or "")
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
