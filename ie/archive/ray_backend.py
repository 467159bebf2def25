"""The backend on a Ray cluster."""

from __future__ import annotations

from typing import NoReturn

from ie.errors import InputError


def on_cluster(address: str | None) -> NoReturn:
    """Refuse until the backend is there."""
    raise InputError(f"{address or 'ray'}: the Ray backend is not there yet; use --backend local")
