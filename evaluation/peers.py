"""Other people's tools, judged on the same texts: underthesea's named entities and quantulum3's quantities.

Each is used as it ships and sees the source as it stands, without reflow. Only where its answer lies in the text is
worked out here; what it cannot find is said in `runs.toml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import Any

from evaluation.baselines import composed
from ie.document import Document, Entity, Fragment, Relation, split_at_line_ends
from ie.document import fragments_text as joined
from ie.errors import InputError

_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)
# What may stand in a number; a unit written as a sign (`%`, `m2`) is not part of it.
_NUMERAL = re.compile(r"[+\-~]?\d(?:[\d.,/\s]|[-–]\s?(?=\d))*")
_SIGN = re.compile(r"[^\W\d_]|[%‰$€£¥°]")


def places(text: str, *, name: str) -> Document:
    """Return the document with a PLACE for every LOC of underthesea's `ner`, which is given a paragraph at a time."""
    from underthesea import ner

    spans: list[Fragment] = []
    plain, back = composed(text)
    for paragraph in _PARAGRAPH.finditer(plain):
        tokens = ner(" ".join(paragraph.group().split()))
        words = align([token[0] for token in tokens], plain, paragraph.start(), where=name)
        spans += located([token[3] for token in tokens], words)
    found = [("PLACE", back[start], back[end]) for start, end in spans]
    return Document(name, text, tuple(_entity(i, *item, text) for i, item in enumerate(found, 1)))


def align(words: Sequence[str], text: str, start: int, *, where: str) -> list[Fragment]:
    """Return `[start, end)` of each word in the text from `start` on.

    White space counts nowhere, and a word may carry its tone mark on another vowel than the text does (`hoà`, `hòa`).
    Raises InputError when the words are not those of the text.
    """
    found = []
    for word in words:
        letters = "".join(unicodedata.normalize("NFC", word).split())
        inked = _ink(text, start, len(letters))
        if _bare(letters) != _bare("".join(text[at] for at in inked)):
            raise InputError(f"{where}: underthesea says {word!r} where the text has {text[start : start + 20]!r}")
        found.append((inked[0], inked[-1] + 1))
        start = inked[-1] + 1
    return found


def _ink(text: str, start: int, number: int) -> list[int]:
    """Return where the next `number` characters stand that are not white space."""
    return list(islice((at for at in range(start, len(text)) if not text[at].isspace()), number))


def _bare(letters: str) -> str:
    """Return the letters without marks; Icelandic eth, often typed for đ, is taken for it."""
    plain = "".join(char for char in unicodedata.normalize("NFD", letters) if not unicodedata.combining(char))
    return plain.lower().replace("ð", "đ")


def located(tags: Sequence[str], words: Sequence[Fragment]) -> list[Fragment]:
    """Return the extent of each run `B-LOC I-LOC …`; an I-LOC that follows no LOC starts one."""
    runs: list[list[int]] = []
    before = "O"
    for tag, (start, end) in zip(tags, words, strict=True):
        if tag == "I-LOC" and before.endswith("-LOC"):
            runs[-1][1] = end
        elif tag.endswith("-LOC"):
            runs.append([start, end])
        before = tag
    return [(start, end) for start, end in runs]


def quantities(text: str, *, name: str) -> Document:
    """Return the document with the quantities and units of quantulum3, linked by HAS_UNIT."""
    entities: list[Entity] = []
    links: list[Relation] = []
    for quantity in _parsed(text):
        start, end = quantity.span
        number, unit = parts(text, start, end)
        entities.append(_entity(len(entities) + 1, "QUANTITY", *number, text))
        if unit is not None:
            entities.append(_entity(len(entities) + 1, "UNIT", *unit, text))
            links.append(Relation(f"R{len(links) + 1}", "HAS_UNIT", entities[-2].id, entities[-1].id))
    return Document(name, text, tuple(entities), tuple(links))


def _parsed(text: str) -> list[Any]:
    from quantulum3 import classifier, parser

    # Its classifier of ambiguous units is pickled for one old scikit-learn; without it the commonest unit is taken.
    classifier.USE_CLF = False
    return [quantity for quantity in parser.parse(text) if text[slice(*quantity.span)].strip()]


def parts(text: str, start: int, end: int) -> tuple[Fragment, Fragment | None]:
    """Cut what quantulum3 takes for a quantity, `[start, end)`, into number and unit.

    The number is the numeral, and what stands beside it is the unit; words without a numeral are all number.
    """
    numeral = _NUMERAL.search(text, start, end)
    if numeral is None:
        return _trimmed(text, start, end), None
    number = _trimmed(text, numeral.start(), numeral.end())
    sides = [(numeral.end(), end), (start, numeral.start())]
    units = [_trimmed(text, *side) for side in sides if _SIGN.search(text, *side)]
    return number, units[0] if units else None


def _trimmed(text: str, start: int, end: int) -> Fragment:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip(" \t\n.,"))
    return left, left + len(text[left:end].rstrip(" \t\n.,"))


def _entity(number: int, label: str, start: int, end: int, text: str) -> Entity:
    fragments = split_at_line_ends(text, start, end)
    return Entity(f"T{number}", label, fragments, joined(text, fragments))
