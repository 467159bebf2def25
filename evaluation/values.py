"""Figures judged by what they say: number and unit after normalisation.

A gold quantity and a predicted one that overlap are compared by their amounts, as CQE does (Almasian et al. 2023): the
same amount written `1,2 tỷ đồng` and `1.200 triệu đồng` is the same. What the normaliser cannot read is compared by
its letters, so no gold figure drops out.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, replace
from decimal import Decimal, InvalidOperation

from evaluation.marks import Marked, Span, mark
from evaluation.match import fit, match_spans
from evaluation.scores import Counts, Tally
from ie.document import Document, Entity
from ie.normalise.exact import decimal_text, product


@dataclass(frozen=True)
class Amount:
    """A figure: exact decimal text of its number (and of its upper end or whole), and its canonical unit."""

    number: str
    upper: str
    unit: str


def normalised(document: Document) -> Document:
    """Return the document with values; one that brings its own keeps them."""
    return document if any(entity.value for entity in document.entities) else in_report(document)


def in_report(document: Document) -> Document:
    """Return the document with values read anew; what the report says of itself is read from its reflowed text."""
    from ie.normalise import normalise, read_context
    from ie.reflow import reflow

    return normalise(document, context=read_context(reflow(document.text).text))


def amount(quantity: Entity, unit: Entity | None) -> Amount:
    """Return what a quantity says together with its unit.

    A quantity whose value has a unit has been scaled already; otherwise the unit's factor scales it here.
    """
    value = quantity.value
    if value is None or value.number is None:
        return Amount(letters(quantity.text), "", _unit_name(unit))
    if value.unit:
        return Amount(plain(value.number), plain(value.upper), value.unit)
    factor = (unit.value.factor if unit is not None and unit.value else None) or "1"
    return Amount(plain(value.number, factor), plain(value.upper, factor), _unit_name(unit))


def _unit_name(unit: Entity | None) -> str:
    if unit is None:
        return ""
    return (unit.value.unit if unit.value else None) or letters(unit.text)


def letters(text: str) -> str:
    """Return a text in small composed letters without white space."""
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def plain(number: str | None, factor: str = "1") -> str:
    """Return exact decimal text times a factor in one spelling (`1.50` and `1.5` are one), "" for None."""
    if number is None:
        return ""
    try:
        return decimal_text(product(Decimal(number), Decimal(factor)))
    except InvalidOperation:
        return f"{number}×{factor}"


def amounts(document: Document) -> dict[str, Amount]:
    """Return the amount of every quantity of a document with values, by id."""
    known = document.by_id
    units = {r.head: known[r.tail] for r in reversed(document.relations) if r.type == "HAS_UNIT"}
    return {e.id: amount(e, units.get(e.id)) for e in document.entities if e.label == "QUANTITY"}


def value_counts(gold: Document, found: Document) -> Tally:
    """Count figures by scaled number alone, by number and unit, and as whole facts.

    `values.number` asks for the number, `values.amount` for the unit too. `facts` judges the rows of `ie.facts`: the
    amount, an overlapping indicator, the period and the places, each of them also when there is none. Places are
    compared by the code of their unit where they are linked to one, so that `xã Tân Lập` and `Tân Lập` are the same and
    one name linked to two units is not; by their letters elsewhere.
    """
    wanted, given = normalised(gold), normalised(found)
    marked = mark(wanted, gold.text, gold=True), mark(given, gold.text)
    here, there = amounts(wanted), amounts(given)
    quantities = tuple(replace(one, spans=_quantities(one.spans), links=()) for one in marked)

    def same_number(a: str, b: str) -> bool:
        return (here[a].number, here[a].upper) == (there[b].number, there[b].upper)

    return {
        "values.number": {"QUANTITY": _compared(quantities, same_number)},
        "values.amount": {"QUANTITY": _compared(quantities, lambda a, b: here[a] == there[b])},
        "facts": {"QUANTITY": fact_counts(wanted, given, gold.text)},
    }


def _quantities(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.label == "QUANTITY")


def _compared(both: tuple[Marked, ...], same: Callable[[str, str], bool]) -> Counts:
    """Count spans that overlap one to one and say the same; a wrong answer is both missed and spurious."""
    matching = match_spans(*both, mode="overlap")
    right = sum(same(a.id, b.id) for a, b in matching.pairs)
    wrong = len(matching.pairs) - right
    return Counts(right, wrong + len(matching.spurious), wrong + len(matching.missed))


@dataclass(frozen=True)
class Row:
    """A fact as it is judged: amount, span of its indicator, period, places by code or, without one, in letters."""

    amount: tuple[str, ...]
    indicator: Span | None
    period: str
    places: frozenset[str]


def fact_counts(gold: Document, found: Document, text: str) -> Counts:
    """Count the facts of two documents with values; what hangs on an `Open` gold span may be there or not.

    A gold row that only an Open span brings about is free, and a row that an Open span changes may be either way.
    """
    both, wrong = _judged_rows(gold, found, text)
    return _compared(both, lambda a, b: not wrong(a, b))


def fact_causes(gold: Document, found: Document, text: str) -> dict[str, int]:
    """Count the gold facts that are not found by what is wrong: one field, several, or no figure there at all."""
    both, wrong = _judged_rows(gold, found, text)
    matching = match_spans(*both, mode="overlap")
    fields = [wrong(a.id, b.id) for a, b in matching.pairs]
    causes = Counter(each[0] if len(each) == 1 else SEVERAL for each in fields if each)
    return {**causes, MISSING: len(matching.missed)} if matching.missed else dict(causes)


SEVERAL, MISSING = "several fields", "no such figure"


def _judged_rows(
    gold: Document, found: Document, text: str
) -> tuple[tuple[Marked, Marked], Callable[[str, str], list[str]]]:
    """Return the quantities whose rows are judged, and what tells the fields in which two rows differ."""
    whole, closed = _rows(gold, text), _rows(_without_open(gold), text)
    given = _rows(found, text)
    marked, other = mark(gold, text, gold=True), mark(found, text)
    spans = _quantities(marked.spans)
    free = [*_quantities(marked.open), *(span for span in spans if span.id in whole and span.id not in closed)]
    rows = tuple(span for span in spans if span.id in closed)

    def wrong(a: str, b: str) -> list[str]:
        return min((wrong_fields(table[a], given[b]) for table in (closed, whole) if a in table), key=len)

    answers = tuple(span for span in other.spans if span.id in given)
    return (Marked(gold.name, rows, (), tuple(free)), Marked(found.name, answers, ())), wrong


def _without_open(gold: Document) -> Document:
    aside = {entity.id for entity in gold.entities if entity.has("Open")}
    return replace(
        gold,
        entities=tuple(entity for entity in gold.entities if entity.id not in aside),
        relations=tuple(r for r in gold.relations if not {r.head, r.tail} & aside),
    )


def _rows(document: Document, text: str) -> dict[str, Row]:
    """Return the rows that `ie.facts` makes of a document, by the id of their quantity."""
    from ie.facts import facts

    spans = {span.id: span for span in mark(document, text).spans}
    figures = amounts(document)
    return {
        fact.id: Row(
            astuple(figures[fact.id]),
            spans[fact.indicator_id] if fact.indicator_id else None,
            f"{fact.period_start or ''}/{fact.period_end or ''}" if fact.period_start else letters(fact.period or ""),
            frozenset(key or letters(place) for place, key in zip(fact.places, fact.place_keys, strict=True)),
        )
        for fact in facts(document)
    }


def wrong_fields(gold: Row, found: Row) -> list[str]:
    """Return the fields in which two rows differ: amount, indicator, period, places."""
    here, there = gold.indicator, found.indicator
    met = fit(here, there, "overlap") > 0 if here and there else here is there
    same = {
        "amount": gold.amount == found.amount,
        "indicator": met,
        "period": gold.period == found.period,
        "places": gold.places == found.places,
    }
    return [name for name, agrees in same.items() if not agrees]
