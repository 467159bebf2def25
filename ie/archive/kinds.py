"""What a name says of a file: a container, no report, litter of a program, or something to read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

LITTER = "was left behind by a program and is no report"


@cache
def _kinds() -> dict[str, Any]:
    return tomllib.loads((resources.files("ie.archive") / "kinds.toml").read_text("utf-8"))


@cache
def _reasons() -> dict[str, str]:
    return {suffix: reason for reason, suffixes in _kinds()["skipped"].items() for suffix in suffixes}


def container_kind(name: str) -> str | None:
    """Return zip or tar for the name of a container, else None."""
    low = name.lower()
    for kind, suffixes in _kinds()["containers"].items():
        if low.endswith(tuple(suffixes)):
            return str(kind)
    return None


def no_report(name: str) -> str:
    """Return why a file of this name is left out unread, "" when it may be a report."""
    parts = name.lower().replace("\\", "/").split("/")
    litter = _kinds()["litter"]
    if any(part in litter["names"] for part in parts) or parts[-1].startswith(tuple(litter["prefixes"])):
        return LITTER
    dot = parts[-1].rfind(".")
    return _reasons().get(parts[-1][dot:], "") if dot >= 0 else ""
