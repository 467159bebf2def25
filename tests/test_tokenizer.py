import unicodedata

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from ie.tokenizer import UndertheseaTokenizer, pieces, segment, word_starts, words, words_and_spaces
from tests.examples import examples
from tests.layouts import layouts

TOKENIZER = UndertheseaTokenizer(spacy.vocab.Vocab())


@given(layouts() | st.text(max_size=200))
@examples(200)
def test_every_character_is_kept(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert TOKENIZER(text).text == text


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_and_invisible_characters_stay_in_their_word(form: str) -> None:
    text = unicodedata.normalize(form, "hoà\u00adng\u200bHĐND thuỷ\u00a0lợi")
    doc = TOKENIZER(text)
    assert doc.text == text
    assert [t.text for t in doc if not t.text.isspace()] == [
        unicodedata.normalize(form, part) for part in ("hoà\u00adng\u200bHĐND", "thuỷ", "lợi")
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12,5ha", ["12,5", "ha"]),
        ("1.234,5 tỷ", ["1.234,5", "tỷ"]),
        ("m2/ngày", ["m", "2", "/", "ngày"]),
        ("64/72", ["64", "/", "72"]),
        ("Năm 2023.", ["Năm", "2023", "."]),
        ("quy định3.", ["quy", "định", "3", "."]),
        ("12/2020/NQ-HĐND", ["12", "/", "2020", "/", "NQ", "-", "HĐND"]),
    ],
)
def test_pieces(text: str, wanted: list[str]) -> None:
    assert [piece for piece in pieces(text) if not piece.isspace()] == wanted


def test_words_never_merge_a_number_or_cross_a_line() -> None:
    doc = TOKENIZER("Thu hoạch 37,6 tạ lúa, đón 15.200 lượt khách, kinh\ntế phát triển")
    found = list(words(doc))
    assert "37,6" in found
    assert "15.200" in found
    assert not any("kinh tế" in word for word in found)
    assert "phát triển" in found


def test_word_starts_are_worked_out_for_a_doc_made_by_hand() -> None:
    doc = spacy.tokens.Doc(TOKENIZER.vocab, words=["phát", "triển", "12"])
    assert word_starts(doc).tolist() == [1, 0, 1]


def test_hostile_text_is_quick_and_whole() -> None:
    text = "a." * 20_000 + "đ" * 5_000 + "\ud800"
    parts, _ = words_and_spaces(text)
    assert "".join(parts) == text
    assert len(segment(parts)) == len(parts)


def test_tokenizer_is_registered_for_a_config() -> None:
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "ie.underthesea.v1"}}})
    assert [t.text for t in nlp("xã Tân Lập")] == ["xã", "Tân", "Lập"]
