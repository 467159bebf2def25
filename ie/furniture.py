"""Page numbers and running heads: what a page break leaves in the middle of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ie import lines as look
from ie.lines import Line


def without_furniture(lines: list[Line], dropped: list[tuple[int, int, str]]) -> list[Line]:
    """Drop page numbers and running heads; a line after them is marked as the first of a page."""
    numbers = _page_numbers(lines)
    heads = _running_heads(lines, numbers)
    kept: list[Line] = []
    page = False
    for index, line in enumerate(lines):
        if index in numbers or index in heads:
            dropped.append((line.start, line.end, "page number" if index in numbers else "running head"))
            page = True
            continue
        kept.append(replace(line, page_before=True) if page and not line.page_before else line)
        page = False
    return kept


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    """Return the indexes of lines that hold page numbers: alone on the line and counting upward by one."""
    found: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if line.text.strip() and look.is_page_number(line.text):
            digits = re.search(r"\d+", line.text)
            if digits:
                found.append((index, int(digits.group())))
    chosen: set[int] = set()
    for position, (index, number) in enumerate(found):
        dressed = not lines[index].stripped.isdecimal()
        neighbours = found[max(0, position - 1) : position] + found[position + 1 : position + 2]
        counts = any(abs(number - other) == 1 and abs(index - at) > 3 for at, other in neighbours)
        alone = len(found) == 1 and number in (1, 2, 3) and index > 3
        if counts or lines[index].page_before or (dressed and number < 300) or alone:
            chosen.add(index)
    return chosen


def _running_heads(lines: Sequence[Line], numbers: set[int]) -> set[int]:
    """Return the indexes of lines beside a page break that come back at two breaks or more."""
    beside: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        near = index - 1 in numbers or index + 1 in numbers or line.page_before
        if near and index not in numbers and len(line.stripped) > 3:
            beside.setdefault(re.sub(r"\d+", "#", line.stripped), []).append(index)
    return {index for found in beside.values() if len(found) >= 2 for index in found}
