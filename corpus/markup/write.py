"""Write a document back as inline markup; compiling the result gives the same document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.checks.spans import clash
from corpus.markup import links as linking
from corpus.markup.letters import letters
from corpus.markup.parse import ORDERS, parse
from ie.document import Document, Entity, Fragment
from ie.errors import FormatError


@dataclass(frozen=True)
class _Piece:
    """A stretch of a span that one pair of braces can hold; `rank` is the span's place in the document."""

    key: str
    start: int
    end: int
    continues: bool
    rank: int


def format_markup(document: Document) -> str:
    """Return the marked text of a document, with one relation line for each line of text that needs one.

    Raises FormatError when the text holds braces or a line that starts with `%%`, which the markup reserves, or when
    spans cross. Ids are not kept (they follow the order of the text), notes and scores have no place in the markup.
    """
    _refuse(document)
    keys = _keys(document)
    pieces = [piece for rank, entity in enumerate(document.entities) for piece in _pieces(entity, keys, document, rank)]
    orders = _orders(document, keys)
    lines = []
    position = 0
    for line in _marked(document.text, pieces).split("\n"):
        lines.append(line)
        plain = _plain_length(line) + 1
        here = [
            orders.pop(entity.id)
            for entity in document.entities
            if entity.id in orders and position <= entity.start < position + plain
        ]
        lines += [f"{ORDERS} {'; '.join(here)}"] if here else []
        position += plain
    return "\n".join(lines)


def _refuse(document: Document) -> None:
    for number, line in enumerate(document.text.split("\n"), 1):
        if "{" in line or "}" in line or line.lstrip().startswith(ORDERS):
            raise FormatError(f"{document.name}:{number}: holds braces or {ORDERS}, which the markup reserves")
    for index, first in enumerate(document.entities):
        for second in document.entities[index + 1 :]:
            if first.start < second.end and second.start < first.end and "cross" in clash(first, second):
                raise FormatError(f"{document.name}: {first.id} and {second.id} cross; the markup can only nest spans")


def _keys(document: Document) -> dict[str, str]:
    counts: dict[str, int] = {}
    keys = {}
    for entity in document.entities:
        letter = letters().letter(entity.label)
        counts[letter] = counts.get(letter, 0) + 1
        keys[entity.id] = f"{letter}{counts[letter]}"
    return keys


def _pieces(entity: Entity, keys: Mapping[str, str], document: Document, rank: int) -> list[_Piece]:
    """Join fragments that only white space separates, for one pair of braces may run over a line end."""
    joined: list[Fragment] = []
    for start, end in entity.fragments:
        if joined and not document.text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [_Piece(keys[entity.id], start, end, bool(n), rank) for n, (start, end) in enumerate(joined)]


def _marked(text: str, pieces: Sequence[_Piece]) -> str:
    opening: dict[int, list[_Piece]] = {}
    closing: dict[int, int] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.start, -piece.end, -piece.rank)):
        opening.setdefault(piece.start, []).append(piece)
        closing[piece.end] = closing.get(piece.end, 0) + 1
    parts = []
    for at in range(len(text) + 1):
        parts.append("}" * closing.get(at, 0))
        parts += [f"{{{'+' if piece.continues else ''}{piece.key} " for piece in opening.get(at, ())]
        parts.append(text[at : at + 1])
    return "".join(parts)


def _plain_length(line: str) -> int:
    return len(parse(line).plain)


def _orders(document: Document, keys: Mapping[str, str]) -> dict[str, str]:
    """Return the item of the relation lines for each entity that needs one."""
    by_key = {keys[entity.id]: entity for entity in document.entities}
    wanted: dict[tuple[str, str], list[str]] = {}
    for relation in document.relations:
        wanted.setdefault((relation.type, keys[relation.head]), []).append(keys[relation.tail])
    implied: dict[tuple[str, str], list[str]] = {}
    for type, head, tail in linking.implied(by_key, document.text, set()):
        implied.setdefault((type, head), []).append(tail)
    items = {}
    for entity in document.entities:
        key = keys[entity.id]
        words = [_relation_word(type, key, wanted, implied) for type in letters().relations.values()]
        words += [letters().written(name, value) for name, value in entity.attributes]
        if any(words):
            items[entity.id] = " ".join([key, *filter(None, words)])
    return items


def _relation_word(
    type: str,
    head: str,
    wanted: Mapping[tuple[str, str], list[str]],
    implied: Mapping[tuple[str, str], list[str]],
) -> str:
    tails, unsaid = wanted.get((type, head), []), implied.get((type, head), [])
    if set(tails) == set(unsaid):
        return ""
    key = letters().key(type)
    if not set(unsaid) <= set(tails):
        return f"{key}={','.join([linking.NONE, *tails])}"
    return f"{key}={','.join(tails)}"
