"""The text of a document as HTML: a paragraph a line, a `mark` for each span, nested as the spans nest.

The characters of the paragraphs, put together, are the text itself, so that offsets of the text find their place in
the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from ie.document import Document, Entity

Span = tuple[int, int, Entity]


def marked(document: Document, prefix: str = "") -> str:
    """Return the text as HTML; ids of marks start with `prefix`."""
    waiting = sorted(document.entities, key=lambda entity: (entity.start, -entity.end))
    out: list[str] = []
    active: list[Entity] = []
    start = upcoming = 0
    for line in document.text.splitlines(keepends=True):
        end = start + len(line)
        while upcoming < len(waiting) and waiting[upcoming].start < end:
            active.append(waiting[upcoming])
            upcoming += 1
        spans = [(max(e.start, start), min(e.end, end), e) for e in active if e.end > start]
        out.append(f"<p>{''.join(_line(document.text, start, end, spans, prefix))}</p>")
        active = [entity for entity in active if entity.end > end]
        start = end
    return "".join(out)


def _line(text: str, start: int, end: int, spans: Sequence[Span], prefix: str) -> Iterator[str]:
    """Yield the pieces of one line; marks that cross are closed and opened again."""
    waiting = sorted(spans, key=lambda span: (span[0], -span[1]))
    edges = sorted({start, end, *(span[0] for span in spans), *(span[1] for span in spans)})
    opened: list[Span] = []
    for left, right in pairwise(edges):
        again: list[Span] = []
        while any(span[1] <= left for span in opened):
            yield "</mark>"
            span = opened.pop()
            again += [span] if span[1] > left else []
        new = [*reversed(again), *(span for span in waiting if span[0] == left)]
        for span in new:
            yield _open(span[2], prefix, first=span[2].start == left)
        opened += new
        yield escape(text[left:right])
    yield "</mark>" * len(opened)


def _open(entity: Entity, prefix: str, *, first: bool) -> str:
    score = f" {entity.score:.2f}" if entity.score is not None else ""
    said = " ".join(f"{name}{'=' + value if value else ''}" for name, value in entity.attributes)
    title = escape(f"{entity.label}{score} {said}".strip(), quote=True)
    id = escape(prefix + entity.id, quote=True)
    anchor = f' id="{id}"' if first else ""
    return f'<mark class="{escape(entity.label, quote=True)}" data-id="{id}"{anchor} tabindex="-1" title="{title}">'
