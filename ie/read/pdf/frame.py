"""Turned pages and turned text: from the coordinates of a PDF to the page as shown, and to text lying level.

A PDF counts upward from its lower left corner and may show the page turned. `shown` is the page as a viewer draws it,
from the top left corner downward; `level` is the same turned so that the text runs from left to right.
"""

from __future__ import annotations

from dataclasses import dataclass

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in points, downward."""


@dataclass(frozen=True)
class Frame:
    """A page's bounding box in PDF coordinates (left, bottom, right, top) and its quarter turns clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int = 0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turns % 2 else (width, height)

    def shown(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """Return a box of PDF coordinates on the page as shown."""
        if self.turns == 0:
            return (left - self.left, self.top - top, right - self.left, self.top - bottom)
        if self.turns == 1:
            return (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turns == 2:
            return (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
        return (self.top - top, self.right - right, self.top - bottom, self.right - left)


def level(box: Rect, turns: int, size: tuple[float, float]) -> Rect:
    """Turn a shown box clockwise by quarter turns, so that text running `turns` quarters upward lies level."""
    left, top, right, bottom = box
    width, height = size
    if turns == 0:
        return box
    if turns == 1:
        return (height - bottom, left, height - top, right)
    if turns == 2:
        return (width - right, height - bottom, width - left, height - top)
    return (top, width - right, bottom, width - left)
