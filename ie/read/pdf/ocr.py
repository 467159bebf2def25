"""Recognise the text of a scanned page with Tesseract: words with box and confidence, as if they had been characters.

Tesseract is another program, asked through pytesseract (`pip install 'viet-report-ie[ocr]'`); it needs its Vietnamese
data. It runs with one thread: more of them slow it down on small machines.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from ie.read.pdf.chars import Char, PageChars
from ie.read.pdf.frame import Rect, level
from ie.read.pdf.scanlines import lines_of

if TYPE_CHECKING:
    import pypdfium2 as pdfium

LANGUAGE = "vie"
_DPI = 300
_TIMEOUT = 180
"""Seconds for one page."""
_POOR = 50.0
"""Mean confidence below which the page is tried lying on its sides."""
_EM = 0.78
"""Type size as a share of the height of a line with accents and descenders."""
_SHORT = 30
"""Letters below which the height of a line says little of its type size: it may lack accents or tails."""
_NOISE = " _=|\\~¦"
"""Characters that are specks or rests of lines when a word holds nothing else."""
_ALIKE = 0.18
"""Difference in type size, as a share, that comes from recognition and not from the page."""


@cache
def missing() -> str:
    """Return what recognition lacks on this machine in one line, "" when it can run."""
    if find_spec("pytesseract") is None:
        return "recognition needs pytesseract: pip install 'viet-report-ie[ocr]'"
    import pytesseract

    try:
        languages = pytesseract.get_languages()
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError):
        return "recognition needs the program Tesseract: install it, on Debian tesseract-ocr and tesseract-ocr-vie"
    return "" if LANGUAGE in languages else "Tesseract lacks Vietnamese: install its data, on Debian tesseract-ocr-vie"


def recognise(page: pdfium.PdfPage, found: PageChars, *, max_pixels: int) -> PageChars:
    """Return the page with recognised characters; its `confidence` is the mean of its words, 0 to 100."""
    width, height = found.frame.size
    scale = min(_DPI / 72, (max_pixels / max(width * height, 1.0)) ** 0.5)
    image = page.render(scale=scale, grayscale=True).to_pil()
    best = _turned(image, 0, scale, found)
    if (best.confidence or 0.0) < _POOR or _stands(best.chars):
        best = max([_turned(image, turns, scale, found) for turns in (1, 3)] + [best], key=_merit)
    return best


def _merit(page: PageChars) -> float:
    """Return the confidence of a page, nothing where its words stand on end."""
    return 0.0 if _stands(page.chars) else page.confidence or 0.0


def _stands(chars: list[Char]) -> bool:
    """Tell whether words were found standing on end: their letters, set side by side, are far taller than wide."""
    narrow = sum(char.box[3] - char.box[1] > 6 * (char.box[2] - char.box[0]) for char in chars)
    return 2 * narrow > len(chars)


def _turned(image: Any, turns: int, scale: float, found: PageChars) -> PageChars:
    """Recognise an image turned clockwise by quarter turns."""
    import pytesseract

    turned = image.rotate(-90 * turns, expand=True) if turns else image
    across, down, turned = _without_tables(turned, scale)
    try:
        with _one_thread():
            words = pytesseract.image_to_data(
                turned, lang=LANGUAGE, config="--psm 3", output_type="dict", timeout=_TIMEOUT
            )
    except (pytesseract.TesseractError, RuntimeError):
        # pytesseract says a timeout as RuntimeError; the page then counts as one of no confidence.
        return replace(found, chars=[], confidence=0.0)
    width, height = found.frame.size
    size = (height, width) if turns % 2 else (width, height)
    chars = [char for line in _lines(words, scale) for char in line]
    for char in chars:
        char.turns = turns
        char.shown = level(char.shown, (4 - turns) % 4, size)
    weight = sum(1 for char in chars)
    mean = sum(char.confidence or 0.0 for char in chars) / weight if weight else 0.0
    made = replace(found, chars=_evened(chars), turns=turns, unmapped=0, confidence=round(mean, 1))
    return replace(made, across=across, down=down)


def _without_tables(image: Any, scale: float) -> tuple[list[Rect], list[Rect], Any]:
    """Return the lines of a picture and the picture without those of tables, which recognition stumbles over."""
    across, down, mask = lines_of(image, scale)
    if len(across) < 2 or len(down) < 2:
        return across, down, image
    pixels = np.array(image)
    thick = mask.copy()
    for axis in (0, 1):
        for shift in (-1, 1):
            thick |= np.roll(mask, shift, axis)
    pixels[thick] = 255
    return across, down, _picture(pixels)


def _picture(pixels: np.ndarray) -> Any:
    from PIL import Image

    return Image.fromarray(pixels)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = os.environ.get("OMP_THREAD_LIMIT")
    os.environ["OMP_THREAD_LIMIT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["OMP_THREAD_LIMIT"]
        else:
            os.environ["OMP_THREAD_LIMIT"] = before


def _lines(words: dict[str, list[Any]], scale: float) -> Iterator[list[Char]]:
    """Yield the characters of each recognised line."""
    lines: dict[tuple[int, int, int], list[int]] = {}
    for index, text in enumerate(words["text"]):
        if str(text).strip(_NOISE) and float(words["conf"][index]) >= 0:
            key = (words["block_num"][index], words["par_num"][index], words["line_num"][index])
            lines.setdefault(key, []).append(index)
    above: tuple[tuple[int, int], float] | None = None
    for key, members in lines.items():
        boxes = {index: _box(words, index, scale) for index in members}
        bottoms = [box[3] for box in boxes.values()]
        top, bottom = min(box[1] for box in boxes.values()), median(bottoms)
        size = round(max(bottom - top, 1.0) * _EM, 1)
        if above is not None and above[0] == key[:2] and sum(len(str(words["text"][i])) for i in members) < _SHORT:
            size = above[1]
        above = (key[:2], size)
        yield [
            char for index in members for char in _word(str(words["text"][index]), boxes[index], (top, bottom), size,
                                                        float(words["conf"][index]))
        ]  # fmt: skip


def _box(words: dict[str, list[Any]], index: int, scale: float) -> Rect:
    left, top = words["left"][index] / scale, words["top"][index] / scale
    return (left, top, left + words["width"][index] / scale, top + words["height"][index] / scale)


def _word(text: str, box: Rect, band: tuple[float, float], size: float, confidence: float) -> Iterator[Char]:
    """Yield the characters of a word, its width shared out evenly among them."""
    step = (box[2] - box[0]) / len(text)
    for index, letter in enumerate(text):
        left, right = box[0] + index * step, box[0] + (index + 1) * step
        yield Char(
            letter, (left, band[0], right, band[1]), (left, box[1], right, box[3]), size, "", index == 0, 0, confidence
        )


def _evened(chars: list[Char]) -> list[Char]:
    """Set type sizes that differ by no more than recognition errs to the page's usual one."""
    usual = median(char.size for char in chars) if chars else 1.0
    for char in chars:
        if abs(char.size - usual) <= _ALIKE * usual:
            char.size = usual
    return chars
