"""What tables say of their figures, on documents tagged by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ie
from ie.document import Document, Entity, Relation
from ie.pipeline import tag_text
from ie.tables import complete
from ie.tables.heads import columns, unit_above
from ie.tables.rows import tables
from tests.examples import examples

REVENUE = """Biểu 1. Kết quả thu ngân sách
ĐVT: triệu đồng
| STT | Chỉ tiêu | Kế hoạch năm 2023 | Thực hiện | So với KH (%) |
| 1 | Thuế giá trị gia tăng | 1.250 | 937 | 75,0 |
| 2 | Lệ phí trước bạ | 430 | 322 | 74,9 |
| | Tổng cộng | 1.680 | 1.259 | 74,9 |
Các khoản thu khác không đáng kể.
"""
CROPS = """Kết quả vụ mùa:
| Thôn | Diện tích (ha) | Năng suất (tạ/ha) |
| Nà Pục | 52 | 51,5 |
"""
NESTED = """Diện tích gieo trồng (ĐVT: ha)
| Thôn | Lúa | | Ngô | |
| | 2022 | 2023 | 2022 | 2023 |
| Nà Pục | 20 | 19,5 | 8 | 7,2 |
"""
UNITS = """Phụ lục
| TT | Chỉ tiêu | ĐVT | 2023 |
| 1 | Diện tích lúa | ha | 1.215 |
| 2 | Tỷ lệ hộ nghèo | % | 8,5 |
"""


def maker(text: str):  # type: ignore[no-untyped-def]
    def make(id: str, label: str, start: int, end: int) -> Entity:
        return Entity(id, label, ((start, end),), text[start:end])

    return make


def said(text: str, *entities: Entity, relations: tuple[Relation, ...] = ()) -> set[tuple[str, str, str]]:
    """Return the relations of a completed document as (head, type, tail) texts."""
    document = complete(Document("r", text, entities, relations), maker(text))
    known = document.by_id
    assert len(known) == len(document.entities)
    assert len({relation.id for relation in document.relations}) == len(document.relations)
    return {(known[r.head].text, r.type, known[r.tail].text) for r in document.relations}


def place(text: str, label: str, id: str, part: str, nth: int = 0) -> Entity:
    start = -1
    for _ in range(nth + 1):
        start = text.index(part, start + 1)
    return Entity(id, label, ((start, start + len(part)),), part)


def test_title_unit_row_indicator_share_and_total() -> None:
    found = said(REVENUE)
    assert ("430", "HAS_UNIT", "triệu đồng") in found
    assert ("430", "MEASURES", "Lệ phí trước bạ") in found
    assert ("75,0", "HAS_UNIT", "%") in found
    assert ("75,0", "RATIO_OF", "937") in found
    assert ("937", "PART_OF", "1.259") in found
    assert not any(head in ("1", "2", "75,0") and type == "MEASURES" for head, type, _ in found)


def test_row_numbers_are_no_quantities() -> None:
    number = place(REVENUE, "QUANTITY", "T1", "1 | Thu")
    number = Entity("T1", "QUANTITY", ((number.start, number.start + 1),), "1")
    document = complete(Document("r", REVENUE, (number,)), maker(REVENUE))
    assert "T1" not in document.by_id
    assert {e.text for e in document.entities if e.label == "QUANTITY"} == {
        "1.250", "937", "75,0", "430", "322", "74,9", "1.680", "1.259",
    }  # fmt: skip


def test_planned_figures() -> None:
    document = complete(Document("r", REVENUE), maker(REVENUE))
    planned = {entity.text for entity in document.entities if entity.has("Planned")}
    assert planned == {"1.250", "430", "1.680"}


def test_units_of_columns_and_rows_of_places() -> None:
    found = said(CROPS, place(CROPS, "PLACE", "T1", "Nà Pục"))
    assert {("52", "HAS_UNIT", "ha"), ("51,5", "HAS_UNIT", "tạ/ha")} <= found
    assert {("52", "MEASURES", "Diện tích"), ("51,5", "MEASURES", "Năng suất")} <= found
    assert {("52", "LOCATED_IN", "Nà Pục"), ("51,5", "LOCATED_IN", "Nà Pục")} <= found


def test_heads_over_several_columns() -> None:
    found = said(NESTED, place(NESTED, "PLACE", "T1", "Nà Pục"))
    assert {("20", "MEASURES", "Lúa"), ("19,5", "MEASURES", "Lúa"), ("7,2", "MEASURES", "Ngô")} <= found
    assert {("20", "IN_PERIOD", "2022"), ("19,5", "IN_PERIOD", "2023"), ("8", "IN_PERIOD", "2022")} <= found
    assert {("20", "HAS_UNIT", "ha"), ("7,2", "HAS_UNIT", "ha")} <= found


def test_column_of_units() -> None:
    found = said(UNITS)
    assert {("1.215", "HAS_UNIT", "ha"), ("8,5", "HAS_UNIT", "%")} <= found
    assert ("8,5", "MEASURES", "Tỷ lệ hộ nghèo") in found


def test_what_the_table_says_replaces_what_was_linked() -> None:
    wrong = place(NESTED, "PERIOD", "T2", "2023")
    figure = place(NESTED, "QUANTITY", "T3", "20", 4)
    assert NESTED[figure.start - 2 : figure.end + 2] == "| 20 |"
    found = said(NESTED, wrong, figure, relations=(Relation("R1", "IN_PERIOD", "T3", "T2"),))
    assert ("20", "IN_PERIOD", "2022") in found
    assert ("20", "IN_PERIOD", "2023") not in found


def test_spans_over_a_bar_are_dropped() -> None:
    start = CROPS.index("Diện tích")
    wide = Entity("T1", "INDICATOR", ((start, CROPS.index("Năng suất") + 4),), "x")
    assert "T1" not in complete(Document("r", CROPS, (wide,)), maker(CROPS)).by_id


@pytest.mark.parametrize(
    "text",
    ["Không có bảng nào ở đây.", "Giá A | B thay đổi.", "| Một hàng | 12 |", "| Tên | Số |\n|---|---|\n"],
)
def test_text_without_tables_is_left_alone(text: str) -> None:
    document = Document("r", text)
    assert complete(document, maker(text)) is document


def test_sums_that_do_not_come_out_are_no_totals() -> None:
    assert not any(type == "PART_OF" for _, type, _ in said(REVENUE.replace("1.259", "1.260")))


def test_numbers_of_columns_belong_to_the_head() -> None:
    text = "| TT | Chỉ tiêu | KH | TH |\n| A | B | 1 | 2 |\n| 1 | Trồng rừng | 30 | 28 |\n"
    (table,) = tables(text)
    assert (len(table.head), len(table.body)) == (2, 1)
    found = columns(table)
    assert (found.index, found.label) == (0, 1)


def test_unit_above_stops_at_another_table() -> None:
    text = "ĐVT: ha\n| Thôn | Lúa |\n| A | 5 |\nBảng sau:\n| Thôn | Ngô |\n| A | 7 |\n"
    first, second = tables(text)
    at = unit_above(text, first)
    assert at is not None
    assert text[at[0] : at[1]] == "ha"
    assert unit_above(text, second) is None


cells = st.sampled_from(["", "Lúa", "12", "8,5", "ĐVT", "STT", "2023", "(ha)", "Tổng", "%", "**x**", "1.234", "75%"])
grids = st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=6)


@given(grids, st.sampled_from(["", "ĐVT: ha\n", "Bảng (tấn)\n"]))
@examples(200)
def test_any_grid_gives_a_sound_document(grid: list[list[str]], lead: str) -> None:
    text = lead + "".join("| " + " | ".join(row) + " |\n" for row in grid)
    document = complete(Document("r", text), maker(text))
    assert len(document.by_id) == len(document.entities)
    for entity in document.entities:
        assert entity.text == text[entity.start : entity.end]
        assert entity.text.strip()
        assert "|" not in entity.text
    for relation in document.relations:
        assert {relation.head, relation.tail} <= set(document.by_id)


def test_facts_of_a_tagged_table() -> None:
    facts = {fact.text: fact for fact in ie.facts_of(tag_text("Báo cáo của xã Khe Lánh.\n" + REVENUE))}
    assert (facts["430"].value, facts["430"].unit) == ("430000000", "VND")
    assert facts["430"].indicator == "Lệ phí trước bạ"
    assert facts["75,0"].share_of is not None
