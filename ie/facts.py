"""One row a figure: what a quantity says, of what, for when and where, on what ground.

A row is put together from the relations of the document. A share takes indicator and period through the amount that it
is a ratio of, a part takes what it lacks from its total; every such step, and every second target passed over, is said
in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from ie.document import About, Document, Entity, Value
from ie.normalise import normalise, unit_of
from ie.normalise.exact import decimal_text, product
from ie.normalise.links import Link, Links
from ie.normalise.units import parse_unit, pint_expression
from ie.qualify import Qualified, base_time, implied, is_estimated, qualified
from ie.records import changed
from ie.sentences import Sentences

_QUALIFIERS = ("Estimate", "Planned", "Cumulative", "Approximate", "Change")
_STEPS = {"RATIO_OF": "amount", "PART_OF": "total"}
_UNIT_KEYS = ("old/", "new/")
_STROKE = re.compile(r" ?/ ?")


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
    links, sentences = Links(document), Sentences(document.text)
    return tuple(_fact(quantity, links, document, sentences) for quantity in _stated(document, links))


def facts_report(document: Document) -> dict[str, int]:
    """Return how many quantities became facts and how many were left out for having neither unit nor indicator."""
    quantities = sum(entity.label == "QUANTITY" for entity in document.entities)
    stated = sum(1 for _ in _stated(document, Links(document)))
    return {"facts": stated, "left_out": quantities - stated}


def _stated(document: Document, links: Links) -> Iterator[Entity]:
    quantities = (entity for entity in document.entities if entity.label == "QUANTITY")
    for entity in sorted(quantities, key=_position):
        if (
            links.tails(entity.id, "HAS_UNIT")
            or links.tails(entity.id, "MEASURES")
            or any(links.tails(id, "MEASURES") for id, _, _ in _kin(entity, links))
        ):
            yield entity


def _position(entity: Entity) -> tuple[int, int]:
    return entity.start, entity.end


_Lookup = Callable[[str, str], Sequence[Link]]
_Step = tuple[str, tuple[float | None, ...], str]
"""Id of a quantity, the scores on the way to it, and the step that leads there."""


def _kin(quantity: Entity, links: Links) -> list[_Step]:
    """Return the amounts that a quantity is a ratio of and the totals it is part of, the nearest first.

    Chains are followed; a quantity is asked once, so that cycles end.
    """
    seen = {quantity.id}
    found: list[_Step] = [(quantity.id, (), "")]
    for at, way, step in found:
        for kind, name in _STEPS.items():
            for further, relation in links.tails(at, kind):
                if further.id not in seen:
                    seen.add(further.id)
                    found.append((further.id, (*way, relation.score, further.score), step or name))
    return found[1:]


class _Row:
    """A quantity whose row is put together: the notes and scores that come together on the way."""

    def __init__(self, quantity: Entity, links: Links) -> None:
        self.quantity = quantity
        self.links = links
        self.notes: list[str] = []
        self.scores: list[float | None] = [quantity.score]
        self._kin: list[_Step] | None = None

    def use(self, link: Link) -> Entity:
        """Take a target into the row: its score and its relation's count."""
        self.scores += (link[0].score, link[1].score)
        return link[0]

    def best(self, found: Sequence[Link], what: str) -> Entity | None:
        """Take the surest target, name the others in the notes."""
        if not found:
            return None
        self.notes += [f"other {what}: {_words(entity)} ({entity.id})" for entity, _ in found[1:]]
        return self.use(found[0])

    def tails(self, relation: str) -> Sequence[Link]:
        """Return what relations of this type lead to from the quantity itself."""
        return self.links.tails(self.quantity.id, relation)

    def through(self, lookup: _Lookup, relation: str, what: str) -> Sequence[Link]:
        """Look for targets at the quantity itself, then at its kin, with a note when they are another quantity's."""
        own = lookup(self.quantity.id, relation)
        if own:
            return own
        if self._kin is None:
            self._kin = _kin(self.quantity, self.links)
        for id, way, step in self._kin:
            found = lookup(id, relation)
            if found:
                self.scores += way
                self.notes.append(f"{what} from {step} {id}")
                return found
        return ()


def _words(entity: Entity) -> str:
    """Return the text of a span on one line."""
    return " ".join(entity.text.split())


_Fields = dict[str, Any]
_BLANK = Fact("", "", 0, 0)


def _fact(quantity: Entity, links: Links, document: Document, sentences: Sentences) -> Fact:
    row = _Row(quantity, links)
    fields = {**_number(row), **_subject(row), **_ground(row), **_kinship(row)}
    fields.update(_comparison(row, fields, document))
    scores = [score for score in row.scores if score is not None]
    start, end = sentences.around(quantity.start, quantity.end)
    return changed(
        _BLANK,
        id=quantity.id,
        text=quantity.text,
        start=quantity.start,
        end=quantity.end,
        score=min(scores) if scores else None,
        evidence=document.text[start:end],
        evidence_start=start,
        evidence_end=end,
        notes=tuple(dict.fromkeys(row.notes)) if row.notes else (),
        **fields,
    )


def _number(row: _Row) -> _Fields:
    unit = row.best(row.tails("HAS_UNIT"), "unit")
    fields: _Fields = {"unit_text": _words(unit) if unit else None}
    value = row.quantity.value
    if value is None:
        row.notes.append("number not read")
        return fields
    row.notes += value.notes
    fields["base_value"], fields["base_upper"], fields["base_unit"] = _in_base_unit(row.quantity, row.links)
    return fields | {
        "kind": value.kind,
        "value": value.number,
        "upper": value.upper,
        "unit": value.unit,
        "dimension": value.dimension,
        "bound": value.bound,
        "unit_pint": pint_expression(value.unit) if value.unit else None,
    }


