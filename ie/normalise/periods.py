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
from ie.normalise.time_rules import ROUGH, by_rule, months
from ie.normalise.time_table import Anchor, Span, time_table

__all__ = ["Anchor", "parse_period"]

MAX_LENGTH = 120
_DEEPEST = 6
_MONTH = 31
_RECURRING = {"năm": "R/P1Y", "quý": "R/P3M", "tháng": "R/P1M", "tuần": "R/P1W", "ngày": "R/P1D"}
_BRACKET = re.compile(r"(?P<count>[^ ()]+(?: [^ ()]+)?) tháng ?\((?P<inner>[^()]+)\)?(?P<rest>[^()]*)")
_DAY_ALONE = re.compile(r"(?:từ )?(?:ngày )?([0-9]{1,2})")


def parse_period(text: str, *, anchor: Anchor | None = None) -> Value | None:
    """Return the bounds of a PERIOD as ISO dates, None when the words do not fix them.

    `đến …` and `hết …` leave the start open, `từ …` the end. A recurring time (`hằng năm`) has no bounds but the ISO
    interval `R/P1Y` as its key. Without an anchor only expressions that name their year are resolved.
    """
    plain = fold(text).strip(" .,;:()[]*\"'“”")
    return _parsed(plain, anchor) if 0 < len(plain) <= MAX_LENGTH else None


@lru_cache(maxsize=5_000)
def _parsed(plain: str, anchor: Anchor | None) -> Value | None:
    """Read a folded expression; kept, because a report names the same few times over and over."""
    recurring = _recurring(plain)
    if recurring:
        return recurring
    found = _bracketed(plain, anchor) or _read(plain, anchor, 0) or _alone(plain, anchor)
    found = _within_reporting(found, anchor) if found and anchor else found
    if found is None or not (found.start or found.end):
        return None
    start, end = (bound.isoformat() if bound else None for bound in (found.start, found.end))
    return Value("period", start=start, end=end, notes=tuple(dict.fromkeys(found.notes)))


def _recurring(text: str) -> Value | None:
    for pattern in time_table().recurring:
        match = pattern.fullmatch(text)
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
            if found and effect == "same period":
                return _same_stretch(found, anchor)
            if found:
                found = _with_effect(found, effect)
                until_now = effect == "cumulative" or text.endswith("từ đầu năm")
                return _up_to_report(found, anchor) if until_now and anchor else found
    return None


def _up_to_report(found: Span, anchor: Anchor) -> Span:
    """End `lũy kế từ 01/7`, `từ đầu năm` with the reporting period, else with the report's date."""
    last = anchor.end or anchor.today
    if found.end or found.start is None or last is None:
        return found
    if last < found.start and found.borrowed:
        found = replace(found, start=year_before(found.start))
    if found.start is None or last < found.start:
        return found
    said = f"up to the end of the {anchor.source}'s period" if anchor.end else anchor.today_note
    return replace(found, end=last, notes=(*found.notes, said))


def _bracketed(text: str, anchor: Anchor | None) -> Span | None:
    """Read `6 tháng (từ tháng 4 đến tháng 9) năm 2025` as what the bracket says, where it has as many months."""
    match = _BRACKET.fullmatch(text)
    found = _read(" ".join(f"{match['inner']} {match['rest']}".split()), anchor, 0) if match else None
    if match is None or found is None or found.start is None or found.end is None:
        return None
    count = 12 * (found.end.year - found.start.year) + found.end.month - found.start.month + 1
    number = match["count"]
    named = int(number) if number.isdecimal() else time_table().numbers["count"].get(number)
    return found if count == named else None


def _within_reporting(found: Span, anchor: Anchor) -> Span:
    """Move a time without a year into the year in which a report on parts of two years has it.

    In a report on 15/12/2024 to 14/3/2025 `tháng 12` is the one of 2024.
    """
    first, last = anchor.start, anchor.end
    if not found.borrowed or not found.start or not found.end or not first or not last or first.year == last.year:
        return found
    start, end = year_before(found.start), year_before(found.end)
    inside = first <= end and start <= last and (end - start).days < _MONTH
    if found.start <= last or not inside:
        return found
    noted = (f"year {start.year} from the {anchor.source}",)
    return replace(found, start=start, end=end, notes=noted)


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
    if effect == "since":
        return replace(found, end=None, notes=(*(note for note in found.notes if note != ROUGH), "since"))
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
        if connector in time_table().lists and left.end and right.start and left.end > right.start:
            continue
        if right.end and left.start <= right.end:
            listed = ("from the first to the last of a list",) if connector in time_table().lists else ()
            notes = tuple(note for note in (*left.notes, *right.notes, *listed) if note != "since")
            return Span(left.start, right.end, notes, left.borrowed and right.borrowed)
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
