"""Runs as data: read `runs.toml`, score a system on a split, write and read `results/<run>.json`.

A result holds counts, offsets and labels, never text, path or time, so it can be committed and made again to the byte.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluation import calibration, mistakes, reach, splits
from evaluation.predictions import align, pack, unpack
from evaluation.scores import Counts, Tally, entry, resamples, summary, total
from evaluation.systems import answers, system
from evaluation.tally import tally
from ie.archive import engine
from ie.document import Document
from ie.errors import FormatError, InputError

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
LIBRARIES = ("spacy", "underthesea", "numpy")
Result = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A system on a split.

    `labels` restricts gold and predictions to these labels and relations; `note` says what the system cannot do and
    puts the run into the tables of peers. `qualifiers` is False where the gold of the split bears none.
    """

    name: str
    system: str
    split: str
    labels: tuple[str, ...] = ()
    note: str = ""
    qualifiers: bool = True


@dataclass(frozen=True)
class Series:
    """Pipelines that are set against the first of them: `variants` maps each to what is different in it.

    Variant NAME on SPLIT is the run `SERIES-NAME-SPLIT`, its speed the result `SERIES-NAME`.
    """

    name: str
    variants: dict[str, str]

    def of(self, variant: str, split: str = "") -> str:
        """Return the name of the run of a variant on a split, or of its speed."""
        return "-".join(part for part in (self.name, variant, split) if part)

    @property
    def first(self) -> str:
        """Return the variant that the others are set against."""
        return next(iter(self.variants))


@dataclass(frozen=True)
class Plan:
    """What `runs.toml` says: `splits` maps a name to `("corpus", split)` or `("brat", folder)`."""

    seed: int
    splits: dict[str, tuple[str, str]]
    runs: dict[str, Run]
    series: dict[str, Series] = field(default_factory=dict)

    def alone(self) -> list[str]:
        """Return the runs that stand in no table of their own: neither of a series nor of the learning curve."""
        return [run for run in self.runs if not run.startswith((CURVE, *(f"{name}-" for name in self.series)))]


CURVE = "curve-"
"""How the names of the runs of the learning curve begin."""


def plan(path: Path = HERE / "runs.toml") -> Plan:
    """Read the plan; raises FormatError when a run names a split that the file does not describe."""
    table = tomllib.loads(path.read_text("utf-8"))
    found = {name: next(iter(entry.items())) for name, entry in table["splits"].items()}
    series = {name: Series(name, entry["variants"]) for name, entry in table.get("series", {}).items()}
    planned = {**table["runs"], **_curve(table)}
    for name, each in series.items():
        planned |= _runs_of(each, table["series"][name])
    runs = {name: _planned(name, entry, table["splits"], path.name) for name, entry in planned.items()}
    return Plan(table["seed"], found, runs, series)


def _planned(name: str, entry: dict[str, Any], known: dict[str, dict[str, Any]], where: str) -> Run:
    split = entry["split"]
    if split not in known:
        raise FormatError(f"{where}: run {name} names split {split!r}; use one of {', '.join(known)}")
    labels = reach.check(entry.get("labels", ()), f"{where}: run {name}")
    return Run(name, entry["system"], split, labels, entry.get("note", ""), known[split].get("qualifiers", True))


