"""Feasts of the lunar calendar as dates: `Tết Ất Tỵ` is that of 2025, `mùng 6 Tết` its sixth day.

A feast that names no year is that of the reporting period, where the period holds just one; else it stays open.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from ie.normalise.fold import fold
from ie.normalise.time_table import Anchor, Span

_CYCLE = 60
_DAYS = 3
"""`Ba ngày Tết` are the first three of the year."""


@dataclass(frozen=True)
class Feasts:
    """feasts.toml: the first day of each lunar year, stems and branches of the cycle by their remainders."""

    tet: Mapping[int, date]
    stems: Mapping[str, int]
    branches: Mapping[str, int]


@cache
def feasts() -> Feasts:
    """Return the feasts, read once."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("feasts.toml").read_text("utf-8"))
    stems, branches = ({fold(word): rest for word, rest in table[name].items()} for name in ("stems", "branches"))
    return Feasts({int(year): day for year, day in table["tet"].items()}, stems, branches)


def tet(anchor: Anchor | None, *, cyclic: str = "", year: int | None = None, day: int | None = None) -> Span | None:
    """Return the days of a Tết: its first three, or the one named; None where its year is not certain.

    `cyclic` names the year by the cycle (`ất tỵ`), `day` counts from 1; 0 is the eve.
    """
    first = _first_day(anchor, cyclic, year)
    if first is None or (day is not None and not 0 <= day <= 30):
        return None
    start = first + timedelta((day or 1) - 1 if day != 0 else -1)
    end = start if day is not None else first + timedelta(_DAYS - 1)
    notes = (f"lunar new year {first}",)
    return Span(start, end, notes if day is not None else (*notes, "approximate bounds"))


def _first_day(anchor: Anchor | None, cyclic: str, year: int | None) -> date | None:
    known = feasts().tet
    if cyclic:
        named = year_of(cyclic, near=year or (anchor.year if anchor else None))
        return known.get(named) if named and year in (None, named) else None
    if year is not None:
        return known.get(year)
    if anchor is None or anchor.start is None or anchor.end is None:
        return None
    within = [day for day in known.values() if anchor.start <= day <= anchor.end]
    return within[0] if len(within) == 1 else None


def year_of(cyclic: str, *, near: int | None) -> int | None:
    """Return the year of a name of the cycle that lies nearest to a year; None for no name of the cycle."""
    stem, _, branch = cyclic.partition(" ")
    table = feasts()
    if near is None or stem not in table.stems or branch not in table.branches:
        return None
    half = _CYCLE // 2
    for year in sorted(range(near - half + 1, near + half + 1), key=lambda each: abs(each - near)):
        if year % 10 == table.stems[stem] and year % 12 == table.branches[branch]:
            return year
    return None
