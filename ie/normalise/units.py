"""Units of a report to one record: scale words, measures, money, compounds (`tạ/ha`), counters (`xã, thị trấn`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from ie.document import Value
from ie.normalise.exact import decimal_text, product
from ie.normalise.fold import clean, fold

MAX_LENGTH = 100
UNDERSTOOD = "đồng understood"
_SUPERSCRIPT = str.maketrans({"²": "2", "³": "3"})
_SPLIT_POWER = re.compile(r"(?<![^\W\d_])([kcd]?m)[ .]([23])(?![0-9])")
_COUNTED = re.compile(r"([0-9][0-9.]*|một) ?(.+)")


@dataclass(frozen=True)
class Unit:
    """A unit as written and what it comes to.

    A number times `scale` stands in `name` (`57 triệu đồng` is 57 × 1,000,000 VND), and that times `ratio` in
    `base_name` (`12,5 ha` is 12.5 × 10,000 m2); `factor` does both. Denominators (`per`) stay as written, so that no
    rate is ever rounded. `of` is the good that a measure is of (`kg thóc`).
    """

    symbol: str
    canonical: str
    dimension: str
    ratio: Decimal = Decimal(1)
    scale: Decimal = Decimal(1)
    per: tuple[str, ...] = ()
    counter: bool = False
    of: str = ""
    notes: tuple[str, ...] = ()

    @property
    def factor(self) -> Decimal:
        """What a number as written is multiplied by to stand in the base unit."""
        return product(self.scale, self.ratio)

    @property
    def name(self) -> str:
        """The readable unit without scale words: `ha`, `VND`, `tạ/ha`, `xã, thị trấn`."""
        return "/".join((self.symbol, *self.per))

    @property
    def base_name(self) -> str:
        """The base unit, with the denominators as written: `m2`, `VND`, `kg/ha`."""
        return "/".join((self.canonical, *self.per))

    @property
    def is_measure(self) -> bool:
        """Tell whether the unit has a base unit beside itself: not for money, shares and counts."""
        return not self.counter and self.canonical != self.symbol


@dataclass(frozen=True)
class UnitTable:
    """units.toml, folded."""

    scales: dict[str, Decimal]
    forms: dict[str, Unit]
    counters: frozenset[str]
    short: dict[str, str]
    slashed: frozenset[str]
    goods: frozenset[str]
    misspelt: dict[str, str]
    denominators: dict[str, str]
    unitless: tuple[str, ...]
    pint: dict[str, str]
    per: re.Pattern[str]
    joined: re.Pattern[str]


@cache
def unit_table() -> UnitTable:
    """Return the units of the genre."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("units.toml").read_text("utf-8"))
    compounds = table["compounds"]
    return UnitTable(
        scales={fold(word): Decimal(factor) for word, factor in table["scales"].items()},
        forms={form: unit for entry in table["units"] for form, unit in _known(entry).items()},
        counters=frozenset(fold(form) for form in table["counters"]["forms"]),
        short={fold(short): fold(long) for short, long in table["counters"]["short"].items()},
        slashed=frozenset(fold(form) for form in compounds["slashed"]),
        goods=frozenset(fold(form) for form in compounds["goods"]),
        misspelt={fold(wrong): fold(right) for wrong, right in table["misspelt"].items()},
        denominators={fold(short): fold(long) for short, long in table["denominators"].items()},
        unitless=tuple(fold(words) for words in table["unitless"]["before"]),
        pint=table["pint"],
        per=_separator(compounds["per"]),
        joined=_separator(compounds["joined"]),
    )


def _known(entry: dict[str, object]) -> dict[str, Unit]:
    """Return the units of one dimension by form; those of money carry their factor as a scale word."""
    forms: dict[str, str] = entry["forms"]  # type: ignore[assignment]
    every: dict[str, str] = forms | entry.get("rare", {})  # type: ignore[operator]
    symbols: dict[str, str] = entry.get("symbols", {})  # type: ignore[assignment]
    canonical, dimension = str(entry["canonical"]), str(entry["dimension"])
    first: dict[str, str] = {}
    for form, factor in forms.items():
        first.setdefault(factor, form)
    units = {}
    for form, factor in every.items():
        shown = first.get(factor, form)
        symbol = symbols.get(form) or (canonical if factor == "1" else symbols.get(shown, shown))
        if dimension == "money":
            units[_tidy(form)] = Unit(canonical, canonical, dimension, scale=Decimal(factor))
        else:
            units[_tidy(form)] = Unit(symbol, canonical, dimension, ratio=Decimal(factor))
    return units


def _separator(words: list[str]) -> re.Pattern[str]:
    """Return a pattern of the separators: letters want blanks around them, marks take blanks with them."""
    longest = sorted((fold(word) for word in words), key=len, reverse=True)
    return re.compile("|".join(rf" {w} " if w[0].isalpha() else rf" ?{re.escape(w)} ?" for w in longest))


def scale_words() -> dict[str, Decimal]:
    """Return the scale words (`nghìn`, `triệu` …) and what they multiply by."""
    return unit_table().scales


