"""Names of indicators: abbreviations, definitions in the report, what is taken off, variants brought together."""

from __future__ import annotations

import csv
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.facts import facts
from ie.normalise import normalise
from ie.normalise.indicators import definitions, indicator_table, parse_indicator
from tests.inline_gold import document

REVENUE = "thu-ngân-sách-nhà-nước"


@pytest.mark.parametrize(
    ("text", "key", "head"),
    [
        ("Tổng thu NSNN trên địa bàn", REVENUE, "thu ngân sách"),
        ("thu ngân sách nhà nước", REVENUE, "thu ngân sách"),
        ("tổng thu ngân sách\nnhà nước trên địa bàn tỉnh", REVENUE, "thu ngân sách"),
        ("TỔNG THU NSNN", REVENUE, "thu ngân sách"),
        ("GTSX CN-TTCN", "giá-trị-sản-xuất-công-nghiệp-tiểu-thủ-công-nghiệp", "giá trị sản xuất"),
        ("giá trị sản xuất công nghiệp, tiểu thủ công nghiệp (giá so sánh 2010)",
         "giá-trị-sản-xuất-công-nghiệp-tiểu-thủ-công-nghiệp", "giá trị sản xuất"),
        ("GRDP", "tổng-sản-phẩm-trên-địa-bàn", "tổng sản phẩm"),
        ("tổng sản phẩm trong tỉnh (GRDP)", "tổng-sản-phẩm-trên-địa-bàn", "tổng sản phẩm"),
        ("tỷ lệ bao phủ BHYT", "tỷ-lệ-tham-gia-bảo-hiểm-y-tế", "tỷ lệ"),
        ("Tổng đàn heo toàn xã", "đàn-lợn", "đàn"),
        ("thu ngân sách tháng 6", "thu-ngân-sách", "thu ngân sách"),
        ("đất ở", "đất-ở", "đất"),
    ],
)  # fmt: skip
def test_variants_share_a_key(text: str, key: str, head: str) -> None:
    value = parse_indicator(text)
    assert value is not None
    assert (value.kind, value.key, value.head) == ("indicator", key, head)


def test_words_that_differ_by_marks_stay_apart() -> None:
    keys = {value.key for text in ("đất", "đạt", "đặt") if (value := parse_indicator(text))}
    assert len(keys) == 3


def test_a_report_defines_its_own_abbreviations() -> None:
    text = "Trung tâm Y tế (TTYT), cơ sở dữ liệu (CSDL), họp thường kỳ (BCH)."
    assert definitions(text) == {"TTYT": "trung tâm y tế", "CSDL": "cơ sở dữ liệu"}
    value = parse_indicator("số máy của TTYT", defined=definitions(text))
    assert value is not None
    assert (value.name, value.notes) == ("số máy của trung tâm y tế", ("TTYT as the report defines it",))


def test_facts_carry_the_key() -> None:
    made = document("{I1 Tổng thu NSNN} đạt {Q1 5} {U1 tỷ đồng}", "Q1 HAS_UNIT U1; Q1 MEASURES I1")
    (fact,) = facts(normalise(made))
    assert (fact.indicator, fact.indicator_key, fact.indicator_name) == (
        "Tổng thu NSNN", REVENUE, "thu ngân sách nhà nước",
    )  # fmt: skip


def test_every_alias_has_a_reason_and_leads_to_a_name_that_stays() -> None:
    text = resources.files("ie.normalise").joinpath("indicator_aliases.tsv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    assert all(row["reason"] for row in rows)
    assert len({row["variant"] for row in rows}) == len(rows)
    aliases = indicator_table().aliases
    assert not [name for name in aliases.values() if aliases.get(name, name) != name]


@given(st.text(max_size=60))
def test_no_text_breaks_the_names(text: str) -> None:
    value = parse_indicator(text)
    assert value is None or value.name
