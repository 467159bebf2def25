"""Bounds beside a number: `trên 95 %` is above 95, `không quá 5 ngày` at most 5, `18 tuổi trở lên` at least 18."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.normalise.fold import fold

ABOUT = "about"
_REACH = 40
_COMPARED = ("hơn", "quá")


@dataclass(frozen=True)
class BoundTable:
    """bounds.toml, folded, with its words as one pattern for each side of the number."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    words: Mapping[str, str]
    comparing: frozenset[str]


@cache
def bound_table() -> BoundTable:
    """Return the words that make a number a bound."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("bounds.toml").read_text("utf-8"))
    words = {fold(word): kind for side in ("before", "after") for kind, forms in table[side].items() for word in forms}
    before = _any(word for forms in table["before"].values() for word in forms)
    after = _any(word for forms in table["after"].values() for word in forms)
    return BoundTable(
        before=re.compile(rf"(?<!\w)(?P<word>{before}) ?$"),
        after=re.compile(rf" ?(?P<word>{after})\b"),
        words=words,
        comparing=frozenset(map(fold, table["comparing"]["words"])),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))


def bound_of(text: str, start: int, end: int, unit_end: int | None = None) -> str | None:
    """Return the bound that the words beside the number `[start, end)` make of it, None when there are none.

    `unit_end` is the end of the number's unit where that follows it. The words `từ … trở lên` are seen by their end.
    """
    table = bound_table()
    last = max(end, unit_end or end)
    after = table.after.match(fold(text[last : last + _REACH]))
    if after:
        return table.words[after["word"]]
    left = fold(text[max(0, start - _REACH) : start])
    before = table.before.search(left)
    if before is None:
        return None
    compared = before["word"] in _COMPARED and left[: before.start()].rstrip().rpartition(" ")[2] in table.comparing
    return None if compared else table.words[before["word"]]


def leading_bound(text: str) -> str | None:
    """Return the bound that a span itself starts with, where the word was taken into it by mistake."""
    words, folded = bound_table().words, fold(text)
    found = [word for word in words if folded.startswith(word)]
    return words[max(found, key=len)] if found else None
