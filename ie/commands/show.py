"""`ie show`: the facts of a tagged file in the terminal, as CSV, as an HTML page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ie.commands.messages import DONE, check_tagged, width


def add(commands: Any) -> None:
    """Declare the command."""
    show = commands.add_parser("show", help="print the facts of a tagged file, or write them as an HTML page")
    show.add_argument("file", type=Path, metavar="OUT.jsonl")
    show.add_argument("--html", nargs="?", const="", metavar="PAGE.html", help="write one self-contained page")
    show.add_argument("--csv", action="store_true", help="print the facts as CSV")
    show.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print or write the facts."""
    from ie.export import html, table
    from ie.export.files import file
    from ie.export.jsonl import load

    check_tagged(options.file)
    documents = list(load(options.file))
    if options.html is not None:
        target = Path(options.html) if options.html else options.file.with_suffix(".html")
        with file(target) as part:
            part.write_text(html.page(documents), encoding="utf-8")
        print(target)
    elif options.csv:
        sys.stdout.write(table.csv_text(documents))
    else:
        sys.stdout.write(table.text(documents, width=width()))
    return DONE
