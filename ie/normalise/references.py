"""The documents that a report refers to: each LEGAL span with all that its neighbours and the report say of it.

Lists lend each other kind, symbol and issuer; a short reference (`Nghị quyết 12`) takes what it leaves out from the one
that introduced the document; `UBND tỉnh` is that of the report's province; well-known laws go by their number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ie.document import Document, Entity, Value
from ie.identity import LegalIdentity
from ie.normalise.back import Introduced, back_references, own_kind
from ie.normalise.bodies import Own, body_by_symbol, body_of, is_national
from ie.normalise.citations import citations_before
from ie.normalise.fold import clean
from ie.normalise.laws import law_of
from ie.normalise.legal import Reference, legal_value, read_legal
from ie.normalise.places.gazetteer import gazetteer
from ie.normalise.reference_lists import Read, expand, resolve, runs, says_issuer
from ie.records import changed

_MINISTRY = re.compile(r"^(?:TT|TTLT|QĐ|CT)(?:-B[A-ZĐ]{1,8})+$|^(?:UBTV)?QH[0-9]+$")
_TITLE_AFTER = re.compile(r"\s*,?\s*(?:[Vv]ề việc|[Vv]ề|[Vv]/v)\s+([^,.;:()\n\"“”]{4,200})")


def link_legal(document: Document) -> Document:
    """Return the document with the values of its LEGAL spans set; places must have been linked before."""
    spans = sorted((entity for entity in document.entities if entity.label == "LEGAL"), key=_position)
    if not spans:
        return document
    read = [Read(entity, read_legal(entity.text)) for entity in spans]
    for run in runs(read, document.text):
        expand(run)
    resolve(read)
    back = _pointing_back(document, read)
    own = _own(document)
    inside = _places_inside(document, spans)
    by_id = {each.entity.id: each for each in read}
    values = {
        each.entity.id: _value(each, document.text, inside[each.entity.id], own, by_id, back.get(each.entity.id, ()))
        for each in read
    }
    return replace(
        document,
        entities=tuple(
            changed(entity, value=values[entity.id]) if entity.label == "LEGAL" else entity
            for entity in document.entities
        ),
    )


def _own(document: Document) -> Own:
    about = document.about
    if about is None or about.unit is None:
        return Own()
    when = about.date or about.anchor
    return Own(gazetteer().units.get(about.unit), int(when[:4]) if when else None)


def _position(entity: Entity) -> tuple[int, int]:
    return entity.start, entity.end


def _pointing_back(document: Document, read: Sequence[Read]) -> dict[str, tuple[str, ...]]:
    """Return what the spans point to that say no more than `Nghị quyết này`."""
    empty = [each for each in read if each.reference is None]
    if not empty:
        return {}
    known = [Introduced(e.entity.id, e.entity.start, e.entity.end, e.reference.type) for e in read if e.reference]
    found = back_references(document.text, known, own=own_kind(document))
    starts = {each.start: each.refs for each in found}
    return {each.entity.id: starts[each.entity.start] for each in empty if starts.get(each.entity.start)}


def _places_inside(document: Document, spans: Sequence[Entity]) -> dict[str, list[Entity]]:
    """Return the PLACE spans inside each LEGAL span; both are gone through once, in order of the text."""
    places = sorted((entity for entity in document.entities if entity.label == "PLACE"), key=_position)
    found: dict[str, list[Entity]] = {}
    first = 0
    for span in spans:
        while first < len(places) and places[first].start < span.start:
            first += 1
        at = first
        found[span.id] = []
        while at < len(places) and places[at].start < span.end:
            if places[at].end <= span.end:
                found[span.id].append(places[at])
            at += 1
    return found


def _value(
    each: Read,
    text: str,
    places: Sequence[Entity],
    own: Own,
    by_id: Mapping[str, Read],
    back: Sequence[str],
) -> Value | None:
    """Put together the value of one span; one that only points back has the key of what it points to."""
    reference, cited = each.reference, citations_before(text, each.entity.start)
    if reference is None:
        target = by_id[back[-1]].reference if back and back[-1] in by_id else None
        identity = LegalIdentity(ref=back[-1], cited=cited) if back else None
        return Value("legal", key=target.key if target else None, legal=identity) if identity else None
    identity = _identity(each, reference, places, own)
    title = _TITLE_AFTER.match(text, each.entity.end)
    if identity.title is None and title and reference.number:
        identity = replace(identity, title=clean(title[1]), notes=(*identity.notes, "title from text"))
    law = law_of(reference.key)
    key = law.key if law else reference.key
    if law:
        identity = replace(identity, title=law.title, notes=(*identity.notes, "title of a well-known document"))
    value = legal_value(reference)
    return replace(value, key=key, legal=replace(identity, cited=cited, uid=_uid(key, identity, law=bool(law))))


def _identity(each: Read, reference: Reference, places: Sequence[Entity], own: Own) -> LegalIdentity:
    """Return what is known of a document, with its issuer in full."""
    day = reference.date.isoformat() if reference.date else None
    notes = list(each.notes)
    body = None
    if reference.issuer and (says_issuer(each) or any(note.startswith("issuer from") for note in notes)):
        body = body_of(reference.issuer, places=places, own=own, date=day or reference.year)
    elif reference.issuer:
        notes.append("issuer from symbol")
        body = body_by_symbol(reference.issuer, reference.symbol or "", own=own, date=day or reference.year)
    if body and body.source == "report":
        notes.append("issuer's place from report")
    return LegalIdentity(
        reference.type,
        reference.number,
        reference.year,
        reference.symbol,
        body.name if body else None,
        body.place if body else None,
        date=day,
        title=reference.title,
        ref=each.ref,
        notes=tuple(notes),
    )


def _uid(key: str, identity: LegalIdentity, *, law: bool) -> str | None:
    """Return what tells a document from all others, None where number, year or place is missing."""
    if law:
        return key
    if not (identity.number and identity.year and identity.symbol):
        return None
    if identity.issuer_place:
        return f"{key}@{identity.issuer_place}"
    return key if is_national(identity.symbol) or _MINISTRY.search(identity.symbol) else None
