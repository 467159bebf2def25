"""Report-like texts with the regions a reader would see, for property tests: what was set is known exactly."""

from __future__ import annotations

from hypothesis import strategies as st

from ie.layout import Region
from tests.layouts import starts, words

KINDS = ("paragraph", "heading", "item", "table row", "letterhead")
FURNITURE = ("running head", "page number", "footnote bar")


@st.composite
def laid_out(draw: st.DrawFn) -> tuple[str, tuple[Region, ...]]:
    """Draw a text and its regions: wrapped blocks, calls, footnotes at once or later, furniture, split paragraphs."""
    text, regions = "", []
    calls: list[tuple[str, tuple[int, int] | None]] = []
    for number in range(draw(st.integers(1, 8))):
        text += draw(st.sampled_from(("\n", "\n\n", "\f", " \n", "")))
        body = _wrapped(draw(starts) + draw(words), draw(st.sampled_from((0, 24, 50))))
        start = len(text)
        if draw(st.booleans()):
            at = draw(st.integers(0, len(body)))
            mark = str(number + 1) if draw(st.booleans()) else ""
            calls.append((str(number + 1), (start + at, start + at + len(mark))))
            body = body[:at] + mark + body[at:]
        text += body
        goes_on = bool(regions) and draw(st.booleans())
        regions.append(Region(start, len(text), draw(st.sampled_from(KINDS)), continues=goes_on))
        while calls and draw(st.booleans()):
            text, region = _note(text, *calls.pop(0))
            regions.append(region)
        if draw(st.booleans()):
            text += "\n"
            regions.append(Region(len(text), len(text) + 3, draw(st.sampled_from(FURNITURE))))
            text += "- 7"
    for mark, call in calls:
        text, region = _note(text, mark, call if draw(st.booleans()) else None)
        regions.append(region)
    return text, tuple(regions)


def _note(text: str, mark: str, call: tuple[int, int] | None) -> tuple[str, Region]:
    start = len(text) + 1
    text += f"\n{mark} Ghi chú số {mark} của\nbáo cáo"
    return text, Region(start, len(text), "footnote", mark, call)


def _wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split(" "):
        if width and lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return "\n".join(lines)
