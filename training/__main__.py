"""`python -m training COMMAND`: learn token vectors and pipelines, baselines, calibration, releases."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ie.errors import IEError, InputError

PATIENCE = 6
"""Evaluations without a better score after which training on own reports stops."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 1 with one line when something is wrong."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)  # type: ignore[no-any-return]
    except IEError as error:
        print(f"training: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training", description="Learn the pipeline from annotated reports."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    lexicon = commands.add_parser("lexicon", help="derive ie/lexicon/places.tsv from kept packages")
    lexicon.set_defaults(run=_lexicon)
    places = commands.add_parser("places", help="derive the table of administrative units from kept packages")
    places.set_defaults(run=_places)
    pretrain = commands.add_parser("pretrain", help="pretrain the token vectors on unlabelled text")
    pretrain.add_argument("text", nargs="+", type=Path, help="files or folders, one paragraph a line, .xz allowed")
    pretrain.add_argument("--out", type=Path, default=None)
    pretrain.add_argument("--steps", type=int, default=6500)
    pretrain.add_argument("--classes", type=int, default=6000, help="how many frequent syllables to guess among")
    pretrain.add_argument("--seed", type=int, default=0)
    pretrain.add_argument("--init", type=Path, default=None, help="weights to go on from (default: from nothing)")
    pretrain.set_defaults(run=_pretrain)
    vectors = commands.add_parser("vectors", help="train floret vectors on unlabelled text")
    vectors.add_argument("text", nargs="+", type=Path, help="files or folders, one paragraph a line, .xz allowed")
    vectors.add_argument("--out", type=Path, required=True, metavar="DIR")
    vectors.add_argument("--rows", type=int, default=25_000, help="of the table")
    vectors.add_argument("--width", type=int, default=64, help="of a vector")
    vectors.add_argument("--characters", type=int, default=0, help="read no more than so many (0: all)")
    vectors.set_defaults(run=_vectors)
    label = commands.add_parser("label", help="label plain text with trained pipelines, to learn from")
    label.add_argument("text", nargs="+", type=Path, help="files or folders, one paragraph a line, .xz allowed")
    label.add_argument("--model", type=Path, action="append", required=True, help="a trained pipeline (repeatable)")
    label.add_argument("--out", type=Path, required=True, metavar="DIR")
    label.add_argument("--documents", type=int, default=1000, help="of about 900 words each")
    label.add_argument("--seed", type=int, default=0)
    label.add_argument(
        "--unlike", metavar="SOURCE", help="leave out text that shares eight words in a row with a source"
    )
    label.set_defaults(run=_label)
    kept = commands.add_parser(
        "token-vectors", help="write the token vectors of a trained pipeline, to start others from"
    )
    kept.add_argument("model", type=Path)
    kept.add_argument("--out", type=Path, required=True, metavar="FILE")
    kept.set_defaults(run=_token_vectors)
    train = commands.add_parser("train", help="train entity layers and relations")
    train.add_argument(
        "--reports",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="own annotated reports: a brat folder, an export of Label Studio (.json) or INCEpTION (.zip)",
    )
    train.add_argument(
        "--source", action="append", default=[], help="corpus:SPLIT, real:SPLIT or brat:DIR (repeatable)"
    )
    train.add_argument("--dev", action="append", default=[], help="as --source; default corpus:dev")
    train.add_argument("--out", type=Path, required=True)
    train.add_argument("--init", type=Path, default=None, help="pretrained weights (default: the released ones)")
    train.add_argument("--no-init", action="store_true", help="start from nothing")
    train.add_argument("--start", type=Path, default=None, metavar="MODEL", help="go on from a trained pipeline")
    train.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="COMPONENT",
        help="learn this component alone, the others staying as in --start (repeatable)",
    )
    train.add_argument("--config", type=Path, default=None)
    train.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the config, the value as JSON"
    )
    train.add_argument("--steps", type=int, default=3000)
    train.add_argument("--evaluate-every", type=int, default=250)
    train.add_argument("--augment", type=float, default=1.0, help="strength of augmentation, 0 for none")
    train.add_argument("--limit", type=int, default=0, metavar="N", help="learn from N of the documents (default: all)")
    train.add_argument(
        "--augment-parts", metavar="A,B", help="the parts of augmentation to use, none for `none`; all by default"
    )
    train.add_argument("--seed", type=int, default=0)
    train.add_argument(
        "--patience",
        type=int,
        metavar="STEPS",
        help="stop when nothing got better for so many (0: never; own reports: 6 evaluations)",
    )
    train.add_argument("--resume", action="store_true", help="go on from the checkpoint in OUT")
    train.add_argument("--vectors", type=Path, default=None, metavar="DIR", help="vectors that `vectors` made")
    train.set_defaults(run=_train)
    release = commands.add_parser("release", help="put a trained pipeline into models/ if its scores did not fall")
    release.add_argument("model", type=Path, help="the folder of a trained pipeline, such as OUT/model-best")
    release.add_argument("--version", required=True)
    release.add_argument("--force", action="store_true", help="release although a score fell, and say so in the card")
    release.add_argument("--target", type=Path, metavar="DIR", help="a release of your own, such as models/vi_mine")
    release.add_argument("--package", type=Path, metavar="DIR", help="also build a wheel of it into DIR")
    release.set_defaults(run=_release)
    scores = commands.add_parser("calibrate", help="choose on dev what scores mean and when a qualifier is said")
    scores.add_argument("model", type=Path, help="the folder of a pipeline; its maps are written there")
    scores.add_argument("--dev", action="append", default=[], help="as for train; default corpus:dev")
    scores.set_defaults(run=_calibrate)
    _baselines(commands)
    return parser


