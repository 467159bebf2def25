"""Numbers in words and in digits with scale words: `một trăm hai mươi`, `hai phẩy năm`, `1,2 triệu`, `2 tỷ 735`.

Each token gets a class letter, and the class string is matched against the grammar of a group below one thousand.
Scale words close a group; what they mean stands in units.toml, all other words in words.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from ie.normalise.digits import UNKNOWN, Habit, Reading, read_digits
from ie.normalise.fold import fold
from ie.normalise.units import Unit, scale_words

COLLOQUIAL = "colloquial ending"
SCALE_INSIDE = "scale word in the number"

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|,(?= |$)|\s+|(.)", re.DOTALL)
_CLASSES = {
    "ten": "t",
    "tens": "T",
    "decade": "c",
    "twenty": "w",
    "hundred": "h",
    "filler": "f",
    "half": "r",
    "point": "p",
    "minus": "m",
}
# Digits `d` or one number `n`; `mươi` wants a digit before it, `chục` and `trăm` do not; `linh` wants one after it.
_GROUP = re.compile(
    r"(?!p)(?:n|(?P<hundreds>d?h)?(?:f(?=d))?(?P<tens>t|dT|d?c|w)?(?P<ones>d)?)(?:p(?P<decimals>d+|td?|dTd?))?"
)


@dataclass(frozen=True)
class Words:
    """The tables of words.toml, folded: digit words, the class of each other word, fractions, words to skip."""

    digits: dict[str, int]
    classes: dict[str, str]
    fractions: dict[str, tuple[str, str]]
    lead: re.Pattern[str]


@cache
def number_words() -> Words:
    """Return the number words of the language."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("words.toml").read_text("utf-8"))
    return Words(
        digits={fold(word): digit for word, digit in table["digits"].items()},
        classes={fold(word): _CLASSES[name] for name, words in table["marks"].items() for word in words},
        fractions={fold(word): (part, whole) for word, (part, whole) in table["fractions"].items()},
        lead=_lead(table["lead"]["words"]),
    )


