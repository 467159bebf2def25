"""Quantities in their surroundings: bounds, inherited units, totals, shared scale words, names in pint."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Value
from ie.normalise import normalise
from ie.normalise.bounds import bound_of, bound_table
from ie.normalise.fold import fold
from ie.normalise.units import parse_unit, pint_expression, unit_table
from tests.inline_gold import document


def value(markup: str, relations: str = "", id: str = "Q1") -> Value:
    found = normalise(document(markup, relations)).entity(id).value
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "bound"),
    [
        ("trên [95] %", "above"),
        ("hơn [1.200] hộ", "above"),
        ("cao hơn [15.000] đồng", None),
        ("không ít hơn [3] vụ", "at least"),
        ("≥[90] %", "at least"),
        ("không quá [5] ngày", "at most"),
        ("tối đa [5] ngày", "at most"),
        ("chưa đến [20] %", "below"),
        ("dưới\n[36] tháng", "below"),
        ("trên dưới [100] người", "about"),
        ("gần [500] hộ", "about"),
        ("từ [18] tuổi trở lên", "at least"),
        ("từ [30] tuổi trở xuống", "at most"),
        ("trên địa bàn [12] xã", None),
        ("đạt [5] %", None),
    ],
)
def test_bounds(words: str, bound: str | None) -> None:
    start, end = words.index("["), words.index("]") - 1
    text = words.replace("[", "").replace("]", "")
    unit_end = end + 1 + len(text[end:].split()[0])
    assert bound_of(text, start, end, unit_end) == bound


BESIDE = [*"(;,-", "trên", "hơn", "cao", "Không quá", "≥", "trên", "dưới", "trở lên", "trở", "lên", "là", "đạt", "tuổi"]
SIDE = st.lists(st.sampled_from(BESIDE), max_size=4)


@given(SIDE, SIDE, st.sampled_from(["", " ", "\n"]))
def test_a_look_at_the_nearest_word_loses_no_bound(before: list[str], after: list[str], gap: str) -> None:
    left, right = " ".join(before) + gap, gap + " ".join(after)
    table = bound_table()
    seen, said = table.after.match(fold(right)), table.before.search(fold(left))
    found = bound_of(f"{left}12{right}", len(left), len(left) + 2)
    if seen:
        assert found == table.words[seen["word"]]
    else:
        assert found in ((None, table.words[said["word"]]) if said else (None,))
        assert found or not said or said["word"] in ("hơn", "quá")


def test_a_bound_goes_into_the_value_also_from_inside_the_span() -> None:
    assert value("đạt trên {Q1 95} {U1 %}", "Q1 HAS_UNIT U1").bound == "above"
    inside = value("đạt {Q1 trên 95} {U1 %}", "Q1 HAS_UNIT U1")
    assert (inside.number, inside.bound) == ("95", "above")
    assert value("có {Q1*Approximate 95} {U1 hộ}", "Q1 HAS_UNIT U1").bound == "about"


def test_a_number_takes_the_unit_of_its_total() -> None:
    found = value(
        "Thu {Q2 12,5} {U1 triệu đồng}, trong đó: phí {Q1 4,5}, thuế {Q3 8}.",
        "Q2 HAS_UNIT U1; Q1 PART_OF Q2; Q3 PART_OF Q2",
    )
    assert (found.number, found.unit, found.notes) == ("4500000", "VND", ("unit from the total Q2",))


@pytest.mark.parametrize(
    ("markup", "number", "note"),
    [
        ("Trồng {Q1 12}, {Q2 15} và {Q3 20} {U1 nghìn ha}.", "12000", "unit from the list (Q3)"),
        ("Ngô {Q3 20} {U1 nghìn ha}, lạc {Q1 15}, sắn {Q2 9}.", "15000", "unit from the list (Q3)"),
        ("Đàn nuôi (nghìn con): heo {Q1 512}, bò {Q2 9}.", "512000", "unit from the heading (nghìn con)"),
        ("ĐVT: triệu đồng\nChỉ tiêu Thu\nThuế {Q1 5}\nPhí {Q2 3}", "5000000", "unit from the line ĐVT: triệu đồng"),
    ],
)
def test_units_of_lists_headings_and_lines(markup: str, number: str, note: str) -> None:
    found = value(markup, "Q3 HAS_UNIT U1" if "Q3" in markup else "")
    assert (found.number, note in found.notes) == (number, True)


@pytest.mark.parametrize(
    "markup",
    [
        "Có {Q2 9} {U1 tầng}, hệ số {Q1 1,5}.",
        "Xử lý {Q2 9} {U1 vụ}, có {Q1 12} cán bộ tham gia.",
        "Xử lý {Q2 9} {U1 vụ}. Năm sau {Q1 12}.",
        "Xử lý {Q2 9} {U1 vụ}, cử {Q1 một}, hai",
        "Đạt {Q2 9} {U1 %}, thấp nhất {Q1 12}.",
        "Hồ sơ / trực tuyến: thôn Đông {Q1 1.482} / {Q2 90,5}{U1 %}",
    ],
)
def test_what_inherits_nothing(markup: str) -> None:
    assert value(markup, "Q2 HAS_UNIT U1").unit is None


def test_a_scale_word_in_both_spans_counts_once() -> None:
    found = value("có {Q1 một {U1 nghìn} em}".replace("{U1 nghìn} em}", "nghìn} em"), "")
    assert found.number == "1000"


def test_a_part_above_its_total_is_noted_and_read_as_decimal_only_where_the_report_writes_so() -> None:
    part = "Tổng {Q2 45,5} {U1 ha}, gồm lúa {Q1 12.375} {U2 ha}."
    links = "Q1 HAS_UNIT U2; Q2 HAS_UNIT U1; Q1 PART_OF Q2"
    plain = value(part, links)
    assert (plain.number, "more than its total Q2" in plain.notes) == ("12375", True)
    mixed = value(part + " Tỏi 4.5 ha, mía 6.2 ha, sắn 3,1 ha, lạc 7,5 ha.", links)
    assert (mixed.number, mixed.notes[-2:]) == ("12.375", ("decimal dot", "no more than its total Q2"))


def test_the_line_settles_a_doubt_that_the_report_leaves() -> None:
    doubtful = "Tỏi 4.5 ha.\nRừng {Q1 1.870} {U1 ha}."
    assert value(doubtful, "Q1 HAS_UNIT U1").notes == ("dot read as thousands",)
    settled = "Tỏi 4.5 ha.\nRừng {Q1 1.870} {U1 ha}, lúa 2.906,4 ha, ngô 1.250,5 ha, mía 8,5 ha."
    assert value(settled, "Q1 HAS_UNIT U1").notes == ()


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("ha", "hectare"),
        ("tạ/ha", "decitonne / hectare"),
        ("m3/ngày đêm", "meter ** 3 / day"),
        ("VND", None),
        ("VND/m2", None),
        ("hộ", None),
        ("sào", None),
    ],
)
def test_names_in_pint(name: str, expression: str | None) -> None:
    assert pint_expression(name) == expression


def test_every_factor_is_that_of_pint() -> None:
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry(non_int_type=Decimal)
    bases = {"day": "day", "month": "month", "second": "second"}
    checked = 0
    for form, unit in unit_table().forms.items():
        named, base = pint_expression(unit.symbol), bases.get(unit.canonical) or pint_expression(unit.canonical)
        if named is None or base is None or unit.dimension in ("money", "temperature"):
            continue
        factor = registry.Quantity(Decimal(1), named).to(base).magnitude
        assert abs(factor - unit.ratio) < Decimal("1e-12"), form
        checked += 1
    assert checked > 60


def test_every_pint_name_is_of_a_known_unit_and_known_to_pint() -> None:
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    for symbol, expression in unit_table().pint.items():
        unit = parse_unit(symbol)
        assert unit is not None
        assert unit.name in (symbol, "bit/giây")
        assert registry.parse_units(expression)
