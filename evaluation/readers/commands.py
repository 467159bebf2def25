"""The commands of `python -m evaluation` for readers, `readers-long` and `fuzz` among them: arguments and messages."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from evaluation.readers.fuzz import READERS
from evaluation.readers.tables import FILES, VIEWS, all_findings
from evaluation.runs import RESULTS


def add_commands(commands: Any) -> None:
    """Add the commands."""
    well = commands.add_parser("readers", help="read the golden documents: characters, notes, tables, facts by format")
    well.add_argument(
        "kinds", nargs="*", metavar="KIND", help="kinds of golden documents; all by default, none is kept"
    )
    well.set_defaults(command=_quality)
    fast = commands.add_parser("readers-speed", help="pages a second of each reader beside its bare library")
    fast.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds, of which the median counts")
    fast.set_defaults(command=_speed)
    long = commands.add_parser("readers-long", help="read PDFs of up to 2,000 pages to their end: time and memory")
    long.set_defaults(command=_long)
    safe = commands.add_parser("fuzz", help="read broken files made of the golden ones, watched for time and memory")
    safe.add_argument("readers", nargs="*", choices=[*READERS.values(), []], metavar="READER", help="all by default")
    safe.add_argument("--seconds", type=float, default=60.0, metavar="N", help="how long, in all")
    safe.add_argument("--seed", type=int, default=1, help="other seeds try other inputs")
    safe.add_argument("--keep", action="store_true", help="write the result file")
    safe.add_argument("--inputs", type=Path, metavar="DIR", help="leave there what guided fuzzing found and kept")
    safe.set_defaults(command=_fuzz)
    for command in (well, fast, long, safe):
        command.add_argument("--results", type=Path, default=RESULTS, metavar="DIR", help="where results stand")


def _quality(options: argparse.Namespace) -> int:
    from evaluation.readers.quality import measure
    from ie.models import load

    found = measure(load(), kinds=options.kinds)
    return _shown("quality", found, options.results, kept=not options.kinds)


def _speed(options: argparse.Namespace) -> int:
    from evaluation.readers.speed import measure

    return _shown("speed", measure(rounds=options.rounds), options.results, kept=True)


def _long(options: argparse.Namespace) -> int:
    from evaluation.readers.long import measure

    return _shown("long", measure(), options.results, kept=True)


def _fuzz(options: argparse.Namespace) -> int:
    from evaluation.readers.fuzz import fuzz

    found = fuzz(options.seconds, readers=options.readers, seed=options.seed, folder=options.inputs)
    _shown("fuzz", found, options.results, kept=options.keep)
    findings = [(name, one) for name, row in found["readers"].items() for one in all_findings(row)]
    for name, one in findings:
        sys.stdout.write(f"{name}: {one['what']} ({one['file']}, {one['mutation']}, seed {one['seed']})\n")
    return 1 if findings else 0


def _shown(view: str, found: dict[str, Any], folder: Path, *, kept: bool) -> int:
    sys.stdout.write(VIEWS[view](found))
    if kept:
        path = folder / FILES[view]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
        sys.stdout.write(f"-> {path.name}\n")
    return 0
