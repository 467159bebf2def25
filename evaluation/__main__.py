"""`python -m evaluation`: run systems, render tables, compare runs, explain mistakes, time them; `--help` has all."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation import (
    across,
    agreement,
    audits,
    capacity,
    compare,
    conll,
    costs,
    external,
    folds,
    mistakes,
    processes,
    projects,
    reach,
    render,
    report,
    runs,
    seen,
)
from evaluation.doubt_commands import add_commands as add_doubt_commands
from evaluation.figures import bounds, share
from evaluation.predictions import align, read_jsonl
from evaluation.readers.commands import add_commands as add_reader_commands
from evaluation.runs import Result, Run
from evaluation.splits import ROOT, brat_folder
from evaluation.systems import MissingSystemError, answers, system
from ie.document import Document
from ie.errors import IEError, InputError
from ie.schema import schema

PAGES = (
    ROOT / "README.md",
    ROOT / "evaluation" / "README.md",
    ROOT / "training" / "README.md",
    ROOT / "models" / "vi_ie_report_sm" / "README.md",
    ROOT / "ie" / "archive" / "README.md",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0, or 1 with one line on stderr when something is wrong."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options) or 0)
    except IEError as error:
        print(f"evaluation: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="How good a system is.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="score systems on splits and write results/<run>.json")
    run.add_argument("names", nargs="*", metavar="NAME", help="runs of runs.toml; all of them by default")
    run.add_argument("--system", default="pipeline", help="with --brat: one of systems.py, or jsonl:PATH")
    run.set_defaults(command=_run)
    listed = commands.add_parser("runs", help="print the names of the planned runs")
    listed.add_argument("prefix", nargs="?", default="", help="of the names to print")
    listed.set_defaults(command=_runs)
    tables = commands.add_parser("render", help="write the tables of the results into README files")
    tables.add_argument("pages", nargs="*", type=Path, metavar="FILE")
    tables.add_argument("--check", action="store_true", help="change nothing, fail when a table is stale")
    tables.set_defaults(command=_render)
    two = commands.add_parser("compare", help="gains and losses of B over A, and the paired test")
    two.add_argument("first", metavar="A", help="a run, its .json, a .jsonl, or pipeline:DIR")
    two.add_argument("second", metavar="B")
    two.set_defaults(command=_compare)
    causes = commands.add_parser("errors", help="mistakes of a run by cause, with examples")
    causes.add_argument("run", metavar="RUN", help="a run, its .json, a .jsonl, or pipeline:DIR")
    causes.add_argument("--examples", type=int, default=3, help="examples a cause")
    causes.set_defaults(command=_errors)
    html = commands.add_parser("report", help="one self-contained HTML page about a run")
    html.add_argument("run", metavar="RUN", help="a run or its .json")
    html.add_argument("-o", "--output", type=Path, help="where to write; RUN.html by default")
    html.set_defaults(command=_report)
    both = commands.add_parser("agreement", help="kappa and F-agreement of two annotators")
    both.add_argument("first", type=Path, metavar="DIR", help="brat folder of the first annotator")
    both.add_argument("second", type=Path, metavar="DIR")
    both.set_defaults(command=_agreement)
    _more(commands)
    _speed_parser(commands)
    _throughput_parser(commands)
    add_reader_commands(commands)
    _audit_parser(commands)
    for command in (run, two, causes, html):
        command.add_argument("--brat", type=Path, metavar="DIR", help="gold from this folder of brat files")
    for command in (two, causes):
        command.add_argument("--split", help="gold from this split of runs.toml, for .jsonl files")
    for command in (run, tables, two, causes, html):
        command.add_argument("--results", type=Path, default=runs.RESULTS, metavar="DIR", help="where results stand")
    return parser


def _more(commands: Any) -> None:
    """Add the commands for data of the user's own."""
    other = commands.add_parser("external", help="judge a system on a CoNLL file and a map of its labels")
    other.add_argument("--conll", type=Path, required=True, metavar="FILE", help="a token and its tag on each line")
    other.add_argument("--map", type=Path, required=True, metavar="MAP.toml", help='[labels] with THEIRS = "OURS"')
    other.add_argument("--column", type=_positive, metavar="N", help="column of the tags from 1; the last by default")
    other.add_argument("--system", default="pipeline", help="one of systems.py")
    other.set_defaults(command=_external)
    cut = commands.add_parser("folds", help="cut a brat folder into folds that split no group")
    cut.add_argument("folder", type=Path, metavar="DIR", help="brat folder")
    group = cut.add_mutually_exclusive_group(required=True)
    group.add_argument("--groups", metavar="FIELD", help="field of DIR/sources.json that names the group")
    group.add_argument("--groups-file", type=Path, metavar="CSV", help="columns document,group")
    cut.add_argument("--stratify", metavar="FIELD", help="field of DIR/sources.json to spread evenly over the folds")
    cut.add_argument("-k", type=int, default=5, help="number of folds")
    cut.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the folds go; must not be there")
    cut.set_defaults(command=_folds)
    pooled = commands.add_parser("folds-score", help="pool the predictions on all folds into one result")
    pooled.add_argument("folder", type=Path, metavar="DIR", help="what `folds` wrote")
    pooled.add_argument("--system", help="judge this system instead of each fold's own pipeline")
    pooled.set_defaults(command=_folds_score)
    known = commands.add_parser("seen", help="note how much of each text stands in text that was learned from")
    known.add_argument("folder", type=Path, metavar="DIR", help="brat folder; its sources.json is written")
    known.add_argument(
        "--text", type=Path, required=True, metavar="DIR", help="folder of .txt files that was learned from"
    )
    known.set_defaults(command=_seen)
    add_doubt_commands(commands)


