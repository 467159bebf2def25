"""Cross-validation for a small corpus of one's own: whole groups (municipalities, years …) are held out in turn.

Each fold has three brat folders: `dev` is held out and judged, `train` is learnt from, and `tune`, some groups taken
from the rest, picks checkpoint and thresholds, so that nothing is chosen on the documents that are judged.
"""

from __future__ import annotations

import csv
import json
import shlex
import shutil
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from corpus.files import refuse_filled
from evaluation import runs
from evaluation.manifest import MANIFEST, PARTS, Fold, own, read
from evaluation.predictions import align
from evaluation.runs import Result, Run
from evaluation.splits import brat_folder, corpus_hash, sources
from evaluation.systems import answers, system
from ie.document import Document
from ie.errors import FormatError, InputError

TUNE = 10
"""One group in about so many of a fold's rest goes to `tune`, at least one."""


def groups_from_field(folder: Path, field: str) -> dict[str, str]:
    """Return the value of a field of `sources.json` for each document of a folder; every one needs it."""
    path, records = folder / "sources.json", sources(folder)
    if not records:
        raise InputError(
            f"{path}: not there, or says nothing; give --groups-file, a CSV with the columns document,group"
        )
    fields = sorted({key for record in records.values() for key in record})
    if field not in fields:
        raise InputError(f"{path}: no field {field!r}; use one of {', '.join(fields)}")
    return {name: str(record[field]) for name, record in records.items() if record.get(field)}


def groups_from_file(path: Path) -> dict[str, str]:
    """Return the group of each document from a CSV file with the columns `document` and `group`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 ({error.__class__.__name__}); give a CSV file") from error
    found: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        name, group = (row.get("document") or "").strip(), (row.get("group") or "").strip()
        if not name or not group:
            raise FormatError(f"{path}:{number}: expected document,group under a header of these names")
        if name in found:
            raise FormatError(f"{path}:{number}: {name} stands twice; keep one line")
        found[name] = group
    return found


def plan(
    names: Sequence[str], groups: Mapping[str, str], k: int, *, strata: Mapping[str, str], seed: int
) -> list[Fold]:
    """Return `k` folds of the documents; no group is split, every document is in `dev` once.

    With `strata` (document -> value) the values are spread evenly over the folds, without, the documents. Raises
    InputError for documents without a group or stratum and for too few groups.
    """
    names = sorted(names)
    for table, what in ((groups, "group"), *(((strata, "stratum"),) if strata else ())):
        lacking = [name for name in names if name not in table]
        if lacking:
            more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
            raise InputError(f"no {what} for {', '.join(lacking[:5])}{more}; give every document one")
    kinds = len({groups[name] for name in names})
    if k < 2 or kinds < k:
        raise InputError(f"{k} folds of {kinds} groups; use at least 2 folds and no more folds than groups")
    if strata and max(Counter(strata[name] for name in names).values()) < k:
        raise InputError(f"no value of --stratify has {k} documents; use fewer folds or leave --stratify out")
    held = _held_out(names, groups, k, strata=strata, seed=seed)
    return [_fold(f"fold-{number}", names, dev, groups) for number, dev in enumerate(held, 1)]


def _held_out(
    names: Sequence[str], groups: Mapping[str, str], k: int, *, strata: Mapping[str, str], seed: int
) -> list[list[str]]:
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    splitter = StratifiedGroupKFold(k, shuffle=True, random_state=seed) if strata else GroupKFold(k)
    values = [strata[name] for name in names] if strata else None
    with warnings.catch_warnings():
        # Whole groups can be spread only so evenly; a value that is rarer than the folds is no cause for alarm.
        warnings.filterwarnings("ignore", message="The least populated class")
        parts = list(splitter.split(names, values, [groups[name] for name in names]))
    return [[names[at] for at in held] for _, held in parts]


def _fold(name: str, names: Sequence[str], dev: Sequence[str], groups: Mapping[str, str]) -> Fold:
    out = {groups[document] for document in dev}
    rest = [document for document in names if groups[document] not in out]
    kinds = len({groups[document] for document in rest})
    if not dev:
        raise InputError(f"{name}: holds nothing out, the groups cannot be spread so; leave --stratify out")
    if kinds < 2:
        raise InputError(f"{name}: {kinds} groups left to learn from and tune on; use fewer folds or more groups")
    tune = set(_held_out(rest, groups, min(TUNE, kinds), strata={}, seed=0)[-1])
    train = tuple(document for document in rest if document not in tune)
    return Fold(name, tuple(sorted(out)), train, tuple(sorted(tune)), tuple(dev))


def write(folds: Sequence[Fold], documents: Sequence[Document], source: Path, out: Path) -> None:
    """Copy the documents into `out/fold-N/{train,tune,dev}` and write `out/manifest.json`; `out` must not be there."""
    refuse_filled(out)
    for fold in folds:
        for part in PARTS:
            folder = out / fold.name / part
            folder.mkdir(parents=True)
            for name in getattr(fold, part):
                for suffix in (".txt", ".ann"):
                    shutil.copyfile(source / f"{name}{suffix}", folder / f"{name}{suffix}")
    table = {"corpus_sha256": corpus_hash(documents), "folds": [asdict(fold) for fold in folds]}
    (out / MANIFEST).write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if (source / "sources.json").is_file():
        for fold in folds:
            shutil.copyfile(source / "sources.json", out / fold.name / "dev" / "sources.json")


def commands(folds: Sequence[Fold], out: Path) -> list[str]:
    """Return the commands that train a pipeline on each fold, then the one that judges them all."""
    lines = []
    for fold in folds:
        place = shlex.quote(str(out / fold.name))
        lines.append(
            f"python -m training train --source brat:{place}/train --dev brat:{place}/tune --out {place}/model"
        )
    return [*lines, f"python -m evaluation folds-score {shlex.quote(str(out))}"]


def score(out: Path, *, spec: str | None, seed: int) -> Result:
    """Pool the predictions on every `dev` folder into one result; every document is judged once.

    A fold is read by the system `spec`, the same for all, or, when None, by its own `predictions.jsonl` or its trained
    `model/model-best`. Raises InputError when neither is there or the gold is not that of the manifest.
    """
    folds, wanted = read(out)
    pairs: list[tuple[Document, Document]] = []
    for fold in folds:
        gold = brat_folder(out / fold.name / "dev")
        pairs += align(gold, answers(system(spec or own(out / fold.name)), gold), what=fold.name)
    pairs.sort(key=lambda pair: pair[0].name)
    if corpus_hash([gold for gold, _ in pairs]) != wanted:
        raise InputError(f"{out}: the dev folders are not those of {MANIFEST}; make the folds again")
    name = f"folds-{out.resolve().name}"
    about = {"model": spec or f"one pipeline for each of {len(folds)} folds"}
    return runs.result(Run(name, spec or "folds", name), pairs, about=about, seed=seed)
