"""Lines drawn on a page, and how much of it is pictures: the page objects of PDFium, forms within forms followed."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ie.read.pdf.frame import Frame, Rect, level

_THIN = 3.0
"""Widest stroke in points that is a line and not a surface."""
_LEAST = 4.0
"""Shortest line in points that is kept."""
MAX_OBJECTS = 60_000
"""Objects looked at on a page; a map or drawing has more, and no table that could be read."""
_MAX_SEGMENTS = 400
_MAX_DEPTH = 6
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class Rulings:
    """Level and upright lines as boxes where the page's text lies level, and the share of the page in pictures."""

    across: list[Rect] = field(default_factory=list)
    down: list[Rect] = field(default_factory=list)
    images: float = 0.0
    objects: int = 0
    pixels: int = 0
    """Pixels of the largest picture."""


def rulings(page: pdfium.PdfPage, frame: Frame, turns: int) -> Rulings:
    """Collect the lines of a page."""
    found = Rulings()
    width, height = frame.size
    for box, kind in _shapes(page, frame, found):
        left, top, right, bottom = level(box, turns, frame.size)
        if kind == "image":
            shown = max(0.0, min(box[2], width) - max(box[0], 0.0)) * max(0.0, min(box[3], height) - max(box[1], 0.0))
            found.images += shown / max(width * height, 1.0)
        elif bottom - top <= _THIN and right - left >= _LEAST:
            found.across.append((left, top, right, bottom))
        elif right - left <= _THIN and bottom - top >= _LEAST:
            found.down.append((left, top, right, bottom))
    return found


def _shapes(page: pdfium.PdfPage, frame: Frame, found: Rulings) -> Iterator[tuple[Rect, str]]:
    stack: list[tuple[object, _Matrix, int]] = []
    for index in range(min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)):
        stack.append((raw.FPDFPage_GetObject(page.raw, index), _IDENTITY, 0))
    while stack and found.objects < MAX_OBJECTS:
        item, matrix, depth = stack.pop()
        found.objects += 1
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = _joined(_matrix(item), matrix)
            for index in range(min(raw.FPDFFormObj_CountObjects(item), MAX_OBJECTS)):
                stack.append((raw.FPDFFormObj_GetObject(item, index), inner, depth + 1))
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            found.pixels = max(found.pixels, _pixels(item))
            yield _bounds(item, matrix, frame), "image"
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            for box in _edges(item, matrix, frame):
                yield box, "line"


def _pixels(item: object) -> int:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    known = raw.FPDFImageObj_GetImagePixelSize(item, width, height)
    return width.value * height.value if known else 0


def _matrix(item: object) -> _Matrix:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _joined(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _box(points: list[tuple[float, float]], matrix: _Matrix, frame: Frame) -> Rect:
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x, y in points]
    ys = [b * x + d * y + f for x, y in points]
    return frame.shown(min(xs), min(ys), max(xs), max(ys))


def _bounds(item: object, matrix: _Matrix, frame: Frame) -> Rect:
    """Return the bounds of an object of a form or page."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return _box([(left.value, bottom.value), (right.value, top.value)], matrix, frame)


def _edges(item: object, matrix: _Matrix, frame: Frame) -> Iterator[Rect]:
    """Yield a thin shape as one line, else the straight edges of what is stroked."""
    bounds = _bounds(item, matrix, frame)
    if min(bounds[2] - bounds[0], bounds[3] - bounds[1]) <= _THIN:
        yield bounds
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if not stroke.value:
        return
    whole = _joined(_matrix(item), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    first = last = (0.0, 0.0)
    for index in range(min(raw.FPDFPath_CountSegments(item), _MAX_SEGMENTS)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _box([last, point], whole, frame)
        last = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield _box([last, first], whole, frame)
            last = first
