"""Keep and change the habit of a report: which mark starts its decimals, and how it groups thousands.

The normaliser reads `1.250` by the habit of the report. So one report has one mark: a change of figures keeps the mark
that it finds, and a change of the mark takes every figure of the report along or none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from ie.document import Document
from ie.normalise.digits import Habit
from ie.normalise.habit import number_habit
from training.edits import Edit, apply
from training.vary import figures

_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*")
_MARKED = re.compile(r"\d[.,]\d")


def point_of(document: Document) -> str:
    """Return the mark that starts the decimals of a report, the comma unless it plainly uses the dot."""
    return "." if number_habit(document.text).dot_is_decimal else ","


def kept(document: Document, edits: list[Edit]) -> list[Edit]:
    """Return the edits if the habit by which the report is read stays, else none."""
    if not edits or _reading(number_habit(document.text)) == _reading(number_habit(apply(document, edits).text)):
        return edits
    return []


def _reading(habit: Habit) -> tuple[bool, bool]:
    return habit.dot_is_decimal, habit.comma_is_thousands


def dots(document: Document, rng: random.Random) -> list[Edit]:
    """Write all figures of a report with a decimal dot and without dots between thousands.

    A report of which one marked figure can be read in two ways, or stands in several pieces, stays as it is.
    """
    edits: list[Edit] = []
    for entity in document.entities:
        if entity.label == "QUANTITY" and _MARKED.search(entity.text):
            turned = list(_turned(entity.text, entity.start, rng)) if len(entity.fragments) == 1 else []
            if not turned:
                return []
            edits += turned
    return edits


def _turned(text: str, start: int, rng: random.Random) -> Iterator[Edit]:
    """Yield an edit for each marked number of a span, nothing at all when one cannot be read."""
    marked = [match for match in _NUMBER.finditer(text) if _MARKED.search(match.group())]
    read = [figures.read(match.group()) for match in marked]
    for match, figure in zip(marked, read, strict=True):
        if figure is not None and None not in read:
            yield Edit(start + match.start(), start + match.end(), figures.written(figure, rng, "."))
