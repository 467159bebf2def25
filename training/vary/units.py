"""Vary units: other spellings of the same unit, the blank before it lost or gained."""

from __future__ import annotations

import random
from functools import cache

from ie.document import Document
from training.edits import Edit
from training.vary.forms import forms
from training.vary.numbers import pairs_alone


@cache
def _alike() -> dict[str, list[str]]:
    return {form: [f for f in line if f != form] for line in forms()["units"]["alike"] for form in line}


def units(document: Document, rng: random.Random) -> list[Edit]:
    """Write some units in another spelling, with a blank before one that is a word."""
    edits = []
    for number, unit in pairs_alone(document):
        head = unit.text.split("/")[0]
        others = _alike().get(head)
        if others and rng.random() < 0.2:
            new = rng.choice(others)
            edits.append(Edit(unit.start, unit.start + len(head), new))
            if number.end == unit.start and new not in forms()["units"]["symbols"]:
                edits.append(Edit(number.end, number.end, " "))
    return edits


def glue(document: Document, rng: random.Random) -> list[Edit]:
    """Lose or gain the blank between a number in digits and its unit."""
    edits = []
    for number, unit in pairs_alone(document):
        if rng.random() < 0.3 and number.text[-1].isdigit() and not unit.text[0].isdigit():
            if number.end == unit.start:
                edits.append(Edit(number.end, unit.start, " "))
            else:
                edits.append(Edit(number.end, unit.start, ""))
    return edits