def _baselines(commands: Any) -> None:
    """Add the commands of what the pipeline is measured against."""
    baseline = commands.add_parser("baseline", help="train a baseline on the same reports")
    baseline.add_argument("kind", choices=("crf", "spacy-ner"))
    baseline.add_argument("--source", action="append", default=[], help="as for train (repeatable)")
    baseline.add_argument("--out", type=Path, required=True)
    baseline.add_argument("--seed", type=int, default=0)
    baseline.add_argument(
        "--iterations", type=int, help="of L-BFGS (crf, default 100), steps (spacy-ner, default 2000)"
    )
    baseline.add_argument("--minutes", type=float, default=15.0, help="of the processor, after which spacy-ner stops")
    baseline.set_defaults(run=_baseline)
    tag = commands.add_parser("baseline-tag", help="let a trained baseline read a folder of reports")
    tag.add_argument("model", type=Path, help="the folder that `baseline` wrote")
    tag.add_argument("reports", type=Path, metavar="DIR", help=".txt files, with .ann files where spans are given")
    tag.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.jsonl")
    tag.add_argument(
        "--given-spans", action="store_true", help="take the spans of the .ann files, find relations alone"
    )
    tag.set_defaults(run=_baseline_tag)


def _lexicon(options: argparse.Namespace) -> int:
    from training.lexicon import TARGET, build

    print(f"{TARGET}: {build()} names")
    return 0


def _places(options: argparse.Namespace) -> int:
    from training.admin_units import TARGET, build

    print(f"{TARGET}: {build()} units")
    return 0


def _pretrain(options: argparse.Namespace) -> int:
    from training.pretrain import run
    from training.train import PRETRAINED

    out = options.out or PRETRAINED
    run(options.text, out, steps=options.steps, classes=options.classes, seed=options.seed, init=options.init)
    return 0


def _vectors(options: argparse.Namespace) -> int:
    from training.vectors import Settings, train_vectors

    settings = Settings(width=options.width, rows=options.rows)
    count = train_vectors(options.text, options.out, settings=settings, characters=options.characters)
    size = sum(path.stat().st_size for path in options.out.rglob("*") if path.is_file()) / 1e6
    print(
        f"{options.out}: vectors of {count} lines, {size:.1f} MB; use them with train --vectors {options.out} --no-init"
    )
    return 0


def _label(options: argparse.Namespace) -> int:
    from training.committee import run
    from training.reports import documents

    unlike = documents(options.unlike) if options.unlike else []
    labelled = run(
        options.text, options.model, options.out, documents=options.documents, seed=options.seed, unlike=unlike
    )
    done = 0
    for done in labelled:
        if done % 100 == 0:
            logging.info("%d documents labelled", done)
    print(f"{options.out}: {done} documents")
    return 0


