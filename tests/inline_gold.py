"""Documents written inline: `Thu đạt {Q1 57.210} {U1 triệu đồng}` with `Q1 HAS_UNIT U1` beside it.

The letter of an id names the label; spans may nest. A `*` before a blank and a flag list sets attributes:
`{Q1*Estimate,Basis=plan 57.210}`. Relations are lines or `;`-separated: head, type, tail, score if any.
"""

from __future__ import annotations

import re

from ie.document import Document, Entity, Relation

LABELS = {
    "Q": "QUANTITY", "U": "UNIT", "L": "PLACE", "J": "PROJECT", "G": "LEGAL", "I": "INDICATOR", "P": "PERIOD",
}  # fmt: skip
_OPEN = re.compile(r"\{(\w+)(?:\*([\w=,]+))?(?:@([0-9.]+))? ")


def document(markup: str, relations: str = "", *, name: str = "inline") -> Document:
    """Return the document that a marked-up text and its relations describe."""
    text, entities = _unmark(markup)
    lines = [line.split() for line in re.split(r"[;\n]", relations) if line.strip()]
    found = (
        Relation(f"R{number}", line[1], line[0], line[2], float(line[3]) if len(line) > 3 else None)
        for number, line in enumerate(lines, 1)
    )
    return Document(name, text, tuple(entities), tuple(found))


def _unmark(markup: str) -> tuple[str, list[Entity]]:
    text, entities = "", []
    open_spans: list[tuple[re.Match[str], int]] = []
    position = 0
    while position < len(markup):
        match = _OPEN.match(markup, position)
        if match:
            open_spans.append((match, len(text)))
            position = match.end()
        elif markup[position] == "}":
            start, at = open_spans.pop()
            entities.append(_entity(start, at, text))
            position += 1
        else:
            text += markup[position]
            position += 1
    return text, entities


def _entity(match: re.Match[str], start: int, text: str) -> Entity:
    pairs = (flag.partition("=") for flag in (match[2] or "").split(",") if flag)
    return Entity(
        match[1],
        LABELS[match[1][0]],
        ((start, len(text)),),
        text[start:],
        attributes=tuple((name, value) for name, _, value in pairs),
        score=float(match[3]) if match[3] else None,
    )
