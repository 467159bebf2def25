"""Token-level CoNLL: one token a line with its offsets and one BIO column a label.

Columns are token, start, end (characters of the text, end exclusive), then a column for each label in the order of the
schema. `# text = …` holds the text as a JSON string, so offsets mean something and nothing is lost of it. Blank lines
part documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from corpus.convert.limits import (
    ATTRIBUTES,
    IDS,
    INTERRUPTED,
    META,
    NOTES,
    RELATIONS,
    SAME_LABEL_NESTING,
    SCORES,
)
from corpus.tokens import tokens
from ie.document import Document, Entity, fragments_text, split_at_line_ends
from ie.errors import FormatError
from ie.schema import schema

LIMITS = (RELATIONS, ATTRIBUTES, NOTES, SCORES, META, INTERRUPTED, SAME_LABEL_NESTING, IDS)


def write(documents: Iterable[Document]) -> str:
    """Return the documents as CoNLL."""
    return "\n".join("".join(f"{line}\n" for line in _lines(document)) for document in documents)


def _lines(document: Document) -> Iterator[str]:
    yield f"# name = {document.name}"
    yield f"# text = {json.dumps(document.text, ensure_ascii=False)}"
    yield f"# columns = token start end {' '.join(schema().labels)}"
    spans = {label: _outer_spans(document, label) for label in schema().labels}
    for start, end in tokens(document):
        tags = [_tag(start, end, spans[label], label) for label in schema().labels]
        yield "\t".join([document.text[start:end], str(start), str(end), *tags])


def _outer_spans(document: Document, label: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for start, end in sorted(
        ((e.start, e.end) for e in document.entities if e.label == label), key=lambda s: (s[0], -s[1])
    ):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _tag(start: int, end: int, spans: list[tuple[int, int]], label: str) -> str:
    covering = next((span for span in spans if span[0] <= start and end <= span[1]), None)
    if covering is None:
        return "O"
    return f"{'B' if covering[0] == start else 'I'}-{label}"


def read(data: str, *, where: str) -> list[Document]:
    """Return the documents of a CoNLL text; FormatError naming the line when a column is wrong."""
    documents = []
    rows: list[tuple[int, str]] = []
    for number, line in enumerate([*data.split("\n"), ""], 1):
        if line.strip():
            rows.append((number, line))
        elif rows:
            documents.append(_document(rows, where))
            rows = []
    return documents


def _document(rows: list[tuple[int, str]], where: str) -> Document:
    head = dict(line[2:].split(" = ", 1) for _, line in rows if line.startswith("# ") and " = " in line)
    first = rows[0][0]
    if "name" not in head or "text" not in head:
        raise FormatError(f"{where}:{first}: a document starts with '# name = …' and '# text = …'")
    try:
        text = json.loads(head["text"])
    except json.JSONDecodeError as error:
        raise FormatError(f"{where}:{first}: '# text = …' holds no JSON string ({error.msg})") from error
    spans: dict[str, list[list[int]]] = {label: [] for label in schema().labels}
    for number, line in rows:
        if not line.startswith("# "):
            _take(line, text, spans, f"{where}:{number}")
    return Document(head["name"], text, _entities(text, spans))


def _take(line: str, text: str, spans: dict[str, list[list[int]]], place: str) -> None:
    token, *numbers = line.split("\t")[:3]
    tags = line.split("\t")[3:]
    if len(numbers) != 2 or not all(n.isdigit() for n in numbers) or len(tags) != len(spans):
        raise FormatError(f"{place}: expected token, start, end and {len(spans)} tags, parted by tabs")
    start, end = int(numbers[0]), int(numbers[1])
    if text[start:end] != token:
        raise FormatError(f"{place}: characters {start} to {end} are {text[start:end]!r}, the line says {token!r}")
    for label, tag in zip(spans, tags, strict=True):
        if tag == f"B-{label}":
            spans[label].append([start, end])
        elif tag == f"I-{label}" and spans[label]:
            spans[label][-1][1] = end
        elif tag != "O":
            raise FormatError(f"{place}: {tag!r} may not stand here; use O, B-{label} or I-{label} after a B")


def _entities(text: str, spans: dict[str, list[list[int]]]) -> tuple[Entity, ...]:
    found = [(start, end, label) for label, ranges in spans.items() for start, end in ranges]
    entities = []
    for number, (start, end, label) in enumerate(sorted(found, key=lambda s: (s[0], -s[1], s[2])), 1):
        fragments = split_at_line_ends(text, start, end)
        entities.append(Entity(f"T{number}", label, fragments, fragments_text(text, fragments)))
    return tuple(entities)
