"""Where a simple reading of a report's values and the toolkit's differ: what a person must decide for value gold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from corpus import reading
from ie.document import Document, Entity
from ie.normalise import normalise, read_context
from ie.normalise.links import Links
from ie.reflow import reflow

_AHEAD = re.compile(r"[,;] (?:phương hướng|nhiệm vụ|giải pháp)|và (?:nhiệm vụ|phương hướng|kế hoạch|giải pháp|dự kiến)")
_YEAR = re.compile(r"(?:năm |/|- ?)((?:19|20)[0-9]{2})")


def disagreements(document: Document) -> Iterator[str]:
    """Yield one line for every span that the two readings value differently; places have one reading only."""
    context = read_context(reflow(document.text).text)
    read = normalise(document, context=context)
    links = Links(read)
    year, month = _time(document.meta.get("title", ""), document.meta.get("date", "2000-01-01"))
    for entity in read.entities:
        simple, toolkit = _simple(entity, links, year, month), _toolkit(entity)
        if simple is not None and simple != toolkit:
            yield f"{document.name} {entity.id} {entity.label} {entity.text!r}: simple {simple}, toolkit {toolkit}"


def _time(title: str, date: str) -> tuple[int, int | None]:
    """Return year and month that the title in the metadata is about, by its first words of time."""
    whole = reading.plain(title)
    past = _AHEAD.split(whole)[0]
    years = _YEAR.findall(past) or _YEAR.findall(whole) or [date[:4]]
    month = re.search(r"tháng ([0-9]{1,2})\b|([0-9]{1,2}) tháng (?:đầu )?năm", past)
    return int(years[0]), int(month[1] or month[2]) if month else None


def _simple(entity: Entity, links: Links, year: int, month: int | None) -> str | None:
    if entity.label == "QUANTITY":
        found = reading.number(entity.text)
        unit = next((unit for unit, _ in links.tails(entity.id, "HAS_UNIT")), None)
        if found is None or unit is None:
            return None
        name, factor = reading.unit(unit.text)
        ends = [reading.exact(Decimal(found[key]) * factor) for key in ("number", "upper") if key in found]
        return f"{'/'.join(ends)} {name}"
    if entity.label == "PERIOD":
        found = reading.period(entity.text, year=year, month=month)
        return f"{found.get('start', '')}..{found['end']}" if found else None
    found = reading.legal(entity.text) if entity.label == "LEGAL" else None
    return found["key"] if found else None


def _toolkit(entity: Entity) -> str:
    value = entity.value
    if value is None:
        return ""
    if entity.label == "QUANTITY":
        return f"{'/'.join(end for end in (value.number, value.upper) if end)} {value.unit or ''}"
    return f"{value.start or ''}..{value.end or ''}" if entity.label == "PERIOD" else value.key or ""
