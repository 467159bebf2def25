"""What kind of place a name without type word is, when it is no administrative unit: a country, a region."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ie.normalise.fold import fold

_KINDS = {"C": "quốc gia", "R": "vùng"}


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in ("places.tsv", "regions.tsv"):
        for line in resources.files("ie.lexicon").joinpath(file).read_text("utf-8").splitlines():
            name, _, levels = line.partition("\t")
            if levels in _KINDS:
                found[fold(name)] = _KINDS[levels]
    return found


def kind_of_name(name: str) -> str | None:
    """Return `quốc gia` or `vùng` for the name of a country or region, None for any other."""
    return _names().get(fold(name))
