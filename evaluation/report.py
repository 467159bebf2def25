"""One self-contained HTML page about a run: what was measured, the figures, where it goes wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from evaluation import analysis, calibration, plots
from evaluation.across import Point
from evaluation.analysis import NOTHING, Pairs
from evaluation.context import describe
from evaluation.figures import bounds, share
from evaluation.mistakes import Mistake, mistakes
from evaluation.render import METRICS
from evaluation.runs import Result, tallies_of
from ie.schema import schema

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:1260px;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.15rem .5rem;text-align:right}
td:first-child,th:first-child{text-align:left}
tr:nth-child(even){background:#f6f6f6}thead th{border-bottom:1px solid #888}
.big{display:flex;gap:2.5rem;margin:1rem 0}.big b{font-size:2rem;display:block}
.row{display:flex;flex-wrap:wrap;gap:1rem}
.note{color:#555}li{margin:.25rem 0}code{font-size:.9em}svg{max-width:100%;height:auto}details{margin:.4rem 0}
"""
_COLUMNS = ("support", "found", "spurious", "missed", "P", "R", "F1", "95 % interval")


def page(found: Result, pairs: Pairs, *, examples: int = 4, curve: Sequence[Point] = ()) -> str:
    """Return the page; `pairs` are gold documents with the run's predictions, `curve` is the split's learning curve."""
    gold = [document for document, _ in pairs]
    wrong = [mistake for pair in pairs for mistake in mistakes(*pair)]
    texts = {document.name: document.text for document in gold}
    parts = [
        _head(found),
        _in_short(found, wrong),
        _section("Spans by label", _with_plot(found, "entities.headline", list(schema().labels))),
        _section("Relations by type", _with_plot(found, "relations.headline", list(schema().relations))),
        _section("Every way of matching", _metrics(found)),
        _section("Confusion", _CONFUSION_NOTE + _confusion(analysis.confusion(pairs))),
        _section("What the scores mean", _reliability(found)),
        _section("Effects of length", _plots(found, pairs)),
        _section("Learning curve", _curve(curve)) if curve else "",
        _section("By kind of report", _groups(found)),
        _section("Mistakes by cause", _causes(wrong, texts, examples)),
    ]
    title = escape(f"{found['run']}: evaluation")
    body = "".join(parts)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _head(found: Result) -> str:
    system = " ".join(str(value) for value in found["system"].values())
    lines = [f"<h1>{escape(found['run'])}</h1><p class=note>{escape(system)} on {escape(found['split'])}: "]
    lines.append(f"{found['documents']} documents, corpus <code>{found['corpus_sha256'][:12]}</code>, ")
    only = f", judged on {', '.join(found['labels'])} alone" if found.get("labels") else ""
    lines.append(f"seed {found['seed']}{escape(only)}</p><div class=big>")
    for metric, name in (("entities.headline", "spans"), ("relations.headline", "relations")):
        entry = found["scores"][metric]["all"]
        interval = bounds(entry["interval"]["f1"])
        lines.append(f"<div><b>{share(entry['f1'])}</b>F1 of {entry['support']} {name} ({interval})</div>")
    note = "Core labels count with exact boundaries, INDICATOR and PERIOD when they overlap; relations need both ends."
    return "".join(lines) + f"</div><p class=note>{note}</p>"


