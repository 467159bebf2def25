"""Writing lines: white space becomes single blanks, and every character knows where it came from."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from ie.blocks import Writer
from ie.lines import Line, figures_at_end

ROWS = st.lists(st.sampled_from(["12", "1.250", "12 500", "8,5%", "-", "x", "ha", "xã", "12.", "  ", "\t"]), max_size=7)


@given(st.text(st.sampled_from("ab1 \t\u00a0\u200b."), max_size=20), st.booleans())
@example(" a  b ", True)
def test_white_space_becomes_single_blanks(text: str, marked: bool) -> None:
    source = f"{text}\nx1"
    writer = Writer(source, {len(text): ("1", len(text) + 1)} if marked else {})
    written = writer.lines([Line(0, len(text), text)])
    assert written == re.sub(r"\s+", " ", text.strip())
    assert len(written) == len(writer.offsets)
    for char, at in zip(written, writer.offsets, strict=True):
        assert text[at] == char or (char == " " and text[at].isspace())
    assert writer.offsets == sorted(set(writer.offsets))


@given(ROWS.map(" ".join))
def test_figures_at_the_end_are_counted(text: str) -> None:
    joined = re.sub(r"(?<=\d) (?=\d{3}(?:[\s,]|$))", "", text)
    cells = re.search(r"(?:\s(?:\d[\d.,]*%?|-|x)(?=\s|$)){2,}\s*$", joined)
    assert figures_at_end(text) == (len(re.findall(r"\d[\d.,]*", cells.group())) if cells else 0)
