from itertools import pairwise

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.training import Example

from ie import spans as carry
from ie.crf import ALLOWED, END, START, viterbi
from ie.entities import encode, label_names, paragraphs, qualifier_names, score_spans, spans_of
from ie.features import bare, features, lexicon, norm, shape
from ie.spans import Key
from ie.tokenizer import UndertheseaTokenizer

TOKENIZER = UndertheseaTokenizer(spacy.vocab.Vocab())


@st.composite
def flat_spans(draw: st.DrawFn) -> tuple[list[Key], int]:
    length = draw(st.integers(1, 30))
    spans, at = [], 0
    while at < length:
        size = draw(st.integers(1, 4))
        if draw(st.booleans()) and at + size <= length:
            spans.append(Key("PLACE", at, at + size))
        at += size
    return spans, length


@given(flat_spans())
def test_encoding_round_trips(case: tuple[list[Key], int]) -> None:
    spans, length = case
    layer = label_names().index("PLACE")
    tags = encode(spans, length)
    assert [(layer, span.start, span.end) for span in spans] == list(zip(*spans_of(tags), strict=True))
    tags = tags[:, layer]
    assert START[tags[0]] == 0
    assert END[tags[-1]] == 0
    assert all(ALLOWED[a, b] == 0 for a, b in pairwise(tags))


@given(st.integers(0, 10_000))
def test_decoded_tags_are_always_well_formed(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(12, 1, 5)).astype(np.float32) * 3
    tags = viterbi(scores, np.array([0]), np.array([12]), np.zeros((1, 5, 5), dtype=np.float32))[:, 0]
    _, *bounds = spans_of(tags[:, None])
    encoded = encode([Key("UNIT", *found) for found in zip(*bounds, strict=True)], 12)[:, label_names().index("UNIT")]
    assert (encoded == tags).all()


def test_labels_nest_across_layers() -> None:
    tags = encode([Key("PROJECT", 0, 5), Key("PLACE", 3, 5)], 5)
    assert tags[:, label_names().index("PROJECT")].tolist() == [1, 2, 2, 2, 3]
    assert tags[:, label_names().index("PLACE")].tolist() == [0, 0, 0, 1, 3]


def test_paragraphs_end_at_line_ends() -> None:
    doc = TOKENIZER("a b\nc\n\nd")
    assert [doc[start:end].text for start, end in paragraphs(doc)] == ["a b", "c", "d"]


def test_scorer_counts_misses_and_inventions() -> None:
    words = ["12", "ha", "tại", "Vinh"]
    reference, predicted = Doc(TOKENIZER.vocab, words=words), Doc(TOKENIZER.vocab, words=words)
    carry.set_spans(reference, [Key("QUANTITY", 0, 1), Key("UNIT", 1, 2)])
    carry.set_spans(predicted, [Key("QUANTITY", 0, 1), Key("PLACE", 3, 4)])
    scores = score_spans([Example(predicted, reference)])
    assert scores["ie_core_f"] == pytest.approx(0.5)
    assert scores["ie_spans_per_type"]["QUANTITY"]["f"] == 1.0


def test_qualifiers_come_from_the_schema() -> None:
    assert ("Basis", "plan") in qualifier_names()
    assert not any(name == "Open" for name, _ in qualifier_names())


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("Hoà", "hòa"),
        ("thuỷ", "thủy"),
        ("QUÝ", "quý"),
        ("2023", "<year>"),
        ("1.234", "<d.ddd>"),
        ("02", "<02>"),
        ("12", "<12>"),
    ],
)
def test_norm(word: str, wanted: str) -> None:
    assert norm(word) == wanted


def test_decomposed_letters_have_the_same_norm() -> None:
    assert norm("Đắk") == norm("Đa\u0306\u0301k")
    assert bare(norm("đường")) == "duong"
    assert shape("UBND") != shape("ubnd")


def test_lexicon_takes_the_longest_name_and_wants_capitals() -> None:
    words = ["tỉnh", "Lào", "Cai", "thu", "triệu", "đồng"]
    assert lexicon().tag(words, [norm(w) for w in words])[1:3] == ["B-PDW", "I-PDW"]
    small = ["lào", "cai"]
    assert not any(tag.endswith("PDW") for tag in lexicon().tag(small, small))


def test_a_text_may_end_where_a_longer_name_goes_on() -> None:
    """`Vĩnh Long An` is looked for behind `Vĩnh`, and the text is over before it could be there."""
    for size, words in enumerate((["Vĩnh"], ["ở", "Vĩnh", "Long"], ["Thành", "phố", "Hồ", "Chí"]), 1):
        tags = lexicon().tag(words, [norm(word) for word in words])
        assert len(tags) == len(words), size
    assert lexicon().tag(["ở", "Vĩnh", "Long"], ["ở", "vĩnh", "long"])[1][0] == "B"
    for text in ("xảy ra ở Vĩnh Long", "phụ nữ Việt Nam", "Ảnh: Thái Bình", "12 trường"):
        assert len(features(TOKENIZER(text))) == len(TOKENIZER(text))


@given(st.lists(st.sampled_from(("Vĩnh", "Long", "Hồ", "Chí", "Minh", "An", "Thái", "Bình", "triệu", "đồng", "ha"))))
def test_every_token_has_one_tag(words: list[str]) -> None:
    assert len(lexicon().tag(words, [norm(word) for word in words])) == len(words)


def test_features_have_one_row_a_token() -> None:
    doc = TOKENIZER("Thu 12,5 ha\nxã Tân Lập")
    table = features(doc)
    assert table.shape == (len(doc), 6)
    assert (features(TOKENIZER("")).shape) == (0, 6)


def test_annotation_outlives_bytes() -> None:
    """A Doc goes to bytes and back whole, which `nlp.pipe(n_process=2)` and DocBin rest on."""
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from ie import spans as carry
    from ie.spans import Key, Link

    doc = Doc(Vocab(), words=["12", "ha"])
    quantity, unit = Key("QUANTITY", 0, 1), Key("UNIT", 1, 2)
    carry.set_spans(doc, [quantity, unit], {quantity: 0.5, unit: 0.25})
    carry.set_attributes(doc, {quantity: (("Estimate", ""),)})
    carry.set_relations(doc, [Link("HAS_UNIT", quantity, unit, 0.75)])
    back = Doc(Vocab()).from_bytes(doc.to_bytes())
    for read in (carry.keys, carry.scores, carry.attributes, carry.relations):
        assert read(back) == read(doc)
