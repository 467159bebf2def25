"""Render the tables of the dataset card between their markers, and tell when they are stale."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.files import read_json, read_text, refresh, stale
from corpus.folder import HOME, Folder
from corpus.metadata import SPLITS
from corpus.plots import plots
from corpus.provinces import merged
from corpus.stats import Statistics, statistics
from corpus.tables import Cell, table
from ie.errors import FormatError
from ie.schema import schema


def between(text: str, name: str, body: str, where: str) -> str:
    """Put `body` between the markers `<!-- name -->` and `<!-- /name -->`; FormatError when they are missing."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not pattern.search(text):
        raise FormatError(f"{where}: no markers <!-- {name} --> and <!-- /{name} -->; put them where the tables belong")
    return pattern.sub(lambda match: f"{match.group(1)}{body}\n{match.group(2)}", text)


def wanted(*, root: Path = HOME) -> list[tuple[Path, str]]:
    """Return each rendered file (the card and its plots) with the content it should hold."""
    folder = Folder(root)
    found = statistics(root=root)
    text = read_text(folder.card)
    text = between(text, "stats", render(found), str(folder.card))
    text = between(text, "agreement", render_agreement(folder.agreement), str(folder.card))
    return [(folder.card, text), *((folder.plots / name, svg) for name, svg in plots(found).items())]


def write_card(*, root: Path = HOME) -> list[Path]:
    """Render card and plots and return the paths that changed."""
    files = wanted(root=root)
    return refresh(files)


def stale_card(*, root: Path = HOME) -> list[Path]:
    """Return the rendered files that are missing or out of date."""
    return stale(wanted(root=root))


def render(found: Statistics) -> str:
    """Return the statistics as Markdown."""
    parts = [
        ("Sizes", _sizes(found)),
        ("Labels", _by_split(found.labels, list(schema().labels))),
        ("Relations", _by_split(found.relations, list(schema().relations))),
        ("Attributes", table(["attribute", "spans"], sorted(found.attributes.items()))),
        ("Level", _counter(found.meta["level"], "level")),
        ("Kind", _counter(found.meta["kind"], "kind")),
        ("Layout", _counter(found.meta["layout"], "layout")),
        ("Years", _list(found.meta["year"])),
        ("Provinces", _provinces(found)),
        ("Lengths and nesting", _lengths(found)),
        ("Coverage", _coverage(found)),
        ("Real excerpts, annotated by reference", _real(found)),
    ]
    return "\n\n".join(f"### {title}\n\n{body}" for title, body in parts)


def _sizes(found: Statistics) -> str:
    rows = [(split, found.reports[split], found.syllables[split]) for split in SPLITS]
    total = ("all", sum(found.reports.values()), sum(found.syllables.values()))
    lengths = found.report_lengths
    return (
        table(["split", "reports", "syllables"], [*rows, total])
        + f"\n\nA report has {lengths.least:,} to {lengths.most:,} syllables, {lengths.middle:,} at the median. "
        + f"Runs of 12 words shared by two reports outside fixed formulas: {found.runs}."
        + "\n\n![spans by label](plots/labels.svg) ![reports by year](plots/years.svg)"
    )


def _by_split(counts: dict[str, Counter[str]], names: list[str]) -> str:
    rows: list[list[Cell]] = []
    for name in names:
        row = [counts[split][name] for split in SPLITS]
        rows.append([name, *row, sum(row)])
    total = [sum(counts[split].values()) for split in SPLITS]
    return table(["", *SPLITS, "all"], [*rows, ["all", *total, sum(total)]])


def _counter(counts: Counter[str], name: str) -> str:
    return table([name, "reports"], sorted(counts.items()))


def _list(counts: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in sorted(counts.items())) or "none"


def _provinces(found: Statistics) -> str:
    reached = dict((name, count) for name, count, _ in found.sizes)
    before, after = reached["provinces before July 2025"], reached["provinces after July 2025"]
    head = f"{before} of the 63 provinces before July 2025 and {after} of the {len(merged())} since."
    return f"{head}\n\n{_list(found.meta['province'])}"


def _lengths(found: Statistics) -> str:
    rows = [(label, s.least, s.middle, s.most) for label, s in found.span_lengths.items()]
    lengths = table(["span length in syllables", "least", "median", "most"], rows)
    nested = [(f"{inner} in {outer}", count) for (outer, inner), count in sorted(found.nesting.items())]
    pieces = f"{found.fragmented:,} spans have more than one fragment (line ends, page breaks, footnotes)."
    return f"{lengths}\n\n{pieces}\n\n{table(['nested', 'times'], nested)}"


def _coverage(found: Statistics) -> str:
    rows: list[tuple[Cell, ...]] = []
    for item in found.coverage:
        thing = item.phenomenon
        enough = "yes" if item.enough else "no"
        rows.append((f"{thing.code} {thing.name}", thing.group, item.times, item.reports, enough))
    return table(["phenomenon", "group", "times", "reports", "enough"], rows)


def _real(found: Statistics) -> str:
    if not found.real:
        return "None yet."
    splits = [split for split in SPLITS if split in found.real]
    names = ["excerpts", "characters", *schema().labels, *schema().relations]
    rows: list[list[Cell]] = [[name, *(found.real[split][name] for split in splits)] for name in names]
    return table(["", *splits], rows)


def render_agreement(folder: Path) -> str:
    """Return the results of all comparisons in a folder as Markdown."""
    results = [read_json(path) for path in sorted(folder.glob("*.json"))]
    return "\n\n".join(part for result in results for part in _agreement(result)) or "Nothing has been compared yet."


def _agreement(result: dict[str, Any]) -> Iterator[str]:
    yield f"### {result['name']}\n\n{result['texts']} texts, {result['tokens']:,} tokens, before adjudication."
    kappa = result["kappa"]
    rows: list[tuple[Cell, ...]] = []
    for label, exact in result["spans_exact"].items():
        overlap = result["spans_overlap"][label]
        rows.append((label, exact["agreed"], exact["f1"], overlap["f1"], _or_dash(kappa[label])))
    rows.append(("all labels of a token", "", "", "", _or_dash(kappa["all"])))
    yield table(["label", "agreed", "exact F1", "overlap F1", "kappa"], rows)
    yield table(["relation", "agreed", "F1"], [(t, v["agreed"], v["f1"]) for t, v in result["relations"].items()])
    yield table(["attribute", "agreed", "F1"], [(t, v["agreed"], v["f1"]) for t, v in result["attributes"].items()])
    yield table(["cause of disagreement", "times"], list(result["causes"].items()))


def _or_dash(value: float | None) -> Cell:
    return "–" if value is None else float(value)
