"""Tables of the committed results, written between markers so that no figure is ever copied by hand.

`<!-- results:NAME -->` … `<!-- /results -->`: NAME is `summary`, `summary:PREFIX`, `curve:SPLIT`, `SERIES:SPLIT`,
`against:SPLIT`, `peers:SPLIT` or `peers:SPLIT/METRIC` with a metric of `across.METRICS`, `speed`, `speed/VIEW` with a
view of `costs.VIEWS`, `throughput/VIEW` with one of `capacity.VIEWS`, `processes`, a run (its labels), or `RUN/VIEW`
with a view of `VIEWS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from evaluation import across, against, audits, capacity, costs, processes, projects, runs, series
from evaluation.figures import bounds, share, table
from evaluation.readers import tables as readertables
from evaluation.runs import RESULTS, Plan, Result
from evaluation.scores import Counts, entry, resamples, total
from ie.errors import FormatError
from ie.schema import schema

_MARKER = re.compile(r"(<!-- results:(?P<name>[^ ]+) -->\n)(?P<body>.*?)(<!-- /results -->)", re.DOTALL)
METRICS = {
    "entities.exact": "entities, exact boundaries",
    "entities.overlap": "entities, overlap",
    "entities.headline": "entities, **headline** (core exact, INDICATOR and PERIOD by overlap)",
    "entities.token": "entities, tokens",
    "relations.strict": "relations, strict (both spans exact)",
    "relations.headline": "relations, **headline** (core ends exact, INDICATOR and PERIOD by overlap)",
    "relations.relaxed": "relations, relaxed (both ends by overlap)",
    "relations.given": "relations, given the spans both sides have",
    "attributes": "attributes of the quantities found",
    "values.number": "values: number after normalisation",
    "values.amount": "values: number and unit after normalisation",
    "facts": "facts: amount, indicator by overlap, period, places by code",
}
ASPECTS = {
    "amount": "value and unit",
    "period": "period",
    "place": "place code, or rightly none",
    "legal": "key of the document",
}


def _cells(entry: dict[str, Any]) -> list[str]:
    counts = [str(entry[name]) for name in ("support", "tp", "fp", "fn")]
    return [*counts, *(share(entry[name]) for name in ("precision", "recall", "f1")), bounds(entry["interval"]["f1"])]


_COLUMNS = ("support", "found", "spurious", "missed", "P", "R", "F1", "95 % interval")


def _macro(entry: dict[str, Any]) -> list[str]:
    cells = [share(entry[name]) for name in ("precision", "recall", "f1")]
    return ["**mean of rows**", "", "", "", "", *cells, bounds(entry["interval"]["f1"])]


def _breakdown(found: Result, metric: str, first: str, order: Sequence[str], *more: list[str]) -> str:
    """Return a row for each name of `order`, the rows `more`, and what is true of all."""
    scores = found["scores"][metric]
    rows = [[name, *_cells(scores["labels"][name])] for name in order if name in scores["labels"]]
    rows += more
    rows += [["**all**", *_cells(scores["all"])], _macro(scores["macro"])]
    return table([first, *_COLUMNS], rows)


def labels(found: Result) -> str:
    """Return the headline table of the entity labels, those on exact ends (`core`) also taken together."""
    return _breakdown(found, "entities.headline", "label", list(schema().labels), _core(found))


def _core(found: Result) -> list[str]:
    """Return the row of all core labels, their counts taken from the documents of the result."""
    core = {name for name, label in schema().labels.items() if label.core}
    counts = [
        total(c for name, c in each["entities.headline"].items() if name in core)
        for each in runs.tallies_of(found).values()
    ]
    return ["**core**", *_cells(entry(counts, resamples(len(counts), seed=found["seed"])))]


def relations(found: Result) -> str:
    """Return the headline table of the relation types."""
    return _breakdown(found, "relations.headline", "relation", list(schema().relations))


def attributes(found: Result) -> str:
    """Return the table of the attributes."""
    if "attributes" not in found["scores"]:
        return "Attributes are not judged in this run.\n"
    return _breakdown(found, "attributes", "attribute", sorted(found["scores"]["attributes"]["labels"]))


def metrics(found: Result) -> str:
    """Return one row for every way of matching."""
    rows = [[text, *_cells(found["scores"][name]["all"])] for name, text in METRICS.items() if name in found["scores"]]
    return table(["metric", *_COLUMNS], rows)


def reliability(found: Result) -> str:
    """Return how far the scores of each label and relation are from the share that was right."""
    tables = found.get("reliability") or {}
    rows = [
        [name, str(sum(one[0] for one in entry["bins"])), *(share(entry[key]) for key in ("score", "right", "error"))]
        for kind in tables.values()
        for name, entry in [*kind["names"].items(), ("**all**", kind["all"])]
    ]
    head = ["label or relation", "predicted", "mean score", "share right", "calibration error"]
    return table(head, rows) if rows else "The system gives no scores.\n"


def cuts(found: Result) -> str:
    """Return what is left of the predictions when those below a score are left out."""
    tables = found.get("reliability") or {}
    if not tables:
        return "The system gives no scores.\n"
    rows = []
    for parts in zip(*(kind["cuts"] for kind in tables.values()), strict=True):
        cells = [f"{parts[0][0]:g}"]
        for _, right, wrong, gold in parts:
            counts = Counts(right, wrong, gold - right)
            cells += [str(counts.predicted), *(share(x) for x in (counts.precision, counts.recall, counts.f1))]
        rows.append(cells)
    head = ["`--min-score`", *(f"{kind}{what}" for kind in tables for what in ("", " P", " R", " F1"))]
    return table(head, rows, left=0)


def mistaken(found: Result) -> str:
    """Return what the mistakes of each label and relation type come from (`python -m evaluation errors` shows them)."""
    counted = found.get("mistakes") or {}
    known = [name for name in (*schema().labels, *schema().relations) if name in counted]
    rows = [
        [name, str(sum(counted[name].values())), ", ".join(f"{cause} {n}" for cause, n in counted[name].items())]
        for name in known
    ]
    return table(["label or relation", "mistakes", "by cause"], rows, left=3) if rows else "No mistakes.\n"


def value_table(found: Result) -> str:
    """Return how the values agree with the value gold: of the normaliser on gold spans, and end to end."""
    if "gold.given" not in found["scores"]:
        return "No document of this run has value gold.\n"
    rows = []
    for way, name in (("gold.given", "on gold spans"), ("gold.found", "end to end")):
        table_of = found["scores"][way]["labels"]
        rows += [[name, text, *_cells(table_of[aspect])] for aspect, text in ASPECTS.items() if aspect in table_of]
    facts = found["scores"]["gold.facts"]["labels"]
    rows += [[name, "**complete fact**", *_cells(facts[way])] for way, name in _WAYS if way in facts]
    return table(["values", "aspect", *_COLUMNS], rows, left=2)


_WAYS = (("given", "on gold spans"), ("found", "end to end"))


def causes(found: Result) -> str:
    """Return what is wrong with the facts of the value gold that were not found."""
    if "gold.causes" not in found["scores"]:
        return "No document of this run has value gold, or none of its facts is missed.\n"
    known, facts = found["scores"]["gold.causes"]["labels"], found["scores"]["gold.facts"]["labels"]
    rows = []
    for way, name in _WAYS:
        missed = {key.partition(": ")[2]: entry["fn"] for key, entry in known.items() if key.startswith(f"{way}: ")}
        order = sorted(missed, key=lambda cause: (-missed[cause], cause))
        rows += [[name, cause, str(missed[cause]), share(missed[cause] / facts[way]["support"])] for cause in order]
    return table(["facts", "what is wrong", "missed", "% of all"], rows, left=2)


def groups(found: Result) -> str:
    """Return the headline figures by level, year, province, kind and layout."""
    rows = []
    for field, values in found["groups"].items():
        for value, group in values.items():
            cells = []
            for part in (group["entities"], group["relations"]):
                cells += [str(part["support"]), share(part["f1"]), bounds(part["interval"]["f1"])]
            rows.append([field, value.replace("|", "\\|"), str(group["documents"]), *cells])
    head = ["field", "value", "documents", "spans", "F1", "95 % interval", "relations", "F1", "95 % interval"]
    return table(head, rows, left=2)


VIEWS: dict[str, Callable[[Result], str]] = {
    "labels": labels,
    "relations": relations,
    "attributes": attributes,
    "metrics": metrics,
    "values": value_table,
    "causes": causes,
    "groups": groups,
    "reliability": reliability,
    "cuts": cuts,
    "mistakes": mistaken,
}


def caption(found: Result) -> str:
    """Return one line that says what was measured on what."""
    system = found["system"]
    model = " ".join(part for part in (system.get("model"), system.get("version")) if part)
    what = f"{found['documents']} documents, corpus `{found['corpus_sha256'][:12]}`"
    only = f", judged on {', '.join(found['labels'])} alone" if found.get("labels") else ""
    return f"System `{system['name']}` ({model}) on `{found['split']}`{only}: {what}.\n\n"


def summary(names: Sequence[str], folder: Path) -> str:
    """Return one row a run that has a result."""
    rows = []
    for name in names:
        if not (folder / f"{name}.json").is_file():
            continue
        found = runs.load(name, folder)
        cells = []
        for metric in ("entities.headline", "relations.headline"):
            entry = found["scores"][metric]["all"]
            figures = [share(entry["f1"]), bounds(entry["interval"]["f1"])]
            handed = metric.startswith("entities") and found.get("given") == "spans"
            cells += [str(entry["support"]), *(["given", ""] if handed else figures)]
        only = f" ({', '.join(found['labels'])} alone)" if found.get("labels") else ""
        rows.append([name + only, str(found["documents"]), *cells])
    head = ["run", "documents", "spans", "F1", "95 % interval", "relations", "F1", "95 % interval"]
    return table(head, rows) if rows else "No run has a result yet: `python -m evaluation run`.\n"


def _block(name: str, known: Plan, folder: Path, where: str) -> str:
    if name == "summary":
        return summary(known.alone(), folder)
    if name.startswith("summary:"):
        prefix = name.partition(":")[2]
        return summary([run for run in known.runs if run.startswith(prefix)], folder)
    if name.partition("/")[0] == "speed" and name.partition("/")[2] in costs.VIEWS:
        timed = costs.load("pipeline", folder)
        view = name.partition("/")[2]
        return costs.VIEWS[view](timed) if timed else "Not measured: `python -m evaluation speed`.\n"
    if name.partition("/")[0] == "throughput" and name.partition("/")[2] in capacity.VIEWS:
        held = capacity.load(folder)
        return capacity.VIEWS[name.partition("/")[2]](held) if held else capacity.MISSING
    if name == "processes":
        return processes.written(folder)
    if name.partition("/")[0] == "readers" and name.partition("/")[2] in readertables.VIEWS:
        return readertables.block(name.partition("/")[2], folder)
    if name == "projects":
        return projects.written(folder)
    view, _, place = name.partition(":")
    if view == "audit":
        return audits.written(place, folder)
    split, _, metric = place.partition("/")
    if view in ("curve", "peers", "against", *known.series) and split not in known.splits:
        raise FormatError(f"{where}: results:{name} names no split; use one of {', '.join(known.splits)}")
    if view == "curve":
        return across.curve(split, folder)
    if view in known.series:
        return series.side_by_side(known.series[view], split, known=known, folder=folder)
    if view == "against":
        return against.against(split, known=known, folder=folder)
    if view == "peers":
        return across.peers(split, metric or "headline", known=known, folder=folder)
    run, _, view = name.partition("/")
    if run not in known.runs or (view or "labels") not in VIEWS:
        wanted = f"summary, {', '.join(known.runs)}, or RUN/VIEW with {', '.join(VIEWS)}"
        raise FormatError(f"{where}: results:{name} is no table; use {wanted}")
    if not (folder / f"{run}.json").is_file():
        return f"No result yet: `python -m evaluation run {run}`.\n"
    found = runs.load(run, folder)
    return caption(found) + VIEWS[view or "labels"](found)


def rendered(text: str, *, known: Plan, folder: Path = RESULTS, where: str = "<text>") -> str:
    """Return the text with every marked table made anew; raises FormatError for a marker that names no table."""
    if text.count("<!-- results:") != len(_MARKER.findall(text)):
        raise FormatError(f"{where}: a results marker has no end; close it with <!-- /results -->")
    return _MARKER.sub(lambda m: m.group(1) + "\n" + _block(m["name"], known, folder, where) + "\n" + m.group(4), text)


def stale(paths: Sequence[Path], *, known: Plan, folder: Path = RESULTS) -> list[Path]:
    """Return the files whose tables are not those of the committed results."""
    texts = {path: path.read_text("utf-8") for path in paths}
    return [p for p, text in texts.items() if text != rendered(text, known=known, folder=folder, where=p.name)]
