"""Facts as a table in the terminal and as CSV."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import fields

from ie.document import Document
from ie.facts import Fact, facts

COLUMNS = ("value", "unit", "indicator", "period", "place", "project", "share of", "legal basis", "qualifiers")
_WIDTHS = (20, 12, 34, 18, 20, 24, 16, 22, 12)
_CSV = ("document", *(field.name for field in fields(Fact)))


def row(fact: Fact, document: Document) -> tuple[str, ...]:
    """Return the cells of one fact, in the order of COLUMNS."""
    known = document.by_id
    share = known[fact.share_of].text if fact.share_of in known else ""
    basis = f"{share} ({fact.share_basis})" if share and fact.share_basis else share
    value = fact.value or fact.text
    if fact.upper:
        value += ("/" if fact.kind == "fraction" else "–") + fact.upper
    return (
        _grouped(value),
        fact.unit or fact.unit_text or "",
        fact.indicator or "",
        fact.period or "",
        "; ".join(fact.places),
        "; ".join(fact.projects),
        basis,
        "; ".join(fact.legal),
        ", ".join(fact.qualifiers),
    )


def _grouped(value: str) -> str:
    """Group a long whole number by blanks, so that eleven digits can be read."""
    if not value.isdecimal() or len(value) < 5:
        return value
    head = len(value) % 3
    parts = [value[:head]] if head else []
    return " ".join(parts + [value[i : i + 3] for i in range(head, len(value), 3)])


def text(documents: Sequence[Document], *, width: int = 120) -> str:
    """Return the facts of the documents as aligned columns at most `width` wide; empty columns are left out."""
    return "\n".join(_document(document, width) for document in documents)


def _document(document: Document, width: int) -> str:
    rows = [row(fact, document) for fact in facts(document)]
    counts = f"{len(document.entities)} spans, {len(document.relations)} relations, {len(rows)} facts"
    lines = [f"{document.name}: {counts}"]
    if rows:
        used = [i for i in range(len(COLUMNS)) if any(cells[i] for cells in rows)]
        widths = _fit([min(_WIDTHS[i], max(_columns(c[i]) for c in [*rows, COLUMNS])) for i in used], width)
        lines.append("  ".join(_cell(COLUMNS[i].upper(), size) for i, size in zip(used, widths, strict=True)).rstrip())
        lines += [
            "  ".join(_cell(cells[i], size) for i, size in zip(used, widths, strict=True)).rstrip() for cells in rows
        ]
    lines += [f"warning: {warning}" for warning in document.warnings]
    return "\n".join(lines) + "\n"


def _fit(widths: list[int], total: int) -> list[int]:
    """Shrink the widest columns until the row fits; value and unit stay whole."""
    kept, free = list(widths[:2]), list(widths[2:])
    while free and sum(kept + free) + 2 * (len(widths) - 1) > total and max(free) > 8:
        free[free.index(max(free))] -= 1
    return kept + free


def _columns(value: str) -> int:
    return sum(not unicodedata.combining(char) for char in value)


def _cell(value: str, size: int) -> str:
    """Cut or pad a cell to `size` columns; combining marks take none."""
    value = unicodedata.normalize("NFC", value).replace("\n", " ")
    if _columns(value) > size:
        value = value[: size - 1] + "…"
    return value + " " * (size - _columns(value))


def csv_text(documents: Sequence[Document]) -> str:
    """Return the facts of the documents as CSV with a header line."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _CSV, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for document in documents:
        for fact in facts(document):
            data = {k: "; ".join(map(str, v)) if isinstance(v, (list, tuple)) else v for k, v in fact.as_dict().items()}
            writer.writerow({**data, "document": document.name})
    return out.getvalue()
