"""Every number of the genre to exact decimal text: `1.234,5`, `12 500`, `64/72`, `10-15`, `2x0,5`, `hai phẩy năm`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from ie.document import Value
from ie.normalise.digits import UNKNOWN, Habit, Reading, read_digits
from ie.normalise.exact import MAX_DIGITS, decimal_text, exactly
from ie.normalise.fold import fold
from ie.normalise.units import Unit, scale_words
from ie.normalise.words import number_words, read_words

__all__ = ["UNKNOWN", "Habit", "parse_number"]

MAX_LENGTH = 200
# Two neighbouring numbers in words make a rough range: `ba, bốn`.
_ABOUT = re.compile(r"([^\W\d_]+), ?([^\W\d_]+)")
_RANGE = re.compile(r"(.*?[^\W_]) ?(?:-|~|÷|(?<= )(?:đến|tới)(?= )) ?(.*)")
_FRACTION = re.compile(r"([^/]+)/([^/]+)|(.+) phần (?!trăm$)(.+)")
_FACTOR = re.compile(r" ?[x×*] ?(?=[0-9])")

_Read = Callable[[str], Reading | None]


def parse_number(text: str, *, habit: Habit = UNKNOWN, unit: Unit | None = None) -> Value | None:
    """Return what a QUANTITY says, None when it is not a number of the genre.

    `kind` is number, range (`number` to `upper`, both inclusive) or fraction (`number` of `upper`). `unit` and `habit`
    decide where one dot or comma before three digits could be either mark; every other reading than the plain
    Vietnamese one is named in `notes`. The scale word of the unit is not multiplied in.
    """
    plain = _without_lead(fold(text).strip("()[]* "))
    if not plain or len(plain) > MAX_LENGTH:
        return None
    if plain.isascii() and plain.isdecimal():  # every second number, and nothing to decide
        return Value("number", number=plain.lstrip("0") or "0") if len(plain) <= MAX_DIGITS else None
    digits = read_digits(plain, habit=habit, unit=unit)
    if digits:
        return _value("number", digits)

    def read(part: str) -> Reading | None:
        return read_digits(part, habit=habit, unit=unit) or read_words(part, habit=habit, unit=unit)

    with exactly():
        for reader in (_neighbours, _single, _range, _fraction, _product):
            found = reader(plain, read)
            if found:
                return found
    return None


def _without_lead(text: str) -> str:
    """Take away `khoảng`, `gần`, `từ` … that a span may start with by mistake."""
    lead = number_words().lead
    while found := lead.match(text):
        text = text[found.end() :]
    return text


def _value(kind: str, first: Reading, second: Reading | None = None, *notes: str) -> Value:
    number = decimal_text(first.number)
    if second is None and not notes:
        return Value(kind, number=number, notes=first.notes)
    said = (*first.notes, *(second.notes if second else ()), *notes)
    upper = decimal_text(second.number) if second else None
    return Value(kind, number=number, upper=upper, notes=tuple(dict.fromkeys(said)))


def _neighbours(text: str, read: _Read) -> Value | None:
    """Read `ba, bốn` as the range that it is."""
    match = _ABOUT.fullmatch(text)
    first, second = (read(match[1]), read(match[2])) if match else (None, None)
    if first is None or second is None or second.number != first.number + 1:
        return None
    return _value("range", first, second, "one or the other")


def _single(text: str, read: _Read) -> Value | None:
    found = read(text)
    return _value("number", found) if found else None


def _range(text: str, read: _Read) -> Value | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    first, second = read(match[1]), read(_without_lead(match[2]))
    if first is None or second is None:
        return None
    shared = _shared_scale(match[1], match[2], first.number)
    if shared:
        first = Reading(first.number * shared, (*first.notes, "scale word shared by the range"))
    return _value("range", first, second, *(("falling range",) if first.number > second.number else ()))


def _shared_scale(first: str, second: str, lower: Decimal) -> Decimal | None:
    """Return the scale word at the end of a range that its lower end goes by too: `hai đến ba nghìn`."""
    scale = scale_words().get(second.rsplit(" ", 1)[-1])
    alone = not any(word in scale_words() for word in first.split())
    return scale if scale and alone and lower < scale else None


def _fraction(text: str, read: _Read) -> Value | None:
    known = number_words().fractions.get(text)
    if known:
        return _value("fraction", Reading(Decimal(known[0])), Reading(Decimal(known[1])))
    match = _FRACTION.fullmatch(text)
    if match is None:
        return None
    part, whole = read((match[1] or match[3]).strip()), read((match[2] or match[4]).strip())
    return _value("fraction", part, whole) if part and whole and whole.number else None


def _product(text: str, read: _Read) -> Value | None:
    """Read `2x0,5`: the number is the product, the factors stand in the note."""
    factors = [read(part) for part in _FACTOR.split(text)]
    if not 2 <= len(factors) <= 4:
        return None
    total = Decimal(1)
    notes: list[str] = []
    said: list[str] = []
    for factor in factors:
        if factor is None:
            return None
        total *= factor.number
        notes += factor.notes
        said.append(decimal_text(factor.number))
    return _value("number", Reading(total, tuple(notes)), None, "product " + " x ".join(said))