def _seen(options: argparse.Namespace) -> int:
    for name, count in seen.note(options.folder, options.text).items():
        print(f"{name}: {count} documents")
    return 0


def _audit_parser(commands: Any) -> None:
    """Add the command that judges the audit."""
    own = commands.add_parser("audit", help="plant errors into clean gold reports, count what the audit finds")
    own.add_argument("split", help="a split of runs.toml")
    own.add_argument("--gold", action="store_true", help="on gold spans alone, for reports the pipeline learned from")
    own.add_argument("--results", type=Path, default=runs.RESULTS, metavar="DIR", help="where results stand")
    own.set_defaults(command=_audit)
    hand = commands.add_parser("projects", help="judge project records by ten reports that were checked by hand")
    hand.add_argument("--results", type=Path, default=runs.RESULTS, metavar="DIR", help="where results stand")
    hand.set_defaults(command=_projects)


def _audit(options: argparse.Namespace) -> int:
    from ie.models import load

    ways = audits.WAYS[:1] if options.gold else audits.WAYS
    path = audits.save(audits.measure(options.split, load(), ways=ways), options.results)
    print(audits.written(options.split, options.results), end="")
    print(f"-> {path}")
    return 0


def _projects(options: argparse.Namespace) -> int:
    from ie.models import load

    path = projects.save(projects.measure(load()), options.results)
    print(projects.written(options.results), end="")
    print(f"-> {path}")
    return 0


def _speed_parser(commands: Any) -> None:
    """Add the command that measures time, size and memory."""
    fast = commands.add_parser("speed", help="words per second against underthesea, time by stage, size, memory")
    fast.add_argument("--model", type=Path, metavar="DIR", help="folder of a pipeline; the released one by default")
    fast.add_argument("--name", default="pipeline", help="name of the result, results/speed/NAME.json")
    fast.add_argument("--texts", type=Path, metavar="DIR", help=".txt files to read; the corpus's by default")
    fast.add_argument("--documents", type=int, default=24, metavar="N", help="documents a round")
    fast.add_argument("--repeats", type=int, default=15, metavar="N", help="rounds, of which the median counts")
    fast.add_argument("--memory", type=int, default=0, metavar="N", help="also tag N made documents and watch memory")
    fast.add_argument("--dry-run", action="store_true", help="print the figures and write no result")
    fast.add_argument("--results", type=Path, default=runs.RESULTS, metavar="DIR", help="where results stand")
    fast.set_defaults(command=_speed)