def _curve(table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a run `curve-N-SPLIT` for every size of the table `curve`, N put where its system says `{n}`."""
    curve = table.get("curve", {"sizes": []})
    return {
        f"{CURVE}{n}-{curve['split']}": {"system": curve["system"].format(n=n), "split": curve["split"]}
        for n in curve["sizes"]
    }


def _runs_of(series: Series, entry: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the runs of a series, the name of each variant put where the system says `{name}`."""
    return {
        series.of(variant, split): {"system": entry["system"].format(name=variant), "split": split}
        for split in entry["splits"]
        for variant in series.variants
    }


def documents_of(split: str, known: Plan) -> list[Document]:
    """Return the gold documents of a split; raises InputError when it is unknown or not on this machine."""
    if split not in known.splits:
        raise InputError(f"unknown split {split!r}; use one of {', '.join(known.splits)}, or --brat DIR")
    kind, where = known.splits[split]
    if kind == "corpus":
        return splits.corpus_split(where)
    folder = splits.ROOT / where
    if not folder.is_dir():
        raise MissingSplitError(f"{split}: {where} is not beside this checkout")
    return splits.brat_folder(folder)


class MissingSplitError(InputError):
    """The split's folder is not on this machine; its runs are skipped."""


def execute(run: Run, gold: Sequence[Document], *, seed: int, with_values: bool = True) -> Result:
    """Let the run's system predict the documents and return the result."""
    judged = system(run.system)
    pairs = align(gold, answers(judged, gold), what=run.name)
    found = result(run, pairs, about=judged.describe(), seed=seed, with_values=with_values)
    return {**found, "given": "spans"} if judged.given_spans else found


def result(
    run: Run,
    pairs: Sequence[tuple[Document, Document]],
    *,
    about: dict[str, str],
    seed: int,
    with_values: bool = True,
) -> Result:
    """Return the result of predictions: scores, groups, and for each document its counts and packed predictions.

    Gold and predictions are restricted to the run's `labels`; the hash is that of the whole gold.
    """
    gold = [document for document, _ in pairs]
    kept = [(reach.restricted(wanted, run.labels), reach.restricted(found, run.labels)) for wanted, found in pairs]
    tallies = [reach.measured(tally(*both, with_values=with_values), run.labels) for both in kept]
    if not run.qualifiers:
        tallies = [{m: counts for m, counts in each.items() if m != "attributes"} for each in tallies]
    return {
        "run": run.name,
        "system": {"name": run.system.partition(":")[0], **about},
        "split": run.split,
        **({"labels": list(run.labels)} if run.labels else {}),
        "documents": len(pairs),
        "corpus_sha256": splits.corpus_hash(gold),
        "seed": seed,
        "versions": versions(),
        "scores": summary(tallies, seed=seed),
        "groups": grouped(gold, tallies, seed=seed),
        "reliability": calibration.reliability(kept),
        "mistakes": mistakes.counted([each for pair in kept for each in mistakes.mistakes(*pair)]),
        "per_document": {
            document.name: {"counts": _plain(counts), **pack(found)}
            for (document, found), counts in zip(kept, tallies, strict=True)
        },
    }


def versions() -> dict[str, str]:
    """Return the versions that a result depends on: Python's minor version and the libraries'."""
    return engine.versions(LIBRARIES)


def grouped(gold: Sequence[Document], tallies: Sequence[Tally], *, seed: int) -> dict[str, dict[str, Any]]:
    """Return the headline figures for every value of every metadata field that the documents have."""
    table: dict[str, dict[str, Any]] = {}
    for name in splits.FIELDS:
        members: dict[str, list[Tally]] = {}
        for document, counts in zip(gold, tallies, strict=True):
            if document.meta.get(name):
                members.setdefault(document.meta[name], []).append(counts)
        if members:
            table[name] = {value: _group(found, seed=seed) for value, found in sorted(members.items())}
    return table


def _group(tallies: Sequence[Tally], *, seed: int) -> dict[str, Any]:
    draws = resamples(len(tallies), seed=seed)
    return {
        "documents": len(tallies),
        "entities": entry([total(t["entities.headline"].values()) for t in tallies], draws),
        "relations": entry([total(t["relations.headline"].values()) for t in tallies], draws),
    }


def _plain(counts: Tally) -> dict[str, dict[str, list[int]]]:
    return {
        metric: {label: [c.tp, c.fp, c.fn] for label, c in labels.items()} for metric, labels in sorted(counts.items())
    }


def tallies_of(found: Result) -> dict[str, Tally]:
    """Return the counts of each document of a result."""
    return {
        name: {m: {k: Counts(*c) for k, c in labels.items()} for m, labels in record["counts"].items()}
        for name, record in found["per_document"].items()
    }


def predictions_of(found: Result, gold: Sequence[Document]) -> list[Document]:
    """Rebuild the predictions of a result on the gold texts; raises InputError when those are not the same texts."""
    if splits.corpus_hash(gold) != found["corpus_sha256"]:
        raise InputError(f"{found['run']}: made on another version of {found['split']}; run it again")
    texts = {document.name: document.text for document in gold}
    return [unpack(name, record, texts[name]) for name, record in found["per_document"].items()]


def dumps(found: Result) -> str:
    """Write a result as JSON that reads well in a diff: one line a document, a label, a group."""
    return _lines(found, 0) + "\n"


def _lines(table: dict[str, Any], level: int) -> str:
    """Write a table of tables over several lines, the innermost on one."""
    pad = " " * (level + 1)
    parts = []
    for key, item in table.items():
        deep = isinstance(item, dict) and item and all(isinstance(inner, dict) for inner in item.values())
        body = _lines(item, level + 1) if deep else json.dumps(item, ensure_ascii=False)
        parts.append(f"{pad}{json.dumps(key, ensure_ascii=False)}: {body}")
    return "{\n" + ",\n".join(parts) + "\n" + " " * level + "}"


def save(found: Result, folder: Path = RESULTS) -> Path:
    """Write a result to `<run>.json` in the folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{found['run']}.json"
    path.write_text(dumps(found), "utf-8")
    return path


def load(name: str, folder: Path = RESULTS) -> Result:
    """Read the result of a run by its name or its path; raises InputError when there is none."""
    path = Path(name) if name.endswith(".json") else folder / f"{name}.json"
    if not path.is_file():
        raise InputError(f"{name}: no result; make it with `python -m evaluation run {name}`")
    try:
        found: Result = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FormatError(f"{path}: not JSON ({error}); make it again with `python -m evaluation run`") from error
    if not isinstance(found, dict) or "scores" not in found:
        raise FormatError(f"{path}: not a result of `python -m evaluation run`")
    return found
