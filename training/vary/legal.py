"""Vary references to documents: number, year, symbol, issuer, date and the words before the number."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import Any

from ie.document import Document, Entity
from training.edits import Edit
from training.vary.forms import forms

_NUMBER = re.compile(r"(?<![\w/])(?P<number>\d{1,4})(?P<year>/(?:19|20)\d\d)?(?P<joint> ?[/-] ?)(?P<code>[^\W\d]+)")
_SYMBOL = re.compile(r"(?P<code>QĐ|NQ|KH|CTr|CT|TB|BC|TTr|NĐ|TT|HD|KL|PA|CĐ)(?P<joint> ?- ?)(?P<issuer>[^\W\d]+)")
_DATE = re.compile(
    r"(?P<day>\d{1,2})(?:(?P<mark>[/.-])|\s+tháng\s+)(?P<month>\d{1,2})(?:(?P=mark)|\s+năm\s+)(?P<year>\d{4})"
)
_NUMBERED = re.compile(r"^(?P<words>[^\W\d]+(?: [^\W\d]+)?)(?P<so> số)? (?=\d)")
_TITLE_YEAR = re.compile(r"(?<= )(?P<year>năm )?(?P<digits>(?:19|20)\d\d)$")


def legal(document: Document, rng: random.Random) -> list[Edit]:
    """Vary most references that stand in one piece."""
    edits: list[Edit] = []
    for entity in document.entities:
        if entity.label == "LEGAL" and len(entity.fragments) == 1 and rng.random() < 0.7:
            edits += [Edit(e.start + entity.start, e.end + entity.start, e.text) for e in _varied(entity, rng)]
    return edits


def _varied(entity: Entity, rng: random.Random) -> list[Edit]:
    text = entity.text
    edits = _number(text, rng) + _date(text, rng) + _kind_and_issuer(text, rng)
    return edits + _so(text, rng) + _title_year(text, rng)


def _number(text: str, rng: random.Random) -> list[Edit]:
    """Draw another number, and a year after it or none."""
    match = _NUMBER.search(text)
    if match is None:
        return []
    size = rng.choice((1, 2, 2, 3, 3, 4))
    number = str(rng.randint(10 ** (size - 1), 10**size - 1))
    number = number.rjust(2, "0") if rng.random() < 0.5 else number
    edits = [Edit(match.start("number"), match.end("number"), number)]
    if match["year"] and rng.random() < 0.2:
        edits.append(Edit(match.start("year"), match.end("year"), ""))
    elif match["year"]:
        edits.append(Edit(match.start("year") + 1, match.end("year"), str(rng.randint(2004, 2026))))
    elif match["joint"].strip() == "/" and rng.random() < 0.2:
        edits.append(Edit(match.end("number"), match.end("number"), f"/{rng.randint(2004, 2026)}"))
    if rng.random() < 0.1:
        joint = rng.choice((" /", "/ ", " / ")) if "/" in match["joint"] else rng.choice((" -", "- ", " - "))
        edits.append(Edit(match.start("joint"), match.end("joint"), joint))
    return edits


@cache
def _kinds() -> dict[str, dict[str, Any]]:
    return {kind["code"]: kind for kind in forms()["legal"]["kinds"]}


def _kind_and_issuer(text: str, rng: random.Random) -> list[Edit]:
    """Swap kind and issuer, in the symbol and in the words before and after it alike."""
    match = _SYMBOL.search(text)
    if match is None or match["code"] not in _kinds():
        return []
    edits = []
    kind = _kinds()[match["code"]]
    words = next((w for w in sorted(kind["words"], key=len, reverse=True) if text.startswith(f"{w} ")), None)
    if words and not kind.get("central") and rng.random() < 0.5:
        other = rng.choice([k for k in _kinds().values() if not k.get("central")])
        edits.append(Edit(0, len(words), rng.choice(other["words"])))
        edits.append(Edit(match.start("code"), match.end("code"), other["code"]))
    edits += _issuer(text, match, rng)
    if rng.random() < 0.1:
        edits.append(Edit(match.start("joint"), match.end("joint"), rng.choice((" - ", "- ", " -"))))
    return edits


def _issuer(text: str, match: re.Match[str], rng: random.Random) -> list[Edit]:
    group = next((g for g in forms()["legal"]["issuers"] if any(match["issuer"] == line[0] for line in g)), None)
    if group is None or rng.random() < 0.4:
        return []
    old = next(line for line in group if line[0] == match["issuer"])
    new = rng.choice(group)
    edits = [Edit(match.start("issuer"), match.end("issuer"), new[0])]
    for name in sorted(old[1:], key=len, reverse=True):
        at = text.find(f"của {name}", match.end())
        if at >= 0:
            start = at + len("của ")
            return [*edits, Edit(start, start + len(name), rng.choice(new[1:]))]
    return edits


def _date(text: str, rng: random.Random) -> list[Edit]:
    """Draw another date, written in figures or in words."""
    match = _DATE.search(text)
    if match is None:
        return []
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2004, 2026)
    written = rng.choices(
        (f"{day}/{month}/{year}", f"{day:02}/{month:02}/{year}", f"{day:02} tháng {month:02} năm {year}",
         f"{day}.{month}.{year}", f"{day}-{month}-{year}", f"{day:02}/{month}/{year}"),
        (4, 3, 3, 1, 1, 2),
    )[0]  # fmt: skip
    return [Edit(match.start(), match.end(), written)]


def _so(text: str, rng: random.Random) -> list[Edit]:
    """Set or drop `số` before the number."""
    match = _NUMBERED.match(text)
    if match is None or rng.random() > 0.25:
        return []
    end = match.end("words")
    return [Edit(end, match.end("so"), "")] if match["so"] else [Edit(end, end, " số")]


def _title_year(text: str, rng: random.Random) -> list[Edit]:
    """Draw another year for a law that is known by its title, with or without `năm`."""
    match = _TITLE_YEAR.search(text)
    if match is None or _NUMBER.search(text):
        return []
    return [Edit(match.start(), match.end(), rng.choice(("năm ", "năm ", "")) + str(rng.randint(1990, 2026)))]
