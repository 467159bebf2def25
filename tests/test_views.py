"""What is seen of a pair: hand-worked gaps, and hashes of stretches against the stretches themselves."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from ie import spans as carry
from ie import views
from ie.scope import scope
from ie.spans import Key
from ie.views import FEATURES, Spans, table
from tests.examples import examples

LABELS = ("QUANTITY", "UNIT", "PLACE", "PROJECT", "LEGAL", "INDICATOR", "PERIOD")


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "ie.underthesea.v1"}}})


def _spans(*keys: tuple[str, int, int]) -> Spans:
    labels, starts, ends = zip(*((LABELS.index(label), start, end) for label, start, end in keys), strict=True)
    return Spans(np.array(labels), np.array(starts), np.array(ends))


def _gap(nlp: Language, text: str, spans: Spans, head: int, tail: int) -> views._Gap:
    return views._Gap(views._Tokens(nlp.make_doc(text)), spans, np.array([head]), np.array([tail]))


@examples(60)
@given(st.lists(st.integers(0, 2), max_size=12))
def test_stretches_have_one_id_when_they_are_the_same(values: list[int]) -> None:
    sequence = views._Sequence(np.array(values, dtype=np.int64))
    ends = [(start, end) for start in range(len(values) + 1) for end in range(start, len(values) + 1)]
    ids = sequence.stretch(np.array([start for start, _ in ends]), np.array([end for _, end in ends])).tolist()
    known: dict[tuple[int, ...], int] = {}
    for (start, end), id in zip(ends, ids, strict=True):
        assert known.setdefault(tuple(values[start:end]), id) == id
    assert len(set(ids)) == len(known)


def test_a_gap_is_what_stands_between_whichever_comes_first(nlp: Language) -> None:
    # Thu(0) thuế(1) ,(2) phí(3) :(4) 12(5) tỷ(6) ;(7) 3(8)
    spans = _spans(("INDICATOR", 0, 2), ("QUANTITY", 5, 6), ("UNIT", 6, 7), ("QUANTITY", 8, 9))
    there = _gap(nlp, "Thu thuế, phí: 12 tỷ; 3", spans, 0, 3)
    back = _gap(nlp, "Thu thuế, phí: 12 tỷ; 3", spans, 3, 0)
    assert (there.low.tolist(), there.high.tolist()) == (back.low.tolist(), back.high.tolist()) == ([2], [8])
    assert (there.forward.tolist(), back.forward.tolist()) == ([1], [0])
    assert there.of_label(np.array([LABELS.index("QUANTITY")])).tolist() == [1]
    assert there.punctuation()[0].tolist() == [1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert there.marks().tolist() == back.marks().tolist()
    assert there.labels(spans, np.array([0]), np.array([3])).tolist() == [
        views._Sequence(np.array([0, 1])).stretch(np.array([0]), np.array([2]))[0]
    ]


def test_a_nested_pair_has_no_gap(nlp: Language) -> None:
    spans = _spans(("PROJECT", 0, 4), ("PLACE", 2, 3))
    gap = _gap(nlp, "Cầu sông Hậu mới", spans, 0, 1)
    assert gap.low.tolist() == gap.high.tolist()
    assert gap.kind(spans, np.array([0]), np.array([1])).tolist() == [3 * 8 + 2 + 64 + 128]


def test_parts_are_told_from_what_announces_them(nlp: Language) -> None:
    # Thu(0) 9(1) tỷ(2) ,(3) trong(4) đó(5) huyện(6) 4(7) tỷ(8)
    text = "Thu 9 tỷ, trong đó huyện 4 tỷ"
    spans = _spans(("QUANTITY", 1, 2), ("QUANTITY", 7, 8))
    cue, told = _gap(nlp, text, spans, 1, 0).announced(np.array([0]))
    assert (cue.tolist(), told.tolist()) == ([1], [0])
    cue, told = _gap(nlp, "Thu 9 tỷ, rồi thì huyện 4 tỷ", spans, 1, 0).announced(np.array([0]))
    assert (cue.tolist(), told.tolist()) == ([-1], [9])


def test_a_span_is_held_by_the_smallest_around_it() -> None:
    spans = _spans(("PROJECT", 0, 9), ("INDICATOR", 1, 6), ("PLACE", 2, 4), ("PLACE", 5, 8), ("UNIT", 10, 11))
    assert (views._holders(spans) - 1).tolist() == [-1, LABELS.index("PROJECT"), LABELS.index("INDICATOR"), 3, -1]


def test_like_pairs_are_seen_alike_and_direction_is_seen(nlp: Language) -> None:
    text = "Xã có 52 hộ nghèo.\nXã có 47 hộ nghèo.\n"
    doc = nlp.make_doc(text)
    first = [Key("QUANTITY", 2, 3), Key("UNIT", 3, 4)]
    again = [Key(key.label, key.start + 7, key.end + 7) for key in first]
    carry.set_spans(doc, [*first, *again])
    spans = _spans(*first, *again)
    seen = table(doc, scope(doc), spans, np.array([0, 2, 1]), np.array([1, 3, 0]))
    assert seen.shape == (3, FEATURES)
    assert seen[0].tolist() == seen[1].tolist()
    assert not (seen[0] == seen[2]).any()
