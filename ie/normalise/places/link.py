"""Choose the administrative unit of every PLACE of a document, or say which it may be.

Each unit that bears the name gets odds for where it lies against the report's own place, for the units named beside
it, for its type word and for its state (`odds.toml`). A name is linked when one unit has nearly all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ie.document import About, Document, Entity, Value
from ie.identity import PlaceCandidate, PlaceLink
from ie.normalise.names import parse_place
from ie.normalise.places.candidates import Candidates, candidates, odds
from ie.normalise.places.gazetteer import KINDS, NEW, OLD, Gazetteer, Named, Unit, gazetteer
from ie.normalise.places.home import Home, find_home
from ie.normalise.places.kinds import kind_of_name
from ie.normalise.places.mention import Mention, mentions, own_mentions
from ie.normalise.time_table import Anchor
from ie.records import changed

_Shares = dict[str, float]


def link_places(document: Document, *, anchor: Anchor | None = None) -> Document:
    """Return the document with the values of its PLACE spans set, and the unit of the report's own place.

    What the report says of itself (`document.about`) tells where it comes from; its date, or else `anchor`, the time
    that it is of, decides between the units before and since 1 July 2025.
    """
    named, own = mentions(document), own_mentions(document.about, document.text)
    if not named and not own:
        return document
    units = gazetteer()
    home = find_home(document, [*named, *own], units, anchor=anchor)
    linker = _Linker([*named, *(_shifted(mention, len(named)) for mention in own)], home, units)
    values = {mention.id: linker.value(index) for index, mention in enumerate(named)}
    return replace(
        document,
        entities=tuple(
            _with_link(entity, values.get(entity.id)) if entity.label == "PLACE" else entity
            for entity in document.entities
        ),
        about=_with_unit(document.about, linker.value(len(named))[0]) if own else document.about,
    )


def _shifted(mention: Mention, by: int) -> Mention:
    return replace(mention, above=tuple(index + by for index in mention.above))


def _with_unit(about: About | None, key: str | None) -> About | None:
    return replace(about, unit=key) if about else None


def _with_link(entity: Entity, link: tuple[str | None, PlaceLink] | None) -> Entity:
    return changed(entity, value=_with_key(parse_place(entity.text), link))


def _with_key(named: Value | None, link: tuple[str | None, PlaceLink] | None) -> Value | None:
    """Put a link on the value that the name alone gives; a linked one has the unit's key."""
    if named is None or link is None:
        return named
    key, place = link
    return changed(named, key=key or named.key, dimension=named.dimension or place.type, place=place)


