"""One row a figure: what a quantity says, of what, for when and where, on what ground.

A row is put together from the relations of the document. A share takes indicator and period through the amount that it
is a ratio of, a part takes what it lacks from its total; every such step, and every second target passed over, is said
in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal

from ie.document import About, Document, Entity, Value
from ie.normalise import normalise, unit_of
from ie.normalise.exact import decimal_text, product
from ie.normalise.fold import CAPITALS
from ie.normalise.links import Link, Links
from ie.normalise.units import parse_unit, pint_expression
from ie.qualify import base_time, implied, qualified
from ie.records import changed

_QUALIFIERS = ("Estimate", "Planned", "Cumulative", "Approximate", "Change")
_STEPS = {"RATIO_OF": "amount", "PART_OF": "total"}
_UNIT_KEYS = ("old/", "new/")
_WINDOW = 1500
_SENTENCE_END = re.compile(rf"(?<=[.!?…;])\s+(?=[{CAPITALS}]|[-+–“\"(])")
_ABBREVIATED = re.compile(r"(?:\b(?:[A-ZĐ]{1,2}|Tp|Tx|Th[Ss]|[0-9]{1,2})\.)$")


@dataclass(frozen=True)
class Fact:
    """One figure of a report.

    `value` and `upper` are exact decimal text in `unit`, scale words multiplied in: `57.210 triệu đồng` is 57210000000
    VND, `12,5ha` is 12.5 ha. `upper` is the upper end of a range, the whole of a fraction (`kind` tells). Measures are
    given in their base unit besides (`base_value` 125000, `base_unit` m2), `unit_pint` is the unit's name in pint.
    `place_keys` are the keys of the units that `places` are linked to, in the same order, "" for one that is not.
    `share_of` and `part_of` are ids of quantities. `score` is the lowest score of the spans and relations used, None
    when a person gave them all. `evidence` is the sentence, characters `[evidence_start, evidence_end)` of the
    document's text.

    `bound` is above, at least, below, at most or about. `indicator_key` is the same for variants of one indicator.
    `direction` is that of a change, up or down; `base` what the figure is compared with (plan, same_period, previous,
    start, total, other), in the words `base_text`, of the time `base_start` to `base_end`. `implied_base` is the plan,
    whole or earlier value that a percentage implies, in the unit of its amount; rounding leaves it between
    `implied_low` and `implied_high`. `out_of` is the id of the total in a done/total pair. `project_ids` name the
    projects in `ie.projects.projects_of`, one id for all mentions of a project.
    """

    id: str
    text: str
    start: int
    end: int
    kind: str | None = None
    value: str | None = None
    upper: str | None = None
    unit: str | None = None
    base_value: str | None = None
    base_upper: str | None = None
    base_unit: str | None = None
    dimension: str | None = None
    unit_text: str | None = None
    indicator: str | None = None
    indicator_id: str | None = None
    period: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    places: tuple[str, ...] = ()
    place_keys: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    project_ids: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    legal_keys: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()
    share_of: str | None = None
    share_basis: str | None = None
    part_of: str | None = None
    score: float | None = None
    evidence: str = ""
    evidence_start: int = 0
    evidence_end: int = 0
    notes: tuple[str, ...] = ()
    bound: str | None = None
    unit_pint: str | None = None
    indicator_key: str | None = None
    indicator_name: str | None = None
    direction: str | None = None
    base: str | None = None
    base_text: str | None = None
    base_start: str | None = None
    base_end: str | None = None
    implied_base: str | None = None
    implied_low: str | None = None
    implied_high: str | None = None
    out_of: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return all fields by name, ready for JSON: tuples as lists, what is not known as None."""
        pairs = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs}


def facts(document: Document) -> tuple[Fact, ...]:
    """Return one row for each QUANTITY that has a unit or an indicator, in order of the text.

    The document's values are used as they stand; a document without any is normalised first.
    """
    if all(entity.value is None for entity in document.entities):
        document = normalise(document)
    links = Links(document)
    return tuple(_fact(quantity, links, document) for quantity in _stated(document, links))


