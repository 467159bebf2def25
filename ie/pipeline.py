"""From a file to linked spans: read, reflow, tokenise, tag, relate, and back to the source's offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ie import spans as carry
from ie import tokens
from ie.document import Document, Entity, Fragment, Relation
from ie.errors import IEError
from ie.layout import Layout
from ie.models import load
from ie.normalise import normalise
from ie.read import ReadOptions, Source, read, read_bytes
from ie.read.plain import canonical
from ie.records import changed
from ie.reflow import reflow
from ie.spans import Key
from ie.tables import complete

MAX_PIECE = 20_000
"""Longest piece in characters tagged at once; longer texts are cut between paragraphs, long lines between sentences."""

BATCH = 4
"""Pieces of a long text tagged together: memory grows with it, and more gain nothing on a processor."""

TOGETHER = 32
"""Most files tagged together; they hold BATCH * MAX_PIECE characters at most, a longer one is tagged by itself."""

_ENTITY, _RELATION = Entity("", "", (), ""), Relation("", "", "", "")
"""What entities and relations are copied from, in a third of the time that it takes to make them."""

MAX_STRINGS = 10_000
"""How many words the vocabulary keeps from document to document; more are forgotten after each."""


@dataclass(frozen=True)
class Failure:
    """An input that could not be tagged, and why in one line."""

    path: Path
    reason: str


def tag(
    path: str | Path, *, nlp: Language | None = None, any_language: bool = False, options: ReadOptions | None = None
) -> Document:
    """Tag one file; InputError when it cannot be read. `options` says how to read and goes before `any_language`."""
    options = options or ReadOptions(any_language=any_language)
    return tag_source(read(Path(path), options=options), nlp or load())


def tag_bytes(
    data: bytes,
    name: str,
    *,
    nlp: Language | None = None,
    any_language: bool = False,
    options: ReadOptions | None = None,
) -> Document:
    """Tag the bytes of a file by its name, as `tag` does; InputError when they cannot be read."""
    options = options or ReadOptions(any_language=any_language)
    return tag_source(read_bytes(data, name, options=options), nlp or load())


def tag_text(text: str, *, name: str = "text", nlp: Language | None = None) -> Document:
    """Tag decoded characters; entities carry offsets of the reflowed text and fragments of `text` as `source`."""
    return tag_source(Source(name, text, "", "str"), nlp or load())


def tag_many(
    paths: Iterable[str | Path],
    *,
    nlp: Language | None = None,
    any_language: bool = False,
    options: ReadOptions | None = None,
) -> Iterator[Document | Failure]:
    """Tag files in their order; one that cannot be read yields a Failure and stops nothing.

    Short files are read and tagged some at a time, which is faster, and answered when all of these are done.
    """
    pipeline = nlp or load()
    for group in _groups(paths, options or ReadOptions(any_language=any_language)):
        tagged = iter(_tagged([each for each in group if isinstance(each, Source)], pipeline))
        yield from (each if isinstance(each, Failure) else next(tagged) for each in group)


def _groups(paths: Iterable[str | Path], options: ReadOptions) -> Iterator[list[Source | Failure]]:
    """Yield what became of the files in their order, those that are tagged together as one list."""
    group: list[Source | Failure] = []
    size = 0
    for path in map(Path, paths):
        found = _read(path, options)
        length = 0 if isinstance(found, Failure) else len(found.text)
        if group and (size + length > BATCH * MAX_PIECE or len(group) == TOGETHER):
            yield group
            group, size = [], 0
        group.append(found)
        size += length
    if group:
        yield group


def _read(path: Path, options: ReadOptions) -> Source | Failure:
    try:
        return read(path, options=options)
    except IEError as error:
        return Failure(path, str(error))


def tag_source(source: Source, nlp: Language) -> Document:
    """Tag what was read already."""
    return _tagged([source], nlp)[0]


def _tagged(sources: Sequence[Source], nlp: Language) -> list[Document]:
    """Return the tagged documents of the sources: the pieces of all go through the pipeline together."""
    reports = [_Report(canonical(source)) for source in sources]
    pieces = [(piece, (report, offset)) for report in reports for piece, offset in report.pieces()]
    with _bounded(nlp):
        batch = BATCH if len(sources) == 1 else TOGETHER
        for doc, (report, offset) in nlp.pipe(pieces, as_tuples=True, batch_size=batch):
            report.add(doc, offset)
    return [report.document() for report in reports]


def _bounded(nlp: Language) -> AbstractContextManager[Any]:
    """Return what lets go of the words of a document after it, once the vocabulary knows MAX_STRINGS of them.

    spaCy keeps every word it ever saw; figures bring new ones without end.
    """
    vocab = nlp.vocab
    return nlp.memory_zone() if len(vocab.strings) > MAX_STRINGS and not vocab.in_memory_zone else nullcontext()


def _pieces(text: str) -> tuple[list[tuple[str, int]], int]:
    """Cut a text into `(piece, offset)` of at most MAX_PIECE characters; also return how often a paragraph was cut."""
    found: list[tuple[str, int]] = []
    cut = 0
    start = 0
    while start < len(text):
        end = len(text)
        if end - start > MAX_PIECE:
            end = text.rfind("\n", start, start + MAX_PIECE) + 1
            if end <= start:
                cut += 1
                end = _sentence_end(text, start)
        if text[start:end].strip():
            found.append((text[start:end], start))
        start = end
    return found, cut


def _sentence_end(text: str, start: int) -> int:
    """Return where to cut a paragraph longer than a piece: after its last sentence, blank or character that fits."""
    window = text[start : start + MAX_PIECE]
    for pattern in (r"[.;!?]\s", r"\s"):
        ends = [match.end() for match in re.finditer(pattern, window)]
        if ends:
            return start + ends[-1]
    return start + MAX_PIECE


class _Report:
    """One text on its way: reflowed and cut into pieces, then what was found in these, with offsets of the whole."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.flowed = reflow(source.text, source.layout)
        self.warnings = list(source.warnings)
        self.entities: list[Entity] = []
        self.relations: list[Relation] = []

    def pieces(self) -> list[tuple[str, int]]:
        """Return `(piece, offset)` of the reflowed text."""
        found, cut = _pieces(self.flowed.text)
        if cut:
            self.warnings.append(
                f"paragraphs longer than {MAX_PIECE} characters were cut between sentences, {cut} times"
            )
        return found

    def document(self) -> Document:
        """Return all that was found, normalised."""
        source = self.source
        uncalled = sum(note.called_at is None for note in self.flowed.footnotes)
        if uncalled:
            self.warnings.append(f"{uncalled} footnotes whose mark was not found in the text")
        meta = {"sha256": source.sha256, "encoding": source.encoding, "format": source.format}
        document = Document(
            source.name,
            self.flowed.text,
            tuple(self.entities),
            tuple(self.relations),
            (),
            meta,
            tuple(self.warnings),
            source.pages(),
        )
        return normalise(complete(document, self.entity))

    def entity(self, id: str, label: str, start: int, end: int, **said: Any) -> Entity:
        """Return an entity at `[start, end)` of the text with its source, page and boxes, and what else is `said`."""
        fragments = self.flowed.source(start, end, self.source.text)
        if self.source.layout is not None:
            said |= _on_page(self.source.layout, fragments)
        text, source = self.flowed.text[start:end], self.source.fragments(fragments)
        return changed(_ENTITY, id=id, label=label, fragments=((start, end),), text=text, source=source, **said)

    def add(self, doc: Doc, offset: int) -> None:
        """Take over what was found in one piece that starts at `offset`."""
        ids: dict[Key, str] = {}
        scores, marked = carry.scores(doc), carry.attributes(doc)
        starts, ends = tokens.bounds(doc)
        for key in carry.keys(doc):
            start, end = offset + starts[key.start], offset + ends[key.end - 1]
            ids[key] = f"T{len(self.entities) + 1}"
            score = scores.get(key)
            sure = round(score, 4) if score is not None else None
            attributes = marked.get(key, ())
            self.entities.append(self.entity(ids[key], key.label, start, end, attributes=attributes, score=sure))
        for link in carry.relations(doc):
            id = f"R{len(self.relations) + 1}"
            head, tail, score = ids[link.head], ids[link.tail], round(link.score, 4)
            self.relations.append(changed(_RELATION, id=id, type=link.type, head=head, tail=tail, score=score))


def _on_page(layout: Layout, fragments: tuple[Fragment, ...]) -> dict[str, Any]:
    """Return what a layout says of where a span stands."""
    return {
        "page": layout.page_of(fragments[0][0]) if fragments else None,
        "bbox": layout.boxes_of(fragments),
        "confidence": layout.confidence_of(fragments),
    }
