"""Documents in inline markup for the tests of `evaluation`: `{Q1:QUANTITY 12} {U1:UNIT ha}`; `{Q1 …}` goes on with Q1.

`{Q1:QUANTITY!Open 12}` and `{Q1:QUANTITY!Basis=plan 12}` set an attribute. Relations are written `HAS_UNIT Q1 U1`.
"""

from __future__ import annotations

import re
from pathlib import Path

from ie import brat
from ie.document import Document, Entity, Relation, fragments_text

_MARK = re.compile(r"\{(?P<id>\w+)(?::(?P<label>\w+))?(?:!(?P<attribute>\w+)(?:=(?P<value>\w+))?)? |(?P<end>\})")


def report(markup: str, *relations: str, name: str = "report") -> Document:
    """Return the document that the markup says."""
    plain, spans, stack, position = "", {}, [], 0
    for match in _MARK.finditer(markup):
        plain += markup[position : match.start()]
        position = match.end()
        if match["end"]:
            id, start = stack.pop()
            spans[id][1].append((start, len(plain)))
            continue
        attributes = ((match["attribute"], match["value"] or ""),) if match["attribute"] else ()
        spans.setdefault(match["id"], (match["label"], [], attributes))
        stack.append((match["id"], len(plain)))
    plain += markup[position:]
    entities = tuple(
        Entity(id, label, tuple(sorted(parts)), fragments_text(plain, sorted(parts)), attributes)
        for id, (label, parts, attributes) in spans.items()
    )
    links = [Relation(f"R{i}", *relation.split()) for i, relation in enumerate(relations, 1)]
    return Document(name, plain, entities, tuple(links))


def folder(path: Path, *documents: Document) -> Path:
    """Write documents as a brat folder and return its path."""
    path.mkdir(parents=True, exist_ok=True)
    for document in documents:
        brat.write(document, path)
    return path