def facts_report(document: Document) -> dict[str, int]:
    """Return how many quantities became facts and how many were left out for having neither unit nor indicator."""
    quantities = sum(entity.label == "QUANTITY" for entity in document.entities)
    stated = sum(1 for _ in _stated(document, Links(document)))
    return {"facts": stated, "left_out": quantities - stated}


def _stated(document: Document, links: Links) -> Iterator[Entity]:
    for entity in sorted(document.entities, key=_position):
        if entity.label == "QUANTITY" and (
            links.tails(entity.id, "HAS_UNIT") or _through(entity, links, _tails(links, "MEASURES"))
        ):
            yield entity


def _position(entity: Entity) -> tuple[int, int]:
    return entity.start, entity.end


_Lookup = Callable[[str], Sequence[Link]]


def _tails(links: Links, relation: str) -> _Lookup:
    return lambda id: links.tails(id, relation)


@dataclass(frozen=True)
class _Found:
    """Targets, the scores on the way to them, and the quantity they were taken from with the step that led there."""

    links: tuple[Link, ...]
    way: tuple[float | None, ...]
    source: str
    step: str


def _through(quantity: Entity, links: Links, lookup: _Lookup) -> _Found | None:
    """Look for targets at the quantity itself, then at the amount it is a ratio of or the total it is part of.

    Chains are followed, the nearest first; a quantity is asked once, so that cycles end.
    """
    seen = {quantity.id}
    waiting: list[tuple[str, tuple[float | None, ...], str]] = [(quantity.id, (), "")]
    while waiting:
        at, way, step = waiting.pop(0)
        targets = lookup(at)
        if targets:
            return _Found(tuple(targets), way, at, step)
        for kind, name in _STEPS.items():
            for further, relation in links.tails(at, kind):
                if further.id not in seen:
                    seen.add(further.id)
                    waiting.append((further.id, (*way, relation.score, further.score), step or name))
    return None


@dataclass
class _Gathered:
    """Notes and scores that come together while a row is put together."""

    notes: list[str] = field(default_factory=list)
    scores: list[float | None] = field(default_factory=list)

    def use(self, link: Link) -> Entity:
        """Take a target into the row: its score and its relation's count."""
        self.scores += [link[0].score, link[1].score]
        return link[0]

    def best(self, found: Sequence[Link], what: str) -> Entity | None:
        """Take the surest target, name the others in the notes."""
        self.notes += [f"other {what}: {_words(entity)} ({entity.id})" for entity, _ in found[1:]]
        return self.use(found[0]) if found else None

    def follow(self, found: _Found | None, what: str) -> tuple[Link, ...]:
        """Return the targets found, with a note when they are another quantity's."""
        if found is None:
            return ()
        self.scores += found.way
        if found.step:
            self.notes.append(f"{what} from {found.step} {found.source}")
        return found.links


def _words(entity: Entity) -> str:
    """Return the text of a span on one line."""
    return " ".join(entity.text.split())


def _fact(quantity: Entity, links: Links, document: Document) -> Fact:
    text = document.text
    row = _Gathered(scores=[quantity.score])
    fact = _with_number(Fact(quantity.id, quantity.text, quantity.start, quantity.end), quantity, links, row)
    fact = _with_subject(fact, quantity, links, row)
    fact = _with_ground(fact, quantity, links, row)
    fact = _with_kin(fact, quantity, links, row)
    fact = _with_comparison(fact, quantity, links, document)
    scores = [score for score in row.scores if score is not None]
    start, end = sentence_at(text, quantity.start, quantity.end)
    return changed(
        fact,
        score=min(scores, default=None),
        evidence=text[start:end],
        evidence_start=start,
        evidence_end=end,
        notes=tuple(dict.fromkeys(row.notes)),
    )


