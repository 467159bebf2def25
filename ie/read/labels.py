"""List labels as shown: numbers in the formats of word processors, bullets of symbol fonts as characters."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_LOW = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def number(value: int, form: str) -> str:
    """Return a number as Word's `w:numFmt` names its form; forms that are not known are decimal."""
    value = min(max(value, 0), 9999)
    match form:
        case "none":
            return ""
        case "decimalZero":
            return f"{value:02d}"
        case "upperRoman":
            return _roman(value).upper()
        case "lowerRoman":
            return _roman(value)
        case "upperLetter":
            return _letters(value).upper()
        case "lowerLetter":
            return _letters(value)
    return str(value)


def _roman(value: int) -> str:
    parts = []
    for worth, sign in (*_ROMAN, *_ROMAN_LOW):
        count, value = divmod(value, worth)
        parts.append(sign * count)
    return "".join(parts)


def _letters(value: int) -> str:
    """Return a, b … z, aa, bb …: word processors repeat the letter."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value > 0 else ""


@cache
def _symbols() -> dict[str, str]:
    return tomllib.loads((resources.files("ie.read") / "symbols.toml").read_text("utf-8"))["symbols"]  # type: ignore[no-any-return]


def symbol(char: str) -> str:
    """Return what a character of the private use area (Symbol, Wingdings) shows, others as they are."""
    if not "\uf000" <= char <= "\uf0ff":
        return char
    return _symbols().get(f"{ord(char):04X}", "•")


def bullet(text: str) -> str:
    """Return a bullet as the character that it shows; Courier's `o` is a circle."""
    return "◦" if text == "o" else "".join(map(symbol, text))
