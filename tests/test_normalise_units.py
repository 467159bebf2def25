"""Units: what a surface form comes to, and how much."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.normalise.units import Unit, parse_unit, scale_words, unit_table, unit_value


def unit(text: str) -> Unit:
    found = parse_unit(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "name", "scale"),
    [
        ("đồng", "VND", 1),
        ("đ", "VND", 1),
        ("VNĐ", "VND", 1),
        ("nghìn đồng", "VND", 10**3),
        ("ngàn đồng", "VND", 10**3),
        ("triệu đồng", "VND", 10**6),
        ("Triệu Đồng", "VND", 10**6),
        ("tỷ đồng", "VND", 10**9),
        ("tỉ đồng", "VND", 10**9),
        ("nghìn tỷ đồng", "VND", 10**12),
        ("ngàn tỉ VND", "VND", 10**12),
        ("trđ", "VND", 10**6),
        ("tr.đ", "VND", 10**6),
        ("tr đồng", "VND", 10**6),
        ("ng.đ", "VND", 10**3),
        ("1.000 đồng", "VND", 10**3),
        ("trăm triệu đồng", "VND", 10**8),
        ("tỷ USD", "USD", 10**9),
        ("triệu đô la Mỹ", "USD", 10**6),
        ("triệu euro", "EUR", 10**6),
    ],
)
def test_money_is_the_currency_times_a_scale(text: str, name: str, scale: int) -> None:
    found = unit(text)
    assert (found.name, found.base_name, found.scale, found.factor) == (name, name, scale, scale)
    assert (found.dimension, found.counter, found.is_measure) == ("money", False, False)


@pytest.mark.parametrize(
    ("text", "name", "scale", "base", "factor"),
    [
        ("ha", "ha", "1", "m2", "10000"),
        ("héc ta", "ha", "1", "m2", "10000"),
        ("héc-ta", "ha", "1", "m2", "10000"),
        ("nghìn ha", "ha", "1000", "m2", "10000000"),
        ("km2", "km2", "1", "m2", "1000000"),
        ("km²", "km2", "1", "m2", "1000000"),
        ("m 2", "m2", "1", "m2", "1"),
        ("m.2", "m2", "1", "m2", "1"),
        ("mét vuông", "m2", "1", "m2", "1"),
        ("m³", "m3", "1", "m3", "1"),
        ("lít", "lít", "1", "m3", "0.001"),
        ("tấn", "tấn", "1", "kg", "1000"),
        ("nghìn tấn", "tấn", "1000", "kg", "1000000"),
        ("tạ", "tạ", "1", "kg", "100"),
        ("Km", "km", "1", "m", "1000"),
        ("MW", "MW", "1", "W", "1000000"),
        ("tỷ kWh", "kWh", "1000000000", "Wh", "1000000000000"),
        ("tuần", "tuần", "1", "day", "7"),
        ("tháng tuổi", "tháng tuổi", "1", "month", "1"),
        ("tuổi", "tuổi", "1", "month", "12"),
        ("giờ", "giờ", "1", "second", "3600"),
        ("‰", "‰", "1", "%", "0.1"),
    ],
)
def test_measures_stay_readable_and_know_their_base(text: str, name: str, scale: str, base: str, factor: str) -> None:
    found = unit(text)
    assert (found.name, str(found.scale), found.base_name) == (name, scale, base)
    assert found.factor == Decimal(factor)


@pytest.mark.parametrize(
    ("text", "name", "scale", "base", "dimension"),
    [
        ("tạ/ha", "tạ/ha", 1, "kg/ha", "mass/area"),
        ("triệu đồng/người/năm", "VND/người/năm", 10**6, "VND/người/năm", "money/count/time (calendar)"),
        ("m3/ngày đêm", "m3/ngày đêm", 1, "m3/ngày đêm", "volume/time"),
        ("m3/ngđ", "m3/ngày đêm", 1, "m3/ngày đêm", "volume/time"),
        ("%/năm", "%/năm", 1, "%/năm", "share/time (calendar)"),
        ("% / năm", "%/năm", 1, "%/năm", "share/time (calendar)"),
        ("đồng/m2", "VND/m2", 1, "VND/m2", "money/area"),
        ("người/km²", "người/km2", 1, "người/km2", "count/area"),
        ("km/h", "km/giờ", 1, "m/giờ", "length/time (clock)"),
        ("đồng trên một mét vuông", "VND/m2", 1, "VND/m2", "money/area"),
        ("triệu đồng mỗi năm", "VND/năm", 10**6, "VND/năm", "money/time (calendar)"),
        ("máy/100 dân", "máy/100 dân", 1, "máy/100 dân", "count/count"),
        ("mg/1 lít", "mg/lít", 1, "kg/lít", "mass/volume"),
        ("triệu/m2", "VND/m2", 10**6, "VND/m2", "money/area"),
    ],
)
def test_compounds_by_rule(text: str, name: str, scale: int, base: str, dimension: str) -> None:
    found = unit(text)
    assert (found.name, found.scale, found.base_name, found.dimension) == (name, scale, base, dimension)


@pytest.mark.parametrize(
    ("text", "name", "scale"),
    [
        ("hộ", "hộ", 1),
        ("triệu lượt", "lượt", 10**6),
        ("vạn dân", "dân", 10**4),
        ("xã, thị trấn", "xã, thị trấn", 1),
        ("xã , thị trấn", "xã, thị trấn", 1),
        ("tỉnh và thành phố", "tỉnh, thành phố", 1),
        ("tổ chức, hộ gia đình, cá nhân", "tổ chức, hộ gia đình, cá nhân", 1),
        ("quốc gia/vùng lãnh thổ", "quốc gia, vùng lãnh thổ", 1),
        ("HTX", "hợp tác xã", 1),
        ("Liên hiệp HTX", "liên hiệp hợp tác xã", 1),
        ("toà nhà", "tòa nhà", 1),
        ("MOU", "MOU", 1),
        ("cột bơm", "cột bơm", 1),
        ("Chuỗi  liên kết", "chuỗi liên kết", 1),
    ],
)
def test_counters_known_and_unknown(text: str, name: str, scale: int) -> None:
    found = unit(text)
    assert (found.name, found.scale, found.dimension) == (name, scale, "count")
    assert found.counter
    assert not found.is_measure


def test_percentage_points_are_no_percentages() -> None:
    assert unit("điểm %").dimension == "share difference"
    assert unit("điểm phần trăm").name == unit("điểm %").name != unit("%").name
    assert unit("phần trăm").name == "%"


def test_what_a_measure_is_of_is_kept_apart() -> None:
    found = unit("kg thóc/năm")
    assert (found.name, found.of, found.counter) == ("kg/năm", "thóc", False)
    assert unit("khối nhà").counter


@pytest.mark.parametrize(
    ("text", "name", "note"),
    [
        ("tỷ", "VND", "đồng understood"),
        ("triệu", "VND", "đồng understood"),
        ("tỳ đồng", "VND", "misspelt"),
        ("lần", "lần", "may be a counter"),
    ],
)
def test_assumptions_are_said(text: str, name: str, note: str) -> None:
    assert unit(text).name == name
    assert note in unit(text).notes


@pytest.mark.parametrize("text", ["", " ", "/", "12", "…", "/năm", "đồng/", "x" * 101])
def test_what_is_no_unit(text: str) -> None:
    assert parse_unit(text) is None


@pytest.mark.parametrize("text", ["triệu đồng/người/năm", "toà nhà", "cột bơm", "tỷ đồng", "thị trấn", "héc ta"])
def test_case_composition_and_tone_do_not_matter(text: str) -> None:
    for spelling in (unicodedata.normalize("NFD", text), text.upper(), f" {text}\n"):
        assert parse_unit(spelling) == parse_unit(text)


def test_scales_multiply_every_unit() -> None:
    for word, factor in scale_words().items():
        assert unit(f"{word} USD").factor == factor
        assert unit(f"{word} tấn").factor == factor * 1000


def test_every_form_of_the_table_is_read_as_itself() -> None:
    for form, known in unit_table().forms.items():
        found = unit(form)
        assert (found.symbol, found.canonical, found.ratio, found.scale) == (
            known.symbol,
            known.canonical,
            known.ratio,
            known.scale,
        )


def test_value_of_a_unit() -> None:
    assert unit_value(unit("triệu đồng/ha")).as_dict() == {
        "kind": "unit",
        "unit": "VND/ha",
        "factor": "1000000",
        "dimension": "money/area",
        "key": "VND/ha",
    }
    assert unit_value(unit("nghìn ha")).as_dict() == {
        "kind": "unit",
        "unit": "ha",
        "factor": "1000",
        "dimension": "area",
        "key": "m2",
    }


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    found = parse_unit(text)
    assert found is None or found.name