def _with_number(fact: Fact, quantity: Entity, links: Links, row: _Gathered) -> Fact:
    unit = row.best(links.tails(quantity.id, "HAS_UNIT"), "unit")
    fact = changed(fact, unit_text=_words(unit) if unit else None)
    value = quantity.value
    if value is None:
        row.notes.append("number not read")
        return fact
    row.notes += value.notes
    base_value, base_upper, base_unit = _in_base_unit(quantity, links)
    return changed(
        fact,
        kind=value.kind,
        value=value.number,
        upper=value.upper,
        unit=value.unit,
        base_value=base_value,
        base_upper=base_upper,
        base_unit=base_unit,
        dimension=value.dimension,
        bound=value.bound,
        unit_pint=pint_expression(value.unit) if value.unit else None,
    )


def _with_subject(fact: Fact, quantity: Entity, links: Links, row: _Gathered) -> Fact:
    """Add what is measured and when, also from the amount or total."""
    found = row.follow(_through(quantity, links, _tails(links, "MEASURES")), "indicator")
    indicator = row.best(found, "indicator")
    if indicator:
        fact = changed(fact, indicator=_words(indicator), indicator_id=indicator.id)
        if indicator.value:
            fact = changed(fact, indicator_key=indicator.value.key, indicator_name=indicator.value.name)
    period = row.best(row.follow(_through(quantity, links, _tails(links, "IN_PERIOD")), "period"), "period")
    if period is None:
        return fact
    when = period.value or Value("period")
    row.notes += when.notes
    return changed(fact, period=_words(period), period_start=when.start, period_end=when.end)


def _with_ground(fact: Fact, quantity: Entity, links: Links, row: _Gathered) -> Fact:
    """Add the projects, documents and places of the figure."""
    projects = _projects(quantity, links, row)
    legal = _legal(quantity, projects, links, row)
    places = _places(quantity, projects, links, row)
    return changed(
        fact,
        projects=tuple(map(_words, projects)),
        project_ids=tuple(dict.fromkeys(each.value.ref for each in projects if each.value and each.value.ref)),
        legal=tuple(map(_words, legal)),
        legal_keys=tuple(each.value.key for each in legal if each.value and each.value.key),
        places=tuple(places),
        place_keys=tuple(places.values()),
    )


def _with_kin(fact: Fact, quantity: Entity, links: Links, row: _Gathered) -> Fact:
    """Add what the quantity is a share or part of, and its attributes."""
    amount = row.best(links.tails(quantity.id, "RATIO_OF"), "amount")
    total = row.best(links.tails(quantity.id, "PART_OF"), "total")
    return changed(
        fact,
        share_of=amount.id if amount else None,
        share_basis=quantity.get("Basis"),
        part_of=total.id if total else None,
        qualifiers=tuple(name.lower() for name in _QUALIFIERS if quantity.has(name)),
    )


def _with_comparison(fact: Fact, quantity: Entity, links: Links, document: Document) -> Fact:
    """Add what the words beside the figure say: direction, base and its time, the value that a share implies."""
    unit = next((unit for unit, _ in links.tails(quantity.id, "HAS_UNIT")), None)
    after = unit.end if unit and 0 <= unit.start - quantity.end <= 2 else None
    about = document.about or About()
    start, end = (fact.period_start, fact.period_end) if fact.period else (about.period_start, about.period_end)
    said = base_time(qualified(quantity, document.text, after), start, end)
    is_change = "change" in fact.qualifiers
    amount = next((amount for amount, _ in links.tails(quantity.id, "RATIO_OF")), None)
    compared = is_change or amount is not None or fact.share_basis is not None
    base = fact.share_basis or (said.base if compared else None)
    agrees = said.base == base or {said.base, base} == {"previous", "same_period"}
    is_estimate = said.estimate and not {"estimate", "planned"} & set(fact.qualifiers)
    found = implied(quantity, amount, said.direction, is_change=is_change) if amount and base else None
    return changed(
        fact,
        direction=said.direction if is_change else None,
        base=base,
        base_text=said.base_text if agrees else None,
        base_start=said.start if agrees else None,
        base_end=said.end if agrees else None,
        implied_base=found.value if found else None,
        implied_low=found.low if found else None,
        implied_high=found.high if found else None,
        out_of=_pair_total(quantity, after or quantity.end, document.text, links),
        qualifiers=("estimate", *fact.qualifiers) if is_estimate else fact.qualifiers,
    )


