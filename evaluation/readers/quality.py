"""Whether golden documents come back: characters, notes, tables, and the facts that tagging finds.

White space does not count, and neither do the bars between the cells of a row: they are our notation, not the
document's; rows are counted by themselves. Facts are those of the same text as plain text.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus.golden.build import GOLDEN, read_manifest
from evaluation.readers.distance import distance
from ie.facts import facts
from ie.normalise.fold import fold
from ie.pipeline import tag_source, tag_text
from ie.read import ReadOptions, Source, read
from ie.read.plain import canonical
from ie.reflow import reflow

FIELDS = (
    *("kind", "value", "upper", "unit", "indicator", "period_start", "period_end"),
    *("places", "projects", "legal_keys", "qualifiers"),
)
"""What makes a fact; scores, ids and offsets may differ."""
FORMATS = {"rtf": "doc"}


@dataclass(frozen=True)
class Reading:
    """What came back of one golden document; characters without white space and bars."""

    characters: int
    errors: int
    notes: int
    tied: int
    rows: int
    whole: int


def squeezed(text: str) -> str:
    """Return a text without white space and the bars between cells."""
    return "".join(text.replace("|", " ").split())


def reading(source: Source, told: Mapping[str, Any]) -> Reading:
    """Compare what was read of a golden document with what it must give."""
    source = canonical(source)
    flowed = reflow(source.text, source.layout)
    wanted, found = squeezed(told["running"]), squeezed(flowed.text)
    notes = {mark: fold(text) for mark, text in told["notes"]}
    tied = sum(
        note.called_at is not None and fold(flowed.text[note.start : note.end]).endswith(notes.get(note.mark, "\0"))
        for note in flowed.footnotes
    )
    lines = Counter(_row(flowed.text[block.start : block.end]) for block in flowed.blocks)
    rows = Counter(map(_row, told["rows"]))
    return Reading(len(wanted), distance(wanted, found), len(notes), tied, rows.total(), (rows & lines).total())


def _row(text: str) -> str:
    return " | ".join(" ".join(cell.split()) for cell in text.strip(" |").split("|"))


def said(found: Iterable[Any]) -> Counter[tuple[str, ...]]:
    """Return facts as they are compared, with how often each stands."""
    return Counter(tuple(fold(str(getattr(fact, name))) for name in FIELDS) for fact in found)


def missing_program(kind: str) -> str:
    """Return the program that files of a kind need and that is not installed, "" when nothing is missing."""
    if kind.startswith(("doc", "rtf")) and not kind.startswith("docx"):
        return "" if shutil.which("soffice") or shutil.which("libreoffice") else "LibreOffice"
    return "Tesseract" if kind.startswith("scan") and not shutil.which("tesseract") else ""


def measure(nlp: Any, *, kinds: Iterable[str] = ()) -> dict[str, Any]:
    """Return the sums by kind of golden document; kinds that need a missing program are named and left out."""
    manifest, wanted = read_manifest(), set(kinds)
    known = {name: said(facts(tag_text(told["plain"], nlp=nlp))) for name, told in manifest["texts"].items()}
    found: dict[str, dict[str, int]] = {}
    skipped: dict[str, str] = {}
    for entry in manifest["files"]:
        kind = entry["kind"]
        if (wanted and kind not in wanted) or kind in skipped:
            continue
        if missing := missing_program(kind):
            skipped[kind] = missing
            continue
        row = found.setdefault(kind, dict.fromkeys((*Reading.__annotations__, "files", *_FACTS), 0))
        _add(row, entry, manifest["texts"][entry["text"]], known[entry["text"]], nlp)
    return {"what": "readers", "kinds": found, "skipped": skipped}


_FACTS = ("facts", "same", "lost", "new")


def _add(row: dict[str, int], entry: Mapping[str, str], told: Mapping[str, Any], plain: Counter[Any], nlp: Any) -> None:
    source = read(GOLDEN / entry["file"], options=ReadOptions(ocr=entry["kind"].startswith("scan")))
    got = reading(source, told)
    tagged = said(facts(tag_source(source, nlp)))
    for name in Reading.__annotations__:
        row[name] += getattr(got, name)
    row["files"] += 1
    same = (plain & tagged).total()
    for name, value in zip(_FACTS, (plain.total(), same, plain.total() - same, tagged.total() - same), strict=True):
        row[name] += value
