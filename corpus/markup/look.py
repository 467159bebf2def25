"""What an annotator should look at once more. Many of these are right as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ie.document import Document

_NUMBER = re.compile(r"\d[\d.,/]*")


def hints(document: Document) -> Iterator[str]:
    """Yield numbers that measure nothing, indicators and units of nothing, and the numbers that stand in no span."""
    tails = {relation.tail for relation in document.relations}
    told = {relation.head for relation in document.relations if relation.type in ("MEASURES", "RATIO_OF")}
    indicators = [(entity.start, entity.end) for entity in document.entities if entity.label == "INDICATOR"]
    for entity in document.entities:
        nested = any(start <= entity.start and entity.end <= end for start, end in indicators)
        if entity.label == "QUANTITY" and entity.id not in told and not nested:
            yield f"{entity.id} {entity.text!r} measures nothing and is the ratio of nothing"
        if entity.label in ("INDICATOR", "UNIT") and entity.id not in tails:
            yield f"{entity.id} {entity.text!r} is the {entity.label} of nothing"
    loose = list(_loose_numbers(document))
    if loose:
        yield f"numbers in no span: {' | '.join(loose)}"


def _loose_numbers(document: Document) -> Iterator[str]:
    taken = {at for entity in document.entities for start, end in entity.fragments for at in range(start, end)}
    for match in _NUMBER.finditer(document.text):
        if match.start() not in taken:
            around = document.text[max(0, match.start() - 12) : match.end() + 8]
            yield " ".join(around.split())
