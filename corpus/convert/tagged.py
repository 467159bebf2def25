"""What `ie tag` writes, laid on the raw text it came from, so that a pre-annotation can be corrected. Import only.

The tool's `text` is reflowed; its `source` fragments index the file it read. Spans are cut at line ends as the
guidelines have it. Scores and values are left behind: a person decides next.
"""

from __future__ import annotations

from pathlib import Path

from corpus.files import decode, digest, read_bytes
from ie.document import Document, Entity, Relation, fragments_text, split_at_line_ends
from ie.errors import FormatError
from ie.export import jsonl


def read(path: Path, *, texts: Path) -> list[Document]:
    """Return the tagged documents of a file on the raw texts in `texts`; FormatError when one does not fit its text.

    A text is found by the file name that the line gives, and must be the very file that was tagged.
    """
    return [_on_raw(tagged, texts, str(path)) for tagged in jsonl.load(path)]


def _on_raw(tagged: Document, texts: Path, where: str) -> Document:
    path = texts / Path(tagged.name).name
    data = read_bytes(path)
    if digest(data) != tagged.meta["sha256"]:
        raise FormatError(f"{where}: {path} is not the file that was tagged; its hash differs")
    text = decode(data, str(path))
    homeless = [entity.id for entity in tagged.entities if not entity.source]
    if homeless:
        raise FormatError(f"{where}: {tagged.name} has no source offsets for {', '.join(homeless)}; tag it again")
    entities = tuple(_entity(entity, text) for entity in tagged.entities)
    relations = tuple(Relation(r.id, r.type, r.head, r.tail) for r in tagged.relations)
    return Document(path.stem, text, entities, relations)


def _entity(entity: Entity, text: str) -> Entity:
    parts = tuple(part for start, end in entity.source for part in split_at_line_ends(text, start, end))
    return Entity(entity.id, entity.label, parts, fragments_text(text, parts), entity.attributes)
