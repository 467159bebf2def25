"""Errors planted by a closing sentence: a figure of the report stated again wrongly, with a wrong change, or fallen.

Reports seldom state the value before a change or a cumulative beside its month, so that few such sums come out and can
be broken. A summary that does so is put at the end, with its gold spans, and one of its figures is wrong.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from evaluation.planting import Planted, edited
from ie.audit.figures import Figure, Report
from ie.document import Document, Entity, Relation
from ie.facts import Fact
from ie.sentences import sentence_at

HEADING = "PHẦN KẾT LUẬN. ĐÁNH GIÁ CHUNG"
"""What the sentences stand under, lest they belong to a part on what is planned."""

_GROWTH = ("1.06", "1.09", "1.13", "1.18", "1.27")
_SHRUNK = ("0.42", "0.55", "0.63", "0.71")
_TRIES = 8
_LEAST = Decimal(10)


@dataclass(frozen=True)
class Piece:
    """Words of a sentence; with a label they are a span, `marks` its attributes, `to` its relations by label."""

    text: str
    label: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    to: tuple[tuple[str, int], ...] = ()
    """`(relation, index of the piece)`."""


def closed(gold: Document, report: Report, used: set[str], rng: random.Random) -> tuple[Document, list[Planted]]:
    """Return a gold document with a closing sentence of each kind that it has a figure for, and the errors in them."""
    errors = []
    for kind, make in _MAKERS.items():
        free = [figure for figure in restatable(report) if figure.id not in used]
        rng.shuffle(free)
        made = next(((figure, found) for figure in free if (found := make(figure, rng))), None)
        if made is None:
            continue
        figure, (pieces, wrong, was) = made
        used.add(figure.id)
        gold, start = appended(gold, pieces, wrong)
        now = pieces[wrong].text
        errors.append(Planted(kind, start, start + len(now), was, now))
    return gold, errors


Made = tuple[list[Piece], int, str]
"""The pieces of a sentence, the index of the wrong figure, and how it would be right."""


def _repeat(figure: Figure, rng: random.Random) -> Made | None:
    was = figure.entity.text
    now = edited(was, "repeat", rng)
    if now == was:
        return None
    fact = _fact(figure)
    pieces = [
        Piece("Đánh giá chung,"),
        Piece(fact.period or "", "PERIOD"),
        Piece(fact.indicator or "", "INDICATOR"),
        Piece("đạt"),
        Piece(now, "QUANTITY", _cumulative(figure), (("IN_PERIOD", 1), ("MEASURES", 2), ("HAS_UNIT", 5))),
        Piece(fact.unit_text or "", "UNIT"),
    ]
    return pieces, 4, was


def _change(figure: Figure, rng: random.Random) -> Made | None:
    """State the figure with the one of a year before and a rate of growth that is not theirs."""
    fact = _fact(figure)
    before = _shown(figure, figure.value / Decimal(rng.choice(_GROWTH)))
    value = before[0]
    if not figure.is_amount or value <= 0 or value >= figure.value:
        return None
    rate = (100 * (figure.value - value) / value).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
    was, now = f"{rate}".replace(".", ","), ""
    for _ in range(_TRIES):
        now = edited(was, "change", rng)
        if abs(Decimal(now.replace(",", ".")) - rate) > Decimal("0.5"):
            break
    else:
        return None
    pieces = [
        Piece("Tính chung,"),
        Piece(fact.period or "", "PERIOD"),
        Piece(fact.indicator or "", "INDICATOR"),
        Piece("đạt"),
        Piece(
            figure.entity.text, "QUANTITY", _cumulative(figure), (("IN_PERIOD", 1), ("MEASURES", 2), ("HAS_UNIT", 5))
        ),
        Piece(fact.unit_text or "", "UNIT"),
        Piece(", tăng"),
        Piece(now, "QUANTITY", (("Change", ""), ("Basis", "same_period")), (("HAS_UNIT", 8), ("RATIO_OF", 4))),
        Piece("%", "UNIT"),
        Piece("so với"),
        Piece("cùng kỳ", "PERIOD"),
        Piece("("),
        Piece(before[1], "QUANTITY", (), (("MEASURES", 2), ("IN_PERIOD", 10), ("HAS_UNIT", 13))),
        Piece(fact.unit_text or "", "UNIT"),
        Piece(")"),
    ]
    return pieces, 7, was


def _fallen(figure: Figure, rng: random.Random) -> Made | None:
    """State a sum from the beginning of the year that is below the figure of one of its months."""
    fact = _fact(figure)
    start, end = (date.fromisoformat(str(bound)) for bound in (fact.period_start, fact.period_end))
    less = _shown(figure, figure.value * Decimal(rng.choice(_SHRUNK)))
    one_year = start.year == end.year and start.month > 1 and (end - start).days > 20
    if not figure.is_amount or figure.has("Cumulative") or not one_year or not _LEAST < less[0] < figure.value:
        return None
    pieces = [
        Piece("Tính chung"),
        Piece(f"lũy kế {end.month} tháng đầu năm {end.year}", "PERIOD"),
        Piece(fact.indicator or "", "INDICATOR"),
        Piece("đạt"),
        Piece(less[1], "QUANTITY", (("Cumulative", ""),), (("IN_PERIOD", 1), ("MEASURES", 2), ("HAS_UNIT", 5))),
        Piece(fact.unit_text or "", "UNIT"),
    ]
    return pieces, 4, figure.entity.text


_MAKERS: dict[str, Callable[[Figure, random.Random], Made | None]] = {
    "repeat": _repeat,
    "change": _change,
    "cumulative": _fallen,
}


def _fact(figure: Figure) -> Fact:
    return figure.fact or Fact(figure.id, figure.entity.text, figure.entity.start, figure.entity.end)


def _cumulative(figure: Figure) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in figure.entity.attributes if pair[0] == "Cumulative")


def _shown(figure: Figure, value: Decimal) -> tuple[Decimal, str]:
    """Round a value to the step of a figure and write it in the figure's own unit, with Vietnamese marks."""
    rounded = (value / figure.step).quantize(Decimal(1), ROUND_HALF_EVEN) * figure.step
    text = f"{(rounded / figure.scale).normalize():,f}"
    return rounded, text.translate(str.maketrans(",.", ".,"))


