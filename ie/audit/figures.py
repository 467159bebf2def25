"""The figures of a report as the audit sees them: an interval each, its fact, its relations, the words before it."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from importlib import resources

from ie.document import Document, Entity, Relation
from ie.facts import Fact, facts
from ie.intervals import Interval, coarse, last_place, point, rounded
from ie.normalise import normalise, unit_of
from ie.normalise.exact import product
from ie.normalise.fold import fold
from ie.normalise.links import Link, Links
from ie.sentences import sentence_at

SURE = 0.6
"""Score below which a relation is too doubtful to accuse a report by; None, a person's, is always sure."""

_HEADING = re.compile(r"^[ \t]*(?:[IVX]{1,5}|[A-HĐ]|PHẦN [^\n.:]{1,16})[./):\n -][^\n]{3,160}$", re.MULTILINE)
_PROGRAMME = re.compile(r"mục tiêu quốc gia|chương trình mục tiêu")

_ITEM = re.compile(r"[\s*_#>]*(?:[-–+*•●▪|]|\(?[a-zđ]\)|\([0-9]{1,2}\))")

_NEAR_PLAN = 12
"""How many characters may stand between a word for a plan and the figure that is the plan."""

REACH = 60
"""How many characters before a figure are looked at for the words that lead to it."""


@dataclass(frozen=True)
class Figure:
    """A number with what it can have been before rounding, both in `unit`; `step` is worth one of its last digit.

    `total` is the whole of a fraction (`64/72`), None for a plain number. `scale` is the scale word of its unit,
    already multiplied into the value.
    """

    entity: Entity
    fact: Fact | None
    value: Decimal
    interval: Interval
    step: Decimal
    unit: str | None
    dimension: str | None
    total: Decimal | None = None
    scale: Decimal = Decimal(1)

    @property
    def id(self) -> str:
        """Id of its QUANTITY."""
        return self.entity.id

    @property
    def is_share(self) -> bool:
        """Tell whether it is a percentage."""
        return self.unit == "%"

    def has(self, attribute: str) -> bool:
        """Tell whether the attribute stands on its QUANTITY."""
        return self.entity.has(attribute)

    def within(self, other: Figure) -> Figure | None:
        """Return the figure in the unit of `other`: itself, or scaled as `other` is when it has no unit of its own."""
        if self.unit == other.unit:
            return self
        if self.unit is not None:
            return None
        value, step = product(self.value, other.scale), product(self.step, other.scale)
        whole = other.interval.low == other.interval.high and step == 1 and not self.has("Approximate")
        interval = point(value) if whole else self.interval.times(other.scale)
        return replace(self, value=value, step=step, interval=interval, unit=other.unit, dimension=other.dimension)

    @property
    def is_amount(self) -> bool:
        """Tell whether it is an amount that can be added: no share, rate, score or multiple."""
        return self.dimension is None or (
            "/" not in self.dimension and not self.dimension.startswith(("share", "multiple", "point", "ratio"))
        )


@dataclass(frozen=True)
class Step:
    """A relation of a figure that is sure enough, with its score."""

    figure: Figure
    score: float | None


