"""How a figure is to be taken: direction of a change, what it is compared with, and the plan or earlier value implied.

The words beside the number are read within its clause (words in qualify.toml); the attributes of the tagger go before
them. Implied values are intervals: what the written figures can have been before they were rounded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from importlib import resources

from ie.document import Entity
from ie.intervals import Interval, last_place, point, rounded
from ie.normalise.exact import decimal_text, exactly
from ie.normalise.fold import fold, fold_once
from ie.normalise.periods import Anchor, parse_period

_REACH = 90
_LONGEST_ESTIMATE = 6
"""Most words from a word of estimating to its figure."""
# A line end closes a clause where a list item or heading follows; elsewhere it may only be where a line was wrapped.
_CLAUSE_END = re.compile(r"[.;:()](?=\s|$)|[();]|\n\s*(?=[-+*•–#|]|[0-9]{1,2}[.)/]|[a-zđ]\)|[IVX]+\.)")
_YEAR = re.compile(r"năm ((?:19|20)[0-9]{2})|/((?:19|20)[0-9]{2})")
_TIMED = [
    "so",
    "với",
    "cùng",
    "kỳ",
    "ck",
    "năm",
    "tháng",
    "quý",
    "vụ",
    "trước",
    "ngoái",
    "qua",
    "đầu",
    "cuối",
    "liền",
    "iv",
    "i{1,3}",
]
_AFTER_BASE = re.compile(rf"(?:(?:{'|'.join(_TIMED)}|[0-9]{{1,2}}(?:/[0-9]{{4}})?|(?:19|20)[0-9]{{2}})(?: |$))*")
# Words between a verb of change and its number: `cao hơn cùng kỳ năm 2021 4,1 %`.
_WORDS = r"(?: (?:[^\W\d_]+|(?:19|20)[0-9]{2}|[0-9]{1,2}/[0-9]{4})){0,7}"
_SHOWN = Context(prec=6, rounding=ROUND_HALF_EVEN)
_DOWN, _UP = Context(prec=8, rounding=ROUND_FLOOR), Context(prec=8, rounding=ROUND_CEILING)
_BASES = ("same_period", "plan", "previous", "start")


@dataclass(frozen=True)
class QualifyTable:
    """qualify.toml compiled for folded text."""

    direction: Mapping[str, re.Pattern[str]]
    bases: Mapping[str, re.Pattern[str]]
    other: re.Pattern[str]
    total: re.Pattern[str]
    estimate: re.Pattern[str]
    estimate_begins: tuple[str, ...]
    cumulative: tuple[str, ...]


@cache
def qualify_table() -> QualifyTable:
    """Return the words that qualify a figure."""
    table = tomllib.loads(resources.files("ie").joinpath("qualify.toml").read_text("utf-8"))
    level = "|".join(map(re.escape, table["direction"]["level"]))
    return QualifyTable(
        direction={
            name: re.compile(rf"(?<!\w)(?:{'|'.join(table['direction'][name])})(?! (?:{level})\b){_WORDS} ?$")
            for name in ("up", "down")
        },
        bases={name: re.compile("|".join(table["base"][name])) for name in _BASES},
        other=re.compile("|".join(table["base"]["other"])),
        total=re.compile(rf"(?<!\w)(?:{'|'.join(table['total']['before'])})(?: [^\W\d_]+)? ?$"),
        estimate=re.compile(rf"(?<!\w)(?:{'|'.join(table['estimate']['before'])})(?: [^\W\d_]+){{0,2}} ?$"),
        estimate_begins=tuple({fold(words).split(" ")[0] for words in table["estimate"]["before"]}),
        cumulative=tuple(map(fold, table["cumulative"]["period"])),
    )


@dataclass(frozen=True)
class Qualified:
    """What the words beside a figure say; None where they say nothing.

    `direction` is up or down; `base` one of same_period, plan, previous, start, total, other, `base_text` its words;
    `start` and `end` bound the time that the figure is compared with.
    """

    direction: str | None = None
    base: str | None = None
    base_text: str | None = None
    estimate: bool = False
    start: str | None = None
    end: str | None = None


def qualified(quantity: Entity, text: str, unit_end: int | None = None) -> Qualified:
    """Return what stands beside a QUANTITY within its clause; `unit_end` is the end of a unit right after it."""
    table = qualify_table()
    left, right = _clause(text, quantity.start, max(quantity.end, unit_end or 0))
    found = {name: match.start() for name, pattern in table.direction.items() if (match := _last(pattern, left))}
    direction = max(found, key=found.__getitem__) if found else None
    base, words = _base(left, right)
    if base is None and table.total.search(left):
        base = "total"
    return Qualified(direction, base, words, estimate=bool(table.estimate.search(left)))


def is_estimated(quantity: Entity, text: str) -> bool:
    """Tell whether the words before a QUANTITY make it an estimate, as `qualified` does."""
    before = text[max(0, quantity.start - _REACH) : quantity.start]
    begins = qualify_table().estimate_begins
    # Words come again and are kept folded: few figures have any of these near and need their clause.
    for word in before.split()[-_LONGEST_ESTIMATE:]:
        if fold(word).endswith(begins):
            return qualify_table().estimate.search(_before(before)) is not None
    return False


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the match that begins last: the verb nearest to the number."""
    match = pattern.search(text)
    while match:
        later = pattern.search(text, match.start() + 1)
        if later is None:
            return match
        match = later
    return None


