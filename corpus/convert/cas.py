"""UIMA CAS XMI, which INCEpTION imports and exports, through dkpro-cassis (extra `inception`).

Spans are of the custom type `webanno.custom.ReportSpan`, relations of `webanno.custom.ReportRelation`; lines are
sentences. Every fragment is an annotation of its own with the entity's id as `identifier`, so cut spans come back
whole. dkpro-cassis translates between code points and UTF-16. A file is a ZIP of one `.xmi` a document and their
`TypeSystem.xml`, as INCEpTION exports it.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lxml.etree import XMLSyntaxError

from corpus.convert.limits import SCORES, Limit
from corpus.files import parse_json
from corpus.tokens import tokens
from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import FormatError, InputError
from ie.schema import schema

SPAN, LINK, RECORD = "webanno.custom.ReportSpan", "webanno.custom.ReportRelation", "webanno.custom.ReportRecord"
_SEGMENTS = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type"
_TYPES = "TypeSystem.xml"
_STAMP = (1980, 1, 1, 0, 0, 0)
"""Time written into the ZIP, so that the same documents give the same bytes."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _blanked(document: Document) -> Document:
    return replace(document, text=_CONTROL.sub(" ", document.text))


def _control_count(document: Document) -> int:
    return len(_CONTROL.findall(document.text))


CONTROL = Limit("control characters (become blanks)", _control_count, _blanked)
LIMITS = (SCORES, CONTROL)


def _cassis() -> Any:
    try:
        import cassis
    except ImportError as error:
        raise InputError("format inception needs dkpro-cassis; run pip install dkpro-cassis") from error
    return cassis


def _type_system() -> Any:
    types = _cassis().load_dkpro_core_typesystem()
    span, link = types.create_type(SPAN), types.create_type(LINK)
    record = types.create_type(RECORD)
    for name in ("label", "identifier", "attributes"):
        types.create_feature(span, name, "uima.cas.String")
    for name in ("label", "identifier"):
        types.create_feature(link, name, "uima.cas.String")
    for name in ("Governor", "Dependent"):
        types.create_feature(link, name, SPAN)
    types.create_feature(record, "json", "uima.cas.String")
    return types


def write(documents: Iterable[Document]) -> bytes:
    """Return the documents as a ZIP of XMI files; InputError when dkpro-cassis is not installed."""
    types = _type_system()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for document in documents:
            file.writestr(_entry(f"{document.name}.xmi"), to_cas(_blanked(document), types).to_xmi())
        file.writestr(_entry(_TYPES), types.to_xml())
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def to_cas(document: Document, types: Any) -> Any:
    """Return a CAS with the document's text, its lines and tokens, spans, relations and record."""
    cas = _cassis().Cas(typesystem=types)
    cas.sofa_string, cas.sofa_mime = document.text, "text/plain"
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", document.text)]
    for name, ranges in (("Sentence", lines), ("Token", tokens(document))):
        made = types.get_type(f"{_SEGMENTS}.{name}")
        cas.add_all([made(begin=start, end=end) for start, end in ranges])
    first = _add_spans(document, cas, types.get_type(SPAN))
    link = types.get_type(LINK)
    for relation in document.relations:
        head, tail = first[relation.head], first[relation.tail]
        ends = {"begin": tail.begin, "end": tail.end, "Governor": head, "Dependent": tail}
        cas.add(link(label=relation.type, identifier=relation.id, **ends))
    cas.add(types.get_type(RECORD)(begin=0, end=0, json=_record(document)))
    return cas


def _add_spans(document: Document, cas: Any, span: Any) -> dict[str, Any]:
    first: dict[str, Any] = {}
    for entity in document.entities:
        marks = " ".join(f"{name}={value}" if value else name for name, value in entity.attributes)
        for start, end in entity.fragments:
            made = span(begin=start, end=end, label=entity.label, identifier=entity.id, attributes=marks)
            first.setdefault(entity.id, made)
            cas.add(made)
    return first


def _record(document: Document) -> str:
    import json

    order = [entity.id for entity in document.entities]
    row = {"name": document.name, "meta": document.meta, "notes": document.notes, "order": order}
    return json.dumps(row, ensure_ascii=False)


def read(data: bytes, *, where: str) -> list[Document]:
    """Return the documents of a ZIP of XMI files; FormatError when it is none or an annotation breaks the schema."""
    sources, types = _unpacked(data, where)
    if not sources:
        raise FormatError(f"{where}: holds no .xmi file; export as UIMA CAS XMI")
    absent = [name for name in (SPAN, LINK) if not types.contains_type(name)]
    if absent:
        raise FormatError(f"{where}: its {_TYPES} has no layer {', '.join(absent)}; annotate in the layers we export")
    return [
        to_document(_cas(source, types, f"{where}: {name}"), Path(name).stem, f"{where}: {name}")
        for name, source in sources
    ]