class Report:
    """A document ready to be audited; looked up by quantity id."""

    def __init__(self, document: Document, *, known: Sequence[Fact] | None = None) -> None:
        if all(entity.value is None for entity in document.entities):
            document, known = normalise(document), None
        self.document = document
        self.text = document.text
        self.links = Links(document)
        self._known = known

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The facts by the id of their quantity."""
        known = facts(self.document) if self._known is None else self._known
        return {fact.id: fact for fact in known}

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures that could be read, by id, in order of the text; ranges are left out."""
        found = (self._figure(entity) for entity in sorted(self.document.entities, key=_start))
        return {figure.id: figure for figure in found if figure}

    @cached_property
    def ordered(self) -> list[Figure]:
        """The figures in order of the text."""
        return list(self.figures.values())

    @cached_property
    def position(self) -> dict[str, int]:
        """The position of each figure in `ordered`."""
        return {figure.id: at for at, figure in enumerate(self.ordered)}

    def _figure(self, entity: Entity) -> Figure | None:
        value = entity.value
        if entity.label != "QUANTITY" or value is None or value.number is None or value.kind == "range":
            return None
        unit = unit_of(entity.id, self.links)
        number, scale = Decimal(value.number), unit.scale if unit else Decimal(1)
        step = _step(entity, number, scale, fraction=value.kind == "fraction")
        counted = unit.counter if unit else value.dimension == "count"
        interval = _interval(entity, number, step, counted=counted)
        total = Decimal(value.upper) if value.kind == "fraction" and value.upper else None
        name = value.unit or (unit.name if unit else None)
        return Figure(entity, self.facts.get(entity.id), number, interval, step, name, value.dimension, total, scale)

    def tails(self, figure: Figure, relation: str) -> list[Step]:
        """Return the figures that sure relations lead to."""
        return self._steps(self.links.tails(figure.id, relation))

    def heads(self, figure: Figure, relation: str) -> list[Step]:
        """Return the figures whose sure relations lead here, in order of the text."""
        found = self._steps(self.links.heads(figure.id, relation))
        return sorted(found, key=lambda step: step.figure.entity.start)

    def _steps(self, links: Sequence[Link]) -> list[Step]:
        known = ((self.figures.get(entity.id), relation.score) for entity, relation in links if sure(relation))
        return [Step(figure, score) for figure, score in known if figure]

    def indicator(self, figure: Figure) -> str | None:
        """Return the id of the INDICATOR that the figure measures itself, by a sure relation."""
        found = self.links.tails(figure.id, "MEASURES")
        return next((entity.id for entity, relation in found if sure(relation)), None)

    def before(self, figure: Figure, *, reach: int = REACH) -> str:
        """Return the folded words before a figure, of its paragraph, back to the figure before it."""
        start = max(0, figure.entity.start - reach)
        at = self.position[figure.id]
        if at:
            start = max(start, self.ordered[at - 1].entity.end)
        return " ".join(fold(self.text[start : figure.entity.start]).split())

    def after(self, figure: Figure, *, reach: int = REACH) -> str:
        """Return the folded words after a figure and its unit, of its paragraph, up to the figure after it."""
        unit = max((e.end for e, _ in self.links.tails(figure.id, "HAS_UNIT")), default=0)
        start = max(figure.entity.end, unit)
        end = start + reach
        at = self.position[figure.id] + 1
        if at < len(self.ordered):
            end = min(end, self.ordered[at].entity.start)
        return fold(self.text[start:end].partition("\n")[0])

    def is_wanted(self, figure: Figure) -> bool:
        """Tell whether a figure is a target: it is marked so, or its sentence or the heading over it says so."""
        if figure.has("Planned"):
            return True
        lead = self.before(figure)
        if any(len(lead) - match.end() <= _NEAR_PLAN for match in words("planned").finditer(lead)):
            return True
        start, _ = sentence_at(self.text, figure.entity.start, figure.entity.end)
        said = fold(self.text[start : figure.entity.start])
        return any(words("wanted").search(_PROGRAMME.sub("", text)) for text in (said, fold(self.heading(figure))))

    def heading(self, figure: Figure) -> str:
        """Return the nearest heading above a figure, "" when there is none: a short line with a number of I, A or 1."""
        at = bisect_right(self._headings, (figure.entity.start, ""))
        return self._headings[at - 1][1] if at else ""

    @cached_property
    def _headings(self) -> list[tuple[int, str]]:
        return [(match.start(), match.group()) for match in _HEADING.finditer(self.text)]

    def between(self, first: Figure, second: Figure) -> str:
        """Return the folded words between two figures, the earlier one first."""
        left, right = sorted((first.entity, second.entity), key=_start)
        return fold(self.text[left.end : right.start])

    def same_paragraph(self, first: Figure, second: Figure) -> bool:
        """Tell whether no line ends between the two."""
        left, right = sorted((first.entity, second.entity), key=_start)
        return "\n" not in self.text[left.start : right.end]

    def same_list(self, first: Figure, second: Figure) -> bool:
        """Tell whether the two stand in items of one list, with no line between them that is no item."""
        left, right = sorted((first.entity, second.entity), key=_start)
        start = self.text.rfind("\n", 0, left.start) + 1
        return all(_ITEM.match(line) for line in self.text[start : right.end].splitlines() if line.strip())

    def places_before(self, figure: Figure) -> frozenset[str]:
        """Return the places that the sentence of a figure names before it, but for the report's own, folded."""
        start, _ = sentence_at(self.text, figure.entity.start, figure.entity.end)
        own = fold(self.document.about.place or "") if self.document.about else ""
        inside = (place for place in self._places if start <= place.start and place.end <= figure.entity.start)
        return frozenset(fold(place.text) for place in inside) - {own}

    @cached_property
    def _places(self) -> list[Entity]:
        return [entity for entity in self.document.entities if entity.label == "PLACE"]

    def same_sentence(self, first: Figure, second: Figure) -> bool:
        """Tell whether the two stand in one sentence."""
        start, end = sentence_at(self.text, first.entity.start, first.entity.end)
        return start <= second.entity.start and second.entity.end <= end


def sure(relation: Relation) -> bool:
    """Tell whether a relation is sure enough to accuse a report by."""
    return relation.score is None or relation.score >= SURE


def _start(entity: Entity) -> tuple[int, int]:
    return entity.start, entity.end


def _step(entity: Entity, number: Decimal, scale: Decimal, *, fraction: bool) -> Decimal:
    text = re.split(r"/", entity.text)[0] if fraction else entity.text
    return product(last_place(text, number / scale), scale)


def _interval(entity: Entity, number: Decimal, step: Decimal, *, counted: bool) -> Interval:
    """Return what the figure can have been: whole things are exact, `gần 1.900` is good to a hundred either way."""
    if entity.has("Approximate"):
        wide = coarse(number, step)
        return Interval(number - wide, number + wide)
    return point(number) if counted and step == 1 else rounded(number, step)


@cache
def words(kind: str) -> re.Pattern[str]:
    """Return a pattern that finds the words of a kind of words.toml as whole words."""
    table = tomllib.loads((resources.files("ie.audit") / "words.toml").read_text("utf-8"))
    longest = sorted(table[kind], key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(fold(word)) for word in longest) + r")(?!\w)")
