"""The units that a mention may stand for by its name and type words alone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from ie.normalise.places.gazetteer import KINDS, Gazetteer, Named
from ie.normalise.places.mention import Mention

Odds = Mapping[str, Any]
Candidates = Mapping[str, tuple[Named, float]]
_LEVELS = {"tỉnh": ("province",), "thành phố": ("province", "district")} | {
    kind: ("district",) if kind in ("huyện", "quận", "thị xã") else ("commune",)
    for kind in KINDS
    if kind not in ("tỉnh", "thành phố")
}


@cache
def odds() -> Odds:
    """Return the table of odds (`odds.toml`), read once."""
    return tomllib.loads(resources.files("ie.normalise.places").joinpath("odds.toml").read_text("utf-8"))


def candidates(mention: Mention, units: Gazetteer) -> Candidates:
    """Return by key the units that may be meant, with the odds that name and type words give; {} for a road."""
    if mention.kinds and not any(kind in _LEVELS for kind in mention.kinds):
        return {}
    return _named(mention.name, mention.kinds, mention.own, units)


@lru_cache(maxsize=4_000)
def _named(name: str, kinds: tuple[str, ...], own: bool, units: Gazetteer) -> Candidates:
    found: dict[str, tuple[Named, float]] = {}
    for named in units.named(name):
        factor = _type_odds(kinds, named, own=own)
        if factor > found.get(named.unit.key, (named, 0.0))[1]:
            found[named.unit.key] = named, factor
    for kind in kinds:
        for named in units.formerly(kind, name):
            found.setdefault(named.unit.key, (named, odds()["type"]["toneless"]))
    if not found:
        misspelt = (named for kind in kinds for named in units.misspelt(kind, name))
        found = {named.unit.key: (named, odds()["type"]["misspelt"]) for named in misspelt}
    return MappingProxyType(found)


def _type_odds(kinds: tuple[str, ...], named: Named, *, own: bool) -> float:
    """Return how well a unit's type fits the type words, 0 where their levels differ."""
    table = odds()["type"]
    certain: float = 1.0 if named.how == "borne" else table["former"]
    bare: float = table[f"bare_{named.unit.level}"] * certain
    if not kinds:
        return bare
    if named.type in kinds:
        return certain
    same_level = any(named.unit.level in _LEVELS.get(kind, ()) for kind in kinds)
    if own:
        changed: float = table["changed_province" if named.unit.level == "province" else "changed"]
        return certain * changed if same_level else 0.0
    return table["listed"] * (certain if same_level else bare)
