"""The administrative units before and after 1 July 2025, and what became of each.

`units.tsv` is written by `python -m training places` from kept packages (named with version and licence in its head).
It is read at the first question.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources

from ie.normalise.places.spelling import name_key, toneless

OLD, NEW = "old", "new"
LEVELS = {"old": ("province", "district", "commune"), "new": ("province", "commune")}


@dataclass(frozen=True)
class Unit:
    """One administrative unit. `fate` holds the keys of what it became, `former` other names with their type word.

    `state` says in which of two pictures of the old units the name stands: `2022`, `2025` or `both`. `under` are keys
    of districts that it belonged to before.
    """

    key: str
    type: str
    name: str
    state: str
    fate: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    under: tuple[str, ...] = ()

    @property
    def era(self) -> str:
        """`old` for a unit of before 1 July 2025, `new` for one since."""
        return self.key[:3]

    @cached_property
    def level(self) -> str:
        """Province, district or commune."""
        return LEVELS[self.era][self.key.count("/") - 1]

    @property
    def parent(self) -> str | None:
        """The key of the unit above, None for a province."""
        return self.key.rsplit("/", 1)[0] if self.key.count("/") > 1 else None

    @property
    def title(self) -> str:
        """Type word and name."""
        return f"{self.type} {self.name}"

    def title_in(self, year: int | None) -> str:
        """Type word and name as of a year: up to 2022 the former one, where tone marks and all are known."""
        earlier = [name for name in self.former if not name.startswith("~")]
        return earlier[0] if year and year <= 2022 and self.state == "2025" and earlier else self.title


@dataclass(frozen=True)
class Counterpart:
    """A unit of the other state that shares land with one: `status` says how, `whole` whether all of the old one."""

    key: str
    name: str
    status: str
    whole: bool


@dataclass(frozen=True)
class Named:
    """A unit under one of its names.

    `how` is `borne` for the name it bears, `former` for one it had, `toneless` for one it had whose tone marks are not
    known, `misspelt` when the tone marks differ from its own (`Nậm Lịch` for `Nặm Lịch`).
    """

    unit: Unit
    type: str
    name: str
    how: str = "borne"

    @property
    def title(self) -> str:
        """Type word and name as they were."""
        return f"{self.type} {self.name}"


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """All units with the questions that linking asks."""

    units: dict[str, Unit]
    _areas: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _above: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @cached_property
    def origins(self) -> dict[str, tuple[str, ...]]:
        """The old provinces and communes that a new unit was made from, whole or in part, by its key."""
        found: dict[str, list[str]] = defaultdict(list)
        for unit in self.units.values():
            for key in unit.fate if unit.era == OLD else ():
                if key.startswith(NEW):
                    found[key].append(unit.key)
        return {key: tuple(sorted(olds)) for key, olds in found.items()}

    @cached_property
    def _by_name(self) -> dict[str, list[Named]]:
        found: dict[str, list[Named]] = defaultdict(list)
        for unit in self.units.values():
            found[name_key(unit.name)].append(Named(unit, unit.type, unit.name))
            for name in unit.former:
                if not name.startswith("~"):
                    kind = next(kind for kind in KINDS if name.startswith(f"{kind} "))
                    short = name[len(kind) + 1 :]
                    found[name_key(short)].append(Named(unit, kind, short, "former"))
        return found

    @cached_property
    def _by_toneless(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            for name in unit.former:
                if name.startswith("~"):
                    found[name[1:]].append(unit)
        return found

    def named(self, name: str) -> list[Named]:
        """Return the units of this name (without type word) in any spelling, former names included."""
        return self._by_name.get(name_key(name), [])

    def formerly(self, kind: str, name: str) -> list[Named]:
        """Return the units that took over one of this type and name; its tone marks are not checked."""
        return [Named(unit, kind, name, "toneless") for unit in self._by_toneless.get(toneless(kind + name), ())]

    def misspelt(self, kind: str, name: str) -> list[Named]:
        """Return the units of this type whose name differs by tone marks alone."""
        return [Named(unit, kind, unit.name, "misspelt") for unit in self._by_bare_name.get(toneless(kind + name), ())]

    @cached_property
    def _by_bare_name(self) -> dict[str, list[Unit]]:
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            found[toneless(unit.title)].append(unit)
        return found

    def areas(self, unit: Unit) -> frozenset[str]:
        """Return the keys of all units that contain it or that its land belonged to, of both states, itself too."""
        known = self._areas.get(unit.key)
        if known is None:
            known = self._areas[unit.key] = frozenset(self._find_areas(unit))
        return known

    def above(self, unit: Unit) -> frozenset[str]:
        """Return the keys of `areas` without the unit's own."""
        known = self._above.get(unit.key)
        if known is None:
            known = self._above[unit.key] = self.areas(unit) - {unit.key}
        return known

    def _find_areas(self, unit: Unit) -> set[str]:
        found = {*_upward(unit.key), *unit.under}
        for key in self.origins.get(unit.key, ()) if unit.level != "province" else ():
            origin = self.units[key]
            found |= {*_upward(origin.key), *origin.under}
        for key in [key for key in found if key.count("/") == 1 and key.startswith(OLD)]:
            found |= set(self.units[key].fate)
        return found - {key for key in found if key.count("/") == 3} | {unit.key}

    def full_name(self, unit: Unit, *, title: str | None = None, year: int | None = None) -> str:
        """Return type word and name with those of the units above: `xã Hua La, thành phố Sơn La, tỉnh Sơn La`.

        `title` stands in for the unit's own where it was named by a former one; with a year up to 2022 the units above
        bear the names of that time (`tỉnh Thừa Thiên Huế`) as far as the table has them.
        """
        above = (self.units[key].title_in(year) for key in _upward(unit.key)[1:])
        return ", ".join([title or unit.title, *above])

    def today(self, key: str) -> Unit | None:
        """Return the unit of this key; for an old one gone before 2025 the one that took it over then."""
        unit = self.units.get(key)
        while unit is not None and len(unit.fate) == 1 and unit.fate[0].startswith(OLD):
            unit = self.units[unit.fate[0]]
        return unit

    def status_of(self, named: Named) -> str | None:
        """Return the status of a unit under one of its names: one that lost its name is not unchanged."""
        status = self.status(named.unit)
        if named.how in ("borne", "misspelt") or status != "unchanged":
            return status
        return "merged" if named.how == "toneless" or named.unit.key in self._enlarged else "renamed"

    @cached_property
    def _enlarged(self) -> frozenset[str]:
        """The old units that took others over before 2025."""
        return frozenset(key for unit in self.units.values() for key in unit.fate if key.startswith(OLD))

    def status(self, unit: Unit) -> str | None:
        """Return what July 2025 did to an old unit, or how a new one came about; None where that is not known."""
        if unit.era == NEW:
            return self._origin_status(unit)
        last = self.today(unit.key)
        if last is None or not last.fate:
            return "split" if unit.level == "district" else None
        if len(last.fate) > 1:
            return "split"
        return "merged" if last is not unit else self._pair_status(unit, self.units[last.fate[0]])

    def _origin_status(self, unit: Unit) -> str | None:
        olds = [self.units[key] for key in self.origins.get(unit.key, ())]
        if not olds:
            return None
        if len(olds) > 1:
            return "merged"
        return "part" if len(olds[0].fate) > 1 else self._pair_status(olds[0], unit)

    def _pair_status(self, old: Unit, new: Unit) -> str:
        if sum(self.units[key].level == new.level or key == old.key for key in self.origins[new.key]) > 1:
            return "merged"
        same = (old.type, name_key(old.name)) == (new.type, name_key(new.name))
        return "unchanged" if same else "renamed"

    def counterparts(self, key: str) -> tuple[Counterpart, ...]:
        """Return the units of the other state that share land with this one; () for a key that is unknown.

        An old commune or province gives what it became, the main part first; a new one gives what it was made from.
        An old district gives the new communes on its land.
        """
        unit = self.today(key)
        if unit is None:
            return ()
        if unit.era == NEW:
            return tuple(self._counterpart(old, old) for old in self._units(self.origins.get(key, ())))
        if unit.level == "district" and not unit.fate:
            return tuple(self._counterpart(unit, new) for new in self._new_in_district(unit))
        return tuple(self._counterpart(unit, new) for new in self._units(unit.fate))

    def _units(self, keys: tuple[str, ...]) -> list[Unit]:
        return [self.units[key] for key in keys]

    def _new_in_district(self, district: Unit) -> list[Unit]:
        inside = [unit for key, unit in self.units.items() if key.startswith(f"{district.key}/")]
        keys = dict.fromkeys(key for unit in inside for key in unit.fate if key.startswith(NEW))
        return self._units(tuple(sorted(keys)))

    def _counterpart(self, old: Unit, other: Unit) -> Counterpart:
        whole = len(old.fate) == 1
        status = (self.status(other) or "part") if whole else "part"
        return Counterpart(other.key, self.full_name(other), status, whole)


KINDS = ("thành phố", "thị xã", "thị trấn", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")
"""The type words of administrative units, longer ones first where one begins another."""


def _upward(key: str) -> list[str]:
    """Return a key and those of the units above it, the province last."""
    parts = key.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts), 1, -1)]


@cache
def gazetteer() -> Gazetteer:
    """Return the units, read once."""
    text = resources.files("ie.normalise.places").joinpath("units.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return Gazetteer({line[0]: _unit(line) for line in lines[1:]})


def _unit(line: list[str]) -> Unit:
    key, kind, name, state, fate, former, under = line
    return Unit(
        key, kind, name, state, tuple(fate.split()), tuple(filter(None, former.split(";"))), tuple(under.split())
    )