def _in_short(found: Result, wrong: Sequence[Mistake]) -> str:
    """Return what a reader takes away: the weakest labels and relations, and the commonest causes of mistakes."""
    lines = []
    for what, metric in (("label", "entities.headline"), ("relation", "relations.headline")):
        entries = {name: e for name, e in found["scores"][metric]["labels"].items() if e["f1"] is not None}
        weakest = sorted(entries, key=lambda name: entries[name]["f1"])[:3]
        shown = ", ".join(f"{name} {share(entries[name]['f1'])} (n = {entries[name]['support']})" for name in weakest)
        if weakest:
            lines.append(f"Weakest by {what}: {shown}.")
    causes = Counter(mistake.cause for mistake in wrong).most_common(3)
    if causes:
        shown = ", ".join(f"{cause} {number}" for cause, number in causes)
        lines.append(f"{len(wrong)} mistakes, most often: {shown}.")
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _section(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>{body}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def _row(name: str, entry: dict[str, Any]) -> list[str]:
    counts = [str(entry[key]) for key in ("support", "tp", "fp", "fn")]
    return [
        name,
        *counts,
        *(share(entry[key]) for key in ("precision", "recall", "f1")),
        bounds(entry["interval"]["f1"]),
    ]


def _with_plot(found: Result, metric: str, order: Sequence[str]) -> str:
    scores = found["scores"][metric]
    entries = {name: scores["labels"][name] for name in order if name in scores["labels"]}
    rows = [*(_row(name, entry) for name, entry in entries.items()), _row("all", scores["all"])]
    drawn = plots.bars(entries) if entries else ""
    return f"<div class=row><div>{_table(['', *_COLUMNS], rows)}</div><div>{drawn}</div></div>"


def _metrics(found: Result) -> str:
    scores = found["scores"]
    names = [(metric, text.replace("**", "")) for metric, text in METRICS.items() if metric in scores]
    return _table(["", *_COLUMNS], [_row(text, scores[metric]["all"]) for metric, text in names])


_CONFUSION_NOTE = (
    "<p class=note>Rows are gold labels, columns what was predicted in their place. Each span stands in one cell; "
    "nested spans are matched with their own kind first. The diagonal also holds spans with a wrong boundary.</p>"
)


def _confusion(cells: Counter[tuple[str, str]]) -> str:
    names = [*schema().labels, NOTHING]
    head = "".join(f"<th>{escape(name)}</th>" for name in ("", *names))
    lines = []
    for gold in names:
        whole = sum(cells[gold, other] for other in names) or 1
        body = "".join(_shaded(cells[gold, other], whole) for other in names)
        lines.append(f"<tr><td>{gold}</td>{body}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _shaded(number: int, whole: int) -> str:
    return f'<td style="background:rgba(42,111,151,{0.75 * number / whole:.2f})">{number or ""}</td>'


def _plots(found: Result, pairs: Pairs) -> str:
    parts = [plots.lengths(analysis.by_length(pairs))]
    parts.append(plots.scatter(analysis.by_document([gold for gold, _ in pairs], tallies_of(found))))
    return "<div class=row>" + "".join(f"<div>{part}</div>" for part in parts) + "</div>"


def _reliability(found: Result) -> str:
    """Return the plot of all scores and, for each label and type, how far its scores are from what was right."""
    tables = found.get("reliability") or {}
    if not tables:
        return "<p class=note>The system gives no scores.</p>"
    drawn = plots.calibration({kind: _bins(table["all"]) for kind, table in tables.items()})
    rows = [_meant(name, entry) for kind in tables.values() for name, entry in kind["names"].items()]
    head = ["", "predicted", "mean score", "share right", "calibration error"]
    return _RELIABILITY_NOTE + f"<div class=row><div>{drawn}</div><div>{_table(head, rows)}</div></div>"


_RELIABILITY_NOTE = (
    "<p class=note>A score means what it says where the dots lie on the diagonal; below it the system is too sure. "
    "The error is the mean distance from it.</p>"
)


def _bins(entry: dict[str, Any]) -> list[calibration.Bin]:
    return [calibration.Bin(*one) for one in entry["bins"]]


def _meant(name: str, entry: dict[str, Any]) -> list[str]:
    size = sum(one[0] for one in entry["bins"])
    return [name, str(size), *(share(entry[key]) for key in ("score", "right", "error"))]


def _curve(found: Sequence[Point]) -> str:
    """Return the headline figures against the number of training reports, as a table and a plot."""
    metrics = {"spans": "entities.headline", "relations": "relations.headline"}
    rows = []
    for point in found:
        entries = [point.entry(metric) for metric in metrics.values()]
        cells = [cell for entry in entries for cell in (share(entry["f1"]), bounds(entry["interval"]["f1"]))]
        rows.append([str(point.reports), *cells])
    drawn = plots.curve({name: [(p.reports, p.entry(metric)) for p in found] for name, metric in metrics.items()})
    head = ["training reports", "spans F1", "95 % interval", "relations F1", "95 % interval"]
    return f"<div class=row><div>{_table(head, rows)}</div><div>{drawn}</div></div>"


def _groups(found: Result) -> str:
    """Return a table for each field of the metadata, to be unfolded; values of several documents stand first."""
    parts = []
    for field, values in found["groups"].items():
        ordered = sorted(values.items(), key=lambda item: (-item[1]["documents"], item[0]))
        rows = [[value, str(group["documents"]), *_grouped(group)] for value, group in ordered]
        head = ["", "documents", "spans", "F1", "95 % interval", "relations", "F1", "95 % interval"]
        body = _table(head, rows)
        parts.append(f"<details><summary>{escape(field)}: {len(rows)} values</summary>{body}</details>")
    return "".join(parts) or "<p class=note>The documents carry no metadata.</p>"


def _grouped(group: dict[str, Any]) -> list[str]:
    cells = []
    for part in (group["entities"], group["relations"]):
        cells += [str(part["support"]), share(part["f1"]), bounds(part["interval"]["f1"])]
    return cells


def _causes(wrong: Sequence[Mistake], texts: dict[str, str], examples: int) -> str:
    causes: dict[str, list[Mistake]] = {}
    for mistake in wrong:
        causes.setdefault(mistake.cause, []).append(mistake)
    parts = []
    for cause, found in sorted(causes.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        kinds = ", ".join(f"{kind} {number}" for kind, number in Counter(m.kind for m in found).most_common())
        items = "".join(f"<li>{_example(mistake, texts[mistake.document])}</li>" for mistake in found[:examples])
        parts.append(
            f"<details><summary>{escape(cause)}: {len(found)} ({escape(kinds)})</summary><ul>{items}</ul></details>"
        )
    return "".join(parts) or "<p class=note>None.</p>"


def _example(mistake: Mistake, text: str) -> str:
    sides = (("gold", mistake.gold), ("found", mistake.found))
    return "<br>".join(f"{name}: {escape(describe(item, text))}" for name, item in sides if item is not None)
