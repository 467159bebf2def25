"""The baseline that a trained pipeline has to beat: patterns, lists and the nearest unit, indicator and period.

It reads the source text as it stands, without reflow, and never sees an annotation. Patterns and words stand in
`baselines.toml`, units and places in `ie`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.document import Document, Entity, Relation, fragments_text, split_at_line_ends

MAX_WORDS = 14
_CAPITALS = "".join(c for c in map(chr, range(0x1EFF)) if c.isupper())
_SMALL = "".join(c for c in map(chr, range(0x1EFF)) if c.islower())
_NAME = rf"[{_CAPITALS}][{_SMALL}'’]+(?:[ \t]?[{_CAPITALS}][{_SMALL}'’]+){{0,3}}"
_NUMBER = r"\d+(?:[.,]\d+)*"
_CLAUSE = re.compile(r"[;:()“”\"•+]|[.,](?=\s)|\n\s*\n|\n\s*[-–+*•]|\s[-–]\s")
_SENTENCE = re.compile(r"[.;](?=\s)|\n\s*\n")


@dataclass(frozen=True)
class Found:
    """A span of the composed text, `[start, end)`."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class Rules:
    """Compiled patterns by label, the pattern of a number with or without unit, place names and word lists."""

    patterns: dict[str, tuple[re.Pattern[str], ...]]
    quantity: re.Pattern[str]
    places: re.Pattern[str]
    reach: re.Pattern[str]
    lead: re.Pattern[str]
    cut: re.Pattern[str]