def _unpacked(data: bytes, where: str) -> tuple[list[tuple[str, bytes]], Any]:
    """Return the XMI files of a ZIP by name and its type system."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            sources = [(name, file.read(name)) for name in file.namelist() if name.endswith(".xmi")]
            return sources, _cassis().load_typesystem(io.BytesIO(file.read(_TYPES)))
    except (zipfile.BadZipFile, KeyError) as error:
        raise FormatError(f"{where}: not a ZIP of .xmi files with {_TYPES}; export as UIMA CAS XMI") from error
    except (XMLSyntaxError, ValueError) as error:
        raise FormatError(f"{where}: {_TYPES} cannot be read; export as UIMA CAS XMI") from error


def _cas(source: bytes, types: Any, where: str) -> Any:
    """Return the CAS of an XMI file, all of whose spans lie inside its text."""
    cassis = _cassis()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an offset beyond the text is said below, with the file
            cas = cassis.load_cas_from_xmi(io.BytesIO(source), typesystem=types)
    except KeyError as error:
        raise FormatError(f"{where}: points to an annotation {error} that it does not hold; export it again") from error
    except (XMLSyntaxError, cassis.typesystem.TypeNotFoundError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise FormatError(f"{where}: cannot be read ({reason}); export it again as UIMA CAS XMI") from error
    for span in cas.select(SPAN):
        if not 0 <= span.begin < span.end <= len(cas.sofa_string or ""):
            raise FormatError(f"{where}: a span at {span.begin} to {span.end} lies outside the text or is empty")
    return cas


def to_document(cas: Any, name: str, where: str) -> Document:
    """Return the document of a CAS; spans drawn in INCEpTION, which have no identifier yet, get the next free one."""
    records = list(cas.select(RECORD)) if cas.typesystem.contains_type(RECORD) else []
    held = parse_json(records[0].json, where) if records else {}
    row: dict[str, Any] = {"name": name, "meta": {}, "notes": [], "order": [], **held}
    pieces = _pieces(cas)
    entities = {id: _entity(id, spans, cas.sofa_string, where) for id, spans in pieces.items()}
    order = [id for id in row["order"] if id in entities]
    order += [id for id in entities if id not in set(order)]
    owner = {span.xmiID: id for id, spans in pieces.items() for span in spans}
    relations = tuple(_relations(cas, owner, entities, where))
    made = tuple(entities[id] for id in order)
    return Document(row["name"], cas.sofa_string, made, relations, tuple(row["notes"]), row["meta"])


def _pieces(cas: Any) -> dict[str, list[Any]]:
    spans = sorted(cas.select(SPAN), key=lambda span: (span.begin, -span.end))
    free = 1 + max((int(s.identifier[1:]) for s in spans if re.fullmatch(r"T\d+", s.identifier or "")), default=0)
    pieces: dict[str, list[Any]] = {}
    for span in spans:
        if not span.identifier:
            span.identifier, free = f"T{free}", free + 1
        pieces.setdefault(span.identifier, []).append(span)
    return pieces


def _entity(id: str, spans: list[Any], text: str, where: str) -> Entity:
    label = spans[0].label or "(none)"
    schema().check_label(label, f"{where} {id}")
    fragments: tuple[Fragment, ...] = tuple((span.begin, span.end) for span in spans)
    marks = (mark.partition("=") for mark in (spans[0].attributes or "").split())
    return Entity(id, label, fragments, fragments_text(text, fragments), tuple((n, value) for n, _, value in marks))


def _relations(cas: Any, owner: dict[Any, str], entities: dict[str, Entity], where: str) -> Iterator[Relation]:
    links = list(cas.select(LINK))
    links.sort(
        key=lambda link: int(link.identifier[1:]) if re.fullmatch(r"R\d+", link.identifier or "") else len(links)
    )
    for number, link in enumerate(links, 1):
        head, tail = (owner.get(end.xmiID) if end else None for end in (link.Governor, link.Dependent))
        if head is None or tail is None:
            raise FormatError(f"{where}: relation {number} does not join two spans; draw it anew or delete it")
        label = link.label or "(none)"
        schema().check_relation(label, entities[head].label, entities[tail].label, f"{where} relation {number}")
        yield Relation(link.identifier or f"R{number}", label, head, tail)
