"""The commands that ask about what gold and predictions disagree on, and that apply the answers."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from evaluation.doubts import Doubts, doubts, sheet
from evaluation.predictions import align, read_jsonl
from evaluation.splits import brat_folder
from evaluation.verdicts import read_answers, revised
from ie import brat
from ie.document import Document
from ie.errors import InputError


def add_commands(commands: Any) -> None:
    """Add `doubts` and `decide`."""
    asked = commands.add_parser("doubts", help="ask blindly about what gold and predictions disagree on")
    asked.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the sheets go, one a document")
    asked.set_defaults(command=_ask)
    settled = commands.add_parser("decide", help="apply the answers to the questions of `doubts` to the gold")
    settled.add_argument("answers", type=Path, nargs="+", metavar="FILE", help="a line a document: `NAME: 1+ 2- 3A`")
    settled.add_argument("--out", type=Path, required=True, metavar="DIR", help="brat folder of the revised documents")
    settled.set_defaults(command=_decide)
    for command in (asked, settled):
        command.add_argument("--brat", type=Path, required=True, metavar="DIR", help="brat folder of the gold")
        command.add_argument("--predictions", type=Path, required=True, metavar="JSONL", help="what `ie tag` wrote")
        command.add_argument("--min-score", type=float, default=0.5, help="ask about no prediction less sure (0.5)")


def _doubted(options: argparse.Namespace) -> list[tuple[Document, Doubts]]:
    pairs = align(brat_folder(options.brat), read_jsonl(options.predictions), what=str(options.predictions))
    return [(gold, doubts(gold, found, min_score=options.min_score)) for gold, found in pairs]


def _ask(options: argparse.Namespace) -> int:
    options.out.mkdir(parents=True, exist_ok=True)
    total = 0
    for gold, found in _doubted(options):
        (options.out / f"{gold.name}.txt").write_text(sheet(gold, found), "utf-8")
        total += len(found.questions)
    print(f"{options.out}: {total} questions; answer them a line a document (`NAME: 1+ 2- 3A`), then `decide`")
    return 0


def _decide(options: argparse.Namespace) -> int:
    answers = read_answers(options.answers)
    pairs = {gold.name: (gold, found) for gold, found in _doubted(options)}
    unknown = sorted(answers.keys() - pairs.keys())
    if unknown:
        raise InputError(f"{options.brat}: no document {unknown[0]}; the answers are to other reports")
    options.out.mkdir(parents=True, exist_ok=True)
    counts: Counter[tuple[str, str]] = Counter()
    for name, given in sorted(answers.items()):
        made = revised(*pairs[name], given)
        brat.write(made.document, options.out)
        counts.update(made.counts)
    print(f"{options.out}: {len(answers)} documents")
    for (kind, outcome), count in sorted(counts.items()):
        print(f"  {kind.lower()} {outcome}: {count}")
    return 0
