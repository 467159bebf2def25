"""How a report writes its numbers: what its telling shapes say of dot and comma."""

from __future__ import annotations

import re
from collections import Counter

from ie.normalise.digits import Habit
from ie.normalise.fold import clean, fold
from ie.normalise.units import unit_table

# Numbers with marks and the two words after them; dates, section numbers and numbers after an ordinal word are none.
_SECTION = re.compile(r"^\s*[0-9]{1,2}(?:\.[0-9]{1,2}){1,4}\.?(?=\s|$)", re.MULTILINE)
_MARKED = re.compile(
    r"(?<![\w/.,-])(?<!ngày )(?<!điều )(?<!mục )(?<!khoản )([0-9]+(?:[.,][0-9]+)+)(?![0-9/])"
    r"(?: ?(%|[^\W\d_]+[23]?)(?: ([^\W\d_]+))?)?"
)
_DIGIT = re.compile("[0-9]")


def number_habit(text: str) -> Habit:
    """Count the numbers of a report whose shape tells how it uses dot and comma."""
    lines = (line for line in _SECTION.sub("", text).splitlines() if _DIGIT.search(line))
    plain = "\n".join(clean(line).lower() for line in lines)
    counted = Counter(_shape(*match.groups()) for match in _MARKED.finditer(plain))
    names = ("dot_thousands", "comma_decimals", "dot_decimals", "comma_thousands")
    return Habit(**{name: counted[name] for name in names})


def _shape(number: str, first: str | None, second: str | None) -> str:
    """Name the habit that a number speaks for, "" when it could be two things."""
    groups, marks = re.split(r"[.,]", number), re.findall(r"[.,]", number)
    full = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(set(marks)) == 2:
        return {",": "dot_thousands", ".": "comma_thousands"}[marks[-1]] if marks.count(marks[-1]) == 1 else ""
    if len(marks) > 1:
        return {".": "dot_thousands", ",": "comma_thousands"}[marks[0]] if full else ""
    if marks == [","]:
        return "" if full else "comma_decimals"
    if full and groups[0] != "0":
        return "dot_thousands" if _stands_in(first, second, whole=True) else ""
    return "dot_decimals" if _stands_in(first, second, whole=False) else ""


def _stands_in(first: str | None, second: str | None, *, whole: bool) -> bool:
    """Tell whether a unit follows: one of whole things (a counter, `đồng`), or any measure or scale word."""
    table = unit_table()
    words = [fold(word) for word in (first, f"{first} {second}") if word]
    if whole:
        return any(word in table.counters or word == "đồng" for word in words)
    return any(word in table.forms or word in table.scales for word in words)
