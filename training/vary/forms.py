"""The lists that the variations draw from, read once from `forms.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def forms() -> dict[str, Any]:
    """Return the tables of `forms.toml`."""
    return tomllib.loads((Path(__file__).parent / "forms.toml").read_text("utf-8"))
