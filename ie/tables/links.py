"""Complete a tagged document by its tables: figures, units, indicators and times that heads and rows give them.

The model reads a row as it reads a sentence. Where the table itself says which unit, indicator or time a figure has,
that is put in the place of what the model linked; what the table leaves open stays as the model has it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from ie.document import Document, Entity, Fragment, Relation
from ie.normalise.units import parse_unit
from ie.tables.heads import Columns, bare, columns, unit_above, unit_in, words
from ie.tables.rows import Cell, Row, Table, tables
from ie.tables.totals import sums

Maker = Callable[[str, str, int, int], Entity]
"""Makes an entity of an id, a label and `[start, end)` of the text."""

_NUMBERING = re.compile(r"(?:[IVX]+|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)]\s+|[-–+*•]\s*")
_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONEY = "VND"


def complete(document: Document, make: Maker) -> Document:
    """Return the document with what its tables say; the same where it has none.

    Args:
        document: A tagged document, not yet normalised.
        make: Makes an entity that stands in the document's text, with its source and place.
    """
    found = list(tables(document.text))
    if not found:
        return document
    linker = _Linker(document, make)
    for table in found:
        linker.table(table)
    return linker.done()


class _Linker:
    """Entities and relations of a document while its tables are gone through."""

    def __init__(self, document: Document, make: Maker) -> None:
        self.document = document
        self.make = make
        self.entities = {entity.id: entity for entity in document.entities}
        self.relations = list(document.relations)
        self.heads: dict[str, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            self.heads[relation.head].append(relation)
        self.places: dict[int, list[Entity]] = defaultdict(list)
        for entity in document.entities:
            self.places[entity.start].append(entity)
        self.gone: set[Relation] = set()
        self.new: list[Relation] = []
        self.number = max((int(entity.id[1:]) for entity in document.entities if entity.id[1:].isdigit()), default=0)

    def done(self) -> Document:
        """Return the completed document; ids of relations are given anew where any was added."""
        kept = [r for r in self.relations if r not in self.gone and r.head in self.entities and r.tail in self.entities]
        number = max((int(r.id[1:]) for r in self.relations if r.id[1:].isdigit()), default=0)
        added = [
            replace(relation, id=f"R{number + index}")
            for index, relation in enumerate((r for r in self.new if r not in self.gone), 1)
        ]
        entities = tuple(sorted(self.entities.values(), key=_order))
        return replace(self.document, entities=entities, relations=(*kept, *added))

    def table(self, table: Table) -> None:
        """Go through the figures of one table."""
        self._part(table)
        found = columns(table)
        above = unit_above(self.document.text, table)
        for row in table.body:
            whole = len(row) == table.width
            if whole and 0 <= found.index < len(row):
                self._forget(row[found.index])
            last = None
            for cell in row:
                if cell.figure and cell.column not in (found.index, found.label):
                    last = self._figure(cell, row, found if whole else replace(found, unit=-1), above, last)
        for part, total in sums(table, found):
            ends = [next(self._inside(cell, "QUANTITY"), None) for cell in (part, total)]
            if ends[0] is not None and ends[1] is not None:
                self._link(ends[0], "PART_OF", ends[1])

    def _part(self, table: Table) -> None:
        """Drop spans that run over the bar between two cells."""
        for row in (*table.head, *table.body):
            for left, right in pairwise(row):
                for start in range(left.start, left.end):
                    for entity in self.places.get(start, ()):
                        if entity.end > right.start and entity.id in self.entities:
                            del self.entities[entity.id]

    def _forget(self, cell: Cell) -> None:
        """Drop a quantity that only numbers a row."""
        if re.fullmatch(r"[\d.]*", cell.text):
            for entity in self._inside(cell, "QUANTITY"):
                del self.entities[entity.id]

    def _figure(
        self, cell: Cell, row: Row, found: Columns, above: Fragment | None, last: Entity | None
    ) -> Entity | None:
        """Link one figure; `last` is the figure before it in the row."""
        if any(True for label in ("PERIOD", "LEGAL") for _ in self._inside(cell, label)):
            return last
        quantity = self._quantity(cell, found)
        unit = self._unit(cell, row, found, above)
        if unit is not None:
            self._link(quantity, "HAS_UNIT", unit)
        self._period(quantity, cell, found)
        if unit is not None and self._is_share(unit, cell, found, last):
            if last is not None and not self._tails(quantity, "RATIO_OF"):
                self._link(quantity, "RATIO_OF", last)
            self._unlink(quantity, "MEASURES")
            return last
        self._label(quantity, row, cell, found, unit)
        return quantity

    def _quantity(self, cell: Cell, found: Columns) -> Entity:
        start, end = cell.start, cell.start + len(cell.figure)
        known = next((e for e in self._inside(cell, "QUANTITY") if (e.start, e.end) == (start, end)), None)
        if known is None:
            for other in list(self._inside(cell, "QUANTITY")):
                del self.entities[other.id]
            known = self._add("QUANTITY", start, end)
        heads = " ".join(bare(head.text) for head in found.heads(cell.column))
        for name, kind in (("Planned", "planned"), ("Estimate", "estimate")):
            if any(word in heads for word in words(kind)) and not known.has(name) and "so voi" not in heads:
                known = replace(known, attributes=(*known.attributes, (name, "")))
                self.entities[known.id] = known
        return known

    def _unit(self, cell: Cell, row: Row, found: Columns, above: Fragment | None) -> Entity | None:
        """Return the unit: of the cell, the row's unit column, the head, the label, or the lines above the table."""
        if cell.text.endswith("%"):
            return self._at("UNIT", (cell.end - 1, cell.end))
        if 0 <= found.unit < len(row) and row[found.unit].text:
            own = row[found.unit]
            share = next((at for head in found.heads(cell.column) if (at := unit_in(head))), None)
            return self._at("UNIT", share or (own.start, own.end))
        for head in found.heads(cell.column):
            at = unit_in(head)
            if at is not None:
                return self._at("UNIT", at)
        at = unit_in(row[found.label]) if 0 <= found.label < len(row) else None
        at = at or above
        return self._at("UNIT", at) if at is not None else None

    def _period(self, quantity: Entity, cell: Cell, found: Columns) -> None:
        """Give a figure the time of its column, in the place of that of another."""
        for head in found.heads(cell.column):
            if _YEAR.fullmatch(head.text):
                self._link(quantity, "IN_PERIOD", self._at("PERIOD", (head.start, head.end)))
                return
            period = next(self._inside(head, "PERIOD"), None)
            if period is not None:
                self._link(quantity, "IN_PERIOD", period)
                return
        heads = {entity.id for row in found.table.head for head in row for entity in self._inside(head, "PERIOD")}
        for relation in self._tails(quantity, "IN_PERIOD"):
            if relation.tail in heads:
                self.gone.add(relation)

    def _is_share(self, unit: Entity, cell: Cell, found: Columns, last: Entity | None) -> bool:
        """Tell whether a figure is a percentage of the one before it in its row."""
        if unit.text != "%" or last is None or self._percent(last):
            return False
        heads = " ".join(bare(head.text) + head.text for head in found.heads(cell.column)).lower()
        return any(word in heads for word in words("ratio"))

    def _percent(self, quantity: Entity) -> bool:
        return any(self.entities[r.tail].text == "%" for r in self._tails(quantity, "HAS_UNIT"))

    def _label(self, quantity: Entity, row: Row, cell: Cell, found: Columns, unit: Entity | None) -> None:
        """Link a figure with what its row is about: an indicator, a place, a project."""
        if not 0 <= found.label < len(row) or not row[found.label].text:
            return
        label = row[found.label]
        project = next(self._inside(label, "PROJECT"), None)
        place = next(self._inside(label, "PLACE"), None)
        indicator = next(self._inside(label, "INDICATOR"), None)
        if project is not None and indicator is None:
            if unit is not None and _is_money(unit):
                self._link_once(project, "FUNDED", quantity)
            self._head_indicator(quantity, cell, found)
            return
        if place is not None and (indicator is None or _covers(place, label)):
            self._link(quantity, "LOCATED_IN", place)
            self._head_indicator(quantity, cell, found)
            return
        if bare(label.text) in words("total") and indicator is None:
            return
        self._link(quantity, "MEASURES", indicator or self._at("INDICATOR", _trimmed(label)))

    def _head_indicator(self, quantity: Entity, cell: Cell, found: Columns) -> bool:
        """Link a figure with the indicator that heads its column; return whether one does."""
        for head in found.heads(cell.column):
            known = next(self._inside(head, "INDICATOR"), None)
            name = bare(head.text)
            if known is None and (name in words("plain") or next(self._inside(head, "PERIOD"), None) or "%" in name):
                continue
            if known is None and not any(map(str.isalpha, name)):
                continue
            self._link(quantity, "MEASURES", known or self._at("INDICATOR", _trimmed(head)))
            return True
        return False

    def _inside(self, cell: Cell, label: str) -> Iterator[Entity]:
        """Yield the entities of a label that stand in a cell, as they start."""
        return iter(
            [
                self.entities[entity.id]
                for start in range(cell.start, cell.end)
                for entity in self.places.get(start, ())
                if entity.label == label and entity.end <= cell.end and entity.id in self.entities
            ]
        )

    def _at(self, label: str, place: Fragment) -> Entity:
        """Return the entity of a label at a place, a new one where there is none."""
        for entity in self.places.get(place[0], ()):
            if entity.label == label and entity.end == place[1] and entity.id in self.entities:
                return self.entities[entity.id]
        return self._add(label, *place)

    def _add(self, label: str, start: int, end: int) -> Entity:
        self.number += 1
        entity = self.make(f"T{self.number}", label, start, end)
        self.entities[entity.id] = entity
        self.places[start].append(entity)
        return entity

    def _tails(self, head: Entity, type: str) -> list[Relation]:
        return [r for r in self.heads[head.id] if r.type == type and r not in self.gone and r.tail in self.entities]

    def _unlink(self, head: Entity, type: str) -> None:
        self.gone.update(self._tails(head, type))

    def _link(self, head: Entity, type: str, tail: Entity) -> None:
        """Make `tail` the only one that a relation of this type leads to."""
        known = self._tails(head, type)
        self.gone.update(relation for relation in known if relation.tail != tail.id)
        if not any(relation.tail == tail.id for relation in known):
            self._relate(head, type, tail)

    def _link_once(self, head: Entity, type: str, tail: Entity) -> None:
        if not any(relation.tail == tail.id for relation in self._tails(head, type)):
            self._relate(head, type, tail)

    def _relate(self, head: Entity, type: str, tail: Entity) -> None:
        relation = Relation(f"new{len(self.new)}", type, head.id, tail.id)
        self.new.append(relation)
        self.heads[head.id].append(relation)


def _order(entity: Entity) -> tuple[int, int]:
    return (entity.start, -entity.end)


def _covers(entity: Entity, cell: Cell) -> bool:
    """Tell whether a place fills a label but for brackets."""
    return entity.end - entity.start >= 0.8 * len(_BRACKETS.sub("", cell.text))


def _is_money(unit: Entity) -> bool:
    known = parse_unit(unit.text)
    return known is not None and known.canonical == _MONEY


def _trimmed(cell: Cell) -> Fragment:
    """Return a label without its numbering and its brackets."""
    numbering = _NUMBERING.match(cell.text)
    start = numbering.end() if numbering and numbering.end() < len(cell.text) else 0
    end = len(_BRACKETS.sub("", cell.text)) or len(cell.text)
    return (cell.start + min(start, end - 1), cell.start + end)
