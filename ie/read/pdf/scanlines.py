"""Lines of tables and above footnotes in the picture of a page: long dark runs of pixels, level or upright.

A scan lies a little askew: a line of it is a flight of steps, each a run; runs that touch are one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ie.read.pdf.frame import Rect

_DARK = 150
"""Grey from which downward a pixel belongs to a line."""
_LEAST = 26.0
"""Shortest run in points: longer than any stroke of a letter, shorter than the steps of a line askew."""
_THICK = 7.0
"""Greatest height in points of a line with its steps."""
MAX_RUNS = 20_000
"""Most runs that are joined; a picture with more is a photograph or a drawing."""
Run = tuple[int, int, int]


def lines_of(image: Any, scale: float) -> tuple[list[Rect], list[Rect], np.ndarray]:
    """Return the level and the upright lines in points, and a mask `(height, width)` of the pixels that draw them.

    Args:
        image: A grey Pillow image.
        scale: Its pixels to a point.
    """
    dark = np.asarray(image) < _DARK
    least = round(_LEAST * scale)
    across, level = _lines(dark, least, scale)
    down, upright = _lines(np.ascontiguousarray(dark.T), least, scale)
    return across, [(top, left, bottom, right) for left, top, right, bottom in down], level | upright.T


def _lines(dark: np.ndarray, least: int, scale: float) -> tuple[list[Rect], np.ndarray]:
    """Return the level lines and their pixels."""
    runs = list(_runs(dark, least))
    mask = np.zeros_like(dark)
    found: list[Rect] = []
    for members in _joined(runs) if len(runs) <= MAX_RUNS else ():
        top, bottom = min(y for y, _, _ in members), max(y for y, _, _ in members) + 1
        if (bottom - top) / scale <= _THICK:
            for y, start, end in members:
                mask[y, start:end] = True
            left, right = min(start for _, start, _ in members), max(end for _, _, end in members)
            found.append((left / scale, top / scale, right / scale, bottom / scale))
    return found, mask


def _runs(dark: np.ndarray, least: int) -> Iterator[Run]:
    """Yield row, start and end of each run of dark pixels at least so long."""
    edged = np.zeros((dark.shape[0], dark.shape[1] + 2), dtype=np.int8)
    edged[:, 1:-1] = dark
    steps = np.diff(edged, axis=1)
    # Starts and ends come in pairs, row by row.
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    long = ends - starts >= least
    yield from zip(rows[long].tolist(), starts[long].tolist(), ends[long].tolist(), strict=True)


def _joined(runs: list[Run]) -> list[list[Run]]:
    """Return the runs in sets that touch from row to row."""
    found: list[list[Run]] = []
    ends: list[list[Run]] = []
    for run in runs:
        y = run[0]
        touching = [i for i, last in enumerate(ends) if any(_touch(run, one) for one in last if y - one[0] <= 2)]
        if not touching:
            found.append([run])
            ends.append([run])
            continue
        first = touching[0]
        for other in reversed(touching[1:]):
            found[first] += found.pop(other)
            ends[first] += ends.pop(other)
        found[first].append(run)
        ends[first] = [one for one in ends[first] if y - one[0] <= 2] + [run]
    return found


def _touch(one: Run, other: Run) -> bool:
    return one[1] <= other[2] + 3 and other[1] <= one[2] + 3
