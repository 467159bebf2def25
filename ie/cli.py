"""The `ie` command: arguments and messages only."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ie.errors import IEError, InputError

DONE, FAILED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when everything was done, 1 when some input failed, 2 when the call is wrong."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)  # type: ignore[no-any-return]
    except IEError as error:
        return _complain(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return _complain("stopped")


def _complain(message: str) -> int:
    print(f"ie: {message}", file=sys.stderr)
    return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ie", description="Turn Vietnamese municipal reports into linked facts.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    tag = commands.add_parser("tag", help="tag files and write one JSON line each")
    tag.add_argument("files", nargs="+", type=Path, metavar="FILE")
    tag.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.jsonl")
    tag.add_argument("--model", help="a pipeline folder or released name (default: the one that ships)")
    tag.add_argument("--min-score", type=float, default=0.0, help="leave out spans and relations scored below")
    tag.add_argument("--any-language", action="store_true", help="do not refuse text that does not look Vietnamese")
    tag.set_defaults(run=_tag)
    show = commands.add_parser("show", help="print the facts of a tagged file, or write them as an HTML page")
    show.add_argument("file", type=Path, metavar="OUT.jsonl")
    show.add_argument("--html", nargs="?", const="", metavar="PAGE.html", help="write one self-contained page")
    show.add_argument("--csv", action="store_true", help="print the facts as CSV")
    show.set_defaults(run=_show)
    schema = commands.add_parser("schema", help="print the labels, relations and attributes")
    schema.set_defaults(run=_schema)
    return parser


def _tag(options: argparse.Namespace) -> int:
    from ie.export.jsonl import dumps
    from ie.models import load
    from ie.pipeline import Failure, tag_many
    from ie.select import above

    _check_target(options.out)
    nlp = load(options.model)
    failed = done = 0
    handle, part = tempfile.mkstemp(dir=options.out.parent or Path(), prefix=options.out.name, suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8") as stream:  # noqa: PTH123
            for result in tag_many(options.files, nlp=nlp, any_language=options.any_language):
                if isinstance(result, Failure):
                    failed += 1
                    _complain(result.reason)
                    continue
                done += 1
                for warning in result.warnings:
                    _complain(f"{result.name}: warning: {warning}")
                stream.write(dumps(above(result, options.min_score)) + "\n")
        Path(part).replace(options.out)
    finally:
        Path(part).unlink(missing_ok=True)
    print(f"{options.out}: {done} tagged, {failed} failed", file=sys.stderr)
    return FAILED if failed else DONE


def _check_target(out: Path) -> None:
    if out.is_dir():
        raise InputError(f"{out}: is a directory; name a file, for example {out}/reports.jsonl")
    if not (out.parent or Path()).is_dir():
        raise InputError(f"{out.parent}: no such directory; create it first")


def _show(options: argparse.Namespace) -> int:
    from ie.export import html, table
    from ie.export.jsonl import load

    if not options.file.is_file():
        raise InputError(f"{options.file}: no such file; make it with 'ie tag FILE -o {options.file}'")
    documents = list(load(options.file))
    if options.html is not None:
        target = Path(options.html) if options.html else options.file.with_suffix(".html")
        target.write_text(html.page(documents), encoding="utf-8")
        print(target)
    elif options.csv:
        sys.stdout.write(table.csv_text(documents))
    else:
        width = os.get_terminal_size().columns if sys.stdout.isatty() else 120
        sys.stdout.write(table.text(documents, width=width))
    return DONE


def _schema(options: argparse.Namespace) -> int:
    from ie.schema import schema

    rules = schema()
    print("Labels")
    for label in rules.labels.values():
        print(f"  {label.name:<12}{'core  ' if label.core else '      '}{label.description}")
    print("Relations (head -> tail)")
    for kind in rules.relations.values():
        print(f"  {kind.name:<12}{'|'.join(kind.head)} -> {'|'.join(kind.tail)}: {kind.description}")
    print("Attributes")
    for attribute in rules.attributes.values():
        values = f" ({', '.join(attribute.values)})" if attribute.values else ""
        print(f"  {attribute.name:<12}{attribute.description}{values}")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