def _subject(row: _Row) -> _Fields:
    """Return what is measured and when, also from the amount or total."""
    fields: _Fields = {"period": None}
    indicator = row.best(row.through(row.links.tails, "MEASURES", "indicator"), "indicator")
    if indicator:
        fields |= {"indicator": _words(indicator), "indicator_id": indicator.id}
        if indicator.value:
            fields |= {"indicator_key": indicator.value.key, "indicator_name": indicator.value.name}
    period = row.best(row.through(row.links.tails, "IN_PERIOD", "period"), "period")
    if period:
        when = period.value or Value("period")
        row.notes += when.notes
        fields |= {"period": _words(period), "period_start": when.start, "period_end": when.end}
    return fields


def _ground(row: _Row) -> _Fields:
    """Return the projects, documents and places of the figure."""
    fields: _Fields = {}
    projects = [row.use(link) for link in row.through(row.links.heads, "FUNDED", "project")]
    if projects:
        ids = dict.fromkeys(each.value.ref for each in projects if each.value and each.value.ref)
        fields |= {"projects": tuple(map(_words, projects)), "project_ids": tuple(ids)}
    legal = _legal(row, projects)
    if legal:
        keys = tuple(each.value.key for each in legal if each.value and each.value.key)
        fields |= {"legal": tuple(map(_words, legal)), "legal_keys": keys}
    places = _places(row, projects)
    if places:
        words, codes = zip(*places, strict=True)
        fields |= {"places": words, "place_keys": codes}
    return fields


def _kinship(row: _Row) -> _Fields:
    """Return what the quantity is a share or part of, and its attributes."""
    quantity = row.quantity
    amount = row.best(row.tails("RATIO_OF"), "amount")
    total = row.best(row.tails("PART_OF"), "total")
    said = {name for name, _ in quantity.attributes}
    return {
        "share_of": amount.id if amount else None,
        "share_basis": quantity.get("Basis"),
        "part_of": total.id if total else None,
        "qualifiers": tuple(name.lower() for name in _QUALIFIERS if name in said) if said else (),
    }


def _comparison(row: _Row, known: _Fields, document: Document) -> _Fields:
    """Return what the words beside the figure say: direction, base and its time, the value that a share implies."""
    quantity, qualifiers = row.quantity, known["qualifiers"]
    unit, amount = row.links.best(quantity.id, "HAS_UNIT"), row.links.best(quantity.id, "RATIO_OF")
    after = unit.end if unit and 0 <= unit.start - quantity.end <= 2 else None
    fields: _Fields = {"out_of": _pair_total(quantity, after or quantity.end, document.text, row.links)}
    if not {"estimate", "planned"}.intersection(qualifiers) and is_estimated(quantity, document.text):
        fields["qualifiers"] = ("estimate", *qualifiers)
    if "change" not in qualifiers and amount is None and known["share_basis"] is None:
        return fields
    about = document.about or About()
    times = (known["period_start"], known["period_end"]) if known["period"] else (about.period_start, about.period_end)
    said = base_time(qualified(quantity, document.text, after), *times)
    return fields | _base(quantity, amount, said, known)


def _base(quantity: Entity, amount: Entity | None, said: Qualified, known: _Fields) -> _Fields:
    """Return what a figure is compared with: the attribute of the tagger goes before the words beside the figure."""
    is_change = "change" in known["qualifiers"]
    base = known["share_basis"] or said.base
    agrees = said.base == base or {said.base, base} == {"previous", "same_period"}
    found = implied(quantity, amount, said.direction, is_change=is_change) if amount and base else None
    return {
        "direction": said.direction if is_change else None,
        "base": base,
        "base_text": said.base_text if agrees else None,
        "base_start": said.start if agrees else None,
        "base_end": said.end if agrees else None,
        "implied_base": found.value if found else None,
        "implied_low": found.low if found else None,
        "implied_high": found.high if found else None,
    }


def _pair_total(quantity: Entity, end: int, text: str, links: Links) -> str | None:
    """Return the total of a done/total pair, the amount right after a stroke: `412 tỷ đồng/530 tỷ đồng`."""
    stroke = _STROKE.match(text, end, end + 3) if end > quantity.end else None
    return links.starting(stroke.end()) if stroke else None


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


def _legal(row: _Row, projects: Sequence[Entity]) -> list[Entity]:
    """Return the documents that set the figure, and those that its projects rest on."""
    legal = [row.use(link) for link in row.tails("BASED_ON")]
    for project in projects:
        for link in row.links.tails(project.id, "BASED_ON"):
            if link[0] not in legal:
                legal.append(row.use(link))
                row.notes.append(f"document {link[0].id} from project {project.id}")
    return legal


def _places(row: _Row, projects: Sequence[Entity]) -> list[tuple[str, str]]:
    """Return the places of a figure with their keys: its own, else those of its amount or total, else its projects'.

    One that is named twice stands once, with the key of the mention that has one; two units of one name stand apart.
    """
    places = [row.use(link) for link in row.through(row.links.tails, "LOCATED_IN", "place")]
    if not places:
        for project in projects:
            located = row.links.tails(project.id, "LOCATED_IN")
            places += [row.use(link) for link in located]
            row.notes += [f"place from project {project.id}"] if located else []
    if not places:
        return []
    named = dict.fromkeys((_words(place), _unit_key(place)) for place in sorted(places, key=_position))
    linked = {words for words, key in named if key}
    return [(words, key) for words, key in named if key or words not in linked]


def _unit_key(place: Entity) -> str:
    """Return the key of the administrative unit that a place is linked to, "" for any other place."""
    key = place.value.key if place.value else None
    return key if key and key.startswith(_UNIT_KEYS) else ""
