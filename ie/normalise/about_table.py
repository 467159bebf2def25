"""about.toml, folded: the words that the head of a report is read by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.normalise.fold import CAPITALS, fold, unmarked


@dataclass(frozen=True)
class AboutTable:
    """about.toml with its words folded and its patterns compiled for folded text.

    `body`, `bodies` and `office` go by letters without marks, which OCR leaves out of capitals.
    """

    body: re.Pattern[str]
    bodies: dict[str, str]
    office: re.Pattern[str]
    levels: dict[str, str]
    central: dict[str, int]
    title: re.Pattern[str]
    small: frozenset[str]
    title_ends: tuple[str, ...]
    run_on: re.Pattern[str]
    ahead: re.Pattern[str]
    looks_ahead: re.Pattern[str]
    reporting: re.Pattern[str]


@cache
def about_table() -> AboutTable:
    """Return the words of letterheads, titles and closing formulas."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("about.toml").read_text("utf-8"))
    bodies = {unmarked(fold(form)): name for name, forms in table["bodies"].items() for form in forms}
    ahead = table["ahead"]
    return AboutTable(
        body=re.compile(rf"(?:{_any(bodies)})\b"),
        bodies=bodies,
        office=re.compile(rf"(?:{_any(map(unmarked, table['offices']['words']))})\b"),
        levels={fold(word): level for word, level in table["levels"].items()},
        central=table["central"],
        title=re.compile(rf"(?:{_any(table['title']['kinds'])})\b"),
        small=frozenset(map(fold, table["title"]["small"])),
        title_ends=tuple(map(fold, table["title"]["ends"])),
        run_on=re.compile(rf" (?=(?:{'|'.join(table['title']['run_on'])})\b)|(?<=\)) (?=[{CAPITALS}])"),
        ahead=re.compile(rf"(?:{_any(ahead['after'])})(?:{_any(ahead['words'])})\b"),
        looks_ahead=re.compile(rf"(?:các |một số |những |về )?(?:{_any(ahead['words'])}|{_any(ahead['headings'])})\b"),
        reporting=re.compile(rf"[^.,;¶]{{0,15}}? ?(?:{_any(table['reporting']['verbs'])})\b"),
    )


def _any(words: Iterable[str]) -> str:
    """Return the words as alternatives, longest first."""
    kept = {fold(word) if word.strip() == word else word for word in words}
    return "|".join(re.escape(word) for word in sorted(kept, key=len, reverse=True))


def level_of(place: str, year: int | None) -> str | None:
    """Return the administrative level of a place key (`thành phố Huế`), None for a place without a level.

    `year` decides for cities that came directly under the centre; without it the latest status counts.
    """
    kind = next((word for word in about_table().levels if fold(place).startswith(word + " ")), None)
    if kind is None:
        return None
    since = about_table().central.get(fold(place).removeprefix("thành phố ")) if kind == "thành phố" else None
    if since is not None and (year is None or year >= since):
        return "province"
    return about_table().levels[kind]
