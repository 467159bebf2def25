import pytest
import spacy

from ie.scope import scope
from ie.tokenizer import UndertheseaTokenizer

TOKENIZER = UndertheseaTokenizer(spacy.vocab.Vocab())


def ancestors(text: str) -> list[tuple[int, ...]]:
    return list(scope(TOKENIZER(text)).ancestors)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("Kết quả:\n- Lúa 12 ha\n- Ngô 5 ha\nHết.", [(), (0,), (0,), (0,)], id="lead-in"),
        pytest.param("I. A\n1. B\n- c\n2. D\nII. E", [(), (0,), (1, 0), (0,), ()], id="numbered"),
        pytest.param("1. Vốn: 5\nBao gồm:\na. X: 2\nb. Y: 3", [(), (0,), (1, 0), (1, 0)], id="bao gồm"),
        pytest.param("ĐVT: triệu đồng\nThu 1\nChi 2", [(), (0,), (0,)], id="unit line"),
        pytest.param("| Tên | ha |\n| Lúa | 5 |\n| Ngô | 6 |", [(), (0,), (0,)], id="table header"),
    ],
)
def test_outline(text: str, wanted: list[tuple[int, ...]]) -> None:
    assert ancestors(text) == wanted


def test_sentences_end_at_a_full_stop_before_a_capital_only() -> None:
    found = scope(TOKENIZER("TP. Vinh đạt 1.234 ha. Tăng 5%. so kỳ."))
    assert found.sentence.max() == 1


def test_empty_doc() -> None:
    assert ancestors("") == [()]
