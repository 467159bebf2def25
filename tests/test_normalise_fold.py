"""Folding: what its short cuts give is what the plain rules give."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ie.normalise.fold import clean, fold, fold_once, respell

LETTERS = "aeouyqhtdAEOUYQ" + "àằậòồờùừỳỷỵÀÒỲ" + "đĐðÐ" + "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
TEXTS = st.text(st.sampled_from(LETTERS + " \t\n.,-–−‑\u00ad\u200b\ufeff12İKΩ"), max_size=30)


def plainly_cleaned(text: str) -> str:
    seen = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", text)
    composed = unicodedata.normalize("NFC", seen).replace("ð", "đ").replace("Ð", "Đ")
    return " ".join(re.sub("[\u2010-\u2015\u2212]", "-", composed).split())


def plainly_respelled(text: str) -> str:
    old = r"(?<!q)(?:(o)([ae])|(u)(y))([\u0300\u0301\u0303\u0309\u0323])(?![^\W\d_]|[\u0300-\u036f])"
    apart = unicodedata.normalize("NFD", text)
    moved = re.sub(old, lambda m: f"{m[1] or m[3]}{m[5]}{m[2] or m[4]}", apart, flags=re.IGNORECASE)
    return unicodedata.normalize("NFC", moved)


@given(TEXTS)
@example("Hoà Bình – THUỶ")
@example("hoa\u0300 quy\u0301")
def test_short_cuts_change_nothing(text: str) -> None:
    assert clean(text) == plainly_cleaned(text)
    assert respell(text) == plainly_respelled(text)
    assert fold_once(text) == fold(text) == plainly_respelled(plainly_cleaned(text).lower())


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Hoà", "hòa"), ("KHOẺ", "khỏe"), ("thuỷ lợi", "thủy lợi"), ("quý", "quý"), ("hoàn toàn", "hoàn toàn")],
)
def test_the_tone_moves_where_the_syllable_is_open(text: str, folded: str) -> None:
    assert fold(text) == folded
