"""Compile a report's source (header, line `---`, marked body) into text, annotation and header as JSON.

`AUTHORING.md` describes the source. The result is what `python -m corpus add` takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from corpus.files import json_line, read_text, write_text
from corpus.importer import HEADER
from corpus.markup import try_compile
from corpus.typeset import layout, move, typeset
from ie import brat
from ie.document import Document
from ie.errors import FormatError

_RULE = "\n---\n"


@dataclass(frozen=True)
class Composed:
    """A compiled report, or None with the problems that prevent it; hints are worth a second look."""

    document: Document | None
    header: dict[str, str]
    problems: tuple[str, ...]
    hints: tuple[str, ...] = ()


def compose(source: str, *, name: str) -> Composed:
    """Compile the source of a report; nothing raises, whatever is wrong stands in `problems`.

    Line numbers in problems count from the first line of the body.
    """
    head, rule, body = source.partition(_RULE)
    header = _header(head)
    problems = [f"header: @{key} is missing" for key in HEADER if not header.get(key)]
    if not rule:
        problems.append("no line --- between header and body")
    if problems:
        return Composed(None, header, tuple(problems))
    compiled = try_compile(body.strip("\n") + "\n", name=name)
    if compiled.document is None:
        return Composed(None, header, compiled.problems)
    try:
        how = layout(header["layout"])
        strip = typeset(compiled.document.text, how, running_head=header.get("runninghead", header["title"]))
    except FormatError as error:
        return Composed(None, header, (str(error),))
    return Composed(move(compiled.document, strip), header, (), compiled.hints)


def _header(head: str) -> dict[str, str]:
    rows = (line[1:].partition(":") for line in head.splitlines() if line.startswith("@"))
    return {key.strip(): value.strip() for key, _, value in rows}


def compose_file(path: Path, out: Path) -> Composed:
    """Compile the source file `<id>.inl`; when nothing is wrong, write `<id>.txt`, `.ann` and `.json` into `out`."""
    composed = compose(read_text(path), name=path.stem)
    if composed.document is not None:
        out.mkdir(parents=True, exist_ok=True)
        brat.write(composed.document, out)
        write_text(out / f"{path.stem}.json", json_line(composed.header))
    return composed