def appended(gold: Document, pieces: Sequence[Piece], wrong: int) -> tuple[Document, int]:
    """Return a gold document with a sentence at its end, and where the piece `wrong` starts."""
    text, starts = gold.text.rstrip() + ("\n" if HEADING in gold.text else f"\n\n{HEADING}\n"), []
    free, known = 1 + max(int(e.id[1:]) for e in gold.entities), 90_000 + len(gold.relations)
    for index, piece in enumerate(pieces):
        glued = index == 0 or piece.text[0] in ",)" or pieces[index - 1].text == "("
        text += "" if glued else " "
        starts.append(len(text))
        text += piece.text
    entities = [
        Entity(f"T{free + index}", piece.label, ((at, at + len(piece.text)),), piece.text, piece.marks)
        for index, (piece, at) in enumerate(zip(pieces, starts, strict=True))
        if piece.label
    ]
    pairs = [(type, index, tail) for index, piece in enumerate(pieces) for type, tail in piece.to]
    relations = [
        Relation(f"R{known + number}", type, f"T{free + head}", f"T{free + tail}")
        for number, (type, head, tail) in enumerate(pairs)
    ]
    made = replace(
        gold,
        text=text + ".\n",
        entities=(*gold.entities, *entities),
        relations=(*gold.relations, *relations),
    )
    return made, starts[wrong]


def restatable(report: Report) -> list[Figure]:
    """Return the figures that a summary may state again: of a telling indicator, with a time, plain."""
    found = []
    for figure in report.ordered:
        fact = figure.fact
        told = fact and fact.indicator and len(fact.indicator.split()) >= 3 and fact.period_start and fact.unit_text
        plain = not any(map(figure.has, ("Change", "Planned", "Approximate"))) and figure.total is None
        alone = fact and not fact.places and not fact.projects and not fact.share_of and not fact.part_of
        timed = fact and fact.period and fact.period_end
        if told and plain and alone and timed and report.indicator(figure) and _first(report, figure):
            found.append(figure)
    return found


def _first(report: Report, figure: Figure) -> bool:
    """Tell whether a figure is the first of its sentence, the one that its indicator is about."""
    start, _ = sentence_at(report.text, figure.entity.start, figure.entity.end)
    before = [other for other in report.ordered if start <= other.entity.start < figure.entity.start]
    return not before
