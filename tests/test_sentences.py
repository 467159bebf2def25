"""The sentence around a span."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ie.sentences import Sentences, sentence_at

PIECES = [
    "Thu đạt 12 tỷ đồng",
    "Chi 1.250 triệu",
    ". ",
    "; ",
    " \n",
    "\n",
    "TP. Vinh",
    "… ",
    " 5. Xã",
    ", ",
    "x" * 900,
    " ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.data())
def test_lines_are_cut_once_and_the_same(text: str, data: st.DataObject) -> None:
    sentences = Sentences(text)
    for _ in range(4):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        assert sentences.around(start, end) == sentence_at(text, start, end)


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "Thu tăng. Chi của TP. Vinh là 12 tỷ đồng. Còn lại 3 tỷ."
    start = text.index("12")
    first, last = Sentences(text).around(start, start + 2)
    assert text[first:last] == "Chi của TP. Vinh là 12 tỷ đồng."
