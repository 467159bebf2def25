"""Numbers in digits: which dot or comma groups thousands and which one starts the decimals.

The genre writes `1.234,5`. Clerks also type `21.4`, and pasted tables `1,234.5`. A single mark before three digits can
be either: the unit decides first, then the habit of the report, and where doubt stays the reading carries a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ie.normalise.exact import MAX_DIGITS, negative
from ie.normalise.units import Unit

DECIMAL_DOT = "decimal dot"
DOT_THOUSANDS = "dot read as thousands"
ENGLISH = "English thousands"
COMMA_DECIMAL = "comma read as decimal"

_BODY = re.compile(r"([-+]?)([0-9]+(?:[ .,][0-9]+)*)")
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_SPACED_PARTS = re.compile(r"([0-9]+)([.,]?)([0-9]*)")
_MARK = re.compile(r"[.,]")
_BLANK_AFTER_MARK = re.compile(r"(?<=[0-9])([.,]) (?=[0-9]{3}(?![0-9]))")


@dataclass(frozen=True)
class Reading:
    """A number and what had to be assumed to read it."""

    number: Decimal
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Habit:
    """How a report writes its numbers: how many it has of each telling shape.

    `dot_thousands` counts `1.234.567`, `1.234,5` and dotted counts, `comma_decimals` `8,5`, `dot_decimals` `8.5`,
    `comma_thousands` `1,234,567` and `1,234.5`. Shapes that could be two things are not counted.
    """

    dot_thousands: int = 0
    comma_decimals: int = 0
    dot_decimals: int = 0
    comma_thousands: int = 0

    @property
    def regular(self) -> int:
        """How many numbers follow the Vietnamese rule beyond doubt."""
        return self.dot_thousands + self.comma_decimals

    @property
    def irregular(self) -> int:
        """How many numbers break the Vietnamese rule beyond doubt."""
        return self.dot_decimals + self.comma_thousands

    @property
    def share_regular(self) -> float | None:
        """Share of the telling numbers that follow the Vietnamese rule, None when there are none."""
        told = self.regular + self.irregular
        return self.regular / told if told else None

    @property
    def is_clear(self) -> bool:
        """Tell whether the report follows the Vietnamese rule, at most one number in ten apart."""
        return self.regular >= 3 and self.irregular * 10 <= self.regular

    @property
    def dot_is_decimal(self) -> bool:
        """Tell whether the report uses the dot for decimals and never groups thousands by it."""
        return self.dot_thousands == 0 and self.irregular >= 2 and self.irregular > self.comma_decimals

    @property
    def comma_is_thousands(self) -> bool:
        """Tell whether the report groups thousands by commas and never starts decimals by one."""
        return self.comma_decimals == 0 and self.irregular >= 2 and self.irregular > self.dot_thousands


UNKNOWN = Habit()


def read_digits(text: str, *, habit: Habit = UNKNOWN, unit: Unit | None = None) -> Reading | None:
    """Read a folded number in digits with an optional sign, None when its groups make no sense.

    `unit` is the unit that the number stands in, `habit` that of its report; both only weigh where the text is open.
    """
    match = _BODY.fullmatch(_BLANK_AFTER_MARK.sub(r"\1", text) if " " in text else text)
    if match is None or len(match[2]) > MAX_DIGITS:
        return None
    body, spaced = match[2], " " in match[2]
    if spaced:
        if not _SPACED.fullmatch(body):
            return None
        body = body.replace(" ", "")
    found = _read_spaced(body) if spaced else _read_body(body, habit, unit)
    if found is None:
        return None
    return Reading(negative(found.number), found.notes) if match[1] == "-" else found


def _read_spaced(body: str) -> Reading:
    whole, mark, rest = _SPACED_PARTS.fullmatch(body).groups()  # type: ignore[union-attr]
    return Reading(Decimal(f"{whole}.{rest}" if rest else whole), (DECIMAL_DOT,) if mark == "." else ())


def _read_body(body: str, habit: Habit, unit: Unit | None) -> Reading | None:
    marks, groups = _MARK.findall(body), _MARK.split(body)
    if not marks:
        return Reading(Decimal(body))
    if marks == ["."]:
        return _one_dot(groups[0], groups[1], habit, unit)
    if marks == [","]:
        return _one_comma(groups[0], groups[1], habit, unit)
    if len(set(marks)) == 1:
        return _same_marks(groups, marks[0])
    return _both_marks(groups, marks, unit)


def _decimal(groups: list[str], decimals: str = "") -> Decimal:
    return Decimal("".join(groups) + (f".{decimals}" if decimals else ""))


def _are_thousands(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _same_marks(groups: list[str], mark: str) -> Reading | None:
    """Read `1.234.567` and `1,234,567`; in `11.151.18` the last dot must stand for the comma."""
    foreign = () if mark == "." else (ENGLISH,)
    if _are_thousands(groups):
        return Reading(_decimal(groups), foreign)
    if _are_thousands(groups[:-1]) and len(groups[-1]) != 3:
        return Reading(_decimal(groups[:-1], groups[-1]), (DECIMAL_DOT,) if mark == "." else foreign)
    return None


def _both_marks(groups: list[str], marks: list[str], unit: Unit | None) -> Reading | None:
    """Read `1.234,5` and, with a note, `1,234.5`: the mark that stands last and once starts the decimals."""
    if marks.count(marks[-1]) > 1 or not _are_thousands(groups[:-1]):
        return None
    if _is_whole(unit) and len(groups[-1]) == 3:
        return Reading(_decimal(groups), ("mixed thousands marks",))
    return Reading(_decimal(groups[:-1], groups[-1]), () if marks[-1] == "," else (ENGLISH,))


def _one_dot(left: str, right: str, habit: Habit, unit: Unit | None) -> Reading:
    as_decimal = Reading(Decimal(f"{left}.{right}"), (DECIMAL_DOT,))
    if len(right) != 3 or len(left) > 3 or not left.strip("0"):
        return as_decimal
    thousands = Decimal(left + right)
    if _is_whole(unit):
        return Reading(thousands)
    if unit is not None and unit.dimension.startswith("share"):
        return Reading(thousands, (DOT_THOUSANDS,)) if right.endswith("00") else as_decimal
    if habit.dot_is_decimal:
        return as_decimal
    doubt = habit.irregular > 0 or (unit is not None and habit.regular == 0)
    return Reading(thousands, (DOT_THOUSANDS,) if doubt and not habit.is_clear else ())


def _one_comma(left: str, right: str, habit: Habit, unit: Unit | None) -> Reading:
    as_decimal = Decimal(f"{left}.{right}")
    if len(right) != 3 or len(left) > 3 or not left.strip("0"):
        return Reading(as_decimal)
    if _is_whole(unit) or habit.comma_is_thousands:
        return Reading(Decimal(left + right), (ENGLISH,))
    return Reading(as_decimal, () if habit.is_clear else (COMMA_DECIMAL,))


def _is_whole(unit: Unit | None) -> bool:
    """Tell whether the unit counts things or single đồng, of which there are no thousandths."""
    return unit is not None and unit.scale == 1 and (unit.counter or unit.dimension.split("/")[0] == "money")