@cache
def rules() -> Rules:
    """Compile the tables once."""
    table = tomllib.loads(resources.files("evaluation").joinpath("baselines.toml").read_text("utf-8"))
    unit = _unit_pattern()
    labels = ("LEGAL", "PROJECT", "PERIOD", "PLACE")
    number = rf"(?<![\w/.,-])(?P<number>{_NUMBER}(?:\s?[-–/]\s?{_NUMBER})?)(?![\d/])"
    return Rules(
        patterns={label: tuple(_compiled(pattern) for pattern in table[label]) for label in labels},
        quantity=re.compile(rf"{number}(?:\s{{0,3}}(?P<unit>{unit})(?![{_SMALL}{_CAPITALS}\d]))?", re.IGNORECASE),
        places=re.compile(rf"(?<!\w)(?:{'|'.join(map(_spaced, _place_names()))})(?!\w)"),
        reach=re.compile(rf"(?:(?:^|\s+)(?:{'|'.join(map(_spaced, table['reach']))}))+\s*$", re.IGNORECASE),
        lead=re.compile(rf"^(?:(?:{'|'.join(map(_spaced, table['lead']))})\s+)+", re.IGNORECASE),
        cut=re.compile(rf"\s(?:{'|'.join(map(_spaced, table['cut']))})\b.*$", re.IGNORECASE | re.DOTALL),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    names = {"{LU}": f"[{_CAPITALS}]", "{LL}": f"[{_SMALL}]", "{NAME}": _NAME}
    for name, value in names.items():
        pattern = pattern.replace(name, value)
    return re.compile(re.sub(r"\n\s*", "", pattern))


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def _unit_pattern() -> str:
    table = tomllib.loads((resources.files("ie.normalise") / "units.toml").read_text("utf-8"))
    measures = [form for unit in table["units"] for form in unit["forms"]]
    scales = _longest_first(list(table["scales"]))
    forms = _longest_first([*measures, *table["counters"]["forms"]])
    return rf"(?:(?:{scales})\s+)?(?:{forms})(?:/(?:{forms}))*|(?:{scales})"


def _longest_first(forms: Sequence[str]) -> str:
    return "|".join(_spaced(form) for form in sorted(set(forms), key=lambda form: (-len(form), form)))


def _place_names() -> list[str]:
    """Return the names of provinces, districts and regions; communes are too many and too ambiguous."""
    names = []
    for file in ("places.tsv", "regions.tsv"):
        for line in (resources.files("ie.lexicon") / file).read_text("utf-8").splitlines():
            name, levels = line.split("\t")
            if " " in name and set(levels) & set("PDRC"):
                names.append(name)
    return sorted(names, key=lambda name: (-len(name), name))


def composed(text: str) -> tuple[str, list[int]]:
    """Return the text in NFC, a letter and its marks at a time, and for each character its place in `text`."""
    out: list[str] = []
    places: list[int] = []
    for match in re.finditer(r".[\u0300-\u036f]*", text, re.DOTALL):
        plain = unicodedata.normalize("NFC", match.group())
        out.append(plain)
        places += [match.start()] + [match.end() - 1] * (len(plain) - 1)
    return "".join(out), [*places, len(text)]


def annotate(text: str, *, name: str) -> Document:
    """Return the text with the spans and relations that the rules find."""
    plain, places = composed(text)
    spans = sorted(_patterned(plain), key=lambda span: (span.start, span.end))
    quantities = list(_quantities(plain, spans))
    found, links = _related(plain, spans, quantities)
    ids = {span: f"T{index}" for index, span in enumerate(found, 1)}
    entities = tuple(_entity(ids[span], span, text, places) for span in found)
    relations = (Relation(f"R{i}", kind, ids[head], ids[tail]) for i, (kind, head, tail) in enumerate(links, 1))
    return Document(name, text, entities, tuple(relations))


def _entity(id: str, span: Found, text: str, places: Sequence[int]) -> Entity:
    fragments = split_at_line_ends(text, places[span.start], places[span.end])
    return Entity(id, span.label, fragments, fragments_text(text, fragments))


def _patterned(plain: str) -> Iterator[Found]:
    """Yield LEGAL, PROJECT, PERIOD and PLACE spans; one label's patterns are tried in order and do not overlap."""
    legal: list[Found] = []
    for label, patterns in rules().patterns.items():
        taken: list[Found] = []
        for pattern in (*patterns, *([rules().places] if label == "PLACE" else [])):
            for match in pattern.finditer(plain):
                span = Found(label, match.start(), match.end())
                blocked = any(_overlap(span, other) for other in taken)
                if not blocked and not (label == "PERIOD" and any(_overlap(span, other) for other in legal)):
                    taken.append(span)
        legal = legal or taken
        yield from taken


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _quantities(plain: str, spans: Sequence[Found]) -> Iterator[tuple[Found, Found | None]]:
    """Yield numbers with their units; a number without one only when it has a thousands or decimal mark."""
    closed = [span for span in spans if span.label in ("LEGAL", "PERIOD", "PLACE")]
    for match in rules().quantity.finditer(plain):
        number = Found("QUANTITY", *match.span("number"))
        if any(_overlap(number, span) for span in closed):
            continue
        if match["unit"]:
            yield number, Found("UNIT", *match.span("unit"))
        elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+", match["number"]):
            yield number, None


Linked = list[tuple[str, Found, Found]]


def _related(
    plain: str, spans: Sequence[Found], quantities: Sequence[tuple[Found, Found | None]]
) -> tuple[list[Found], Linked]:
    found: dict[Found, None] = dict.fromkeys(spans)
    links: Linked = []
    amount: Found | None = None
    for number, unit in quantities:
        found[number] = None
        if unit is not None:
            found[unit] = None
            links.append(("HAS_UNIT", number, unit))
        share = unit is not None and plain[unit.start : unit.end] == "%"
        if share and amount is not None and _sentence_start(plain, number) <= amount.start:
            links.append(("RATIO_OF", number, amount))
            continue
        amount = None if share else number
        links += _measured(plain, number, unit, found)
        links += _timed(plain, number, spans)
    links += [("LOCATED_IN", outer, place) for outer in spans for place in spans if _inside(place, outer)]
    return sorted(found, key=lambda span: (span.start, -span.end, span.label)), links


def _inside(place: Found, outer: Found) -> bool:
    holds = outer.start <= place.start and place.end <= outer.end
    return holds and place.label == "PLACE" and outer.label in ("PROJECT", "LEGAL")


def _sentence_start(plain: str, span: Found) -> int:
    return max((m.end() for m in _SENTENCE.finditer(plain, max(0, span.start - 600), span.start)), default=0)


def _timed(plain: str, number: Found, spans: Sequence[Found]) -> Linked:
    """Link a number to the last period before it in its sentence."""
    start = _sentence_start(plain, number)
    before = [span for span in spans if span.label == "PERIOD" and start <= span.start and span.end <= number.start]
    return [("IN_PERIOD", number, before[-1])] if before else []


def _measured(plain: str, number: Found, unit: Found | None, found: dict[Found, None]) -> Linked:
    """Link a number to the phrase before it in its clause, or, after a unit, to the phrase behind it."""
    start = max((m.end() for m in _CLAUSE.finditer(plain, max(0, number.start - 200), number.start)), default=0)
    indicator = _phrase(plain, max(start, number.start - 200), number.start, found)
    if indicator is None and unit is not None:
        stop = _CLAUSE.search(plain, unit.end)
        indicator = _phrase(plain, unit.end, min(stop.start() if stop else len(plain), unit.end + 80), found)
    if indicator is None:
        return []
    found[indicator] = None
    return [("MEASURES", number, indicator)]


def _phrase(plain: str, start: int, end: int, found: dict[Found, None]) -> Found | None:
    """Trim `[start, end)` to what names the thing measured; None when nothing plausible is left."""
    start += len(plain[start:end]) - len(plain[start:end].lstrip())
    end = start + len(rules().reach.sub("", plain[start:end]).rstrip())
    end = start + len(rules().cut.sub("", plain[start:end]).rstrip())
    lead = rules().lead.match(plain[start:end])
    start += lead.end() if lead else 0
    words = plain[start:end].split()
    span = Found("INDICATOR", start, end)
    inner = any(_overlap(span, other) for other in found if other.label in ("QUANTITY", "UNIT", "PERIOD", "LEGAL"))
    return span if 1 <= len(words) <= MAX_WORDS and words[0][0].isalpha() and not inner else None
