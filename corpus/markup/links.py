"""Turn the relation lines of a marked text into relations and attributes, adding those that go without saying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.markup.letters import letters
from corpus.markup.parse import Order
from ie.document import Entity
from ie.schema import schema

Link = tuple[str, str, str]
"""Type, head key and tail key."""

NONE = "-"
"""As a value it says that there is no such relation, where one would be added otherwise."""


@dataclass
class Links:
    """What the relation lines say, by keys: relations, attributes, what is wrong.

    `by_hand` holds type and head where nothing may be added: `u=` was written, or `-` as a value.
    """

    relations: list[Link] = field(default_factory=list)
    attributes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    by_hand: set[tuple[str, str]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def read(orders: Sequence[Order], entities: Mapping[str, Entity]) -> Links:
    """Read the relation lines; `entities` are by key."""
    links = Links()
    for order in orders:
        if order.head not in entities:
            links.problems.append(f"line {order.line}: {order.head} is no span")
            continue
        for word in order.words:
            message = _take(word, order.head, entities, links)
            if message:
                links.problems.append(f"line {order.line}: {order.head} {word}: {message}")
    return links


def _take(word: str, head: str, entities: Mapping[str, Entity], links: Links) -> str:
    """Add what one word says to `links`; return what is wrong with it, "" when nothing is."""
    alphabet = letters()
    key, _, value = word.partition("=")
    if word.startswith("+"):
        return _attribute(alphabet.flags.get(word[1:]), "", head, entities, links, list(alphabet.flags))
    if key in alphabet.values:
        name, meanings = alphabet.values[key]
        return _attribute(name, meanings.get(value), head, entities, links, list(meanings))
    if key not in alphabet.relations:
        return f"not understood; the keys are {', '.join([*alphabet.relations, *alphabet.values])}"
    return _relations(alphabet.relations[key], head, value.split(","), entities, links)


def _attribute(
    name: str | None,
    value: str | None,
    head: str,
    entities: Mapping[str, Entity],
    links: Links,
    allowed: list[str],
) -> str:
    if name is None or value is None:
        return f"unknown, use one of {', '.join(allowed)}"
    if entities[head].label not in schema().attributes[name].labels:
        return f"{name} may not stand on {entities[head].label}"
    pairs = links.attributes.setdefault(head, [])
    if (name, value) not in pairs:
        pairs.append((name, value))
    return ""


def _relations(type: str, head: str, tails: Sequence[str], entities: Mapping[str, Entity], links: Links) -> str:
    if type == "HAS_UNIT" or NONE in tails:
        links.by_hand.add((type, head))
    for tail in tails:
        if tail == NONE:
            continue
        if tail not in entities:
            return f"{tail} is no span"
        if head == tail or not schema().allows(type, entities[head].label, entities[tail].label):
            return f"{type} may not join {entities[head].label} and {entities[tail].label} here"
        if (type, head, tail) not in links.relations:
            links.relations.append((type, head, tail))
    return ""


def implied(entities: Mapping[str, Entity], text: str, by_hand: set[tuple[str, str]]) -> list[Link]:
    """Return the relations that need not be written: the unit right after a number, the place inside a name.

    A number that has `u=` by hand takes no unit by itself; a project or document with `l=-` takes no places.
    """
    units = [(entity.start, key) for key, entity in entities.items() if entity.label == "UNIT"]
    places = [(entity, key) for key, entity in entities.items() if entity.label == "PLACE"]
    links: list[Link] = []
    for key, entity in entities.items():
        if entity.label == "QUANTITY" and ("HAS_UNIT", key) not in by_hand:
            after = min((unit for unit in units if unit[0] >= entity.end), default=None)
            if after and not text[entity.end : after[0]].strip():
                links.append(("HAS_UNIT", key, after[1]))
        if entity.label in ("PROJECT", "LEGAL") and ("LOCATED_IN", key) not in by_hand:
            inside = [name for place, name in places if entity.start <= place.start and place.end <= entity.end]
            links += [("LOCATED_IN", key, name) for name in inside]
    return links
