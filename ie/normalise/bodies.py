"""Who issued a document, in full and with the unit it is of: `UBND tỉnh` in a report of Sơn La is that of Sơn La."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ie.document import Entity
from ie.normalise.fold import clean, fold
from ie.normalise.places.gazetteer import NEW, OLD, Unit, gazetteer

FIRST_NEW = "2025-07-01"


@dataclass(frozen=True)
class Body:
    """An issuing body: its name in full, the key of its unit, and how the unit is known (`span`, `report`)."""

    name: str
    place: str | None = None
    source: str | None = None


@cache
def legal_words() -> Mapping[str, Any]:
    """Return the table of words of documents (`legal.toml`), read once."""
    return tomllib.loads(resources.files("ie.normalise").joinpath("legal.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Own:
    """The units that a report is of: itself and those above, of the state at its time; empty when not known.

    `year` is the report's: units bear the names that they had then.
    """

    unit: Unit | None = None
    year: int | None = None

    def title(self, unit: Unit) -> str:
        """Return type word and name of a unit in the report's time."""
        return unit.title_in(self.year)

    def at(self, level: str, date: str | None) -> Unit | None:
        """Return the report's unit of a level (province, district, commune, city) when a document was issued.

        `date` is an ISO date, a year, or None. None where a merger leaves several, or the date which state.
        """
        state = _state(self.unit, date) if self.unit else None
        if self.unit is None or state is None:
            return None
        found = [unit for unit in _containing(self.unit, state) if _fits(unit, level)]
        return found[0] if len(found) == 1 or (found and level == "city") else None


def _containing(unit: Unit, state: str) -> list[Unit]:
    """Return a unit and those of one state that contain it or its land, the province first."""
    units = gazetteer()
    keys = set(units.areas(unit))
    if unit.level == "province" and unit.era != state:
        keys |= set(units.origins.get(unit.key, unit.fate))
    return [units.units[key] for key in sorted(keys, key=_depth) if key.startswith(state)]


def at_date(key: str, date: str | None) -> str | None:
    """Return the key of a unit as of a date: a new one of the same name as the old unit that it was made from.

    None when the date is before July 2025 and no old unit of that name is part of it.
    """
    if date is None or not key.startswith(NEW) or date >= FIRST_NEW or date == FIRST_NEW[:4]:
        return key
    units = gazetteer()
    olds = (units.units[old] for old in units.origins.get(key, ()))
    return next((old.key for old in olds if old.title == units.units[key].title), None)


def is_national(symbol: str) -> bool:
    """Tell whether a symbol ends in a body that there is one of, so that its numbers tell its documents apart."""
    tail = symbol.replace("/", "-").split("-")[-1].rstrip("0123456789")
    words = legal_words()
    return tail in words["bodies"] and tail not in (*words["local"], "UBND", "UB", "HĐND", "ĐU")


def _depth(key: str) -> tuple[int, str]:
    return key.count("/"), key


def _state(unit: Unit, date: str | None) -> str | None:
    """Return the state of the units at a date; None in a report since July 2025 when the date does not tell."""
    if unit.era == OLD:
        return OLD
    if date is None or date == FIRST_NEW[:4]:
        return None
    return NEW if date >= FIRST_NEW else OLD


def _fits(unit: Unit, level: str) -> bool:
    return unit.type == "thành phố" if level == "city" else unit.level == level


def body_of(issuer: str, *, places: Sequence[Entity] = (), own: Own, date: str | None = None) -> Body:
    """Return the body that a reference names in words, with its unit.

    `places` are the PLACE spans inside the reference; `date` is that of the document, for the state of the units.
    """
    name, rest = _expanded(issuer)
    inside = next((place for place in places if fold(place.text) in fold(issuer)), None)
    if inside is not None:
        linked = inside.value.key if inside.value and inside.value.place and inside.value.place.level else None
        linked = at_date(linked, date) if linked else None
        return Body(clean(f"{name} {rest}"), linked, "span" if linked else None)
    level = legal_words()["level_words"].get(fold(rest)) or legal_words()["local"].get(fold(rest))
    unit = own.at(level, date) if level else None
    if unit is None:
        return Body(clean(f"{name} {rest}"))
    return Body(_with_unit(name, rest, own.title(unit), unit.name), unit.key, "report")


def _expanded(issuer: str) -> tuple[str, str]:
    """Split an issuer into its body written out and the rest: `HĐND` `tỉnh Sơn La`; a rest alone is the body."""
    text = clean(issuer)
    folded = fold(text)
    for short, full in _full():
        if folded == short or folded.startswith(f"{short} "):
            return full, text[len(short) :].strip(" ,")
    return "", text


@cache
def _full() -> tuple[tuple[str, str], ...]:
    """Return the short names of bodies with what they are in full, longest first."""
    full: Mapping[str, str] = legal_words()["full"]
    return tuple((short, full[short]) for short in sorted(full, key=len, reverse=True))


def _with_unit(name: str, rest: str, title: str, short: str) -> str:
    """Name a body of a unit: `Ủy ban nhân dân tỉnh Sơn La`, `Tỉnh ủy Sơn La`."""
    party = not name or fold(rest).endswith("ủy")
    return clean(f"{name} {rest} {short}" if party else f"{name} {title}")


def body_by_symbol(name: str, symbol: str, *, own: Own, date: str | None = None) -> Body:
    """Return the body that a symbol stands for; in a report of a province its council and committee are meant."""
    local = legal_words()["local"]
    tail = next((part for part in reversed(symbol.replace("/", "-").split("-")) if part in local), None)
    level = local[tail] if tail else None
    if level is None and name in ("Ủy ban nhân dân", "Hội đồng nhân dân") and own.unit and own.unit.level == "province":
        level = "province"
    unit = own.at(level, date) if level else None
    if unit is None:
        return Body(name)
    return Body(f"{name} {unit.name if tail else own.title(unit)}", unit.key, "report")
