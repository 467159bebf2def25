"""`ie audit`: reports against themselves and against earlier ones of the same place."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ie.commands.inputs import Inputs
from ie.commands.messages import DONE, FAILED, width


def add(commands: Any) -> None:
    """Declare the command."""
    audit = commands.add_parser("audit", help="check reports against themselves: shares, sums, repeats, changes")
    audit.add_argument("files", nargs="+", type=Path, metavar="OUT.jsonl|FILE", help="tagged files, or reports to tag")
    audit.add_argument("--jsonl", action="store_true", help="print one JSON object a finding")
    audit.add_argument("--severity", choices=("low", "medium", "high"), default="low", help="leave out lesser findings")
    audit.add_argument("--model", help="a pipeline folder or released name for files to tag")
    audit.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the findings of each report, then those between reports of one place."""
    from ie.audit import Series, text
    from ie.audit.checks import checked, numbered

    documents, series, count = Inputs(options.files, model=options.model), Series(), 0
    for document in documents:
        count += 1
        series.add(document)
        sums = checked(document)
        findings = text.at_least(numbered(each.finding for each in sums if each.finding), options.severity)
        if not options.jsonl:
            print(text.heading(document.name, sums, findings))
        for finding in findings:
            line = text.json_line(finding, document.name) if options.jsonl else text.written(finding, width=width())
            print(line)
    between = text.at_least(series.findings(), options.severity)
    if count > 1 and not options.jsonl:
        print(f"between reports: {count - series.unplaced} of a known place, {len(between)} findings")
    for finding in between:
        later = finding.evidence[0].document
        print(text.json_line(finding, later) if options.jsonl else text.written(finding, width=width()))
    return FAILED if documents.failed else DONE
