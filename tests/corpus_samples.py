"""A small invented corpus and documents made at random, for the tests of the corpus."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from corpus.checks.spans import clash
from corpus.compose import compose_file
from corpus.folder import Folder
from corpus.importer import add
from corpus.markup.compile import in_order
from ie.document import Document, Entity, Fragment, Relation, fragments_text, split_at_line_ends
from ie.schema import schema

_SOURCES = sorted((Path(__file__).parent / "corpus_sources").glob("*.inl"))
_SPLITS = {"s1": "train", "s2": "dev", "s3": "test"}


def compiled(folder: Path) -> Path:
    """Compile the sample reports into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in _SOURCES:
        composed = compose_file(path, folder)
        assert composed.document is not None, composed.problems
    return folder


def small_corpus(folder: Path) -> Path:
    """Make a corpus of four reports below `folder` and return its root."""
    source, root = compiled(folder / "made"), folder / "root"
    for author, split in _SPLITS.items():
        ids = tuple(path.stem for path in _SOURCES if path.stem.startswith(author))
        added = add(source, split=split, author=author, only=ids, root=root)
        assert added.ids == ids, added.problems
    return root


def rewrite_record(root: Path, id: str, /, **changes: object) -> None:
    """Change fields of a report's record as a hand might, without any check."""
    path = Folder(root).metadata
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    rows = [row | changes if row["id"] == id else row for row in rows]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


_WORDS = [
    "tổng",
    "thu",
    "1.250",
    "12,5",
    "ha",
    "xã",
    "Đắk",
    "R'lấp",
    "triệu",
    "đồng",
    "(ước)",
    "%",
    ",",
    "64/72",
    "năm",
]
_ATTRIBUTES = st.lists(
    st.sampled_from([("Estimate", ""), ("Planned", ""), ("Change", ""), ("Basis", "plan"), ("Open", "")]),
    unique_by=lambda pair: pair[0],
    max_size=2,
)


@st.composite
def documents(draw: st.DrawFn, *, interrupted: bool = True, max_spans: int = 8) -> Document:
    """Draw a document as compiling would give it: lines of words, nested spans, relations, attributes."""
    lines = draw(st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8), min_size=1, max_size=4))
    text = "\n".join(" ".join(line) for line in lines) + draw(st.sampled_from(["", "\n"]))
    ranges = _word_ranges(text)
    entities: list[Entity] = []
    for number in range(draw(st.integers(0, max_spans))):
        label = draw(st.sampled_from(sorted(schema().labels)))
        fragments = _fragments(draw, text, ranges, interrupted)
        pairs = draw(_ATTRIBUTES) if label == "QUANTITY" else []
        made = Entity(f"X{number}", label, fragments, fragments_text(text, fragments), tuple(pairs))
        if _fits(made, entities):
            entities.append(made)
    document = Document("drawn", text, tuple(entities), _relations(draw, entities))
    return in_order(in_order(document))


def _word_ranges(text: str) -> list[Fragment]:
    ranges, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        ranges.append((start, start + len(word)))
        start += len(word)
    return ranges


def _fragments(draw: st.DrawFn, text: str, ranges: list[Fragment], interrupted: bool) -> tuple[Fragment, ...]:
    first = draw(st.integers(0, len(ranges) - 1))
    last = draw(st.integers(first, min(first + 3, len(ranges) - 1)))
    fragments = split_at_line_ends(text, ranges[first][0], ranges[last][1])
    if interrupted and last + 2 < len(ranges) and draw(st.booleans()):
        again = draw(st.integers(last + 2, len(ranges) - 1))
        fragments += (ranges[again],)
    return fragments


def _fits(made: Entity, entities: list[Entity]) -> bool:
    """Keep spans that nest within the hull of another or stand apart, so that no edge lies inside a gap's rest."""
    if made.text[0] in ",%(" and len(made.text) == 1 and made.text == ",":
        return False
    if made.text.startswith(",") or made.text.endswith(","):
        return False
    return not any(clash(made, other) or _tangled(made, other) for other in entities)


def _tangled(one: Entity, two: Entity) -> bool:
    """Tell whether pieces of the two spans would make their braces cross."""
    pieces = [(a, b) for entity in (one, two) for a, b in entity.fragments]
    return any(a < c < b < d for a, b in pieces for c, d in pieces)


def _relations(draw: st.DrawFn, entities: list[Entity]) -> tuple[Relation, ...]:
    possible = [
        (type, head.id, tail.id)
        for head in entities
        for tail in entities
        if head is not tail
        for type in schema().types_between(head.label, tail.label)
    ]
    chosen = draw(st.lists(st.sampled_from(possible), unique=True, max_size=6)) if possible else []
    return tuple(Relation(f"R{n}", *link) for n, link in enumerate(chosen, 1))


def with_extras(document: Document) -> Document:
    """Return the document with what only some formats hold: a note, metadata, a score."""
    scored = tuple(replace(entity, score=0.5) for entity in document.entities[:1])
    entities = scored + document.entities[1:]
    return replace(document, entities=entities, notes=("#1\tAnnotatorNotes T1\txem lại",), meta={"kind": "plan"})