@lru_cache(maxsize=10_000)
def parse_unit(text: str) -> Unit | None:
    """Return the unit, None when the text cannot be one (no letter and no unit sign, or too long).

    An unknown counter is a unit too: its surface form, lower-case unless it is an acronym.
    """
    plain = _tidy(text).strip(" .,;:()*-")
    if not plain or len(plain) > MAX_LENGTH:
        return None
    table = unit_table()
    if plain in table.forms:
        return _marked(table.forms[plain], plain)
    if plain in table.slashed:
        return _counter(plain.replace("/", ", "), "")
    head, *denominators = table.per.split(plain)
    numerator = _numerator(head.strip(), clean(text))
    if numerator is None or not all(part.strip() for part in denominators):
        return None
    return _divided(numerator, denominators)


def _tidy(text: str) -> str:
    """Fold, with `m²`, `m 2` and `m.2` all written `m2`."""
    return _SPLIT_POWER.sub(r"\1\2", fold(text).translate(_SUPERSCRIPT))


def _marked(unit: Unit, form: str) -> Unit:
    """Add a note to a measure whose name counts things too (`khối`, `mẫu`, `lần`)."""
    return replace(unit, notes=("may be a counter",)) if form in unit_table().counters else unit


def _divided(numerator: Unit, denominators: list[str]) -> Unit:
    found = [_denominator(part.strip()) for part in denominators]
    names, dimensions = [name for name, _ in found], [dimension for _, dimension in found]
    return replace(numerator, per=tuple(names), dimension="/".join((numerator.dimension, *dimensions)))


def _denominator(text: str) -> tuple[str, str]:
    """Return name and dimension of a denominator; a count before it other than one stays: `100 dân`."""
    match = _COUNTED.fullmatch(text)
    count, name = (match[1], match[2]) if match else ("1", text)
    name = unit_table().denominators.get(name, name)
    known = unit_table().forms.get(name)
    symbol = known.symbol if known else _long(name)
    return symbol if count in ("1", "01", "một") else f"{count} {symbol}", known.dimension if known else "count"


def _numerator(text: str, surface: str) -> Unit | None:
    table = unit_table()
    if text in table.forms:
        return _marked(table.forms[text], text)
    scale, rest = _scale(text)
    if rest in table.forms:
        return _scaled(_marked(table.forms[rest], rest), scale)
    if not rest and scale != 1:
        return replace(_scaled(table.forms["đồng"], scale), notes=(UNDERSTOOD,))
    mended = " ".join(table.misspelt.get(word, word) for word in text.split(" "))
    if mended != text:
        found = _numerator(mended, surface)
        if found and not found.counter:
            return replace(found, notes=(*found.notes, "misspelt"))
    measure, _, goods = rest.partition(" ")
    if goods and measure in table.goods:
        return replace(_scaled(table.forms[measure], scale), of=goods)
    counted = _counter(rest, surface)
    return _scaled(counted, scale) if counted else None


def _scale(text: str) -> tuple[Decimal, str]:
    """Split the scale words off the front: `nghìn tỷ đồng` gives 10^12 and `đồng`."""
    words, scale = text.split(" "), Decimal(1)
    while words and words[0] in unit_table().scales:
        scale = product(scale, unit_table().scales[words.pop(0)])
    return scale, " ".join(words)


def _scaled(unit: Unit, scale: Decimal) -> Unit:
    return replace(unit, scale=product(unit.scale, scale))


def _counter(text: str, surface: str) -> Unit | None:
    """Return a counter or a coordination of counters, known or not; None when no letter stands in it."""
    if not any(char.isalpha() for char in text):
        return None
    table = unit_table()
    parts = [part for part in table.joined.split(text) if part]
    name = ", ".join(_long(part) for part in parts)
    if name == text == surface.lower() and text not in table.counters and surface.isupper() and surface.isascii():
        name = surface
    return Unit(name, name, "count", counter=True)


def _long(counter: str) -> str:
    """Write out an abbreviated counter; inside a longer one only acronyms of three letters and more are sure."""
    short = unit_table().short
    if counter in short:
        return short[counter]
    return " ".join(short.get(word, word) if len(word) > 2 else word for word in counter.split(" "))


def pint_expression(name: str) -> str | None:
    """Return what a unit's readable name (`tạ/ha`) is called in pint (`decitonne / hectare`).

    None where a part has no name there: currencies, counts and local measures.
    """
    known = unit_table().pint
    if name in known:
        return known[name]
    parts = [known.get(part) for part in name.split("/")]
    return " / ".join(part for part in parts if part) if all(parts) else None


def unit_value(unit: Unit) -> Value:
    """Return the record of a UNIT: `unit` is the readable unit, `factor` multiplies a number into it.

    `key` is the base unit of a measure (`m2` for `ha`), the readable unit itself for the rest.
    """
    notes = (*unit.notes, *((f"of {unit.of}",) if unit.of else ()))
    factor = decimal_text(unit.scale)
    return Value("unit", unit=unit.name, factor=factor, dimension=unit.dimension, key=unit.base_name, notes=notes)


@lru_cache(maxsize=10_000)
def parse_unit_value(text: str) -> Value | None:
    """Return the record of a UNIT by its text, None when the text cannot be one."""
    unit = parse_unit(text)
    return unit_value(unit) if unit else None
