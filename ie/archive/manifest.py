"""The manifest of a finished run: what went in, what came out, what could not be done.

It is the same to the byte for the same archive, model and options, however often the run was stopped and with however
many workers; what differs from run to run stands in `timings.json`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ie.archive.answer import TABLES
from ie.archive.home import MANIFEST, TIMINGS, Home, write_json
from ie.archive.inputs import FAILED, OUTCOMES, READY, SKIPPED, TAGGED
from ie.archive.ledger import Lines
from ie.archive.plan import Plan

MOST_INPUTS = 100_000
"""Inputs listed in the manifest itself; a larger archive's stand in the tables `documents` and `errors` alone."""
MOST_FAILURES = 1_000
MOST_WARNINGS = 100


@dataclass(frozen=True)
class Summary:
    """How the inputs ended, and whether there was anything to do."""

    counts: dict[str, int]
    fresh: bool

    @property
    def failed(self) -> int:
        """How many inputs failed."""
        return self.counts[FAILED]

    def __str__(self) -> str:
        """Return the counts in words; the four add up to the inputs."""
        parts = ", ".join(f"{self.counts[name]} {name}" for name in OUTCOMES)
        return f"{self.counts['inputs']} inputs: {parts}"


def summary(manifest: dict[str, Any], *, fresh: bool) -> Summary:
    """Return the summary of a manifest."""
    return Summary(manifest["counts"], fresh)


def build(identity: dict[str, Any], plan: Plan, shards: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Put the manifest together from the plan and the ledger's shards in order."""
    outcomes: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    files: dict[str, dict[str, Any]] = {}
    failed: dict[int, str] = {}
    for noted in shards:
        outcomes.update(noted["outcomes"])
        warnings.update(noted["warnings"])
        files.update(noted["files"])
        failed.update({number: reason for number, reason in noted["failed"]})
    return {
        "format": 1,
        "identity": identity,
        "counts": {"inputs": plan.inputs, **{name: outcomes[name] for name in OUTCOMES}},
        "bytes": dict(sorted(plan.sizes.items())),
        "rows": {name: sum(a["rows"] for path, a in files.items() if path.startswith(f"{name}/")) for name in TABLES},
        "warnings": dict(warnings.most_common(MOST_WARNINGS)),
        "not_done": _not_done(plan, failed),
        "timings": TIMINGS,
        "files": dict(sorted(files.items())),
        "inputs": _inputs(plan, failed),
    }


def _not_done(plan: Plan, failed: dict[int, str]) -> dict[str, Any]:
    """Return the failures (the first MOST_FAILURES; the table `errors` has all) and the skipped by reason."""
    skipped: Counter[str] = Counter(entry.reason for entry in plan.entries() if entry.state == SKIPPED)
    first = [failed[number] for number in sorted(failed)[:MOST_FAILURES]]
    return {"failed": first, "skipped": dict(skipped.most_common())}


def _inputs(plan: Plan, failed: dict[int, str]) -> list[dict[str, Any]] | str:
    if plan.inputs > MOST_INPUTS:
        return f"more than {MOST_INPUTS}: see the tables documents and errors"
    return [
        {
            "name": entry.name,
            "bytes": entry.size,
            "sha256": entry.sha256,
            "outcome": FAILED if entry.number in failed else TAGGED if entry.state == READY else entry.state,
        }
        for entry in plan.entries()
    ]


def write(home: Home, manifest: dict[str, Any], sessions: Lines) -> None:
    """Write timings, then the manifest: where it stands, the run is finished."""
    write_json(home.timings, {"sessions": [json.loads(body) for body in sessions]})
    write_json(home.out / MANIFEST, manifest)
