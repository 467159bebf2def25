"""What is said of a PDF that could not be read whole."""

from __future__ import annotations

from collections.abc import Sequence

from ie.errors import InputError
from ie.read.pdf.pages import Opened
from ie.read.source import ReadOptions

LOW_CONFIDENCE = 75.0
"""Mean word confidence of a recognised page below which it is named in a warning."""


def text_found(opened: Opened, name: str) -> None:
    """Raise InputError with the reason when no page holds text."""
    if any(sheet.letters for sheet in opened.sheets):
        return
    if opened.silent:
        then = opened.hindered or "use --ocr"
        raise InputError(f"{name}: none of its {opened.pages} pages holds text, they are pictures; {then}")
    raise InputError(f"{name}: no text was found on its {opened.pages} pages; there is nothing to tag")


def warnings(opened: Opened, options: ReadOptions) -> tuple[str, ...]:
    """Return a line for each thing that was left out or is doubtful."""
    said = []
    if opened.pages > options.max_pages:
        said.append(f"only the first {options.max_pages} of {opened.pages} pages were read (max_pages)")
    if opened.cut:
        said.append(f"{opened.cut} characters were left out (max_characters {options.max_characters})")
    if opened.failed:
        said.append(f"{_pages(opened.failed)} could not be opened")
    if opened.silent:
        then = opened.hindered or "recognise them with --ocr"
        said.append(f"{_pages(opened.silent)} without text (pictures); {then}")
    if opened.broken:
        share = _share(opened)
        said.append(
            f"{_pages(opened.broken)} with a broken character map (ToUnicode), {share:.0%} of their characters; "
            "recognise them with --ocr where it is bad"
        )
    encodings = {name for sheet in opened.sheets for strip in sheet.strips for name in strip.encodings}
    if encodings:
        said.append(f"text in fonts of the encoding {', '.join(sorted(encodings))} was converted")
    return (*said, *_recognised(opened))


def _share(opened: Opened) -> float:
    broken = [sheet for sheet in opened.sheets if sheet.number in opened.broken]
    return sum(sheet.unmapped for sheet in broken) / max(1, sum(sheet.letters for sheet in broken))


def _recognised(opened: Opened) -> list[str]:
    if not opened.recognised:
        return []
    low = [s.number for s in opened.sheets if s.confidence is not None and s.confidence < LOW_CONFIDENCE]
    said = [f"{_pages(opened.recognised)} recognised by Tesseract"]
    return [*said, f"{_pages(low)} recognised with low confidence; check them"] if low else said


def _pages(numbers: Sequence[int]) -> str:
    """Return `page 3` or `pages 1, 4-9`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs[:8]) + (", …" if len(runs) > 8 else "")
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}"
