"""Shares of texts that stand in other text."""

import unicodedata

import pytest

from corpus import passages

TEN = "một hai ba bốn năm sáu bảy tám chín mười"
OTHER = "thu ngân sách quý này đạt mức cao nhất từ trước"


def test_runs_are_of_eight_words_in_small_letters_without_marks() -> None:
    assert list(passages.runs_of("Một, HAI: ba bốn năm (sáu) bảy tám chín")) == [
        ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám"),
        ("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"),
    ]
    assert list(passages.runs_of("bảy từ thì không đủ một đoạn")) == []


def test_share_is_of_the_text_s_own_different_runs() -> None:
    # Ten words hold three runs; the other text has the middle eight words only, so one of the three.
    found = passages.shares({"a": TEN, "b": "x " + TEN, "short": "ba bốn"}, ["hai ba bốn năm sáu bảy tám chín", OTHER])
    assert found == {"a": pytest.approx(1 / 3), "b": pytest.approx(1 / 4), "short": 0.0}


def test_a_run_over_two_other_texts_is_not_seen() -> None:
    assert passages.shares({"a": "một hai ba bốn năm sáu bảy tám"}, ["một hai ba bốn", "năm sáu bảy tám"]) == {"a": 0.0}


def test_texts_that_share_a_run_are_left_out() -> None:
    texts = [f"Trước đó {TEN.upper()}, sau đó", "hai ba bốn năm sáu bảy tám và chín", OTHER, "ngắn"]
    assert list(passages.without(texts, [TEN])) == texts[1:]
    assert list(passages.without(texts, ["ngắn"])) == texts


def test_letters_and_their_marks_may_be_written_in_two_ways() -> None:
    assert passages.shares({"a": TEN}, [unicodedata.normalize("NFD", TEN)]) == {"a": 1.0}
