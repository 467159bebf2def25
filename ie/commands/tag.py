"""`ie tag`: files to one JSON line each, an archive to a Parquet dataset."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ie.commands import archive
from ie.commands.messages import DONE, FAILED, check_target, complain
from ie.process import settle


def add(commands: Any) -> None:
    """Declare the command."""
    tag = commands.add_parser("tag", help="tag files to one JSON line each, or an archive to a Parquet dataset")
    tag.add_argument("files", nargs="+", type=Path, metavar="FILE")
    tag.add_argument(
        "-o", "--out", type=Path, required=True, metavar="OUT.jsonl", help="or a folder OUT for an archive"
    )
    tag.add_argument("--model", help="a pipeline folder or released name (default: the one that ships)")
    tag.add_argument(
        "--min-score",
        type=float,
        default=0.0,
        help="leave out spans and relations less likely to be right than this, 0 to 1",
    )
    tag.add_argument("--any-language", action="store_true", help="do not refuse text that does not look Vietnamese")
    tag.add_argument("--ocr", action="store_true", help="recognise the text of scanned pages (needs Tesseract)")
    archive.add_options(tag)
    tag.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Tag the files; one that cannot be read costs a line on standard error and stops nothing."""
    if archive.asked_for(options):
        return archive.run(options)
    from ie import load
    from ie.export.files import file
    from ie.export.jsonl import dumps
    from ie.pipeline import Failure, tag_many
    from ie.read import ReadOptions
    from ie.select import above

    check_target(options.out)
    nlp = load(options.model)
    settle()
    reading = ReadOptions(any_language=options.any_language, ocr=options.ocr)
    failed = done = 0
    with file(options.out) as part, part.open("w", encoding="utf-8") as stream:
        for result in tag_many(options.files, nlp=nlp, options=reading):
            if isinstance(result, Failure):
                failed += 1
                complain(result.reason)
                continue
            done += 1
            for warning in result.warnings:
                complain(f"{result.name}: warning: {warning}")
            stream.write(dumps(above(result, options.min_score)) + "\n")
    print(f"{options.out}: {done} tagged, {failed} failed", file=sys.stderr)
    return FAILED if failed else DONE
