"""Inline markup, one file a document; see `corpus.markup`. A text beside the file gives the offsets."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.convert.limits import META, NOTES, SCORES, Limit
from corpus.markup import compile_markup, format_markup
from corpus.markup.compile import in_order
from ie.document import Document


def _out_of_order(document: Document) -> int:
    ordered = in_order(document)
    pairs = zip([*ordered.entities, *ordered.relations], [*document.entities, *document.relations], strict=True)
    return sum(one != two for one, two in pairs)


IDS = Limit("ids out of the order of the text", _out_of_order, in_order)
LIMITS = (NOTES, SCORES, META, IDS)


def write(documents: Iterable[Document]) -> str:
    """Return the markup of one document."""
    (document,) = documents
    return format_markup(document)


def read(data: str, *, name: str, text: str | None = None) -> list[Document]:
    """Return the document of a marked text, laid on `text` when there is one; FormatError with the first problem."""
    return [compile_markup(data, text, name=name)]
