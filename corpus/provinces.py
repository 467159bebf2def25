"""Provinces before and after July 2025: which old ones make which new one."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

MERGED_ON = "2025-07-01"
"""From this day on there are 34 provinces and no districts."""


@cache
def merged() -> dict[str, tuple[str, ...]]:
    """Return the provinces since July 2025 with the ones before that they were made of."""
    table = tomllib.loads(resources.files("corpus").joinpath("provinces.toml").read_text("utf-8"))
    return {name: tuple(parts) for name, parts in table.items()}


@cache
def _groups() -> dict[str, str]:
    return {part: name for name, parts in merged().items() for part in parts}


def group(province: str) -> str | None:
    """Return the province since July 2025 that a province of any time belongs to, None when it is unknown."""
    return _groups().get(province)


def after_merger(date: str) -> bool:
    """Tell whether a day (ISO 8601) lies in the time of the 34 provinces."""
    return date >= MERGED_ON
