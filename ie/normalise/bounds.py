"""Bounds beside a number: `trên 95 %` is above 95, `không quá 5 ngày` at most 5, `18 tuổi trở lên` at least 18."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.normalise.fold import fold, fold_once

ABOUT = "about"
_REACH = 40
_COMPARED = ("hơn", "quá")


@dataclass(frozen=True)
class BoundTable:
    """bounds.toml, folded, with its words as one pattern for each side of the number.

    `ends` and `begins` are the words next to the number, that no pattern is tried without.
    """

    before: re.Pattern[str]
    after: re.Pattern[str]
    ends: frozenset[str]
    begins: frozenset[str]
    leading: re.Pattern[str]
    words: Mapping[str, str]
    comparing: frozenset[str]


@cache
def bound_table() -> BoundTable:
    """Return the words that make a number a bound."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("bounds.toml").read_text("utf-8"))
    words = {fold(word): kind for side in ("before", "after") for kind, forms in table[side].items() for word in forms}
    before, after = ([fold(word) for forms in table[side].values() for word in forms] for side in ("before", "after"))
    return BoundTable(
        before=re.compile(rf"(?<!\w)(?P<word>{_any(before)})$"),
        after=re.compile(rf"(?P<word>{_any(after)})\b"),
        ends=frozenset(word.split(" ")[-1] for word in before),
        begins=frozenset(word.split(" ")[0] for word in after),
        leading=re.compile(_any(words)),
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
    right = text[last : last + _REACH]
    after = table.after.match(fold_once(right)) if _begins(right, table.begins) else None
    if after:
        return table.words[after["word"]]
    left = text[max(0, start - _REACH) : start]
    if not _ends(left, table.ends):
        return None
    left = fold_once(left)
    before = table.before.search(left)
    if before is None:
        return None
    compared = before["word"] in _COMPARED and left[: before.start()].rstrip().rpartition(" ")[2] in table.comparing
    return None if compared else table.words[before["word"]]


def _begins(text: str, words: frozenset[str]) -> bool:
    """Tell whether the first word of a text is one of some folded words."""
    first = text.split(None, 1)
    return bool(first) and fold(first[0].rstrip(".,;:)")) in words


def _ends(text: str, words: frozenset[str]) -> bool:
    """Tell whether the last word of a text may end in one of some folded words; signs stand close to others."""
    last = text.rsplit(None, 1)[-1:]
    return bool(last) and (not (word := fold(last[-1])).isalpha() or word in words)


def leading_bound(text: str) -> str | None:
    """Return the bound that a span itself starts with, where the word was taken into it by mistake."""
    if text[:1].isdecimal():
        return None
    found = bound_table().leading.match(fold(text))
    return bound_table().words[found[0]] if found else None