class _Linker:
    """The mentions of one report with all that bears on them."""

    def __init__(self, found: Sequence[Mention], home: Home, units: Gazetteer) -> None:
        self.found = found
        self.home = home
        self.units = units
        self.options: list[Candidates] = [self._one_a_name(candidates(mention, units)) for mention in found]
        self.stated = self._stated()

    def value(self, index: int) -> tuple[str | None, PlaceLink]:
        """Return the key (None when it is not sure) and the link of one mention."""
        mention, table = self.found[index], odds()
        shares = self._shares(index)
        ranked = sorted(shares, key=lambda key: (-shares[key], key))
        if ranked and shares[ranked[0]] >= table["link_from"]:
            return ranked[0], self._linked(mention, self.options[index][ranked[0]][0], shares[ranked[0]])
        shown = [key for key in ranked if shares[key] >= table["show_from"]][: table["most_candidates"]]
        return None, PlaceLink(
            self._kind(mention, known=bool(ranked)),
            candidates=tuple(self._candidate(self.options[index][key][0], shares[key]) for key in shown),
        )

    def _kind(self, mention: Mention, *, known: bool) -> str | None:
        """Return the type word of a name that is not linked; one from a list holds where some unit bears the name."""
        if mention.own:
            return mention.kinds[0]
        if not known:
            general = kind_of_name(mention.name)
            if general or not mention.kinds or mention.kinds[0] in KINDS:
                return general
        return mention.kinds[0] if len(mention.kinds) == 1 else None

    def _candidate(self, named: Named, share: float) -> PlaceCandidate:
        name = self.units.full_name(named.unit, title=named.title, year=self.home.year)
        return PlaceCandidate(named.unit.key, name, round(share, 3))

    def _linked(self, mention: Mention, named: Named, share: float) -> PlaceLink:
        unit = named.unit
        notes = [] if mention.own else ["type word from list" if mention.kinds else "no type word"]
        if mention.kinds and named.type not in mention.kinds:
            notes.append(f"known as {named.title}")
        if named.how == "misspelt":
            notes.append(f"spelled {unit.name}")
        elif named.how != "borne":
            notes.append(f"later {unit.title}")
        return PlaceLink(
            mention.kinds[0] if mention.own else unit.type,
            unit.level,
            unit.era,
            self.units.full_name(unit, title=named.title, year=self.home.year),
            self.units.status_of(named),
            round(share, 3),
            notes=tuple(notes),
        )

    def _one_a_name(self, options: Candidates) -> Candidates:
        """Drop, of two units of one name in one district of which the later took over the earlier, the wrong one."""
        if len(options) < 2:
            return options
        later = self.home.year is None or self.home.year >= 2025
        places: dict[tuple[str, str | None], list[str]] = defaultdict(list)
        for key, (named, _) in options.items():
            if named.unit.era == OLD:
                places[named.title.lower(), named.unit.parent].append(key)
        dropped = set()
        for keys in places.values():
            gone = [key for key in keys if options[key][0].unit.state == "2022"]
            if gone and len(gone) < len(keys):
                dropped |= set(gone) if later else set(keys) - set(gone)
        return {key: option for key, option in options.items() if key not in dropped}

    def _shares(self, index: int) -> _Shares:
        """Return the share of every option of a mention."""
        mention, options = self.found[index], self.options[index]
        above, before = self._container(index, mention.above), self._container(index, mention.before[::-1])
        stated = self.stated.get(mention.spelled, frozenset())
        table = odds()["beside"]
        weights: _Shares = {}
        unknown: float = odds()["unknown"]
        for key, (named, fit) in options.items():
            areas = self.units.above(named.unit)
            weight = fit * self._where(named.unit, areas) * self._era(named, mention)
            unknown += 0.0 if mention.kinds else self._rival(named, areas) * weight
            weight *= table["after"] if areas & above else table["before"] if areas & before else 1.0
            weights[key] = weight * (table["stated"] if key in stated else 1.0)
        total = sum(weights.values()) + unknown
        return {key: weight / total for key, weight in weights.items()}

    def _rival(self, named: Named, areas: frozenset[str]) -> float:
        """Return how likely a bare name is something else than this unit, against the unit."""
        table: Mapping[str, float] = odds()["rival"]
        if named.name.isdecimal():
            return table["number"]
        at_home = named.unit.level == "commune" and areas & self.home.districts
        return table["home_commune" if at_home else named.unit.level]

    def _container(self, index: int, others: Sequence[int]) -> frozenset[str]:
        """Return the keys of the first of other mentions that contains an option of this one."""
        if not others:
            return frozenset()
        containing = [self.units.above(named.unit) for named, _ in self.options[index].values()]
        for other in others:
            keys = frozenset(self.options[other])
            if not all(map(keys.isdisjoint, containing)):
                return keys
        return frozenset()

    def _stated(self) -> dict[tuple[tuple[str, ...], str], frozenset[str]]:
        """Return for each name the one unit that some mention of it names with the unit above right after it."""
        found: dict[tuple[tuple[str, ...], str], set[str]] = {}
        for index, mention in enumerate(self.found):
            above = self._container(index, mention.above)
            inside = {key for key, (named, _) in self.options[index].items() if self.units.above(named.unit) & above}
            if len(inside) == 1:
                found.setdefault(mention.spelled, set()).update(inside)
        return {name: frozenset(keys) for name, keys in found.items() if len(keys) == 1}

    def _where(self, unit: Unit, areas: frozenset[str]) -> float:
        table: Mapping[str, float] = odds()["where"]
        if unit.level == "province":
            return table["province"]
        if (areas | {unit.key}) & self.home.districts:
            return table["home_district"]
        if areas & self.home.provinces:
            return table["home_province"]
        if unit.level == "commune" and not self.home.provinces:
            return table["commune_homeless"]
        return table[unit.level]

    def _era(self, named: Named, mention: Mention) -> float:
        """Return the odds of a unit's state, and of its name, at the report's time."""
        table: Mapping[str, float] = odds()["era"]
        era, year, unit = OLD if mention.former else self.home.era, self.home.year, named.unit
        if era and unit.era != era:
            return table["other"] if era == OLD else table.get(f"gone_{unit.level}", table["gone"])
        if unit.era == NEW or year is None or (unit.state == "both" and named.how in ("borne", "misspelt")):
            return 1.0
        if named.how != "borne" or unit.state == "2022":
            return table["young"] if year >= 2025 else 1.0
        if unit.level == "province" and year < 2025:
            return table["young_province"]
        return table["young"] if year <= 2022 else 1.0
