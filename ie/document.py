"""The records that go all the way from a file to an export. Frozen, with stable ids and character offsets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ie.identity import LegalIdentity, PlaceLink, plain
from ie.layout import Box, Page

Fragment = tuple[int, int]
"""`(start, end)` in characters, start inclusive, end exclusive."""


@dataclass(frozen=True)
class Value:
    """What a span says once normalised. `kind` tells which of the other fields hold.

    `kind` is one of number, range, fraction, unit, period, place, legal, project, indicator. `number` is exact decimal
    text (`"57210000000"`), never a float; `upper` is the upper end of a range or the total of a fraction; `unit` is a
    canonical unit (`VND`, `ha`, `%`); `factor` is decimal text too; `bound` says that the number is a limit: `above`,
    `at least`, `below`, `at most` or `about`; `name` and `head` are those of an indicator, written out; `notes` lists
    what was assumed.

    `key` is one for all spellings of one thing. Of a place linked to an administrative unit it is the unit's code with
    those above it (`old/14/123/03979`: see `ie.normalise.places`), of any other its type word and name (`sông Đà`); of
    a document its symbol, number and year (`NĐ-CP:27/2019`: see `ie.normalise.legal`). `place` and `legal` say more.
    `ref` is the id of what a mention stands for: of a PROJECT the record in the document's `projects`.
    """

    kind: str
    number: str | None = None
    upper: str | None = None
    unit: str | None = None
    factor: str | None = None
    dimension: str | None = None
    start: str | None = None
    end: str | None = None
    key: str | None = None
    notes: tuple[str, ...] = ()
    place: PlaceLink | None = None
    legal: LegalIdentity | None = None
    ref: str | None = None
    bound: str | None = None
    name: str | None = None
    head: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the fields that are set."""
        found: dict[str, object] = plain(self)
        return found

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Value:
        """Build the value from what `as_dict` gives; TypeError when a field is unknown."""
        found: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in data.items()}
        if "place" in found:
            found["place"] = PlaceLink.from_dict(found["place"])
        if "legal" in found:
            found["legal"] = LegalIdentity.from_dict(found["legal"])
        return cls(**found)


@dataclass(frozen=True)
class Entity:
    """A labelled span: `fragments` in order of the text; `attributes` are `(name, value)`, value "" for a flag.

    Where the file has pages, `page` is the number of the one that the first character stands on; where it has
    positions, `bbox` holds a box for each fragment of `source`. `confidence`, 0 to 100, says how sure optical
    recognition was of its least sure word; None where the text was there already.
    """

    id: str
    label: str
    fragments: tuple[Fragment, ...]
    text: str
    attributes: tuple[tuple[str, str], ...] = ()
    score: float | None = None
    value: Value | None = None
    source: tuple[Fragment, ...] = ()
    page: int | None = None
    bbox: tuple[Box, ...] = ()
    confidence: float | None = None

    @property
    def start(self) -> int:
        """First character, inclusive."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Last character, exclusive."""
        return self.fragments[-1][1]

    def has(self, attribute: str) -> bool:
        """Tell whether the attribute stands on the span."""
        return self.get(attribute) is not None

    def get(self, attribute: str) -> str | None:
        """Return the attribute's value, None when it does not stand on the span."""
        for name, value in self.attributes:
            if name == attribute:
                return value
        return None


@dataclass(frozen=True)
class Relation:
    """A directed relation between two entities, named by their ids."""

    id: str
    type: str
    head: str
    tail: str
    score: float | None = None


@dataclass(frozen=True)
class About:
    """What a report says of itself, from letterhead, title and closing formula; None where it does not say.

    `issuer` is the issuing body with its place (`UBND huyện Đắk Song`), `place` its administrative unit by type word
    and name (`huyện Đắk Song`), `unit` the key that it is linked by (`old/67/665`) where that is sure, `level` one of
    province, district, commune, `parents` the units above it that the report names, nearest first. `number` is the
    report's own (`214/BC-UBND`), `symbol` the part after the stroke, `date` an ISO date (`YYYY-MM` when the day is
    left for the pen). `period` is the time the report is about in its own words, `period_start` and `period_end`
    inclusive ISO dates. `anchor` (`YYYY` or `YYYY-MM`) is what `tháng này` or `cùng kỳ` are counted from,
    `anchor_source` says where it stands: title, letterhead or text. `notes` name what was inferred.
    """

    issuer: str | None = None
    body: str | None = None
    place: str | None = None
    unit: str | None = None
    level: str | None = None
    parents: tuple[str, ...] = ()
    number: str | None = None
    symbol: str | None = None
    date: str | None = None
    title: str | None = None
    period: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    anchor: str | None = None
    anchor_source: str | None = None
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return all fields by name, ready for JSON: tuples as lists, what is not known as None."""
        pairs = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in pairs}


@dataclass(frozen=True)
class Document:
    """A text with its entities and relations. Offsets are characters of `text`.

    `source` of an entity holds fragments of the file's decoded characters when `text` is the reflowed text; gold
    documents read from brat are annotated on the source itself and leave it empty. `notes` keeps brat lines of other
    types, `warnings` says what reading or tagging could not do, `pages` lists the pages of a format that has them,
    `about` what the report says of itself.
    """

    name: str
    text: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    notes: tuple[str, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    about: About | None = None

    def entity(self, id: str) -> Entity:
        """Return the entity with this id; KeyError when there is none."""
        return self.by_id[id]

    @cached_property
    def by_id(self) -> dict[str, Entity]:
        """Entities by id."""
        return {entity.id: entity for entity in self.entities}

    def tails(self, head: str, type: str) -> Iterator[Entity]:
        """Yield the entities that relations of this type lead to from `head`."""
        known = self.by_id
        return (known[r.tail] for r in self.relations if r.head == head and r.type == type)


def fragments_text(text: str, fragments: Iterable[Fragment]) -> str:
    """Join the text of the fragments with blanks, as brat writes it."""
    return " ".join(text[start:end] for start, end in fragments)


def split_at_line_ends(text: str, start: int, end: int) -> tuple[Fragment, ...]:
    """Cut `[start, end)` into one fragment a line, without white space at the edges."""
    fragments = []
    position = start
    for line in text[start:end].splitlines(keepends=True):
        left = position + len(line) - len(line.lstrip())
        right = position + len(line.rstrip())
        if left < right:
            fragments.append((left, right))
        position += len(line)
    return tuple(fragments)