def _throughput_parser(commands: Any) -> None:
    """Add the command that measures archive runs."""
    many = commands.add_parser("throughput", help="documents a second of one and two workers over a made archive")
    many.add_argument("--documents", type=_positive, default=2000, metavar="N", help="documents made (default 2000)")
    many.add_argument("--single", type=_positive, metavar="N", help="of which one worker tags (default: half)")
    many.add_argument("--work", type=Path, default=capacity.WORK, metavar="DIR", help="where it is kept until done")
    many.add_argument("--dry-run", action="store_true", help="print the figures and write no result")
    many.add_argument("--results", type=Path, default=runs.RESULTS, metavar="DIR", help="where results stand")
    many.set_defaults(command=_throughput)
    ways = commands.add_parser("processes", help="spaCy's own processes against the workers of an archive run")
    ways.add_argument("--documents", type=_positive, default=40, metavar="N", help="documents made (default 40)")
    ways.add_argument("--rounds", type=_positive, default=2, metavar="N", help="rounds, the quickest counts")
    ways.add_argument("--dry-run", action="store_true", help="print the figures and write no result")
    ways.add_argument("--results", type=Path, default=runs.RESULTS, metavar="DIR", help="where results stand")
    ways.set_defaults(command=_processes)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _run(options: argparse.Namespace) -> int:
    known = runs.plan()
    if options.brat:
        if options.names:
            raise InputError(f"--brat makes a run of its own, {', '.join(options.names)} cannot be given with it")
        name = f"{options.system.partition(':')[0]}-{options.brat.resolve().name}"
        run = Run(name, options.system, options.brat.resolve().name)
        return _scored(runs.execute(run, brat_folder(options.brat), seed=known.seed), options.results)
    unknown = [name for name in options.names if name not in known.runs]
    if unknown:
        raise InputError(f"unknown run {', '.join(unknown)}; use one of {', '.join(known.runs)}, or --brat DIR")
    failed = [name for name in options.names or known.runs if not _one_run(known.runs[name], known, options.results)]
    return 1 if failed else 0


def _runs(options: argparse.Namespace) -> int:
    print("\n".join(name for name in runs.plan().runs if name.startswith(options.prefix)))
    return 0


def _one_run(run: Run, known: runs.Plan, folder: Path) -> bool:
    """Score one run; a split that is not here is skipped, a run that cannot be scored stops no other."""
    try:
        _scored(runs.execute(run, runs.documents_of(run.split, known), seed=known.seed), folder)
    except (runs.MissingSplitError, MissingSystemError) as error:
        print(f"{run.name}: skipped, {error}")
    except IEError as error:
        print(f"evaluation: {error}", file=sys.stderr)
        return False
    return True


def _scored(found: Result, folder: Path) -> int:
    path = runs.save(found, folder)
    parts = []
    for metric, what in (("entities.headline", "entities"), ("relations.headline", "relations")):
        entry = found["scores"][metric]["all"]
        figures = share(entry["f1"]), bounds(entry["interval"]["f1"])
        parts.append(f"{what} F1 {figures[0]} ({figures[1]}, n = {entry['support']})")
    print(f"{found['run']}: {'; '.join(parts)} -> {path.name}")
    return 0


def _render(options: argparse.Namespace) -> int:
    known, pages = runs.plan(), options.pages or PAGES
    for page in pages:
        if not page.is_file():
            raise InputError(f"{page}: no such file; give the page whose tables are to be made")
    old = render.stale(pages, known=known, folder=options.results)
    if options.check:
        for page in old:
            print(f"{page.name}: tables are stale; run python -m evaluation render", file=sys.stderr)
        return 1 if old else 0
    for page in old:
        text = render.rendered(page.read_text("utf-8"), known=known, folder=options.results, where=page.name)
        page.write_text(text, "utf-8")
        print(f"{page.name}: tables made anew")
    return 0


def _gold(options: argparse.Namespace, found: Result | None) -> list[Document]:
    """Return the gold documents: of --brat, of --split, or of the split that a result names."""
    if options.brat:
        return brat_folder(options.brat)
    split = getattr(options, "split", None) or (found["split"] if found else None)
    if not split:
        raise InputError("predictions in .jsonl need gold; say --split NAME or --brat DIR")
    return runs.documents_of(split, runs.plan())


def _result(name: str, folder: Path) -> Result | None:
    return None if name.endswith(".jsonl") or _is_system(name) else runs.load(name, folder)


def _is_system(name: str) -> bool:
    return ":" in name and not name.endswith((".json", ".jsonl"))


def _judged(gold: Sequence[Document], *results: Result | None) -> list[Document]:
    """Return gold documents with what all of the results are judged on."""
    for found in results:
        gold = [reach.restricted(document, found.get("labels", ()) if found else ()) for document in gold]
    return list(gold)


def _predictions(name: str, found: Result | None, gold: Sequence[Document]) -> list[Document]:
    if found is not None:
        return runs.predictions_of(found, gold)
    return answers(system(name), gold) if _is_system(name) else read_jsonl(Path(name))


