"""Units that a number takes from elsewhere when none stands beside it: total, list, heading, or an `ĐVT:` line.

An inherited unit is never silent: it comes with a note that says where it was found. Numbers in words and numbers
that go on with a noun of their own inherit nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ie.document import Document, Entity
from ie.normalise.fold import fold
from ie.normalise.links import Links
from ie.normalise.units import Unit, parse_unit, unit_table

_REACH = 300
_LINES = 25
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
# What may follow a bare number of a list: the next item, the end of the list, a bracket, or a word that joins items.
_LIST_GOES_ON = re.compile(r"\s*(?:[,;.)\]|/]|$|\n|(?:và|còn|nay|năm)\b)")
_DECLARED = re.compile(r"(?:đvt|đơn vị tính|đơn vị)\s*:?\s*(?P<unit>[^;|)\]\n]{1,40})", re.IGNORECASE)
_BRACKETED = re.compile(
    r"\((?:(?:đvt|đơn vị tính|đơn vị)\s*:?\s*)?(?P<unit>[^()0-9]{1,30})\)\s*(?::|\||$)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Inherited:
    """A unit from elsewhere and where it was found."""

    unit: Unit
    note: str


def inherited_unit(quantity: Entity, document: Document, links: Links, units: Mapping[str, Unit]) -> Inherited | None:
    """Return the unit that a QUANTITY without one takes from elsewhere; `units` are those that stand, by quantity."""
    if not any(char.isdigit() for char in quantity.text) or not _LIST_GOES_ON.match(document.text, quantity.end):
        return None
    if fold(document.text[max(0, quantity.start - 30) : quantity.start]).endswith(unit_table().unitless):
        return None
    return (
        _from_total(quantity, links, units)
        or _from_list(quantity, document, units)
        or _from_heading(quantity, document.text)
        or _from_line(quantity, document.text)
    )


def _from_total(quantity: Entity, links: Links, units: Mapping[str, Unit]) -> Inherited | None:
    for total, _ in links.tails(quantity.id, "PART_OF"):
        if total.id in units and not _is_share(units[total.id]):
            return Inherited(units[total.id], f"unit from the total {total.id}")
    return None


def _from_list(quantity: Entity, document: Document, units: Mapping[str, Unit]) -> Inherited | None:
    """Take the unit of the next number of the list (`12, 15 và 20 ha`), else of the last one in the sentence."""
    start, end = _sentence(document.text, quantity)
    near = [e for e in document.entities if e.id in units and start <= e.start and e.end <= end]
    after = [entity for entity in near if entity.start >= quantity.end]
    before = [entity for entity in near if entity.end <= quantity.start]
    if after and _joined(document.text[quantity.end : after[0].start], units[after[0].id]):
        return Inherited(units[after[0].id], f"unit from the list ({after[0].id})")
    if quantity.text.lstrip().startswith(("-", "–")) or "/" in quantity.text:
        return None
    shared = next((entity for entity in reversed(before) if not _is_share(units[entity.id])), None)
    return Inherited(units[shared.id], f"unit from the list ({shared.id})") if shared else None


def _joined(between: str, unit: Unit) -> bool:
    """Tell whether nothing but commas, `và` and other numbers stands between two numbers of one unit.

    A stroke joins done and total, `12/15 xã`, but parts a count from a share, `2.316 / 91,2%`.
    """
    if _is_share(unit) and "/" in between:
        return False
    return re.fullmatch(r"(?:[\s,;0-9./]|và|hoặc|hay)*", between) is not None


def _is_share(unit: Unit) -> bool:
    return unit.dimension.startswith("share")


def _sentence(text: str, quantity: Entity) -> tuple[int, int]:
    start = max(0, quantity.start - _REACH)
    cuts = [match.end() for match in _SENTENCE_END.finditer(text, start, quantity.start)]
    following = _SENTENCE_END.search(text, quantity.end, quantity.end + _REACH)
    return cuts[-1] if cuts else start, following.start() if following else min(len(text), quantity.end + _REACH)


def _from_heading(quantity: Entity, text: str) -> Inherited | None:
    """Read `Đàn vật nuôi (nghìn con): heo 512`: a known unit in brackets that opens the line of the number."""
    line = text[text.rfind("\n", 0, quantity.start) + 1 : quantity.start]
    for match in reversed(list(_BRACKETED.finditer(line))):
        unit = _known(match["unit"])
        if unit:
            return Inherited(unit, f"unit from the heading ({match['unit'].strip()})")
    return None


def _from_line(quantity: Entity, text: str) -> Inherited | None:
    """Read the last `ĐVT: …` above a row of a flattened table, past rows and headings only."""
    above = text[: quantity.start].split("\n")
    for line in reversed(above[-_LINES:-1]):
        match = _DECLARED.search(line)
        if match:
            unit = _known(match["unit"])
            return Inherited(unit, f"unit from the line ĐVT: {match['unit'].strip()}") if unit else None
        if len(line) > _REACH:
            return None
    return None


def _known(text: str) -> Unit | None:
    """Return a unit that the table knows; a declaration such as `như biểu` is none."""
    unit = parse_unit(text)
    if unit is None or (
        unit.counter and not all(fold(part) in unit_table().counters for part in unit.name.split(", "))
    ):
        return None
    return unit
