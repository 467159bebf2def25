"""Token-level files of spans (CoNLL: a token a line, its tag in a column) read as documents with source offsets.

Text is composed by `detokenised`. Tags are BIO, IOB1 or BIOES; a blank line ends a sentence, `-DOCSTART-` a document.
A file without `-DOCSTART-` has one document a sentence, so that intervals are over sentences.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ie.document import Document, Entity, Fragment
from ie.errors import FormatError, InputError
from ie.schema import schema

_TAG = re.compile(r"O|(?P<place>[BIESLU])-(?P<label>\S+)")
_INNER = re.compile(r"(?<=[^_])_(?=[^_])")
_COMMENT = re.compile(r"# ?\S+ = ")
_CLOSING = frozenset(".,;:!?%)]}”’…") | {"...", ".."}
_OPENING = frozenset("([{“‘")
_TIGHT = frozenset("-–/")

Row = tuple[str, str]
"""A token and its tag."""


@dataclass(frozen=True)
class Sample:
    """The documents of a file with mapped labels alone; `ignored` counts the spans of the others."""

    documents: list[Document]
    labels: tuple[str, ...]
    ignored: dict[str, int]


def read_map(path: Path) -> dict[str, str]:
    """Read the table `[labels]`, foreign label -> ours; FormatError for another form, SchemaError for a label."""
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("labels")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a label map in TOML") from error
    except ValueError as error:
        raise FormatError(f'{path}: not TOML ({error}); write [labels] and lines THEIRS = "OURS"') from error
    if not isinstance(table, dict) or not table or not all(isinstance(ours, str) for ours in table.values()):
        raise FormatError(f'{path}: maps no label; write [labels] and lines THEIRS = "OURS"')
    for theirs, ours in table.items():
        schema().check_label(ours, f"{path}: {theirs}")
    return table


def read(path: Path, labels: Mapping[str, str], *, column: int | None = None) -> Sample:
    """Read a file; `column` is that of the tags, counted from 1, the last one when None; tokens stand in the first.

    Raises InputError when the file cannot be read, holds no sentence or none of the mapped labels, FormatError naming
    file and line for a missing column or a tag of no known form.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 ({error.__class__.__name__}); give a CoNLL file") from error
    documents, seen = [], Counter[str]()
    for number, sentences in enumerate(_grouped(lines, str(path), column), 1):
        documents.append(_document(f"{path.stem}-{number:05}", sentences, labels, seen))
    if not documents:
        raise InputError(f"{path}: holds no sentence; give a file with a token and its tag on each line")
    if not seen.keys() & labels.keys():
        has = ", ".join(sorted(seen)) or "none"
        raise InputError(f"{path}: holds none of the mapped labels {', '.join(labels)}; its labels: {has}")
    ignored = {label: count for label, count in sorted(seen.items()) if label not in labels}
    return Sample(documents, tuple(dict.fromkeys(labels.values())), ignored)


def _grouped(lines: Sequence[str], where: str, column: int | None) -> list[list[list[Row]]]:
    """Return documents of sentences of rows."""
    documents: list[list[list[Row]]] = [[]]
    marked = any(line.startswith("-DOCSTART-") for line in lines)
    sentence: list[Row] = []
    for number, line in enumerate([*lines, ""], 1):
        starts = line.startswith("-DOCSTART-")
        if (starts or not line.strip()) and sentence:
            documents[-1].append(sentence)
            sentence = []
        if starts or (not marked and not line.strip()):
            documents.append([])
        elif line.strip() and not _COMMENT.match(line):
            sentence.append(_row(line, f"{where}:{number}", column))
    return [document for document in documents if document]


def _row(line: str, place: str, column: int | None) -> Row:
    cells = line.split("\t") if "\t" in line else line.split()
    if len(cells) < max(2, column or 0):
        wanted = f"column {column}" if column else "a token and a tag"
        raise FormatError(
            f"{place}: expected {wanted}, found {line.strip()!r}; say --column N when the tag is not last"
        )
    tag = cells[(column or len(cells)) - 1].strip()
    if not _TAG.fullmatch(tag):
        raise FormatError(f"{place}: {tag!r} is no tag; expected O, B-LABEL or I-LABEL (BIOES too), or say --column N")
    return cells[0].strip(), tag


def _document(name: str, sentences: Sequence[Sequence[Row]], labels: Mapping[str, str], seen: Counter[str]) -> Document:
    text = ""
    spans: list[tuple[str, Fragment]] = []
    for rows in sentences:
        text += "\n\n" if text else ""
        plain, places = detokenised([token for token, _ in rows])
        found = [(label, (places[a][0], places[b][1])) for label, a, b in runs_of([tag for _, tag in rows])]
        spans += [(label, (len(text) + start, len(text) + end)) for label, (start, end) in found]
        text += plain
    seen.update(label for label, _ in spans)
    kept = [(labels[label], at) for label, at in spans if label in labels]
    entities = tuple(Entity(f"T{i}", label, (at,), text[slice(*at)]) for i, (label, at) in enumerate(kept, 1))
    return Document(name, text, entities)


def runs_of(tags: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return `(label, first, last)` for each span of tags, both ends inclusive.

    As in CoNLL's own scorer, a tag that goes on with no span of its label starts one.
    """
    spans: list[tuple[str, int, int]] = []
    open_label = ""
    for index, tag in enumerate(tags):
        place, _, label = tag.partition("-")
        if label and place in "IEL" and label == open_label:
            spans[-1] = (label, spans[-1][1], index)
        elif label:
            spans.append((label, index, index))
        open_label = "" if place in "OESLU" else label
    return spans


def detokenised(tokens: Sequence[str]) -> tuple[str, list[Fragment]]:
    """Return the text of a sentence and `[start, end)` of each token in it.

    `_` inside a token is a blank; one blank stands between tokens, but none before `. , ; : ! ? % ) ] } ” ’ …`, none
    after `( [ { “ ‘`, none inside a pair of straight quotes at its edges, and none about `- – /` between two figures.
    """
    text = ""
    places: list[Fragment] = []
    quoted = False
    glue = True
    for index, token in enumerate(tokens):
        closing = token in _CLOSING or (token == '"' and quoted) or _between_figures(tokens, index)
        text += "" if glue or closing else " "
        places.append((len(text), len(text) + len(token)))
        text += _INNER.sub(" ", token)
        quoted = quoted != (token == '"')
        glue = token in _OPENING or (token == '"' and quoted) or _between_figures(tokens, index)
    return text, places


def _between_figures(tokens: Sequence[str], index: int) -> bool:
    inside = 0 < index < len(tokens) - 1 and tokens[index] in _TIGHT
    return inside and tokens[index - 1][-1:].isdigit() and tokens[index + 1][:1].isdigit()
