"""spaCy's DocBin: documents on their own text, carried the way `ie.spans` carries them.

`doc.spans["ie"]` holds every fragment as a span whose id is the entity's, so a span cut at a line end or a footnote
comes back whole; relations and attributes stand in the user data both the pipeline's way and, by id, for the way back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from corpus.convert.limits import SCORES
from corpus.tokens import tokens
from ie import spans as carry
from ie.document import Document, Entity, Relation, fragments_text
from ie.errors import FormatError
from ie.spans import GROUP, Key, Link

LIMITS = (SCORES,)
_RECORD = "corpus_document"


def write(documents: Iterable[Document]) -> bytes:
    """Return the documents as the bytes of a DocBin."""
    vocab = Vocab()
    docs = [to_doc(document, vocab) for document in documents]
    return bytes(DocBin(docs=docs, store_user_data=True).to_bytes())


def to_doc(document: Document, vocab: Vocab) -> Doc:
    """Return a spaCy Doc of the text as it is, white space kept as tokens."""
    words, spaces, starts = _words(document)
    doc = Doc(vocab, words=words, spaces=spaces)
    place = {start: index for index, start in enumerate(starts)} | {len(document.text): len(words)}
    ends = {start + len(word): index + 1 for index, (start, word) in enumerate(zip(starts, words, strict=True))}
    keys: dict[str, Key] = {}
    group = []
    for entity in document.entities:
        for start, end in entity.fragments:
            span = Span(doc, place[start], ends[end], label=entity.label, span_id=entity.id)
            keys.setdefault(entity.id, Key(entity.label, span.start, span.end))
            group.append(span)
    doc.spans[GROUP] = group
    carry.set_relations(doc, [Link(r.type, keys[r.head], keys[r.tail]) for r in document.relations])
    carry.set_attributes(doc, {keys[e.id]: e.attributes for e in document.entities if e.attributes})
    doc.user_data[_RECORD] = _record(document)
    return doc


def _words(document: Document) -> tuple[list[str], list[bool], list[int]]:
    """Return words, whether a blank follows each, and where each starts; other white space makes words of its own."""
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[int] = []

    def take(start: int, end: int) -> None:
        if start < end:
            words.append(text[start:end])
            spaces.append(False)
            starts.append(start)

    text, at = document.text, 0
    for start, end in [*tokens(document), (len(text), len(text))]:
        if words and text[at:start].startswith(" "):
            spaces[-1], at = True, at + 1
        take(at, start)
        take(start, end)
        at = end
    return words, spaces, starts


def _record(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "meta": dict(document.meta),
        "notes": list(document.notes),
        "order": [entity.id for entity in document.entities],
        "attributes": {e.id: [list(pair) for pair in e.attributes] for e in document.entities if e.attributes},
        "relations": [[r.id, r.type, r.head, r.tail] for r in document.relations],
    }


def read(data: bytes, *, where: str) -> list[Document]:
    """Return the documents of a DocBin written here; FormatError when it is none, or was written elsewhere."""
    try:
        docs = list(DocBin(store_user_data=True).from_bytes(data).get_docs(Vocab()))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise FormatError(f"{where}: not a spaCy DocBin ({type(error).__name__})") from error
    return [to_document(doc, where) for doc in docs]


def to_document(doc: Doc, where: str) -> Document:
    """Return the document that `to_doc` made a Doc of."""
    record = doc.user_data.get(_RECORD)
    if record is None:
        raise FormatError(f"{where}: its documents carry no corpus record; only exports of the corpus come back")
    text = doc.text
    pieces: dict[str, list[Span]] = {}
    for span in doc.spans[GROUP]:
        pieces.setdefault(span.id_, []).append(span)
    entities = []
    for id in record["order"]:
        fragments = tuple((span.start_char, span.end_char) for span in pieces[id])
        pairs = tuple((name, value) for name, value in record["attributes"].get(id, ()))
        entities.append(Entity(id, pieces[id][0].label_, fragments, fragments_text(text, fragments), pairs))
    relations = tuple(Relation(*row) for row in record["relations"])
    return Document(record["name"], text, tuple(entities), relations, tuple(record["notes"]), dict(record["meta"]))
