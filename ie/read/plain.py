"""One way to write each letter: composed, `Đ` for its look-alikes, nothing invisible; offsets are kept.

Tone marks stay where they were written (`hoà`, `hòa`): tagging and normalising compare spellings by themselves.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

import numpy as np

from ie.layout import Layout
from ie.read.offsets import Rewriter, compose
from ie.read.source import Source

_LOOKALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"})
# Soft hyphens, zero-width and direction marks, variation selectors. A space of no width parts no words here.
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_MARKS = "\u0300-\u036f"
_ODD = re.compile(rf"[^\W\d_]?[{_MARKS}{_INVISIBLE}]+|[ÐðƉɖ]")
_GONE = re.compile(f"[{_INVISIBLE}]")
_TRAIL = re.compile(f"[{_INVISIBLE}]*$")


def canonical_text(text: str) -> tuple[str, np.ndarray | None]:
    """Return the text in one way of writing and its map back (see `ie.read.offsets`), None when nothing changed."""
    rewriter = Rewriter(text)
    for match in _ODD.finditer(text):
        start, end = match.span()
        length, kept = _rewritten(match.group())
        letter = start + length
        if kept != text[start:letter]:
            rewriter.replace(start, letter, kept)
        if letter < end:
            rewriter.replace(letter, end, "")
    return rewriter.done() if rewriter.at else (text, None)


@lru_cache(maxsize=1_000)
def _rewritten(odd: str) -> tuple[int, str]:
    """Return how many characters of an odd letter come before what is invisible at its end, and the letter as kept."""
    kept = unicodedata.normalize("NFC", _GONE.sub("", odd).translate(_LOOKALIKES))
    return len(_TRAIL.sub("", odd)), kept


def canonical(source: Source) -> Source:
    """Return the source with canonical text; its layout and its map to the decoded characters follow."""
    text, offsets = canonical_text(source.text)
    if offsets is None:
        return source
    layout = _moved(source.layout, offsets) if source.layout else None
    raw = source.text if source.raw is None else source.raw
    return replace(source, text=text, layout=layout, raw=raw, offsets=compose(source.offsets, offsets))


def _moved(layout: Layout, offsets: np.ndarray) -> Layout:
    """Return the layout of the old text as one of the new."""
    pages = []
    for page in layout.pages:
        start, end = _span((page.start, page.end), offsets)
        pages.append(replace(page, start=start, end=end))
    regions = []
    for region in layout.regions:
        start, end = _span((region.start, region.end), offsets)
        call = _span(region.call, offsets) if region.call else None
        regions.append(replace(region, start=start, end=end, call=call))
    boxes = None if layout.boxes is None else _united(layout.boxes, offsets)
    sure = None if layout.confidence is None else layout.confidence[offsets[:, 0]]
    return replace(layout, pages=tuple(pages), regions=tuple(regions), boxes=boxes, confidence=sure)


def _span(old: tuple[int, int], offsets: np.ndarray) -> tuple[int, int]:
    start, end = np.searchsorted(offsets[:, 0], old)
    return int(start), int(end)


def _united(boxes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Return the boxes of the new characters; one made of several takes the box around them."""
    united = boxes[offsets[:, 0]].copy()
    for index in np.flatnonzero(offsets[:, 1] - offsets[:, 0] > 1):
        parts = boxes[offsets[index, 0] : offsets[index, 1]]
        united[index, :2] = np.fmin.reduce(parts[:, :2])
        united[index, 2:] = np.fmax.reduce(parts[:, 2:])
    return united
