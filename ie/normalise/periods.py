"""Time expressions to dates: `tháng 02`, `quý III/2023`, `6 tháng đầu năm`, `giai đoạn 2021-2025`, `đến nay`.

periods.toml holds the expressions, time_rules.py what each means; here they are put together: words before them, ranges
whose ends lend each other year and month. What an expression leaves out is taken from the report's own date, its
anchor, and said in the notes. Both bounds are inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from ie.document import Value
from ie.normalise.dates import make_date, year_before
from ie.normalise.fold import fold
from ie.normalise.time_rules import by_rule, months
from ie.normalise.time_table import Anchor, Span, time_table

__all__ = ["Anchor", "parse_period"]

MAX_LENGTH = 120
_DEEPEST = 6
_RECURRING = {"năm": "R/P1Y", "quý": "R/P3M", "tháng": "R/P1M", "tuần": "R/P1W", "ngày": "R/P1D"}
_DAY_ALONE = re.compile(r"(?:từ )?(?:ngày )?([0-9]{1,2})")


def parse_period(text: str, *, anchor: Anchor | None = None) -> Value | None:
    """Return the bounds of a PERIOD as ISO dates, None when the words do not fix them.

    `đến …` and `hết …` leave the start open. A recurring time (`hằng năm`) has no bounds but the ISO interval `R/P1Y`
    as its key. Without an anchor only expressions that name their year are resolved.
    """
    plain = fold(text).strip(" .,;:()[]*\"'“”")
    if not plain or len(plain) > MAX_LENGTH:
        return None
    recurring = _recurring(plain)
    if recurring:
        return recurring
    found = _read(plain, anchor, 0) or _alone(plain, anchor)
    if found is None or not (found.start or found.end):
        return None
    start, end = (bound.isoformat() if bound else None for bound in (found.start, found.end))
    return Value("period", start=start, end=end, notes=tuple(dict.fromkeys(found.notes)))


def _recurring(text: str) -> Value | None:
    for kind, pattern in time_table().rules:
        match = pattern.fullmatch(text) if kind == "recurring" else None
        if match:
            return Value("period", key=_RECURRING[match["of"]], notes=("recurring",))
    return None


def _alone(text: str, anchor: Anchor | None) -> Span | None:
    """Read `lũy kế` alone as the report's year so far, `cùng kỳ` alone as the reporting period a year before."""
    effect = dict(time_table().lead).get(text)
    if anchor is None or effect not in ("cumulative", "same period"):
        return None
    if effect == "cumulative":
        end = anchor.end if anchor.end and anchor.end.year == anchor.year else anchor.today
        return Span(date(anchor.year, 1, 1), end, (effect, f"year {anchor.year} from the {anchor.source}"))
    if anchor.start and anchor.end:
        start, end = year_before(anchor.start), year_before(anchor.end)
        return Span(start, end, (effect, f"a year before the period of the {anchor.source}"))
    return months(anchor.year - 1, 1, 12, (effect, f"year {anchor.year} from the {anchor.source}"))


@lru_cache(maxsize=10_000)
def _read(text: str, anchor: Anchor | None, depth: int) -> Span | None:
    """Read an expression: by one of the rules, as a range of two, or without the words around it.

    Kept, because the halves of a text with many hyphens or commas are the same over and over.
    """
    if depth > _DEEPEST:
        return None
    found = by_rule(text, anchor) or _range(text, anchor, depth) or _after_lead(text, anchor, depth)
    if found:
        return found
    table = time_table()
    skipped = table.before.match(text)
    shorter = table.after.sub("", text[skipped.end() :] if skipped else text)
    return _read(shorter, anchor, depth + 1) if shorter != text else None


def _after_lead(text: str, anchor: Anchor | None, depth: int) -> Span | None:
    for word, effect in time_table().lead:
        if text.startswith(word + " "):
            found = _read(text[len(word) + 1 :], anchor, depth + 1)
            if found:
                return _same_stretch(found, anchor) if effect == "same period" else _with_effect(found, effect)
    return None


def _same_stretch(found: Span, anchor: Anchor | None) -> Span:
    """Read `cùng kỳ năm 2021` of a report on six months as the first six months of 2021: the stretch that it names."""
    noted = replace(found, notes=(*found.notes, "same period"))
    if anchor is None or anchor.start is None or anchor.end is None or found.start is None or found.end is None:
        return noted
    whole = (found.start.month, found.start.day, found.end.month, found.end.day) == (1, 1, 12, 31)
    back = anchor.end.year - found.end.year
    if not whole or found.start.year != found.end.year or anchor.end.year - anchor.start.year > 1 or back <= 0:
        return noted
    start, end = anchor.start, anchor.end
    for _ in range(back):
        start, end = year_before(start), year_before(end)
    return replace(noted, start=start, end=end)


def _with_effect(found: Span, effect: str) -> Span:
    if effect == "until":
        return replace(found, start=None, notes=(*found.notes, "until"))
    return replace(found, notes=(*found.notes, effect)) if effect else found


def _range(text: str, anchor: Anchor | None, depth: int) -> Span | None:
    for left_text, connector, right_text in _halves(text):
        right = _read(right_text, anchor, depth + 1)
        left = _left(left_text, right, anchor, depth) if right and right.end else None
        if right is None or left is None or left.start is None:
            continue
        if right.borrowed and not left.borrowed:
            again = _read(right_text, Anchor(left.start.year, left.start.month, source=""), depth + 1)
            right = again or right
        if right.end and left.start <= right.end:
            listed = ("from the first to the last of a list",) if connector in time_table().lists else ()
            return Span(left.start, right.end, (*left.notes, *right.notes, *listed), left.borrowed and right.borrowed)
    return None


def _halves(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the two sides of every connector that stands within the text, and the connector between them."""
    for connector in (*time_table().connectors, *time_table().lists):
        at = text.find(connector)
        while at >= 0:
            left, right = text[:at].strip(), text[at + len(connector) :].strip()
            if left and right:
                yield left, connector, right
            at = text.find(connector, at + 1)


def _left(text: str, right: Span, anchor: Anchor | None, depth: int) -> Span | None:
    """Read the left end of a range; year and month that it leaves out are those of the right end, or just before."""
    end = right.end
    if end is None:
        return None
    alone = _DAY_ALONE.fullmatch(text)
    if alone:
        day = make_date(end.year, end.month, int(alone[1]))
        return Span(day, day, borrowed=right.borrowed) if day else None
    inner = Anchor(end.year, end.month, anchor.today if anchor else None, source="")
    found = _read(text, inner, depth + 1)
    if found and found.borrowed and found.start and found.start > end:
        found = _read(text, replace(inner, year=end.year - 1), depth + 1)
    return replace(found, borrowed=right.borrowed) if found and found.borrowed else found
