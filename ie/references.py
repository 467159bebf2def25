"""The documents that a report refers to, each once, with all its mentions and the words that point back to it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ie.document import Document, Entity
from ie.identity import Citation, LegalDocument, LegalIdentity, plain
from ie.normalise.back import BackReference, Introduced, back_references, own_kind


@dataclass(frozen=True)
class CitedDocument(LegalDocument):
    """One document of a report: what its mentions say together.

    The first mention that tells a field counts; `key` is that of the first. `mentions` are the ids of its LEGAL spans,
    `cited` the articles cited at any of them, `back` the words that point back to it (`Nghị quyết này`) outside all
    spans.
    """

    key: str = ""
    mentions: tuple[str, ...] = ()
    cited: tuple[Citation, ...] = ()
    back: tuple[BackReference, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the fields that are set, ready for JSON."""
        found: dict[str, object] = plain(self)
        return found


_FIELDS = tuple(each.name for each in fields(LegalDocument))


def references_of(document: Document) -> tuple[CitedDocument, ...]:
    """Return the documents that the LEGAL spans of a normalised document refer to, in order of first mention."""
    spans = [entity for entity in document.entities if entity.label == "LEGAL"]
    groups: dict[str, list[tuple[Entity, LegalIdentity]]] = {}
    for entity in sorted(spans, key=_position):
        value = entity.value
        if value and value.key and value.legal:
            groups.setdefault(value.legal.uid or value.key, []).append((entity, value.legal))
    back = _back(document, spans)
    return tuple(_cited(group, back) for group in _joined(groups).values())


def _joined(groups: dict[str, list[tuple[Entity, LegalIdentity]]]) -> dict[str, list[tuple[Entity, LegalIdentity]]]:
    """Put mentions that point to an entity into the group of that entity."""
    home = {entity.id: name for name, group in groups.items() for entity, _ in group}
    joined: dict[str, list[tuple[Entity, LegalIdentity]]] = {}
    for name, group in groups.items():
        for entity, identity in group:
            joined.setdefault(home.get(identity.ref or "", name), []).append((entity, identity))
    return joined


def _position(entity: Entity) -> tuple[int, int]:
    return entity.start, entity.end


def _cited(group: list[tuple[Entity, LegalIdentity]], back: list[BackReference]) -> CitedDocument:
    ids = tuple(entity.id for entity, _ in group)
    told = {name: next((found for _, each in group if (found := getattr(each, name))), None) for name in _FIELDS}
    first = group[0][0].value
    return CitedDocument(
        **told,
        key=(first.key if first else None) or "",
        mentions=ids,
        cited=tuple(dict.fromkeys(each for _, identity in group for each in identity.cited)),
        back=tuple(each for each in back if set(ids).intersection(each.refs)),
    )


def _back(document: Document, spans: list[Entity]) -> list[BackReference]:
    """Return the words that point back outside the LEGAL spans."""
    named = [entity for entity in sorted(spans, key=_position) if entity.value and entity.value.legal]
    known = [Introduced(entity.id, entity.start, entity.end, _type(entity)) for entity in named]
    inside = {position for entity in spans for position in range(entity.start, entity.end)}
    found = back_references(document.text, known, own=own_kind(document))
    return [each for each in found if each.start not in inside]


def _type(entity: Entity) -> str | None:
    return entity.value.legal.type if entity.value and entity.value.legal else None
