"""Why a time has no bounds: `đợt 1` is a round without dates, `mùa mưa` a season without fixed months.

What the text does not settle is not guessed. The reason stands in the notes of the value and is counted; periods.toml
has the words.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from ie.document import Value
from ie.normalise.fold import fold
from ie.normalise.periods import parse_period
from ie.normalise.time_table import Anchor

PREFIX = "no bounds: "
_UNDATED = "the report has no date"
_UNREAD = "not read"
_ANY = Anchor(2024, 6)


def unbounded(text: str, anchor: Anchor | None) -> Value:
    """Return the value of a PERIOD that has no bounds: nothing but the reason."""
    return Value("period", notes=(PREFIX + _reason(text, anchor),))


def reason_of(value: Value | None) -> str | None:
    """Return why a PERIOD's value has no bounds, None for one that has them."""
    notes = value.notes if value else ()
    return next((note.removeprefix(PREFIX) for note in notes if note.startswith(PREFIX)), None)


def _reason(text: str, anchor: Anchor | None) -> str:
    if anchor is None and parse_period(text, anchor=_ANY):
        return _UNDATED
    plain = fold(text)
    return next((reason for reason, pattern in _table() if pattern.search(plain)), _UNREAD)


@cache
def _table() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads(resources.files("ie.normalise").joinpath("periods.toml").read_text("utf-8"))
    return tuple((reason, re.compile("|".join(words))) for reason, words in table["unbounded"].items())