def _token_vectors(options: argparse.Namespace) -> int:
    from training.token_vectors import save

    save(options.model, options.out)
    print(f"{options.out}: start from them with train --init {options.out}")
    return 0


def _setting(text: str) -> tuple[str, Any]:
    """Read `KEY=VALUE`; the value is JSON, or a plain string where it is none."""
    key, mark, value = text.partition("=")
    if not mark or "." not in key:
        raise InputError(f"--set {text}: not of the form section.key=value, such as training.dropout=0.3")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _train(options: argparse.Namespace) -> int:
    from training.train import CONFIGS, PRETRAINED, Plan, train

    sources, dev = _sources(options)
    patience = options.patience
    if patience is None and options.reports:
        patience = PATIENCE * options.evaluate_every
    plan = Plan(
        sources=tuple(sources),
        dev=tuple(dev),
        out=options.out,
        config=options.config or CONFIGS / "report.cfg",
        init=None if options.no_init or options.vectors else options.init or PRETRAINED,
        seed=options.seed,
        steps=options.steps,
        evaluate_every=options.evaluate_every,
        augment=options.augment,
        parts=_parts(options.augment_parts),
        limit=options.limit,
        start=options.start,
        only=tuple(options.only),
        patience=patience,
        resume=options.resume,
        vectors=options.vectors,
        overrides=tuple(map(_setting, options.set)),
    )
    train(plan)
    return 0


def _sources(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return the sources to train on and those for dev; own reports are checked and cut where no dev is given."""
    sources, dev = list(options.source), list(options.dev)
    if options.reports:
        from training.own_reports import prepare

        options.out.mkdir(parents=True, exist_ok=True)
        own, kept = prepare(options.reports, options.out, dev=bool(dev), seed=options.seed)
        sources.append(own)
        dev += [kept] if kept else []
    return sources or ["corpus:train"], dev or ["corpus:dev"]


def _parts(given: str | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    return () if given == "none" else tuple(part.strip() for part in given.split(","))


def _calibrate(options: argparse.Namespace) -> int:
    from ie.gold import to_reference
    from ie.models import load
    from training.calibrate import calibrate
    from training.qualifiers import tune_qualifiers
    from training.reports import documents

    nlp = load(options.model)
    gold = [document for source in options.dev or ["corpus:dev"] for document in documents(source)]
    references = [to_reference(document, nlp.tokenizer) for document in gold]
    limits = tune_qualifiers(nlp, references) if nlp.has_pipe("ie_entities") else {}
    maps = calibrate(nlp, references)
    for name in ("ie_entities", "ie_relations"):
        if nlp.has_pipe(name):
            nlp.get_pipe(name).to_disk(options.model / name, exclude=["vocab"])
    print("\n".join(f"{name:<12} slope {slope:.3f}  shift {shift:+.3f}" for name, (slope, shift) in maps.items()))
    print("\n".join(f"{name:<17} least log-odds {limit:+.2f}" for name, limit in limits.items()))
    return 0


def _baseline(options: argparse.Namespace) -> int:
    from training.baselines.run import train

    iterations = options.iterations or {"crf": 100, "spacy-ner": 2000}[options.kind]
    sources = options.source or ["corpus:train"]
    train(options.kind, sources, options.out, seed=options.seed, iterations=iterations, minutes=options.minutes)
    print(f"{options.out}: {options.kind} trained on {', '.join(sources)}")
    return 0


def _baseline_tag(options: argparse.Namespace) -> int:
    from training.baselines.run import tag

    count = tag(options.model, options.reports, options.out, given_spans=options.given_spans)
    print(f"{options.out}: {count} tagged")
    return 0


def _release(options: argparse.Namespace) -> int:
    from training.release import DEFAULT, MODELS, release

    target = options.target or MODELS / DEFAULT
    print(release(options.model, version=options.version, force=options.force, target=target))
    if options.package:
        from training.package import package

        print(f"{package(target, options.package)}: built; pip install it, then spacy.load({target.name!r})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
