"""Qualifiers: direction, base and its time, implied plans with their rounding, done/total pairs."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Entity, Value
from ie.facts import Fact, facts
from ie.normalise import normalise
from ie.qualify import implied, is_estimated, qualified
from tests.inline_gold import document


def said(text: str) -> tuple[str | None, str | None, str | None]:
    start, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    unit_end = end + 2 if plain[end : end + 2] == " %" else end
    entity = Entity("Q1", "QUANTITY", ((start, end),), plain[start:end])
    found = qualified(entity, plain, unit_end)
    return found.direction, found.base, found.base_text


@pytest.mark.parametrize(
    ("text", "direction", "base", "words"),
    [
        ("tăng [5] % so với cùng kỳ năm trước, kế hoạch", "up", "same_period", "so với cùng kỳ năm trước"),
        ("giảm khoảng [5] % so cùng kỳ", "down", "same_period", "so cùng kỳ"),
        ("so với cùng kỳ giảm [14] vụ", "down", "same_period", "so với cùng kỳ"),
        ("cao hơn cùng kỳ năm 2021 [4,1] %", "up", "same_period", "cùng kỳ năm 2021"),
        ("nhanh hơn cùng\nkỳ năm 2004 [24,1] %", "up", "same_period", "cùng kỳ năm 2004"),
        ("bằng [109,2] % cùng kỳ", None, "same_period", "cùng kỳ"),
        ("đạt [16,5] % kế hoạch", None, "plan", "kế hoạch"),
        ("bằng [57,4] % dự toán cả năm, tăng 5 % so cùng kỳ", None, "plan", None),
        ("vượt [5] % kế hoạch", "up", "plan", "kế hoạch"),
        ("tăng [3] điểm so với tháng trước", "up", "previous", "so với tháng trước"),
        ("giảm [1,5] % so với đầu năm", "down", "start", "so với đầu năm"),
        ("tăng [5] % so với Hải Phòng", "up", "other", "so với hải phòng"),
        ("chiếm [62] %", None, "total", None),
        ("tăng từ 30 lên [35] hộ", None, None, None),
        ("giảm còn [35] hộ", None, None, None),
        ("tăng thêm [35] hộ", "up", None, None),
        ("Thu đạt [35] tỷ", None, None, None),
        ("tăng 9 %; xuất khẩu [35] tỷ", None, None, None),
    ],
)
def test_words_beside_a_figure(text: str, direction: str | None, base: str | None, words: str | None) -> None:
    found = said(text)
    assert found[:2] == (direction, base)
    assert words is None or found[2] == words


def rows(markup: str, relations: str) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts(normalise(document(markup, relations)))}


def test_a_share_of_plan_implies_the_plan_with_its_rounding() -> None:
    share = rows(
        "{I1 Doanh thu} ước đạt {Q1 611} {U1 tỷ đồng}, đạt {Q2*Basis=plan 16,5} {U2 %} kế hoạch.",
        "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 MEASURES I1; Q2 RATIO_OF Q1",
    )
    found = share["Q2"]
    assert (found.base, found.base_text, found.direction) == ("plan", "kế hoạch", None)
    assert found.implied_base == "3703030000000"
    low, high = Decimal(found.implied_low or 0), Decimal(found.implied_high or 0)
    assert low == Decimal("3688821700000")
    assert high == Decimal("3717325300000")
    assert share["Q1"].qualifiers == ("estimate",)


def test_a_change_implies_the_earlier_value_and_its_time() -> None:
    markup = "{P1 6 tháng đầu năm 2024}, {I1 thu} {Q1 120} {U1 tỷ đồng}, VERB {Q2*Change,Basis=same_period 20} {U2 %}"
    markup += " so với cùng kỳ."
    links = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 MEASURES I1; Q1 IN_PERIOD P1; Q2 RATIO_OF Q1"
    up = rows(markup.replace("VERB", "tăng"), links)["Q2"]
    assert (up.direction, up.implied_base, up.base_start, up.base_end) == (
        "up", "100000000000", "2023-01-01", "2023-06-30",
    )  # fmt: skip
    down = rows(markup.replace("VERB", "giảm"), links)["Q2"]
    assert (down.direction, down.implied_base) == ("down", "150000000000")
    assert rows(markup.replace("VERB", ""), links)["Q2"].implied_base is None


def test_the_same_period_of_another_year() -> None:
    found = rows(
        "{P1 Quý I/2024} có {Q1 12} {U1 vụ}, giảm {Q2*Change 3} {U2 vụ} so với cùng kỳ năm 2022.",
        "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 IN_PERIOD P1; Q2 RATIO_OF Q1",
    )["Q2"]
    assert (found.direction, found.base_start, found.base_end) == ("down", "2022-01-01", "2022-03-31")


def test_the_total_of_a_done_total_pair() -> None:
    found = rows(
        "đã chi {Q1 412} {U1 tỷ đồng}/{Q2 530} {U2 tỷ đồng}, {Q3 5} {U3 ha}",
        "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3",
    )
    assert (found["Q1"].out_of, found["Q2"].out_of, found["Q3"].out_of) == ("Q2", None, None)


def figure(text: str, number: str, unit: str) -> Entity:
    return Entity("Q", "QUANTITY", ((0, len(text)),), text, value=Value("number", number=number, unit=unit))


@given(st.integers(1000, 10**6), st.integers(1, 1999))
def test_the_true_base_is_within_the_bounds(base: int, tenths: int) -> None:
    rate = Decimal(tenths) / 10
    part = (Decimal(base) * rate / 100).quantize(Decimal("0.1"))
    shown = f"{rate:.1f}".replace(".", ",")
    found = implied(
        figure(shown, str(rate), "%"), figure(f"{part:.1f}".replace(".", ","), str(part), "ha"), None, is_change=False
    )
    assert found is not None
    assert Decimal(found.low) <= base <= Decimal(found.high) * (1 + Decimal("1e-7"))


BEFORE = [
    "Ước",
    "ước",
    "tính",
    "đạt",
    "thực",
    "hiện",
    "cả",
    "năm",
    "(ước",
    "nước",
    "được",
    "; ",
    ". ",
    "thu,",
    "giá trị",
]


@given(st.lists(st.sampled_from(BEFORE), max_size=8).map(" ".join), st.sampled_from(["", " ", "\n"]))
def test_an_estimate_is_known_without_the_rest(before: str, gap: str) -> None:
    text = f"{before}{gap}12 ha"
    start = len(before) + len(gap)
    quantity = Entity("Q1", "QUANTITY", ((start, start + 2),), "12")
    assert is_estimated(quantity, text) == qualified(quantity, text).estimate
