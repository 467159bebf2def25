"""What a reader knows of a document beyond its characters: pages, boxes and the kind of each stretch of text.

Plain text has none of this and is reflowed by evidence (`ie.lines`, `ie.furniture`, `ie.footnotes`); a reader that sees
paragraphs, tables and footnotes for what they are says so here, and `ie.reflow` follows it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Box = tuple[int, float, float, float, float]
"""Page number, left, top, right, bottom in points from the top left corner of the page as it is shown."""

DROPPED_KINDS = ("page number", "running head", "footnote bar")
"""Kinds of regions that are left out of the reflowed text."""


@dataclass(frozen=True)
class Page:
    """One page: `[start, end)` in characters of the source text, its number from 1, its size in points.

    `confidence` is the mean word confidence of optical recognition, 0 to 100; None where text was there already.
    """

    number: int
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0
    confidence: float | None = None


@dataclass(frozen=True)
class Region:
    """A stretch `[start, end)` of the source text of one kind, in order of the source and without overlap.

    `kind` is paragraph, heading, item, table row, footnote, letterhead, recipients, signature, running head, page
    number or footnote bar; a paragraph may turn out a heading or an item by its text.
    A footnote has its `mark` as shown, with which its text starts, and, where its marker stands, the `call` as
    `[start, end)` in the source text (empty when the marker is no character of the text). White space between regions
    belongs to none. `continues` says that the region goes on with the last one of its sort, body or footnote: what
    stands between is the foot of one page and the head of the next.
    """

    start: int
    end: int
    kind: str
    mark: str = ""
    call: tuple[int, int] | None = None
    continues: bool = False


@dataclass(frozen=True)
class Layout:
    """Pages, regions and character boxes of a source text; each may be empty where the format has none.

    `boxes` is `(characters, 4)` float32: left, top, right, bottom in points from the top left corner of the page, NaN
    for characters without a box. `confidence` is `(characters,)` float32, 0 to 100: how sure optical recognition was of
    the word, NaN for characters that were not recognised.
    """

    pages: tuple[Page, ...] = ()
    regions: tuple[Region, ...] = ()
    boxes: np.ndarray | None = None
    confidence: np.ndarray | None = None

    @cached_property
    def _starts(self) -> list[int]:
        return [page.start for page in self.pages]

    def page_of(self, at: int) -> int | None:
        """Return the number of the page that the character at `at` stands on, None where there are no pages."""
        index = bisect_right(self._starts, at) - 1
        return self.pages[index].number if index >= 0 else None

    def boxes_of(self, fragments: Iterable[tuple[int, int]]) -> tuple[Box, ...]:
        """Return one box a fragment, rounded outward; fragments without a boxed character have none."""
        if self.boxes is None:
            return ()
        return tuple(box for start, end in fragments for box in self._box(start, end))

    def confidence_of(self, fragments: Iterable[tuple[int, int]]) -> float | None:
        """Return the confidence of the least sure recognised word, None where none was recognised."""
        if self.confidence is None:
            return None
        known = [float(sure) for start, end in fragments for sure in self.confidence[start:end] if sure == sure]
        return round(min(known), 1) if known else None

    def _box(self, start: int, end: int) -> Iterator[Box]:
        rows = self.boxes[start:end] if self.boxes is not None else ()
        known = [row for row in rows if row[0] == row[0]]
        if known:
            left, top = (floor(100 * min(float(row[side]) for row in known)) / 100 for side in (0, 1))
            right, bottom = (ceil(100 * max(float(row[side]) for row in known)) / 100 for side in (2, 3))
            yield (self.page_of(start) or 0, left, top, right, bottom)
