"""Values of spans: numbers, units, times, documents and names to canonical, exact records.

`normalise` fills `Entity.value` of a whole document. A QUANTITY takes its unit along (`57.210` of `triệu đồng` becomes
57210000000 VND); what cannot be read keeps None, and `normalisation_report` counts it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ie.document import Document, Entity, Value
from ie.normalise.context import Context, read_context
from ie.normalise.indicators import definitions, parse_indicator
from ie.normalise.links import Links
from ie.normalise.periods import parse_period
from ie.normalise.places.link import link_places
from ie.normalise.projects import link_projects
from ie.normalise.quantities import Quantities, unit_of
from ie.normalise.references import link_legal
from ie.normalise.sections import read_sections
from ie.normalise.unbounded import reason_of, unbounded
from ie.normalise.units import parse_unit_value
from ie.records import changed

__all__ = ["Context", "normalisation_report", "normalise", "read_context", "unit_of"]

LABELS = ("QUANTITY", "UNIT", "PERIOD", "LEGAL", "PLACE", "PROJECT", "INDICATOR")


def normalise(document: Document, *, context: Context | None = None) -> Document:
    """Return the document with the values of its spans set; values that stand are worked out anew.

    `context` is what the report says of itself, read from the document's text when not given.
    """
    known = context or read_context(document.text)
    links = Links(document)
    defined = definitions(document.text)
    reader = _Reader(document, links, known, defined)
    entities = tuple(map(reader.with_value, document.entities))
    placed = link_places(replace(document, entities=entities, about=known.about), anchor=known.anchor)
    return link_projects(link_legal(placed), links=links, defined=defined)


class _Reader:
    """Reads the spans of one document by what the whole of it tells, but for places, documents and projects."""

    def __init__(self, document: Document, links: Links, known: Context, defined: Mapping[str, str]) -> None:
        self._quantities = Quantities(document, links, known)
        self._defined = defined
        self._sections = read_sections(document.text, known.anchor, known.about.title)

    def with_value(self, entity: Entity) -> Entity:
        """Return the entity with its value; labels that have none are left as they are."""
        value = self._value(entity) if entity.label in LABELS else entity.value
        return entity if value is entity.value else changed(entity, value=value)

    def _value(self, entity: Entity) -> Value | None:
        text, label = entity.text, entity.label
        if label == "QUANTITY":
            return self._quantities.value(entity)
        if label == "UNIT":
            return parse_unit_value(text)
        if label == "PERIOD":
            anchor = self._sections.anchor_at(entity.start)
            return parse_period(text, anchor=anchor) or unbounded(text, anchor)
        if label == "INDICATOR":
            return parse_indicator(text, defined=self._defined)
        return None  # of those that are linked: their linkers read them


def normalisation_report(document: Document) -> dict[str, dict[str, int]]:
    """Return for each label how many spans have a value (`done`) and how many have none (`failed`).

    A PERIOD without bounds has failed; each reason for it is counted besides (`a feast whose year is not said`).
    PLACE also counts the spans `linked` to an administrative unit, those that are `ambiguous` between some, and the
    `unlinked` rest: roads, rivers, villages, units that no table has.
    """
    found = {label: _counts(entity for entity in document.entities if entity.label == label) for label in LABELS}
    found["PERIOD"] = _period_counts(entity for entity in document.entities if entity.label == "PERIOD")
    found["PLACE"] |= _link_counts(entity for entity in document.entities if entity.label == "PLACE")
    return found


def _counts(entities: Iterable[Entity]) -> dict[str, int]:
    have = [entity.value is not None for entity in entities]
    return {"done": sum(have), "failed": len(have) - sum(have)}


def _period_counts(periods: Iterable[Entity]) -> dict[str, int]:
    reasons = [reason_of(entity.value) for entity in periods]
    failed = [reason for reason in reasons if reason]
    return {"done": len(reasons) - len(failed), "failed": len(failed), **Counter(failed)}


def _link_counts(places: Iterable[Entity]) -> dict[str, int]:
    links = [entity.value.place if entity.value else None for entity in places]
    linked = sum(link is not None and link.level is not None for link in links)
    ambiguous = sum(link is not None and bool(link.candidates) for link in links)
    return {"linked": linked, "ambiguous": ambiguous, "unlinked": len(links) - linked - ambiguous}