def _lead(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of the words before a number, longest first, with the blanks after them; a word needs one."""
    longest = sorted(map(fold, words), key=len, reverse=True)
    return re.compile("|".join(rf"{re.escape(word)}{' +' if word[0].isalpha() else ' *'}" for word in longest))


def read_words(text: str, *, habit: Habit = UNKNOWN, unit: Unit | None = None) -> Reading | None:
    """Read a folded number in words or in digits with scale words, None when it is neither.

    After a scale word beyond the unit's own the rest is in the unit: `2 tỷ 735` of `triệu đồng` is 2,735.
    """
    tokens = _tokens(text)
    classes = [_class_of(token) for token in tokens]
    if not tokens or "?" in classes:
        return None
    if classes[0] == "m":
        found = _read(tokens[1:], classes[1:], habit, unit)
        return Reading(-found.number, found.notes) if found else None
    return _read(tokens, classes, habit, unit)


def _tokens(text: str) -> list[str]:
    """Cut into words and numbers; commas between words are dropped, any other mark means this is no number."""
    found = list(_TOKEN.finditer(text))
    if any(match.group(1) for match in found):
        return []
    return [match.group() for match in found if match.group()[0].isalnum()]


def _class_of(token: str) -> str:
    """Return the class letter of a token: `n` number, `d` digit word, `s` scale, `?` none of the language."""
    words = number_words()
    if token[0].isdigit():
        return "n"
    if token in words.digits:
        return "d"
    return words.classes.get(token) or ("s" if token in scale_words() else "?")


def _read(tokens: list[str], classes: list[str], habit: Habit, unit: Unit | None) -> Reading | None:
    half = bool(classes) and classes[-1] == "r"
    if half:
        tokens, classes = tokens[:-1], classes[:-1]
    if not tokens:
        return None
    notes: list[str] = []
    total, lowest, tail = Decimal(0), Decimal(0), Decimal(0)
    for group, letters, scale in _groups(tokens, classes):
        amount = _amount(group, letters, habit, notes)
        if amount is None or (scale and not letters and lowest >= scale):
            return None
        if not scale:
            tail = amount if _tail_in_unit(lowest, unit) else _tail(amount, letters, lowest, notes)
        elif lowest and scale > lowest:
            total, lowest = (total + amount) * scale, scale
        else:
            total, lowest = total + (amount if letters else Decimal(1)) * scale, scale
    if half:
        tail += _half_of(classes, lowest)
    return _sum(total, tail, lowest, unit, notes)


def _groups(tokens: list[str], classes: list[str]) -> Iterator[tuple[list[str], str, Decimal]]:
    """Yield the tokens before each scale word with their classes and its scale, then the rest with scale 0."""
    start = 0
    for index, letter in enumerate(classes):
        if letter == "s":
            yield tokens[start:index], "".join(classes[start:index]), scale_words()[tokens[index]]
            start = index + 1
    if start < len(tokens):
        yield tokens[start:], "".join(classes[start:]), Decimal(0)


def _amount(group: list[str], letters: str, habit: Habit, notes: list[str]) -> Decimal | None:
    """Return the amount of one group, 0 for an empty one, None when its words do not follow the grammar."""
    match = _GROUP.fullmatch(letters)
    if match is None:
        return None
    if letters[:1] == "n":
        found = read_digits(group[0], habit=habit)
        if found is None:
            return None
        notes += found.notes
        return found.number + _decimals(group, match)
    return Decimal(sum(_value(group, match, name) for name in ("hundreds", "tens", "ones"))) + _decimals(group, match)


def _value(group: list[str], match: re.Match[str], name: str) -> int:
    """Return what the words of one grammar part come to."""
    letters = match[name]
    if not letters:
        return 0
    digits = number_words().digits
    first = digits.get(group[match.start(name)], 1)
    return {"h": 100 * first, "T": 10 * first, "c": 10 * first, "t": 10, "w": 20, "d": first}[letters[-1]]


def _decimals(group: list[str], match: re.Match[str]) -> Decimal:
    """Return the part after `phẩy`: digit by digit (`không năm`) or as a number (`hai mươi lăm`)."""
    letters = match["decimals"]
    if not letters:
        return Decimal(0)
    words = number_words()
    text = ""
    for token, letter in zip(group[match.start("decimals") :], letters, strict=True):
        if letter == "d":
            text += str(words.digits[token])
        elif letter == "t":
            text += "1" if letters != "t" else "10"
    return Decimal("0." + (text if text else "0"))


def _tail(amount: Decimal, letters: str, lowest: Decimal, notes: list[str]) -> Decimal:
    """Return what follows the last scale; a lone digit there is spoken short: `hai triệu tư`, `một trăm hai`."""
    short = Decimal(0)
    if letters.endswith("hd") and len(letters) <= 3:
        short = Decimal(100)
    elif letters == "d" and lowest:
        short = lowest
    if not short:
        return amount
    notes.append(COLLOQUIAL)
    digit = amount % 100 if letters.endswith("hd") else amount
    return amount - digit + digit * short / 10


def _tail_in_unit(lowest: Decimal, unit: Unit | None) -> bool:
    """Tell whether what follows the last scale word is counted in the unit's own scale."""
    return unit is not None and lowest > unit.scale > 1


def _half_of(classes: list[str], lowest: Decimal) -> Decimal:
    """Return what `rưỡi` adds: half of the word before it."""
    if classes[-1] == "s":
        return lowest / 2
    return Decimal(50) if classes[-1] == "h" else Decimal("0.5")


def _sum(total: Decimal, tail: Decimal, lowest: Decimal, unit: Unit | None, notes: list[str]) -> Reading:
    if lowest >= 1000:
        notes.append(SCALE_INSIDE)
    if tail and unit is not None and _tail_in_unit(lowest, unit):
        total /= unit.scale
    return Reading(total + tail, tuple(dict.fromkeys(notes)))
