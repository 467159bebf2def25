"""`ie export`: tagged files in the formats of other tools."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ie.commands.inputs import Inputs
from ie.commands.messages import DONE, FAILED


def add(commands: Any) -> None:
    """Declare the command."""
    export = commands.add_parser(
        "export",
        help="write tagged files as CSV, Parquet, SQLite, DuckDB, brat, Label Studio, Web Annotation, HTML",
    )
    export.add_argument("files", nargs="+", type=Path, metavar="OUT.jsonl|FILE", help="tagged files, or reports to tag")
    export.add_argument("--to", metavar="FORMAT", help="csv, parquet, sqlite, duckdb, brat, label-studio, "
                        "web-annotation or html (default: by the suffix of the target)")  # fmt: skip
    export.add_argument("-o", "--out", type=Path, required=True, metavar="TARGET", help="file or new folder")
    export.add_argument("--model", help="a pipeline folder or released name for files to tag")
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the documents one after the other."""
    from ie.export.formats import chosen

    made = chosen(options.out, options.to)
    documents = Inputs(options.files, model=options.model)
    count = made.write(documents, options.out)
    print(f"{options.out}: {count} documents as {made.name}, {documents.failed} failed", file=sys.stderr)
    return FAILED if documents.failed else DONE
