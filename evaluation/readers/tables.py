"""Tables of what was measured on readers, for the README."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from evaluation.figures import table

FILES = {view: f"readers/{view}.json" for view in ("quality", "speed", "long", "fuzz")}
"""View -> file below the folder of results."""
COMMANDS = {"quality": "readers", "speed": "readers-speed", "long": "readers-long", "fuzz": "fuzz --seconds 300"}


def block(view: str, folder: Path) -> str:
    """Return the table of a view, or how to measure it."""
    path = folder / FILES[view]
    if not path.is_file():
        return f"Not measured: `python -m evaluation {COMMANDS[view]}`.\n"
    return VIEWS[view](json.loads(path.read_text("utf-8")))


def quality(found: dict[str, Any]) -> str:
    """Return one row a kind of golden document."""
    rows = []
    for kind, row in found["kinds"].items():
        rate = f"{row['errors'] / row['characters']:.2%}".replace("%", " %") if row["errors"] else "0"
        rows.append(
            [
                *(kind, str(row["files"]), str(row["characters"]), rate),
                *(_of(row["tied"], row["notes"]), _of(row["whole"], row["rows"])),
                *(_of(row["same"], row["facts"]), str(row["lost"]), str(row["new"])),
            ]
        )
    head = ["kind", "files", "characters", "CER", "notes tied", "rows whole", "same facts", "lost", "new"]
    skipped = "".join(
        f"`{kind}` was not measured: {program} is missing.\n" for kind, program in found["skipped"].items()
    )
    return table(head, rows) + (f"\n{skipped}" if skipped else "")


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" if whole else "–"


def speed(found: dict[str, Any]) -> str:
    """Return one row a format."""
    rows = [
        [kind, str(row["pages"]), str(row["reader"]), row["library"], str(row["bare"]), str(row["ratio"])]
        for kind, row in found["formats"].items()
    ]
    return table(["format", "pages", "pages/s", "library", "pages/s bare", "times as long"], rows)


def long(found: dict[str, Any]) -> str:
    """Return one row a file."""
    rows = [[str(row[name]) for name in ("pages", "seconds", "rate", "memory")] for row in found["files"]]
    return table(["pages", "s of processor", "pages/s", "memory grown, MB"], rows)


def all_findings(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what was found in one reader, by seeds and guided by coverage."""
    return [*row["findings"], *row.get("guided", {}).get("findings", ())]


def fuzz(found: dict[str, Any]) -> str:
    """Return one row a reader and way of fuzzing."""
    rows = []
    for name, row in found["readers"].items():
        rows.append([name, "seeds", *_tried(row), "–"])
        if "guided" in row:
            edges = f"{row['guided']['edges_of_seeds']} → {row['guided']['edges']}"
            rows.append([name, "guided", *_tried(row["guided"]), edges])
    text = f"{found['seconds']:g} seconds from seed {found['seed']}; mutations: "
    kinds = sorted({name for row in found["readers"].values() for name in row["mutations"]})
    head = [
        "reader",
        "inputs from",
        "inputs",
        "read",
        "refused",
        "findings",
        "slowest, s of processor",
        "edges covered",
    ]
    return f"{text}{', '.join(kinds)}.\n\n{table(head, rows)}"


def _tried(row: dict[str, Any]) -> list[str]:
    counts = [str(row[name]) for name in ("inputs", "read", "refused")]
    return [*counts, str(len(row["findings"])), f"{row['slowest']:.1f}"]


VIEWS: dict[str, Callable[[dict[str, Any]], str]] = {"quality": quality, "speed": speed, "long": long, "fuzz": fuzz}
