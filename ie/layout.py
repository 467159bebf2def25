"""What a reader knows of a document beyond its characters: pages, boxes and the kind of each stretch of text.

Plain text has none of this and is reflowed by evidence (`ie.lines`, `ie.furniture`, `ie.footnotes`); a reader that sees
paragraphs, tables and footnotes for what they are says so here, and `ie.reflow` follows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

REGION_KINDS = (
    "paragraph",
    "heading",
    "item",
    "table row",
    "footnote",
    "letterhead",
    "recipients",
    "signature",
    "running head",
    "page number",
    "footnote bar",
)
"""Kinds of regions; those of `ie.reflow.DROPPED_KINDS` are left out of the reflowed text."""


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

    A footnote has its `mark` as shown and, where its marker stands, the `call` as `[start, end)` in the source text
    (empty when the marker is no character of the text). White space between regions belongs to none.
    """

    start: int
    end: int
    kind: str
    mark: str = ""
    call: tuple[int, int] | None = None


@dataclass(frozen=True)
class Layout:
    """Pages, regions and character boxes of a source text; each may be empty where the format has none.

    `boxes` is `(characters, 4)` float32: left, top, right, bottom in points from the top left corner of the page, NaN
    for characters without a box.
    """

    pages: tuple[Page, ...] = ()
    regions: tuple[Region, ...] = ()
    boxes: np.ndarray | None = None
