"""The value of a QUANTITY: its number read in its unit and its surroundings, scale words multiplied in.

The unit is the one linked by HAS_UNIT, else one inherited with a note. A dot before three digits is a thousands mark
unless unit, report or total speak against it; every such decision is noted. Words beside the number make it a bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ie.document import Document, Entity, Value
from ie.normalise.bounds import ABOUT, bound_of, leading_bound
from ie.normalise.context import Context
from ie.normalise.digits import DECIMAL_DOT, DOT_THOUSANDS, Habit
from ie.normalise.exact import decimal_text, product
from ie.normalise.habit import number_habit
from ie.normalise.inherit import inherited_unit
from ie.normalise.links import Links
from ie.normalise.numbers import parse_number
from ie.normalise.units import Unit, parse_unit
from ie.records import changed

_OPEN_SHAPE = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_DOT_DECIMAL = Habit(dot_decimals=3)
OVERLAP = "scale word counted once"


@dataclass(frozen=True)
class _Read:
    """A unit with what is to be said about where it comes from."""

    unit: Unit
    notes: tuple[str, ...] = ()


def unit_of(quantity: str, links: Links) -> Unit | None:
    """Return the unit of a QUANTITY by its id: the surest HAS_UNIT, None when it has none that can be read."""
    found = links.best(quantity, "HAS_UNIT")
    return parse_unit(found.text) if found else None


class Quantities:
    """Reads the quantities of one document; made once a document."""

    def __init__(self, document: Document, links: Links, context: Context) -> None:
        self._document, self._links, self._context = document, links, context
        self._clear = context.habit.is_clear
        self._near: dict[int, Habit] = {}
        self._units = {
            entity.id: unit
            for entity in document.entities
            if entity.label == "QUANTITY" and (unit := unit_of(entity.id, links))
        }

    def value(self, quantity: Entity) -> Value | None:
        """Return the value of a QUANTITY, None when its words are no number of the genre."""
        found = self._unit(quantity)
        unit = found.unit if found else None
        value = parse_number(quantity.text, habit=self._habit(quantity), unit=unit)
        if value is None:
            return None
        value, bound = self._within_total(quantity, value, unit), self._bound(quantity)
        return _in_unit(value, found, bound) if found else changed(value, bound=bound)

    def _unit(self, quantity: Entity) -> _Read | None:
        linked = self._links.best(quantity.id, "HAS_UNIT")
        if linked is not None:
            return _linked(quantity, linked)
        found = inherited_unit(quantity, self._document, self._links, self._units)
        return _Read(found.unit, (found.note,)) if found else None

    def _habit(self, quantity: Entity) -> Habit:
        """Return the report's habit; in a report of no clear habit, that of the line where the line has one."""
        habit = self._context.habit
        if self._clear or not _OPEN_SHAPE.search(quantity.text):
            return habit
        near = self._habit_near(quantity)
        return near if near.regular and not near.irregular else habit

    def _habit_near(self, quantity: Entity) -> Habit:
        text = self._document.text
        start = text.rfind("\n", 0, quantity.start) + 1
        if start not in self._near:
            end = text.find("\n", quantity.end)
            self._near[start] = number_habit(text[start : end if end >= 0 else len(text)])
        return self._near[start]

    def _within_total(self, quantity: Entity, value: Value, unit: Unit | None) -> Value:
        """Look at a part that its dot makes greater than its total.

        In a report that uses decimal dots it is read as decimal; in any other the reading stays and is noted.
        """
        totals = self._links.tails(quantity.id, "PART_OF")
        open_shape = totals and value.kind == "number" and _OPEN_SHAPE.fullmatch(quantity.text.strip())
        if unit is None or not open_shape:
            return value
        other = parse_number(quantity.text, habit=_DOT_DECIMAL, unit=unit)
        if other is None or other.number is None or value.number is None or other.number == value.number:
            return value
        for total, _ in totals:
            whole = self._amount(total, unit)
            if whole is not None and _amount(other.number, unit) <= whole < _amount(value.number, unit):
                if not self._context.habit.irregular or self._clear:
                    return changed(value, notes=(*value.notes, f"more than its total {total.id}"))
                notes = tuple(note for note in value.notes if note != DOT_THOUSANDS)
                notes = (*notes, DECIMAL_DOT, f"no more than its total {total.id}")
                return changed(value, number=other.number, notes=notes)
        return value

    def _amount(self, total: Entity, unit: Unit) -> Decimal | None:
        """Return a total in base units where it is of the same dimension and its own marks are beyond doubt."""
        found = self._units.get(total.id)
        value = parse_number(total.text, habit=self._context.habit, unit=found)
        if found is None or value is None or value.number is None or found.dimension != unit.dimension:
            return None
        return None if value.notes or value.kind != "number" else _amount(value.number, found)

    def _bound(self, quantity: Entity) -> str | None:
        unit = self._links.best(quantity.id, "HAS_UNIT")
        text = self._document.text
        after = unit.end if unit and 0 <= unit.start - quantity.end <= 2 else None
        bound = leading_bound(quantity.text) or bound_of(text, quantity.start, quantity.end, after)
        return bound or (ABOUT if quantity.has("Approximate") else None)


def _linked(quantity: Entity, linked: Entity) -> _Read | None:
    """Read a linked unit; words that the number's span has taken too are read once (`một nghìn` of `nghìn em`)."""
    inside = quantity.end - linked.start if linked.start < quantity.end < linked.end else 0
    if quantity.start < linked.start and inside > 0:
        unit = parse_unit(linked.text[inside:])
        return _Read(unit, (OVERLAP,)) if unit else None
    unit = parse_unit(linked.text)
    return _Read(unit) if unit else None


def _amount(number: str, unit: Unit) -> Decimal:
    return product(Decimal(number), unit.factor)


def _in_unit(value: Value, found: _Read, bound: str | None) -> Value:
    """Multiply the unit's scale word into a value, and add the unit, its notes and the bound."""
    unit = found.unit
    scaled = unit.scale != 1
    notes = (*value.notes, *unit.notes, *found.notes)
    return changed(
        value,
        number=_times(value.number, unit.scale) if scaled else value.number,
        upper=_times(value.upper, unit.scale) if scaled else value.upper,
        unit=unit.name,
        factor=decimal_text(unit.scale) if scaled else None,
        dimension=unit.dimension,
        bound=bound,
        notes=tuple(dict.fromkeys(notes)) if notes else (),
    )


def _times(number: str | None, factor: Decimal) -> str | None:
    return None if number is None else decimal_text(product(Decimal(number), factor))
