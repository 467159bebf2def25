"""Facts: rows of hand-built documents, field by field."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Document, Entity, Relation, Value
from ie.facts import Fact, facts, facts_report
from ie.normalise import normalise
from tests.inline_gold import document


def rows(markup: str, relations: str) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts(normalise(document(markup, relations)))}


def test_money_is_multiplied_out() -> None:
    fact = rows("{I1 Thu} đạt {Q1 57.210} {U1 triệu đồng}.", "Q1 HAS_UNIT U1; Q1 MEASURES I1")["Q1"]
    assert (fact.kind, fact.value, fact.unit, fact.unit_text) == ("number", "57210000000", "VND", "triệu đồng")
    assert (fact.base_value, fact.base_unit, fact.dimension) == (None, None, "money")
    assert (fact.indicator, fact.indicator_id, fact.text) == ("Thu", "I1", "57.210")


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "name", "base"),
    [
        ("12,5", "ha", "12.5", "ha", ("125000", "m2")),
        ("3,2", "nghìn ha", "3200", "ha", ("32000000", "m2")),
        ("52", "tạ/ha", "52", "tạ/ha", ("5200", "kg/ha")),
        ("850", "m2", "850", "m2", (None, None)),
        ("16,5", "%", "16.5", "%", (None, None)),
        ("12", "hộ", "12", "hộ", (None, None)),
        ("1,5", "triệu lượt", "1500000", "lượt", (None, None)),
        ("450", "m3/ngày đêm", "450", "m3/ngày đêm", (None, None)),
    ],
)
def test_measures_stay_readable_and_have_a_base(
    quantity: str, unit: str, value: str, name: str, base: tuple[str | None, str | None]
) -> None:
    fact = rows(f"Có {{Q1 {quantity}}}{{U1 {unit}}}.", "Q1 HAS_UNIT U1")["Q1"]
    assert (fact.value, fact.unit) == (value, name)
    assert (fact.base_value, fact.base_unit) == base


def test_fractions_and_ranges_keep_both_numbers() -> None:
    found = rows("{Q1 64/72} {U1 hộ}, {Q2 10-15} {U2 tấn}", "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2")
    assert (found["Q1"].kind, found["Q1"].value, found["Q1"].upper) == ("fraction", "64", "72")
    assert (found["Q2"].kind, found["Q2"].value, found["Q2"].upper) == ("range", "10", "15")
    assert (found["Q2"].base_value, found["Q2"].base_upper, found["Q2"].base_unit) == ("10000", "15000", "kg")


SHARE = (
    "{P1 Năm 2023}, {I1 thu ngân sách} đạt {Q1*Estimate 611} {U1 tỷ đồng}, bằng {Q2*Basis=plan 16,5} {U2 %} kế hoạch.",
    "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 MEASURES I1; Q1 IN_PERIOD P1; Q2 RATIO_OF Q1",
)


def test_a_share_takes_indicator_and_period_through_its_amount() -> None:
    found = rows(*SHARE)
    share = found["Q2"]
    assert (share.value, share.unit, share.share_of, share.share_basis) == ("16.5", "%", "Q1", "plan")
    assert (share.indicator, share.period) == ("thu ngân sách", "Năm 2023")
    assert (share.period_start, share.period_end) == ("2023-01-01", "2023-12-31")
    assert share.notes == ("indicator from amount Q1", "period from amount Q1")
    assert found["Q1"].qualifiers == ("estimate",)
    assert (found["Q1"].notes, found["Q1"].share_of, found["Q1"].share_basis) == ((), None, None)


def test_an_indicator_of_its_own_is_kept() -> None:
    found = rows(SHARE[0].replace("kế hoạch", "{I2 kế hoạch vốn}"), SHARE[1] + "; Q2 MEASURES I2")
    assert found["Q2"].indicator == "kế hoạch vốn"
    assert found["Q2"].notes == ("period from amount Q1",)


def test_chains_of_shares_are_followed() -> None:
    found = rows(
        "{I1 Thu} {Q1 60} {U1 tỷ đồng}, đạt {Q2 80} {U2 %}, tăng {Q3 5} {U3 %}",
        "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q1 MEASURES I1; Q2 RATIO_OF Q1; Q3 RATIO_OF Q2",
    )
    assert (found["Q3"].indicator, found["Q3"].share_of) == ("Thu", "Q2")
    assert found["Q3"].notes == ("indicator from amount Q1",)


@pytest.mark.parametrize("kind", ["RATIO_OF", "PART_OF"])
def test_cycles_end(kind: str) -> None:
    found = rows(
        "{Q1 60} {U1 tỷ đồng}, {Q2 80} {U2 %}",
        f"Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 {kind} Q2; Q2 {kind} Q1; Q1 {kind} Q1",
    )
    assert set(found) == {"Q1", "Q2"}
    assert found["Q1"].indicator is None


PARTS = (
    "{P1 Quý I/2024}, {L1 huyện Sốp Cộp} có {I1 tổng vốn} {Q1 50} {U1 tỷ đồng}, trong đó: {I2 vốn tỉnh} {Q2 30} {U2 tỷ "
    "đồng}, {P2 tháng 3/2024} ở {L2 xã Dồm Cang} {Q3 20} {U3 tỷ đồng}.",
    "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q1 IN_PERIOD P1; Q1 LOCATED_IN L1; Q1 MEASURES I1; Q2 MEASURES I2;"
    "Q2 PART_OF Q1; Q3 PART_OF Q1; Q3 IN_PERIOD P2; Q3 LOCATED_IN L2",
)


def test_a_part_takes_what_it_lacks_from_its_total() -> None:
    found = rows(*PARTS)
    part, other = found["Q2"], found["Q3"]
    assert (part.part_of, part.indicator, part.period, part.places) == (
        "Q1", "vốn tỉnh", "Quý I/2024", ("huyện Sốp Cộp",),
    )  # fmt: skip
    assert part.notes == ("period from total Q1", "place from total Q1")
    assert (other.indicator, other.period, other.places) == ("tổng vốn", "tháng 3/2024", ("xã Dồm Cang",))
    assert other.notes == ("indicator from total Q1",)


def test_projects_bring_money_documents_and_places() -> None:
    found = rows(
        "{J1 Dự án Cải tạo {L1 đường Lê Lợi}} theo {G1 Quyết định số 15/QĐ-UBND ngày 3/2/2021}, tổng mức {Q1 12} "
        "{U1 tỷ đồng} ({G2 Nghị quyết 7/NQ-HĐND}), đã giải ngân {Q2 40} {U2 %}.",
        "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; J1 FUNDED Q1; J1 BASED_ON G1; Q1 BASED_ON G2; J1 LOCATED_IN L1;Q2 RATIO_OF Q1",
    )
    money, share = found["Q1"], found["Q2"]
    assert money.projects == ("Dự án Cải tạo đường Lê Lợi",)
    assert money.legal == ("Nghị quyết 7/NQ-HĐND", "Quyết định số 15/QĐ-UBND ngày 3/2/2021")
    assert money.legal_keys == ("NQ-HĐND:7", "QĐ-UBND:15/2021")
    assert money.places == ("đường Lê Lợi",)
    assert money.notes == ("document G1 from project J1", "place from project J1")
    assert (share.projects, share.share_of) == (money.projects, "Q1")
    assert "project from amount Q1" in share.notes


def test_places_come_in_order_of_the_text() -> None:
    fact = rows(
        "{L1 Xã A Tiêng} và {L2 xã Lăng} có {Q1 9} {U1 thôn}",
        "Q1 HAS_UNIT U1; Q1 LOCATED_IN L2; Q1 LOCATED_IN L1",
    )["Q1"]
    assert fact.places == ("Xã A Tiêng", "xã Lăng")


def test_of_several_targets_the_surest_is_taken_and_the_rest_is_said() -> None:
    fact = rows(
        "{I1 Thu} và {I2 chi} {Q1@0.9 60}{U1@0.95 tỷ đồng}{U2 %}",
        "Q1 HAS_UNIT U2 0.3; Q1 HAS_UNIT U1 0.8; Q1 MEASURES I1 0.7; Q1 MEASURES I2 0.7",
    )["Q1"]
    assert (fact.unit, fact.indicator) == ("VND", "Thu")
    assert fact.notes == ("other unit: % (U2)", "other indicator: chi (I2)")
    assert fact.score == 0.7


def test_the_score_is_the_lowest_on_the_way() -> None:
    found = rows(
        "{I1 Thu} {Q1@0.99 60} {U1 tỷ đồng}, tăng {Q2@0.97 5} {U2 %}",
        "Q1 HAS_UNIT U1 0.9; Q2 HAS_UNIT U2 0.95; Q1 MEASURES I1 0.6; Q2 RATIO_OF Q1 0.8",
    )
    assert (found["Q1"].score, found["Q2"].score) == (0.6, 0.6)
    assert rows(*SHARE)["Q1"].score is None


def test_all_qualifiers() -> None:
    flags = "Estimate,Planned,Cumulative,Approximate,Change"
    fact = rows(f"Đạt {{Q1*{flags} 5}} {{U1 ha}}", "Q1 HAS_UNIT U1")["Q1"]
    assert fact.qualifiers == ("estimate", "planned", "cumulative", "approximate", "change")


def test_figures_without_unit_and_indicator_are_left_out_and_counted() -> None:
    found = document("{I1 Hộ nghèo} {Q1 12}, còn {Q2 7}, {Q3 3} {U3 ha}", "Q1 MEASURES I1; Q3 HAS_UNIT U3")
    assert [fact.id for fact in facts(found)] == ["Q1", "Q3"]
    assert facts_report(found) == {"facts": 2, "left_out": 1}


def test_facts_come_in_order_of_the_text() -> None:
    found = document("{Q9 1} {U1 ha}, {Q2 2} {U2 ha}, {Q5 3} {U3 ha}", "Q5 HAS_UNIT U3; Q2 HAS_UNIT U2; Q9 HAS_UNIT U1")
    shuffled = Document(found.name, found.text, found.entities[::-1], found.relations)
    assert [fact.id for fact in facts(shuffled)] == ["Q9", "Q2", "Q5"]


def test_an_unread_number_is_said() -> None:
    fact = rows("{Q1 rất nhiều} {U1 hộ}", "Q1 HAS_UNIT U1")["Q1"]
    assert (fact.value, fact.notes) == (None, ("number not read",))


def test_notes_of_the_values_reach_the_fact() -> None:
    fact = rows(
        "BÁO CÁO năm 2021\n{P1 Tháng 5}: {Q1 21.4} {U1 ha}.",
        "Q1 HAS_UNIT U1; Q1 IN_PERIOD P1",
    )["Q1"]
    assert fact.notes == ("decimal dot", "year 2021 from the title")


def test_a_document_without_values_is_normalised_first() -> None:
    found = document(*SHARE)
    assert facts(found) == facts(normalise(found))


@pytest.mark.parametrize(
    ("markup", "evidence"),
    [
        ("Mở đầu. Trồng {Q1 5} {U1 ha} lúa. Hết.", "Trồng 5 ha lúa."),
        ("TP. Vinh trồng {Q1 5} {U1 ha}; Nghi Lộc 3 ha.", "TP. Vinh trồng 5 ha;"),
        ("Dòng trước\n- Lúa {Q1 5} {U1 ha}\nDòng sau", "- Lúa 5 ha"),
        ("{Q1 5} {U1 ha}", "5 ha"),
        ("Đạt 1.250 hộ. Tăng {Q1 5} {U1 ha} v.v. so năm trước! Xong.", "Tăng 5 ha v.v. so năm trước!"),
    ],
)
def test_the_evidence_is_the_sentence(markup: str, evidence: str) -> None:
    found = document(markup, "Q1 HAS_UNIT U1")
    fact = facts(found)[0]
    assert fact.evidence == evidence
    assert found.text[fact.evidence_start : fact.evidence_end] == evidence
    assert found.text[fact.start : fact.end] == fact.text


def test_the_row_goes_through_json() -> None:
    fact = rows(*SHARE)["Q2"]
    row = json.loads(json.dumps(fact.as_dict(), ensure_ascii=False))
    assert row["value"] == "16.5"
    assert row["notes"] == list(fact.notes)
    assert Fact(**{name: tuple(held) if isinstance(held, list) else held for name, held in row.items()}) == fact


IDS = [f"Q{i}" for i in range(5)]
RELATIONS = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from(["RATIO_OF", "PART_OF", "HAS_UNIT", "IN_PERIOD", "FUNDED"]),
              st.sampled_from([*IDS, "U0", "P0", "T99"])),
    max_size=20,
)  # fmt: skip


@given(RELATIONS)
def test_no_web_of_relations_loops_or_raises(web: list[tuple[str, str, str]]) -> None:
    text = "1 2 3 4 5 ha năm 2020"
    entities = [Entity(id, "QUANTITY", ((2 * i, 2 * i + 1),), text[2 * i]) for i, id in enumerate(IDS)]
    entities += [Entity("U0", "UNIT", ((10, 12),), "ha"), Entity("P0", "PERIOD", ((13, 21),), "năm 2020")]
    relations = tuple(Relation(f"R{i}", kind, head, tail) for i, (head, kind, tail) in enumerate(web))
    found = Document("web", text, tuple(entities), relations)
    made = facts(found)
    assert len(made) == facts_report(found)["facts"] == 5 - facts_report(found)["left_out"]
    assert [fact.start for fact in made] == sorted(fact.start for fact in made)


def test_places_come_with_the_keys_of_their_units() -> None:
    found = document(
        "BÁO CÁO\nKết quả năm 2023\n{L1 Tỉnh Sơn La} và {L2 sông Đà}: {I1 thu} {Q1 12} {U1 tỷ đồng}.",
        "Q1 HAS_UNIT U1; Q1 MEASURES I1; Q1 LOCATED_IN L1; Q1 LOCATED_IN L2",
    )
    (fact,) = facts(found)
    assert fact.places == ("Tỉnh Sơn La", "sông Đà")
    assert fact.place_keys == ("old/14", "")


@pytest.mark.parametrize(
    ("keys", "places", "place_keys"),
    [
        (("old/14/1/2", "old/14/3/4"), ("xã Tân An", "xã Tân An"), ("old/14/1/2", "old/14/3/4")),
        (("old/14/1/2", ""), ("xã Tân An",), ("old/14/1/2",)),
        (("", "old/14/1/2"), ("xã Tân An",), ("old/14/1/2",)),
        (("old/14/1/2", "old/14/1/2"), ("xã Tân An",), ("old/14/1/2",)),
        (("", ""), ("xã Tân An",), ("",)),
    ],
)
def test_a_place_named_twice_keeps_its_key_and_two_of_one_name_stand_apart(
    keys: tuple[str, str], places: tuple[str, ...], place_keys: tuple[str, ...]
) -> None:
    found = document(
        "{L1 xã Tân An} và {L2 xã Tân An}: {Q1 12} {U1 hộ}.", "Q1 HAS_UNIT U1; Q1 LOCATED_IN L1; Q1 LOCATED_IN L2"
    )
    values = {"L1": Value("place", key=keys[0] or None), "L2": Value("place", key=keys[1] or None)}
    values["Q1"] = Value("number", number="12")
    entities = tuple(replace(entity, value=values.get(entity.id)) for entity in found.entities)
    (fact,) = facts(replace(found, entities=entities))
    assert (fact.places, fact.place_keys) == (places, place_keys)
