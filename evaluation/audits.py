"""How good the audit is: errors planted into clean reports found and missed, alarms on the reports as they are.

Both on gold spans, which judges the audit's rules alone, and end to end from the raw text.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language

from evaluation import planting
from evaluation.closing import closed
from evaluation.figures import share, table
from evaluation.reflowed import reflowed
from evaluation.runs import RESULTS, documents_of, plan
from evaluation.splits import corpus_hash
from ie.audit import Finding
from ie.audit.checks import checked
from ie.audit.figures import Report
from ie.document import Document
from ie.pipeline import tag_text

HERE = Path(__file__).parent
WAYS = ("gold", "end to end")


@dataclass
class Tally:
    """Counts by kind of one way of tagging."""

    found: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    alarms: list[dict[str, Any]] = field(default_factory=list)


def measure(split: str, nlp: Language, *, ways: Sequence[str] = WAYS) -> dict[str, Any]:
    """Return the result on a split: planted errors and what became of them, alarms on unmodified reports."""
    known = plan()
    gold = documents_of(split, known)
    planted: Counter[str] = Counter()
    tallies = {way: Tally() for way in ways}
    for document in gold:
        made, (errors, touched) = _with_errors(document, nlp, random.Random(f"{known.seed} {document.name}"))
        planted.update(error.kind for error in errors)
        for way, tally in tallies.items():
            clean = _alarms(document, way, nlp, tally)
            _judge(made, (errors, touched), way, nlp, tally, clean)
    return {
        "split": split,
        "model": f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}",
        "documents": len(gold),
        "corpus_sha256": corpus_hash(gold),
        "seed": known.seed,
        "planted": {kind: planted[kind] for kind in planting.KINDS},
        **{way: _plain(tally) for way, tally in tallies.items()},
    }


def _plain(tally: Tally) -> dict[str, Any]:
    kinds = {name: dict(getattr(tally, name)) for name in ("found", "findings", "right", "sums")}
    return {**kinds, "alarms": tally.alarms}


Errors = tuple[list[planting.Planted], set[int]]
"""Planted errors, and all characters of the source that were changed: some break a sum that nobody looked for."""


def _with_errors(document: Document, nlp: Language, rng: random.Random) -> tuple[Document, Errors]:
    """Plant errors in figures that no other planted error touches; those that broke nothing are not to be found."""
    report = Report(reflowed(document, nlp))
    candidates = list(planting.sums(report))
    rng.shuffle(candidates)
    used: set[str] = set()
    counts: Counter[str] = Counter()
    made, tried = document, []
    for each in candidates:
        figure = report.figures[each.ids[0] if each.kind != "parts" else rng.choice(each.ids)]
        source = figure.entity.source
        if counts[each.kind] >= planting.MOST or used & set(each.ids) or len(source) != 1:
            continue
        start, end = source[0]
        was = document.text[start:end]
        now = planting.edited(was, each.kind, rng)
        if was == figure.entity.text and now != was and len(now) == len(was):
            made = planting.replaced(made, start, now)
            used |= set(each.ids)
            counts[each.kind] += 1
            tried.append((each, planting.Planted(each.kind, start, end, was, now)))
    after = Report(reflowed(made, nlp))
    kept = [error for each, error in tried if _is_broken(each, after)]
    touched = {at for _, error in tried for at in range(error.start, error.end)}
    made, closing = closed(made, report, used, rng)
    kept += closing
    return made, (kept, touched | {at for error in kept for at in range(error.start, error.end)})


def _is_broken(each: planting.Sum, after: Report) -> bool:
    figures = [after.figures.get(id) for id in each.ids]
    return all(figures) and each.broken([figure for figure in figures if figure])


def _tagged(document: Document, way: str, nlp: Language) -> Document:
    return reflowed(document, nlp) if way == "gold" else tag_text(document.text, name=document.name, nlp=nlp)


def _findings(document: Document, tally: Tally | None = None) -> Iterator[tuple[Finding, set[int]]]:
    """Yield the findings with the characters of the source that their figures stand on."""
    for each in checked(document):
        if tally:
            tally.sums[each.kind] += 1
        if each.finding:
            fragments = [f for id in each.finding.quantities for f in document.entity(id).source]
            yield each.finding, {at for start, end in fragments for at in range(start, end)}


def _alarms(document: Document, way: str, nlp: Language, tally: Tally) -> list[set[int]]:
    places = []
    for finding, at in _findings(_tagged(document, way, nlp), tally):
        places.append(at)
        texts = [each.text for each in finding.evidence]
        tally.alarms.append({"document": document.name, "kind": finding.kind, "figures": texts[:6]})
    return places


def _judge(made: Document, planted: Errors, way: str, nlp: Language, tally: Tally, clean: list[set[int]]) -> None:
    """Count errors found and findings that are right; alarms that the clean report gave too are not counted again."""
    places = [(finding, at) for finding, at in _findings(_tagged(made, way, nlp)) if at not in clean]
    errors, touched = planted
    for error in errors:
        tally.found[error.kind] += any(set(range(error.start, error.end)) & at for _, at in places)
    for finding, at in places:
        tally.findings[finding.kind] += 1
        tally.right[finding.kind] += bool(touched & at)


def save(found: dict[str, Any], folder: Path = RESULTS) -> Path:
    """Write a result to `audit/<split>.json` in the folder of results."""
    path = folder / "audit" / f"{found['split']}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def written(split: str, folder: Path = RESULTS) -> str:
    """Return the tables of a result: planted errors by kind, alarms on unmodified reports with what they are."""
    path = folder / "audit" / f"{split}.json"
    if not path.is_file():
        return f"Not measured: `python -m evaluation audit {split}`.\n"
    found = json.loads(path.read_text("utf-8"))
    what = f"{found['documents']} documents of `{split}`, corpus `{found['corpus_sha256'][:12]}`, {found['model']}."
    ways = _ways(found)
    head = ["kind", "planted", *(f"{name}, {way}" for way in ways for name in ("found", "R", "findings", "P"))]
    rows = [_row(kind, found) for kind in (*planting.KINDS, "all")]
    return f"{what}\n\n{table(head, rows)}\n{_clean(found)}"


def _ways(found: dict[str, Any]) -> list[str]:
    return [way for way in WAYS if way in found]


def _row(kind: str, found: dict[str, Any]) -> list[str]:
    kinds = planting.KINDS if kind == "all" else (kind,)
    planted = sum(found["planted"].get(each, 0) for each in kinds)
    cells = [f"**{kind}**" if kind == "all" else kind, str(planted)]
    for way in _ways(found):
        hit, made, right = (sum(found[way][name].get(k, 0) for k in kinds) for name in ("found", "findings", "right"))
        cells += [str(hit), share(hit / planted if planted else None), str(made), share(right / made if made else None)]
    return cells


def _clean(found: dict[str, Any]) -> str:
    """Say what the alarms on unmodified reports are, by the hand check in audits.toml."""
    verdicts = tomllib.loads((HERE / "audits.toml").read_text("utf-8"))
    lines = []
    for way in _ways(found):
        alarms = found[way]["alarms"]
        said = Counter(verdicts.get(a["document"], {}).get(" ".join(a["figures"]), "not checked") for a in alarms)
        kinds = ", ".join(f"{count} {name}" for name, count in sorted(said.items())) or "none"
        lines.append(f"- {way}: {sum(found[way]['sums'].values())} sums checked, {len(alarms)} alarms: {kinds}")
    return "Unmodified reports:\n\n" + "\n".join(lines) + "\n"
