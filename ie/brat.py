"""brat standoff, read and written without loss.

Offsets are Unicode code points, discontinuous spans are `start end;start end`. Lines of types the toolkit does not use
(notes `#`, events `E`, normalisations `N`) are kept as they are in `Document.notes`. See https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

from pathlib import Path

from ie.document import Document, Entity, Fragment, Relation, fragments_text
from ie.errors import FormatError
from ie.schema import Schema, schema


def read(path: Path, *, check: Schema | None = None) -> Document:
    """Read `path` (the `.txt` or the `.ann`) and its partner.

    Raises FormatError naming file and line when an offset, id or text is wrong, SchemaError for an unknown label.
    """
    text_path, ann_path = path.with_suffix(".txt"), path.with_suffix(".ann")
    for part in (text_path, ann_path):
        if not part.is_file():
            raise FormatError(f"{part}: missing; a report is a .txt and an .ann of the same name")
    text = _decoded(text_path)
    return parse(_decoded(ann_path), text, name=text_path.stem, where=str(ann_path), check=check)


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if b"\r" in data:
        raise FormatError(f"{path}: has Windows line ends, so offsets would be ambiguous; save it with \\n")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


def parse(ann: str, text: str, *, name: str, where: str = "<ann>", check: Schema | None = None) -> Document:
    """Build a document from the annotation text and the report text."""
    rules = check or schema()
    entities: dict[str, Entity] = {}
    relations: dict[str, Relation] = {}
    notes: list[str] = []
    attributes: list[tuple[str, str, str, str | None]] = []
    for number, line in enumerate(ann.split("\n"), 1):
        place = f"{where}:{number}"
        if not line.strip():
            continue
        if line[0] == "T":
            entity = _entity(line, text, place, rules)
            _new(entity.id, entities, place)
            entities[entity.id] = entity
        elif line[0] == "R":
            relation = _relation(line, place)
            _new(relation.id, relations, place)
            relations[relation.id] = relation
        elif line[0] in "AM":
            attributes.append((place, *_attribute(line, place)))
        else:
            notes.append(line)
    for place, target, attribute, value in attributes:
        entities[target] = _with_attribute(entities, target, attribute, value, place, rules)
    for relation in relations.values():
        _check_ends(relation, entities, where, rules)
    return Document(name, text, tuple(entities.values()), tuple(relations.values()), tuple(notes))


def _new(id: str, known: dict[str, object] | dict[str, Entity] | dict[str, Relation], place: str) -> None:
    if id in known:
        raise FormatError(f"{place}: id {id} is used twice; give it a new number")


def _entity(line: str, text: str, place: str, rules: Schema) -> Entity:
    parts = line.split("\t")
    if len(parts) != 3 or " " not in parts[1]:
        raise FormatError(f"{place}: expected 'T1<tab>LABEL start end<tab>text', found {line!r}")
    label, offsets = parts[1].split(" ", 1)
    rules.check_label(label, place)
    fragments = _fragments(offsets, len(text), place)
    found = fragments_text(text, fragments)
    if found != parts[2]:
        raise FormatError(f"{place}: offsets {offsets} hold {found!r}, the line says {parts[2]!r}")
    return Entity(parts[0], label, fragments, found)


def _fragments(offsets: str, length: int, place: str) -> tuple[Fragment, ...]:
    try:
        fragments = tuple((int(a), int(b)) for a, b in (part.split() for part in offsets.split(";")))
    except ValueError as error:
        raise FormatError(f"{place}: offsets {offsets!r} are not 'start end;start end'") from error
    position = 0
    for start, end in fragments:
        if not position <= start < end <= length:
            raise FormatError(f"{place}: offsets {offsets} are out of order or beyond the text ({length} characters)")
        position = end
    return fragments


def _relation(line: str, place: str) -> Relation:
    parts = line.split("\t")
    words = parts[1].split() if len(parts) > 1 else []
    if len(words) != 3 or not words[1].startswith("Arg1:") or not words[2].startswith("Arg2:"):
        raise FormatError(f"{place}: expected 'R1<tab>TYPE Arg1:T1 Arg2:T2', found {line!r}")
    return Relation(parts[0], words[0], words[1][5:], words[2][5:])


def _attribute(line: str, place: str) -> tuple[str, str, str | None]:
    parts = line.split("\t")
    words = parts[1].split() if len(parts) > 1 else []
    if len(words) not in (2, 3):
        raise FormatError(f"{place}: expected 'A1<tab>Name T1 [value]', found {line!r}")
    return words[1], words[0], words[2] if len(words) == 3 else None


def _with_attribute(
    entities: dict[str, Entity], target: str, name: str, value: str | None, place: str, rules: Schema
) -> Entity:
    if target not in entities:
        raise FormatError(f"{place}: attribute on {target}, which is not in the file")
    entity = entities[target]
    rules.check_attribute(name, value, entity.label, place)
    return Entity(entity.id, entity.label, entity.fragments, entity.text, (*entity.attributes, (name, value or "")))


def _check_ends(relation: Relation, entities: dict[str, Entity], where: str, rules: Schema) -> None:
    place = f"{where}: {relation.id}"
    for end in (relation.head, relation.tail):
        if end not in entities:
            raise FormatError(f"{place}: {relation.type} names {end}, which is not in the file")
    rules.check_relation(relation.type, entities[relation.head].label, entities[relation.tail].label, place)


def format(document: Document) -> str:
    """Write the annotation of a document: entities, relations, attributes, then the kept notes."""
    lines = [
        f"{e.id}\t{e.label} {';'.join(f'{start} {end}' for start, end in e.fragments)}\t{e.text}"
        for e in document.entities
    ]
    lines += [f"{r.id}\t{r.type} Arg1:{r.head} Arg2:{r.tail}" for r in document.relations]
    pairs = [(e.id, name, value) for e in document.entities for name, value in e.attributes]
    lines += [f"A{i}\t{name} {id}{' ' + value if value else ''}" for i, (id, name, value) in enumerate(pairs, 1)]
    lines += document.notes
    return "".join(line + "\n" for line in lines)


def write(document: Document, folder: Path) -> None:
    """Write `<name>.txt` and `<name>.ann` into `folder`."""
    (folder / f"{document.name}.txt").write_bytes(document.text.encode("utf-8"))
    (folder / f"{document.name}.ann").write_bytes(format(document).encode("utf-8"))