def _clause(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the folded text of the clause before `start` and after `end`."""
    after = text[end : end + _REACH]
    stop = _CLAUSE_END.search(after)
    return _before(text[max(0, start - _REACH) : start]), fold_once(after[: stop.start()] if stop else after)


def _before(text: str) -> str:
    """Return the folded text of the last clause, with a blank at its end where one stands there."""
    cuts = [match.end() for match in _CLAUSE_END.finditer(text)]
    return fold_once(text[cuts[-1] :] if cuts else text) + (" " if text[-1:].isspace() else "")


def _base(left: str, right: str) -> tuple[str | None, str | None]:
    """Find what the figure is compared with: after its unit up to the next comma, else before it in the clause."""
    table = qualify_table()
    after = re.split(r",| và |[0-9]+(?:[.,][0-9]+)? ?%", right, maxsplit=1)[0]
    own = left.rpartition(",")[2] if "so " in left.rpartition(",")[2] else left[-45:]
    for part, near in ((after, 24), (own, None)):
        for name in _BASES:
            match = table.bases[name].search(part)
            if match and (near is None or match.start() <= near) and not (near is None and name == "plan"):
                return name, _words(part, match.start())
        match = table.other.search(part)
        if match and (near is None or match.start() <= near):
            return "other", " ".join(part[match.start() :].split()[:5])
    return None, None


def _words(part: str, start: int) -> str:
    """Return the words of a comparison from where they begin, as far as they speak of time or plan."""
    rest = part[start:]
    timed = _AFTER_BASE.match(rest)
    return (timed[0].strip() if timed and timed[0].strip() else " ".join(rest.split()[:4])).strip(" ,")


def base_time(found: Qualified, start: str | None, end: str | None) -> Qualified:
    """Add the time that a figure of `start` to `end` is compared with, where its words tell."""
    if not start or not end or found.base not in ("same_period", "previous", "start"):
        return found
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    year = _YEAR.search(found.base_text or "")
    if found.base == "same_period":
        back = last.year - int(year[1] or year[2]) if year else 1
        return replace(found, start=_earlier(first, back), end=_earlier(last, back)) if back > 0 else found
    words = re.sub(r"^so (?:với )?", "", found.base_text or "")
    value = parse_period(words, anchor=Anchor(last.year, last.month, last, "figure", first, last))
    return replace(found, start=value.start, end=value.end) if value else found


def _earlier(day: date, years: int) -> str:
    last = day.month == 2 and day.day >= 28
    moved = day.replace(day=28, year=day.year - years) if last else day.replace(year=day.year - years)
    if last and moved.year % 4 == 0 and (moved.year % 100 or moved.year % 400 == 0):
        moved = moved.replace(day=29)
    return moved.isoformat()


@dataclass(frozen=True)
class Implied:
    """The plan, whole or earlier value that a percentage implies, with the bounds that rounding leaves."""

    value: str
    low: str
    high: str


def implied(share: Entity, amount: Entity, direction: str | None, *, is_change: bool) -> Implied | None:
    """Return what a percentage and its amount imply: 16,5 % of a plan that is 611 means a plan of about 3703.

    A change needs its direction, and an amount that is no percentage itself (points or parts, who can tell); a
    percentage that could be zero implies nothing.
    """
    rate, of = share.value, amount.value
    if rate is None or of is None or rate.kind != "number" or of.kind != "number" or rate.unit != "%":
        return None
    if rate.number is None or of.number is None or (is_change and (direction is None or of.unit == "%")):
        return None
    part, whole = _written(share.text, rate.number), _written(amount.text, of.number)
    with exactly():
        if is_change:
            base = point(Decimal(100))
            part = base + part if direction == "up" else base - part
        value = part.low + (part.high - part.low) / 2
    if part.low <= 0 or whole.low < 0:
        return None
    bounds = whole.times(Decimal(100)) / part
    middle = _SHOWN.divide(Decimal(of.number) * 100, value)
    return Implied(decimal_text(middle), decimal_text(_DOWN.plus(bounds.low)), decimal_text(_UP.plus(bounds.high)))


def _written(text: str, number: str) -> Interval:
    value = Decimal(number)
    return rounded(value, last_place(text, value))
