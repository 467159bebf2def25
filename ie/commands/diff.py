"""`ie diff`: what another model changed over an archive."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ie.commands.messages import DONE

if TYPE_CHECKING:
    from ie.archive.dataset import Run
    from ie.archive.diff import Change, Tally


def add(commands: Any) -> None:
    """Declare the command."""
    diff = commands.add_parser("diff", help="what run B found over an archive that run A did not, and the reverse")
    diff.add_argument("first", type=Path, metavar="RUN_A", help="a folder that ie tag wrote for an archive")
    diff.add_argument("second", type=Path, metavar="RUN_B")
    diff.add_argument("--label", action="append", metavar="NAME", help="show changes of this label or relation alone")
    diff.add_argument("--limit", type=int, default=20, metavar="N", help="documents shown (default 20; 0 for none)")
    diff.add_argument("--json", action="store_true", help="one JSON object a document, then one with the counts")
    diff.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the changes document by document, then the counts by label."""
    from ie.archive.dataset import Run
    from ie.archive.diff import Tally, compare

    first, second = Run(options.first), Run(options.second)
    tally = Tally()
    shown = 0
    for name, changes in compare(first, second, tally):
        chosen = [change for change in changes if not options.label or change.label in options.label]
        if chosen and options.json:
            print(json.dumps({"document": name, "changes": [asdict(c) for c in chosen]}, ensure_ascii=False))
        elif chosen and shown < options.limit:
            shown += 1
            _show(name, chosen)
    _sum_up(first, second, tally, as_json=options.json)
    return DONE


def _show(name: str, changes: list[Change]) -> None:
    print(f"{name}: {sum(c.gained for c in changes)} gained, {sum(not c.gained for c in changes)} lost")
    for change in changes:
        print(f"  {change}")


def _sum_up(first: Run, second: Run, tally: Tally, *, as_json: bool) -> None:
    from ie.archive.diff import table

    if as_json:
        labels = [{"kind": kind, "label": label, **counts} for (kind, label), counts in sorted(tally.labels.items())]
        print(
            json.dumps({"first": first.model, "second": second.model, "documents": tally.documents, "labels": labels})
        )
        return
    print(f"{first.model} -> {second.model}")
    print("documents: " + ", ".join(f"{count} {what}" for what, count in sorted(tally.documents.items()) if count))
    print(table(tally))
