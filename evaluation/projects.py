"""Project records against a check by hand of ten reports: mentions brought together, and what each amount is.

`project_gold/` has a file a report: groups of two and more mentions that are one project (all other PROJECT spans of
the report are projects of their own), and the role of the amounts whose role the text settles. The records are made of
gold spans and relations on the reflowed text, with the ids of the corpus: the rules are judged, not the tagger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from spacy.language import Language

from corpus import load_documents
from corpus.values import text_hash
from evaluation.figures import share, table
from evaluation.reflowed import reflowed
from evaluation.runs import RESULTS
from evaluation.scores import Counts, total
from ie.document import Document
from ie.errors import FormatError
from ie.projects import Project, projects_of

HERE = Path(__file__).parent / "project_gold"
TOGETHER = "mentions brought together (pairs)"
ROLES = ("total_cost", "capital", "disbursed", "done", "remaining")


@dataclass(frozen=True)
class Checked:
    """What a person found in a report: mentions that are one project, roles of amounts."""

    together: tuple[tuple[str, ...], ...]
    roles: dict[str, str]


def read_checked(path: Path, document: Document) -> Checked:
    """Read one file; FormatError when it is of another text or names what is no span of the report."""
    data = json.loads(path.read_text("utf-8"))
    if data["sha256"] != text_hash(document):
        raise FormatError(f"{path}: of another text; check the report again and renew the file")
    found = Checked(tuple(map(tuple, data["together"])), data["roles"])
    strange = {id for group in found.together for id in group} | set(found.roles)
    if strange - set(document.by_id):
        raise FormatError(f"{path}: {', '.join(sorted(strange - set(document.by_id)))} are no spans of the report")
    return found


def counts(checked: Checked, records: tuple[Project, ...]) -> dict[str, Counts]:
    """Count pairs of mentions that are one project, and amounts by role; a wrong role is missed and spurious."""
    wanted = _pairs(checked.together)
    given = _pairs(tuple(record.mentions for record in records))
    found = {TOGETHER: Counts(len(wanted & given), len(given - wanted), len(wanted - given))}
    said = {money.quantity: money.role for record in records for money in record.money}
    for role in ROLES:
        right = {id for id, name in checked.roles.items() if name == role}
        answer = {id for id, name in said.items() if name == role and id in checked.roles}
        found[role] = Counts(len(right & answer), len(answer - right), len(right - answer))
    return found


def _pairs(groups: tuple[tuple[str, ...], ...]) -> set[tuple[str, str]]:
    return {(a, b) for group in groups for a, b in combinations(sorted(group), 2)}


def _documents() -> Iterator[tuple[Document, Checked]]:
    known = {document.name: document for split in ("train", "dev") for document in load_documents(split)}
    for path in sorted(HERE.glob("*.json")):
        yield known[path.stem], read_checked(path, known[path.stem])


def records_of(gold: Document, nlp: Language) -> tuple[Project, ...]:
    """Return the project records of a report's gold spans, mentions and amounts by their ids in the corpus."""
    made = reflowed(gold, nlp)
    at = {(entity.label, entity.start, entity.end): entity.id for entity in gold.entities}
    ids = {e.id: at.get((e.label, e.source[0][0], e.source[-1][1]), "") for e in made.entities if e.source}
    return tuple(
        replace(
            record,
            mentions=tuple(ids.get(id, "") for id in record.mentions),
            money=tuple(replace(money, quantity=ids.get(money.quantity, "")) for money in record.money),
        )
        for record in projects_of(made)
    )


def measure(nlp: Language) -> dict[str, Any]:
    """Return the counts over all reports that were checked."""
    parts, names, projects = [], [], 0
    for document, checked in _documents():
        records = records_of(document, nlp)
        parts.append(counts(checked, records))
        names.append(document.name)
        projects += len(records)
    rows = {name: total([part[name] for part in parts]) for name in (TOGETHER, *ROLES)}
    return {
        "documents": names,
        "projects": projects,
        "counts": {name: [each.tp, each.fp, each.fn] for name, each in rows.items()},
    }


def save(found: dict[str, Any], folder: Path = RESULTS) -> Path:
    """Write the result to `projects.json` in the folder of results."""
    path = folder / "projects" / "checked.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def written(folder: Path = RESULTS) -> str:
    """Return the table of the result."""
    path = folder / "projects" / "checked.json"
    if not path.is_file():
        return "Not measured: `python -m evaluation projects`.\n"
    found = json.loads(path.read_text("utf-8"))
    rows = []
    for name, cells in found["counts"].items():
        each = Counts(*cells)
        figures = [share(each.precision), share(each.recall), share(each.f1)]
        rows.append([name, str(each.support), *(str(cell) for cell in cells), *figures])
    head = ["what", "support", "found", "spurious", "missed", "P", "R", "F1"]
    names = found["documents"]
    what = f"{len(names)} reports, {found['projects']} projects, on gold spans: {', '.join(names)}."
    return f"{what}\n\n{table(head, rows)}"