def _compare(options: argparse.Namespace) -> int:
    results = [_result(name, options.results) for name in (options.first, options.second)]
    gold = _gold(options, results[0] or results[1])
    names = (options.first, options.second)
    one, other = (_predictions(name, found, gold) for name, found in zip(names, results, strict=True))
    judged = (_judged(documents, *results) for documents in (gold, one, other))
    found = compare.compare(*judged, seed=runs.plan().seed)
    print(compare.written(found, first=Path(names[0]).stem, second=Path(names[1]).stem), end="")
    return 0


def _errors(options: argparse.Namespace) -> int:
    found = _result(options.run, options.results)
    gold = _gold(options, found)
    pairs = align(_judged(gold, found), _predictions(options.run, found, gold), what=options.run)
    wrong = [mistake for pair in pairs for mistake in mistakes.mistakes(*pair)]
    texts = {document.name: document.text for document in gold}
    print(mistakes.written(wrong, texts, examples=options.examples), end="")
    return 0


def _report(options: argparse.Namespace) -> int:
    found = runs.load(options.run, options.results)
    gold = _gold(options, found)
    pairs = align(_judged(gold, found), runs.predictions_of(found, gold), what=options.run)
    curve, _ = across.points(found["split"], options.results)
    path = options.output or Path(f"{found['run']}.html")
    path.write_text(report.page(found, pairs, curve=curve), "utf-8")
    print(f"{path}: written")
    return 0


def _throughput(options: argparse.Namespace) -> int:
    from ie.archive.run import Stopped

    single = options.single or max(1, options.documents // 2)
    try:
        found = capacity.measured(
            documents=options.documents, single=single, seed=runs.plan().seed, work=options.work.resolve()
        )
    except Stopped as stopped:
        print("evaluation: stopped; the same command goes on", file=sys.stderr)
        return 128 + stopped.number
    print("\n".join(view(found) for view in capacity.VIEWS.values()), end="")
    if not options.dry_run:
        print(f"-> {capacity.save(found, options.results).name}")
        shutil.rmtree(options.work)
    return 0


def _processes(options: argparse.Namespace) -> int:
    found = processes.measured(documents=options.documents, rounds=options.rounds, seed=runs.plan().seed)
    print(processes.table_of(found), end="")
    if not options.dry_run:
        print(f"-> {processes.save(found, options.results).name}")
    return 0


def _speed(options: argparse.Namespace) -> int:
    wanted = costs.Wanted(
        name=options.name,
        model=options.model,
        texts=options.texts,
        documents=options.documents,
        repeats=options.repeats,
        memory=options.memory,
        seed=runs.plan().seed,
    )
    found = costs.measured(wanted)
    print("\n".join(view(found) for view in costs.VIEWS.values()), end="")
    if not options.dry_run:
        print(f"\n{costs.save(found, options.results)}: written")
    return 0


def _agreement(options: argparse.Namespace) -> int:
    found = agreement.agreement(brat_folder(options.first), brat_folder(options.second))
    print(agreement.written(found, order=["all", *schema().labels]), end="")
    return 0


def _external(options: argparse.Namespace) -> int:
    sample = conll.read(options.conll, conll.read_map(options.map), column=options.column)
    name = options.conll.stem
    found = external.evaluate(sample, system_name=options.system, name=name, seed=runs.plan().seed)
    print(external.written(found, sample, options.conll), end="")
    return 0


def _folds(options: argparse.Namespace) -> int:
    documents = brat_folder(options.folder)
    names = [document.name for document in documents]
    if options.groups:
        groups = folds.groups_from_field(options.folder, options.groups)
    else:
        groups = folds.groups_from_file(options.groups_file)
    strata = folds.groups_from_field(options.folder, options.stratify) if options.stratify else {}
    made = folds.plan(names, groups, options.k, strata=strata, seed=runs.plan().seed)
    folds.write(made, documents, options.folder, options.out)
    for fold in made:
        sizes = ", ".join(f"{part} {len(getattr(fold, part))}" for part in folds.PARTS)
        print(f"# {fold.name}: {sizes}; held out: {', '.join(fold.groups)}")
    print("\n".join(folds.commands(made, options.out)))
    return 0


def _folds_score(options: argparse.Namespace) -> int:
    found = folds.score(options.folder, spec=options.system, seed=runs.plan().seed)
    print(render.caption(found) + render.labels(found) + "\n" + render.relations(found), end="")
    return _scored(found, options.folder)


if __name__ == "__main__":
    sys.exit(main())
