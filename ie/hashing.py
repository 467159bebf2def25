"""Columns of integers made one column of ids, with 64 bits for each row."""

from __future__ import annotations

import numpy as np

_MIX = np.uint64(0x9E3779B97F4A7C15)


def mixed(total: np.ndarray, *columns: np.ndarray) -> np.ndarray:
    """Combine integer columns, after a first one of ids, into one column of ids; `total` stays as it is."""
    with np.errstate(over="ignore"):
        for column in columns:
            total = (total ^ column.astype(np.uint64, copy=False)) * _MIX
            total ^= total >> np.uint64(29)
    return total
