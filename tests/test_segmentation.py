from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from underthesea import word_tokenize

from ie.segmentation import cut, goes_on
from tests.examples import examples

LINES = (
    "Kế hoạch phát triển kinh tế - xã hội năm 2024",
    "UBND HUYỆN TÂN PHÚ BÁO CÁO TÌNH HÌNH SẢN XUẤT",
    "Tổng diện tích gieo trồng đạt 12.345,6 ha , tăng 3,2 % so với cùng kỳ ( kế hoạch 12.000 ha ) ;",
    "Xã",
    "Nông nghiệp",
    "Trung tâm y tế",
    "H'Mông , Ê-đê và M'Nông : 1.204 hộ ; ² ½ ١٢ ... ==",
    "BOS EOS",
)


def words(line: str) -> list[str]:
    """Return the words of a line whose tokens stand apart, put together as `goes_on` says."""
    tokens = [token for part in line.split() for token in cut(part)]
    found: list[str] = []
    for index, (token, on) in enumerate(zip(tokens, goes_on([tokens]), strict=True)):
        found[-1:] = [f"{found[-1]} {token}"] if on and index else [*found[-1:], token]
    return found


@pytest.mark.parametrize("line", LINES)
def test_words_are_those_of_underthesea(line: str) -> None:
    assert words(line) == word_tokenize(line, use_token_normalize=False)


SYLLABLES = sorted(
    {word for line in LINES for word in line.split()} | {"thôn", "Đắk", "Lắk", "quốc", "phòng", "an", "ninh"}
)


@given(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12))
@examples(150)
def test_words_in_any_order_are_those_of_underthesea(syllables: list[str]) -> None:
    line = " ".join(syllables)
    assert words(line) == word_tokenize(line, use_token_normalize=False)


def test_lines_do_not_see_each_other() -> None:
    lines = [line.split() for line in LINES[:4]]
    alone = [on for line in lines for on in goes_on([line])]
    assert goes_on(lines) == alone
    assert any(alone)
