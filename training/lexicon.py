"""Derive `ie/lexicon/places.tsv` from kept packages, so that no name is retyped.

Administrative names come from vietnamadminunits (MIT; units before and after July 2025), names of countries from
Babel's copy of Unicode CLDR. Run `python -m training lexicon` with both installed.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from importlib import resources
from pathlib import Path

TARGET = Path(__file__).parents[1] / "ie" / "lexicon" / "places.tsv"
RANK = "PDWC"
_DIGIT = re.compile(r"\d")


def _admin_names() -> dict[str, set[str]]:
    path = resources.files("vietnamadminunits") / "data" / "dataset.db"
    names: dict[str, set[str]] = {"P": set(), "D": set(), "W": set()}
    with sqlite3.connect(str(path)) as base:
        for row in base.execute("select provinceShort, districtShort, wardShort from admin_units_legacy"):
            for level, name in zip("PDW", row, strict=True):
                names[level].add(name or "")
        for province, ward in base.execute("select provinceShort, wardShort from admin_units"):
            names["P"].add(province)
            names["W"].add(ward or "")
    return names


def _countries() -> set[str]:
    from babel import Locale

    return {
        name for code, name in Locale("vi").territories.items() if code.isalpha() and code not in {"ZZ", "XA", "XB"}
    }


def build(target: Path = TARGET) -> int:
    """Write one `name<tab>levels` line a name and return how many; levels are letters of PDWC."""
    levels: dict[str, set[str]] = {}
    for level, names in {**_admin_names(), "C": _countries()}.items():
        for name in names:
            plain = unicodedata.normalize("NFC", name.strip())
            if plain and not _DIGIT.search(plain):
                levels.setdefault(plain, set()).add(level)
    lines = (f"{name}\t{''.join(sorted(found, key=RANK.index))}\n" for name, found in sorted(levels.items()))
    text = "".join(lines)
    target.write_text(text, encoding="utf-8")
    return text.count("\n")


def describe() -> str:
    """Return the provenance as JSON."""
    return json.dumps({"places": "vietnamadminunits (MIT)", "countries": "Unicode CLDR through Babel"})
