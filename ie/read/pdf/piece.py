"""A line or a row of a table in reading order, and what lines of a page cover together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ie.read.pdf.sheet import Cells
from ie.read.pdf.strips import Strip

Row = list[Strip]
"""Lines that stand on one height, from left to right."""


@dataclass
class Piece:
    """One line or one row of a table in reading order, with its page and the edges of its column.

    `torn` says that a row goes on with the last one of the page before.
    """

    kind: str
    page: int
    strips: tuple[Strip, ...]
    cells: Cells = ()
    left: float = 0.0
    right: float = 0.0
    mark: str = ""
    torn: bool = False

    @property
    def strip(self) -> Strip:
        """The line, or the first of several that stand beside each other."""
        return self.strips[0]

    @property
    def text(self) -> str:
        """The characters of the line."""
        return " ".join(strip.text for strip in self.strips)


def left_of(strip: Strip) -> float:
    """Return the left edge of a line."""
    return strip.left


def covered(band: Sequence[Row]) -> list[tuple[float, float]]:
    """Return the stretches across the page that any line of the band covers."""
    found: list[list[float]] = []
    for strip in sorted((strip for row in band for strip in row), key=left_of):
        if found and strip.left < found[-1][1] + 2:
            found[-1][1] = max(found[-1][1], strip.right)
        else:
            found.append([strip.left, strip.right])
    return [(a, b) for a, b in found]
