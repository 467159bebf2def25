"""The time expressions of periods.toml, compiled, and the records that they are read with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from ie.normalise.dates import last_of_month
from ie.normalise.fold import fold
from ie.normalise.words import number_words

_Date = date  # in Anchor the field hides the class


@dataclass(frozen=True)
class Anchor:
    """The time a report speaks of: its year, its month where it has one, its date; `source` says where they stand.

    `start` and `end` bound the reporting period where the report names it.
    """

    year: int
    month: int | None = None
    date: _Date | None = None
    source: str = "report"
    start: _Date | None = None
    end: _Date | None = None

    @property
    def today(self) -> _Date | None:
        """The day that `nay` means: the report's date, else the end of its month or year."""
        return self.date or last_of_month(self.year, self.month or 12)

    @property
    def today_note(self) -> str:
        """What `today` rests on."""
        if self.date:
            return f"date {self.date} of the report"
        return f"date {self.today} assumed: end of the report's {'month' if self.month else 'year'}"


@dataclass(frozen=True)
class Span:
    """A stretch of time with both bounds inclusive, None where it is open.

    `borrowed` when an expression left its year out and the anchor gave it: the other end of a range may lend a better.
    """

    start: date | None
    end: date | None
    notes: tuple[str, ...] = ()
    borrowed: bool = False


@dataclass(frozen=True)
class TimeTable:
    """periods.toml with its patterns compiled and its words folded."""

    rules: tuple[tuple[str, re.Pattern[str]], ...]
    recurring: tuple[re.Pattern[str], ...]
    lead: tuple[tuple[str, str], ...]
    before: re.Pattern[str]
    after: re.Pattern[str]
    connectors: tuple[str, ...]
    lists: tuple[str, ...]
    seasons: Mapping[str, tuple[int, int]]
    numbers: Mapping[str, Mapping[str, int]]
    offsets: Mapping[str, int]


@cache
def time_table() -> TimeTable:
    """Return the time expressions of the language."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("periods.toml").read_text("utf-8"))
    months = _folded(table["months"])
    counts = {word: number for word, number in (months | number_words().digits).items() if number}
    numbers = {"month": months, "quarter": _folded(table["quarters"]), "count": counts}
    seasons = {fold(word): (first, last) for word, (first, last) in table["seasons"].items()}
    words = {f"{{{name}_words}}": "|".join(sorted(known, key=len, reverse=True)) for name, known in numbers.items()}
    words["{season_words}"] = "|".join(sorted(seasons, key=len, reverse=True))
    pieces = {f"{{{name}}}": _filled(pattern, words) for name, pattern in table["fragments"].items()}
    rules = [(rule["kind"], re.compile(_filled(form, pieces))) for rule in table["rule"] for form in rule["patterns"]]
    lead = [(fold(word), effect) for effect, known in table["lead"].items() for word in known]
    return TimeTable(
        rules=tuple(rules),
        recurring=tuple(pattern for kind, pattern in rules if kind == "recurring"),
        lead=tuple(sorted(lead, key=_longest_first)),
        before=re.compile("|".join(_filled(pattern, words) for pattern in table["skip"]["before"])),
        after=re.compile("(?:" + "|".join(table["skip"]["after"]) + ")$"),
        connectors=tuple(table["range"]["connectors"]),
        lists=tuple(table["range"]["lists"]),
        seasons=seasons,
        numbers=numbers,
        offsets=_folded(table["offsets"]),
    )


def _longest_first(entry: tuple[str, str]) -> int:
    return -len(entry[0])


def _folded(words: Mapping[str, int]) -> dict[str, int]:
    return {fold(word): number for word, number in words.items()}


def _filled(pattern: str, pieces: Mapping[str, str]) -> str:
    """Put fragments in the place of their `{name}`."""
    for name, piece in pieces.items():
        pattern = pattern.replace(name, piece)
    return pattern
