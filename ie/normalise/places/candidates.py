"""The units that a mention may stand for by its name and type words alone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from ie.normalise.places.gazetteer import KINDS, Gazetteer, Named
from ie.normalise.places.mention import Mention

Odds = Mapping[str, Any]
_LEVELS = {"tỉnh": ("province",), "thành phố": ("province", "district")} | {
    kind: ("district",) if kind in ("huyện", "quận", "thị xã") else ("commune",)
    for kind in KINDS
    if kind not in ("tỉnh", "thành phố")
}


@cache
def odds() -> Odds:
    """Return the table of odds (`odds.toml`), read once."""
    return tomllib.loads(resources.files("ie.normalise.places").joinpath("odds.toml").read_text("utf-8"))


def candidates(mention: Mention, units: Gazetteer) -> dict[str, tuple[Named, float]]:
    """Return by key the units that may be meant, with the odds that name and type words give; {} for a road."""
    if mention.kinds and not any(kind in _LEVELS for kind in mention.kinds):
        return {}
    found: dict[str, tuple[Named, float]] = {}
    for named in units.named(mention.name):
        factor = _type_odds(mention, named)
        if factor > found.get(named.unit.key, (named, 0.0))[1]:
            found[named.unit.key] = named, factor
    for kind in mention.kinds:
        for named in units.formerly(kind, mention.name):
            found.setdefault(named.unit.key, (named, odds()["type"]["toneless"]))
    if not found:
        misspelt = (named for kind in mention.kinds for named in units.misspelt(kind, mention.name))
        found = {named.unit.key: (named, odds()["type"]["misspelt"]) for named in misspelt}
    return found


def _type_odds(mention: Mention, named: Named) -> float:
    """Return how well a unit's type fits the type words, 0 where their levels differ."""
    table = odds()["type"]
    certain: float = 1.0 if named.how == "borne" else table["former"]
    bare: float = table[f"bare_{named.unit.level}"] * certain
    if not mention.kinds:
        return bare
    if named.type in mention.kinds:
        return certain
    same_level = any(named.unit.level in _LEVELS.get(kind, ()) for kind in mention.kinds)
    if mention.own:
        changed: float = table["changed_province" if named.unit.level == "province" else "changed"]
        return certain * changed if same_level else 0.0
    return table["listed"] * (certain if same_level else bare)
