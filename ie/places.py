"""The administrative units that a report names, each once, with what it was before July 2025 or became then."""

from __future__ import annotations

from dataclasses import dataclass

from ie.document import Document
from ie.identity import PlaceLink, plain
from ie.normalise.places.gazetteer import Counterpart, gazetteer


@dataclass(frozen=True)
class NamedUnit:
    """One unit of a report: key, full name, level, era and status as in `PlaceLink`, the ids of its PLACE spans.

    `counterparts` are the units of the other state that share land with it: what an old one became, what a new one was
    made from. An old district gives the new communes on its land.
    """

    key: str
    name: str
    level: str
    era: str
    status: str | None
    mentions: tuple[str, ...]
    counterparts: tuple[Counterpart, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the fields that are set, ready for JSON."""
        found: dict[str, object] = plain(self)
        return found


def places_of(document: Document) -> tuple[NamedUnit, ...]:
    """Return the units that the PLACE spans of a normalised document were linked to, in order of first mention."""
    mentions: dict[str, list[str]] = {}
    links: dict[str, PlaceLink] = {}
    for entity in document.entities:
        value = entity.value
        if entity.label == "PLACE" and value and value.key and value.place and value.place.level:
            mentions.setdefault(value.key, []).append(entity.id)
            links.setdefault(value.key, value.place)
    return tuple(_unit(key, links[key], tuple(ids)) for key, ids in mentions.items())


def _unit(key: str, link: PlaceLink, ids: tuple[str, ...]) -> NamedUnit:
    found = gazetteer().counterparts(key)
    return NamedUnit(key, link.name or "", link.level or "", link.era or "", link.status, ids, found)
