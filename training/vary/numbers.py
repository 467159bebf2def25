"""Vary figures: other digits, other shapes of the same number, ranges, other scales of the same amount."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from ie.document import Document, Entity
from training.edits import Edit
from training.vary import figures
from training.vary.figures import Figure
from training.vary.forms import forms
from training.vary.habits import kept, point_of

_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"\w")
_SCALED = re.compile(r"[^\W\d]+(?=$|[ /])")
_COUNTED = ("lượt", "người", "tấn", "hộ", "khách", "con", "cây", "m3", "USD", "đồng", "m2", "ha")


def digits(document: Document, rng: random.Random) -> list[Edit]:
    """Draw other digits for two figures in three, in the same shape."""
    return [edit for entity in _figures(document) if rng.random() < 0.66 for edit in _other_digits(entity, rng)]


def _other_digits(entity: Entity, rng: random.Random) -> Iterator[Edit]:
    for match in _DIGITS.finditer(entity.text):
        at = entity.start + match.start()
        first = match.start() == 0 and match.group() != "0"
        yield Edit(at, at + 1, str(rng.randint(1 if first else 0, 9)))


def shapes(document: Document, rng: random.Random) -> list[Edit]:
    """Write some numbers in another shape: thousands, noughts in front, words for counts and back.

    A count that takes its unit from another stays in digits or words: the normaliser hands units on in digits alone.
    """
    edits: list[Edit] = []
    point, measured = point_of(document), {r.head for r in document.relations if r.type == "HAS_UNIT"}
    for entity in _figures(document):
        if rng.random() < 0.25:
            own = entity.id in measured
            figure = figures.read(entity.text, point) or (figures.from_words(entity.text) if own else None)
            words = figures.in_words(figure) if figure and own else None
            if figure and words and int(figure.whole) <= 20 and rng.random() < 0.4:
                edits += _replaced(document, entity, words)
            elif figure:
                edits.append(Edit(entity.start, entity.end, figures.written(figure, rng, point)))
    return kept(document, edits)


def ranges(document: Document, rng: random.Random) -> list[Edit]:
    """Make some counts the lower end of a range, `12-15`, `12 - 15` or `12 đến 15`."""
    edits: list[Edit] = []
    tied = {end for r in document.relations if r.type in ("RATIO_OF", "PART_OF") for end in (r.head, r.tail)}
    for entity in _figures(document):
        figure = figures.read(entity.text) if entity.id not in tied and rng.random() < 0.04 else None
        if figure and not figure.part and len(figure.whole) <= 3:
            upper = str(int(figure.whole) + rng.randint(1, 3 * 10 ** (len(figure.whole) - 1)))
            joint = rng.choice(("-", " - ", "–", " – ", " đến "))
            edits += _replaced(document, entity, f"{entity.text}{joint}{upper}")
    return edits


def scales(document: Document, rng: random.Random) -> list[Edit]:
    """Write some amounts in another scale: `12,5 tỷ đồng` as `12.500 triệu đồng`, `1.250 lượt` as `1,25 nghìn lượt`.

    Number and unit change together; a unit that several numbers share stays.
    """
    edits: list[Edit] = []
    point = point_of(document)
    for number, unit in pairs_alone(document):
        figure = figures.read(number.text, point) if rng.random() < 0.2 else None
        power, used, rest = _scale(unit.text)
        if figure is None or (power == 0 and rest not in _COUNTED):
            continue
        other = rng.choice([p for p in (0, 3, 6, 9) if p != power and (p or rest)])
        moved = figure.shifted(power - other)
        if not _plausible(moved):
            continue
        word = rng.choice(forms()["scales"][str(other)]) if other else ""
        new = f"{word} {rest}".strip() if rest else word
        edits.append(Edit(number.start, number.end, figures.written(moved, rng, point)))
        blank = "" if document.text[number.end : unit.start] else " "
        edits.append(Edit(number.end, number.end, blank))
        edits.append(Edit(unit.start, unit.start + used, new))
    return kept(document, edits)


def _plausible(figure: Figure) -> bool:
    """Tell whether an amount would be written so: not too many digits, not a fraction of one."""
    return figure.whole != "0" and len(figure.whole) <= 6 and len(figure.part) <= 2


@cache
def _powers() -> dict[str, int]:
    table = forms()["scales"]
    return {word: int(power) for power, words in table.items() if power != "short" for word in words}


def _scale(unit: str) -> tuple[int, int, str]:
    """Return the power of ten of a unit, how many characters of it are used, and those of them after the scale."""
    for short, full in forms()["scales"]["short"].items():
        if unit == short or unit.startswith(short + "/"):
            word, _, rest = full.partition(" ")
            return _powers()[word], len(short), rest
    match = _SCALED.match(unit)
    word = match.group() if match else ""
    head = unit.split("/")[0]
    rest = head[len(word) :].strip()
    if word not in _powers() or rest.split(" ")[0] in _powers():
        return 0, len(head), head
    return _powers()[word], len(head), rest


def pairs_alone(document: Document) -> Iterator[tuple[Entity, Entity]]:
    """Yield each number with its unit where the unit follows at once and belongs to no other number."""
    links = [r for r in document.relations if r.type == "HAS_UNIT"]
    heads, tails = Counter(r.head for r in links), Counter(r.tail for r in links)
    for link in links:
        number, unit = document.by_id[link.head], document.by_id[link.tail]
        alone = heads[link.head] == 1 and tails[link.tail] == 1
        whole = len(number.fragments) == len(unit.fragments) == 1
        if (
            alone
            and whole
            and document.text[number.end : unit.start] in ("", " ", "\u00a0")
            and number.end <= unit.start
        ):
            yield number, unit


def _figures(document: Document) -> Iterator[Entity]:
    return (e for e in document.entities if e.label == "QUANTITY" and len(e.fragments) == 1)


def _replaced(document: Document, entity: Entity, text: str) -> Iterator[Edit]:
    """Replace a number, with a blank where a letter would touch the next word."""
    yield Edit(entity.start, entity.end, text)
    before, after = document.text[entity.start - 1 : entity.start], document.text[entity.end : entity.end + 1]
    if _WORD.match(before) and not text[0].isdigit():
        yield Edit(entity.start, entity.start, " ")
    if _WORD.match(after) and not text[-1].isdigit():
        yield Edit(entity.end, entity.end, " ")
