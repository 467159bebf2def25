"""Inline markup: what it reads, how it is laid on a raw text, and that writing it back loses nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from corpus.checks import spans
from corpus.markup import compile_markup, format_markup, parse, try_compile
from ie.document import Document, Entity, Relation
from ie.errors import FormatError
from tests.corpus_samples import documents
from tests.examples import examples


def _spans(document: Document) -> list[tuple[str, str]]:
    return [(entity.label, entity.text) for entity in document.entities]


def _links(document: Document) -> set[tuple[str, str, str]]:
    known = document.by_id
    return {(r.type, known[r.head].text, known[r.tail].text) for r in document.relations}


def test_parse_takes_braces_and_relation_lines_out_of_the_text() -> None:
    marked = parse("{I1 Thu} đạt {Q1 5} {U tỷ}.\n  %% Q1 m=I1 +est; U_1\nHết.")
    assert marked.plain == "Thu đạt 5 tỷ.\nHết."
    assert [(m.key, m.start, m.end) for m in marked.marks] == [("I1", 0, 3), ("Q1", 8, 9), ("U_1", 10, 12)]
    assert [(o.head, o.words, o.line) for o in marked.orders] == [("Q1", ("m=I1", "+est"), 2), ("U_1", (), 2)]
    assert not marked.problems


def test_a_unit_after_its_number_and_a_place_inside_a_name_are_linked_by_themselves() -> None:
    document = compile_markup("{J Dự án Kè {L sông Lô}} cấp {Q 12}{U ha} và {Q 3} cái")
    assert _links(document) == {("LOCATED_IN", "Dự án Kè sông Lô", "sông Lô"), ("HAS_UNIT", "12", "ha")}


def test_a_dash_keeps_relations_from_being_added() -> None:
    document = compile_markup("{J1 Dự án Kè {L sông Lô}} cấp {Q1 12} {U ha}\n%% Q1 u=-; J1 l=-")
    assert document.relations == ()


def test_written_relations_come_beside_the_implied_places() -> None:
    document = compile_markup("{J1 Kè {L sông Lô}} tại {L2 Tân Phú}\n%% J1 l=L2")
    assert _links(document) == {("LOCATED_IN", "Kè sông Lô", "sông Lô"), ("LOCATED_IN", "Kè sông Lô", "Tân Phú")}


def test_a_shared_unit_is_written_once_for_each_number() -> None:
    document = compile_markup("{Q1 12}, {Q2 15} và {Q3 18} {U1 ha}\n%% Q1 u=U1; Q2 u=U1")
    assert _links(document) == {("HAS_UNIT", number, "ha") for number in ("12", "15", "18")}


def test_attributes_keep_their_order() -> None:
    document = compile_markup("{Q1 12}{U %}\n%% Q1 basis=prev +chg +open")
    assert document.entities[0].attributes == (("Basis", "same_period"), ("Change", ""), ("Open", ""))


def test_ids_follow_the_text_and_the_inner_of_two_equal_spans_comes_first() -> None:
    document = compile_markup("{J {L Đồi Chè}} rộng {Q 3} {U ha}")
    assert [(e.id, e.label) for e in document.entities] == [
        ("T1", "PLACE"),
        ("T2", "PROJECT"),
        ("T3", "QUANTITY"),
        ("T4", "UNIT"),
    ]
    assert [r.id for r in document.relations] == ["R1", "R2"]


def test_a_span_over_a_line_end_has_two_fragments() -> None:
    document = compile_markup("{J Dự án\n  Kè} xong")
    assert document.entities[0].fragments == ((0, 5), (8, 10))
    assert document.entities[0].text == "Dự án Kè"


def test_an_interrupted_span_goes_on_after_a_plus() -> None:
    document = compile_markup("{J1 Dự án} (bổ sung) {+J1 Kè}")
    assert document.entities[0].fragments == ((0, 5), (16, 18))


@pytest.mark.parametrize(
    "raw",
    [
        "Thu\n\nđạt  5 “tỷ” – hết",
        unicodedata.normalize("NFD", "Thu đạt 5 “tỷ” - hết"),
        'Thu\u00a0đạt 5 \u200b"tỷ" — hết\n',
    ],
    ids=["line ends and quotes", "decomposed", "invisible"],
)
def test_offsets_are_those_of_the_raw_text(raw: str) -> None:
    document = compile_markup('{I1 Thu} đạt {Q1 5} "{U1 tỷ}" - hết\n%% Q1 u=U1 m=I1', raw)
    assert document.text == raw
    held = ["".join(raw[start:end] for start, end in entity.fragments) for entity in document.entities]
    assert [unicodedata.normalize("NFC", text) for text in held] == ["Thu", "5", "tỷ"]


def test_another_letter_is_refused_with_its_place() -> None:
    compiled = try_compile("{I1 Thu} đạt năm", "Thu đạt nam")
    assert compiled.document is None
    assert "differs from the raw text" in compiled.problems[0]
    assert "năm" in compiled.problems[0]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{X1 a}", "opens nothing"),
        ("a } b", "} without {"),
        ("a\n{Q1 b", "line 2: {Q1 is never closed"),
        ("{Q1 1} {Q1 2}", "line 1: Q1 is used twice"),
        ("{+Q1 1}", "continues nothing"),
        ("{Q1 }x", "Q1 is empty"),
        ("{Q1 1}\n%% Q2 m=I1", "line 2: Q2 is no span"),
        ("{Q1 1}\n%% Q1 m=I1", "I1 is no span"),
        ("{Q1 1} {U1 ha}\n%% Q1 m=U1", "MEASURES may not join QUANTITY and UNIT"),
        ("{Q1 1}\n%% Q1 r=Q1", "RATIO_OF may not join"),
        ("{Q1 1}\n%% Q1 +foo", "unknown, use one of est"),
        ("{Q1 1}\n%% Q1 basis=foo", "unknown, use one of plan, prev, total"),
        ("{U1 ha}\n%% U1 +est", "Estimate may not stand on UNIT"),
        ("{Q1 1}\n%% Q1 k=3", "not understood"),
        ("x{Q1 1}2", "line 1: T1 QUANTITY '1' cuts a word"),
        ("{I1 thu,} chi", "sentence punctuation at its edge"),
        ("{L1 xã {L2 Mường}}", "may not nest"),
        ("{I1 a {P1 b} {+I1 c}}", "lies inside its own first part"),
    ],
)
def test_every_mistake_is_named(source: str, message: str) -> None:
    problems = try_compile(source).problems
    assert any(message in problem for problem in problems), problems


def test_all_problems_are_told_at_once_and_the_exception_counts_them() -> None:
    source = "{Q1 1} {I1 a}\n%% Q9 m=I1; Q1 k=2; Q1 +no"
    assert len(try_compile(source).problems) == 3
    with pytest.raises(FormatError, match=r"Q9 is no span \(and 2 more\)"):
        compile_markup(source)


def test_hints_point_at_what_is_loose() -> None:
    hints = try_compile("{Q 7} con, {I số trâu}, {U đàn}, còn 12 nữa").hints
    assert any("'7' measures nothing" in hint for hint in hints)
    assert any("'số trâu' is the INDICATOR of nothing" in hint for hint in hints)
    assert any("'đàn' is the UNIT of nothing" in hint for hint in hints)
    assert any("12 nữa" in hint for hint in hints)


def test_a_nested_threshold_needs_no_indicator() -> None:
    assert not try_compile("{Q1 3} {U ca} {I1 trẻ dưới {Q 6} {U tuổi}}\n%% Q1 m=I1").hints


@pytest.mark.parametrize("text", ["a {b", "a }", "x\n %% y"])
def test_reserved_characters_are_refused_in_writing(text: str) -> None:
    with pytest.raises(FormatError, match="the markup reserves"):
        format_markup(Document("d", text))


def test_crossing_spans_are_refused_in_writing() -> None:
    one, two = Entity("T1", "PLACE", ((0, 3),), "a b"), Entity("T2", "LEGAL", ((2, 5),), "b c")
    with pytest.raises(FormatError, match="cross"):
        format_markup(Document("d", "a b c", (one, two)))


def test_writing_says_what_would_not_go_without_saying() -> None:
    number, unit = Entity("T1", "QUANTITY", ((0, 1),), "5"), Entity("T2", "UNIT", ((2, 4),), "ha")
    apart = Document("d", "5 ha", (number, unit))
    joined = Document("d", "5 ha", (number, unit), (Relation("R1", "HAS_UNIT", "T1", "T2"),))
    assert format_markup(apart) == "{Q1 5} {U1 ha}\n%% Q1 u=-"
    assert format_markup(joined) == "{Q1 5} {U1 ha}"


@given(documents())
@examples(150)
def test_compiling_what_was_written_gives_the_same_document(document: Document) -> None:
    assert not spans.problems(document, {}, __file__)
    marked = format_markup(document)
    assert parse(marked).plain == document.text
    assert compile_markup(marked, document.text, name=document.name) == document


@given(documents())
@examples(60)
def test_offsets_survive_another_line_breaking(document: Document) -> None:
    raw = document.text.replace(" ", "  \n ")
    moved = compile_markup(format_markup(document), raw, name=document.name)
    assert [_squeezed(e.text) for e in moved.entities] == [_squeezed(e.text) for e in document.entities]
    assert [e.attributes for e in moved.entities] == [e.attributes for e in document.entities]
    assert moved.relations == document.relations


def _squeezed(text: str) -> str:
    return "".join(text.split())