def _pair_total(quantity: Entity, end: int, text: str, links: Links) -> str | None:
    """Return the total of a done/total pair, the amount right after a stroke: `412 tỷ đồng/530 tỷ đồng`."""
    stroke = re.match(r" ?/ ?", text[end : end + 3])
    return links.starting(end + len(stroke[0])) if stroke and end > quantity.end else None


def _in_base_unit(quantity: Entity, links: Links) -> tuple[str | None, str | None, str | None]:
    """Return value, upper value and name in the base unit of a measure; nothing for money, shares and counts."""
    value = quantity.value
    unit = unit_of(quantity.id, links) or (parse_unit(value.unit) if value and value.unit else None)
    if value is None or value.number is None or unit is None or not unit.is_measure:
        return None, None, None
    number, upper = (
        decimal_text(product(Decimal(bound), unit.ratio)) if bound else None for bound in (value.number, value.upper)
    )
    return number, upper, unit.base_name


def _projects(quantity: Entity, links: Links, row: _Gathered) -> list[Entity]:
    """Return the projects that the money belongs to, also through the amount or total it is a share of."""
    found = _through(quantity, links, lambda id: links.heads(id, "FUNDED"))
    return [row.use(link) for link in row.follow(found, "project")]


def _legal(quantity: Entity, projects: Sequence[Entity], links: Links, row: _Gathered) -> list[Entity]:
    """Return the documents that set the figure, and those that its projects rest on."""
    legal = [row.use(link) for link in links.tails(quantity.id, "BASED_ON")]
    for project in projects:
        for link in links.tails(project.id, "BASED_ON"):
            if link[0] not in legal:
                legal.append(row.use(link))
                row.notes.append(f"document {link[0].id} from project {project.id}")
    return legal


def _places(quantity: Entity, projects: Sequence[Entity], links: Links, row: _Gathered) -> dict[str, str]:
    """Return the places of a figure with their keys: its own, else those of its amount or total, else its projects'."""
    found = row.follow(_through(quantity, links, _tails(links, "LOCATED_IN")), "place")
    places = [row.use(link) for link in found]
    if not places:
        for project in projects:
            located = links.tails(project.id, "LOCATED_IN")
            places += [row.use(link) for link in located]
            row.notes += [f"place from project {project.id}"] if located else []
    return {_words(place): _unit_key(place) for place in sorted(places, key=_position)}


def _unit_key(place: Entity) -> str:
    """Return the key of the administrative unit that a place is linked to, "" for any other place."""
    key = place.value.key if place.value else None
    return key if key and key.startswith(_UNIT_KEYS) else ""


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the bounds of the sentence around `[start, end)`, within its line."""
    left = max(text.rfind("\n", 0, start) + 1, start - _WINDOW)
    right = text.find("\n", end)
    right = min(len(text) if right < 0 else right, end + _WINDOW)
    for match in _SENTENCE_END.finditer(text, left, right):
        if _ABBREVIATED.search(text[max(left, match.start() - 5) : match.start()]):
            continue
        if match.end() <= start:
            left = match.end()
        elif match.start() >= end:
            right = match.start()
            break
    line = text[left:right]
    return left + len(line) - len(line.lstrip()), left + len(line.rstrip())
