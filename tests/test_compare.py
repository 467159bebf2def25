from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from evaluation import render, runs
from evaluation.analysis import NOTHING, by_document, by_length, confusion
from evaluation.compare import compare, written
from evaluation.context import describe, quote, surface
from evaluation.limits import Limits, limits
from evaluation.marks import mark
from evaluation.mistakes import Mistake, counted, mistakes
from evaluation.mistakes import written as written_mistakes
from evaluation.runs import Run
from evaluation.scores import Counts
from evaluation.tally import tally
from ie.document import Document
from ie.errors import InputError
from tests.evaluation_cases import report

FREE = Limits({}, frozenset())
GOLD = report(
    "{P:PERIOD Tháng 2}, {I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}.",
    "HAS_UNIT Q U",
    "MEASURES Q I",
    "IN_PERIOD Q P",
)
BARE = report("Tháng 2, tổng thu đạt 12 tỷ đồng.")
HALF = report("Tháng 2, {I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ} đồng.", "MEASURES Q I")


def signs(first: Document, second: Document) -> list[tuple[str, str, str]]:
    found = compare([GOLD], [first], [second], seed=1)
    return [(c.sign, c.what, c.item.kind) for c in found.changes["report"]]


# --- gains and losses -------------------------------------------------------------------------------------------------


def test_a_system_compared_with_itself_changes_nothing() -> None:
    assert signs(HALF, HALF) == []


def test_what_the_second_found_and_got_wrong() -> None:
    assert signs(BARE, HALF) == [
        ("+", "found", "INDICATOR"),
        ("+", "found", "MEASURES"),
        ("+", "found", "QUANTITY"),
        ("-", "spurious", "UNIT"),
    ]


def test_gains_are_losses_the_other_way_round() -> None:
    turned = {("+", "found"): ("-", "missed"), ("-", "spurious"): ("+", "no longer spurious")}
    there = [(*turned[sign, what], kind) for sign, what, kind in signs(BARE, HALF)]
    assert sorted(signs(HALF, BARE)) == sorted(there)


def test_a_spurious_span_moved_is_a_gain_and_a_loss() -> None:
    moved = report("Tháng 2, {I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} tỷ {U:UNIT đồng}.", "MEASURES Q I")
    assert signs(HALF, moved) == [("+", "no longer spurious", "UNIT"), ("-", "spurious", "UNIT")]


def test_a_comparison_is_written_with_context_and_tests() -> None:
    text = written(compare([GOLD], [BARE], [HALF], seed=1), first="old", second="new")
    assert text.splitlines()[0] == "report: 3 gains, 1 losses"
    assert "  + found: QUANTITY 22-24: Tháng 2, tổng thu đạt ⟦12⟧ tỷ đồng." in text
    assert "entities: F1 0.0 (old) against 57.1 (new), +57.1, p = 1.0000" in text


def test_compared_systems_must_answer_the_same_documents() -> None:
    with pytest.raises(InputError, match="second system: predictions for unknown documents other"):
        compare([GOLD], [BARE], [BARE, replace(BARE, name="other")], seed=1)
    with pytest.raises(InputError, match="first system: two predictions for report"):
        compare([GOLD], [BARE, BARE], [BARE], seed=1)
    with pytest.raises(InputError, match="nothing to score"):
        compare([], [], [], seed=1)


# --- context ----------------------------------------------------------------------------------------------------------


def test_a_quotation_is_one_line_with_the_span_in_brackets() -> None:
    assert quote("a b\n c d\te", ((3 + 2, 6),), width=3) == "b ⟦c⟧ d"


def test_the_surface_of_a_span_shows_its_gaps() -> None:
    gold = report("{I:INDICATOR tổng\n thu} (x) {I chi}")
    assert surface(gold.text, mark(gold, gold.text).spans[0].chars) == "tổng thu … chi"


def test_a_relation_is_described_by_both_ends() -> None:
    link = mark(GOLD, GOLD.text).links[0]
    assert describe(link, GOLD.text).startswith("HAS_UNIT 22→25: 12 → tỷ đồng in ")


# --- causes -----------------------------------------------------------------------------------------------------------


def causes(gold: Document, found: Document, reach: Limits = FREE) -> list[tuple[str, str, str]]:
    """Cause, gold id and predicted id of every mistake."""
    return [
        (m.cause, m.gold.id if m.gold else "", m.found.id if m.found else "")
        for m in mistakes(gold, found, reach=reach)
    ]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("{A:UNIT tỷ đồng} xã Mường", []),
        ("{A:UNIT tỷ} đồng xã Mường", [("boundary", "A", "A")]),
        ("{A:PLACE tỷ đồng} xã Mường", [("label", "A", "A")]),
        ("{A:PLACE tỷ} đồng xã Mường", [("label and boundary", "A", "A")]),
        ("tỷ đồng xã Mường", [("missed", "A", "")]),
        ("{A:UNIT tỷ đồng} {B:PLACE xã Mường}", [("invented", "", "B")]),
        ("{A:UNIT {B:UNIT tỷ} đồng} xã Mường", [("found twice or in parts", "", "B")]),
        ("{A:UNIT tỷ} {B:UNIT đồng} xã Mường", [("boundary", "A", "B"), ("found twice or in parts", "", "A")]),
    ],
    ids=["right", "boundary", "label", "both", "missed", "invented", "twice", "in parts"],
)
def test_causes_of_span_mistakes(found: str, expected: list[tuple[str, str, str]]) -> None:
    assert causes(report("{A:UNIT tỷ đồng} xã Mường"), report(found)) == expected


def test_a_span_out_of_reach_is_no_miss_of_the_model() -> None:
    found = report("{A:UNIT tỷ} đồng")
    reach = Limits({"A": "tokenisation"}, frozenset())
    gold = report("{A:UNIT tỷ đồng}")
    assert causes(gold, found, reach) == [("tokenisation", "A", ""), ("found twice or in parts", "", "A")]


SPANS = "{Q:QUANTITY 12} {U:UNIT ha} {R:QUANTITY 5} {V:UNIT con} {P:PERIOD nay}"


@pytest.mark.parametrize(
    ("markup", "relations", "expected"),
    [
        (SPANS, ("HAS_UNIT Q U",), []),
        (SPANS, ("HAS_UNIT Q V",), [("wrong unit", "R1", "R1")]),
        (SPANS, ("HAS_UNIT R U",), [("wrong quantity or project", "R1", "R1")]),
        (SPANS, ("HAS_UNIT U Q",), [("wrong direction", "R1", "R1")]),
        (SPANS, ("MEASURES Q U",), [("wrong relation type", "R1", "R1")]),
        (SPANS, (), [("relation missed", "R1", "")]),
        (SPANS, ("HAS_UNIT Q U", "IN_PERIOD Q P"), [("relation invented", "", "R2")]),
    ],
    ids=["right", "unit", "head", "direction", "type", "missed", "invented"],
)
def test_causes_of_relation_mistakes(
    markup: str, relations: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    assert causes(report(SPANS, "HAS_UNIT Q U"), report(markup, *relations)) == expected


def test_relations_fall_with_their_spans() -> None:
    found = report("{Q:QUANTITY 12} ha {X:UNIT 5}", "HAS_UNIT Q X")
    gold = report("{Q:QUANTITY 12} {U:UNIT ha} 5", "HAS_UNIT Q U")
    assert causes(gold, found)[2:] == [("relation of a missed span", "R1", ""), ("relation of a wrong span", "", "R1")]
    reach = Limits({"U": "reflow"}, frozenset())
    assert ("relation of an unreachable span", "R1", "") in causes(gold, found, reach)


def test_a_pair_that_is_never_proposed_is_told_apart() -> None:
    gold = report(SPANS, "HAS_UNIT Q U")
    assert causes(gold, report(SPANS), Limits({}, frozenset({"R1"}))) == [("relation pair never proposed", "R1", "")]


def test_every_miss_and_every_spurious_item_is_in_one_mistake() -> None:
    found = mistakes(GOLD, HALF, reach=FREE)
    sums = tally(GOLD, HALF, with_values=False)
    for metric, kinds in (("entities.headline", "spans"), ("relations.headline", "links")):
        names = {span.kind for span in getattr(mark(GOLD, GOLD.text), kinds)}
        mine = [m for m in found if m.kind in names]
        assert sum(m.gold is not None for m in mine) == sum(c.fn for c in sums[metric].values())
        assert sum(m.found is not None for m in mine) == sum(c.fp for c in sums[metric].values())


def test_mistakes_are_written_by_cause_most_frequent_first() -> None:
    found = mistakes(GOLD, HALF, reach=FREE)
    lines = written_mistakes(found, {"report": GOLD.text}, examples=1).splitlines()
    assert lines[0] == "4 mistakes"
    assert "boundary: 1 (UNIT 1)" in lines
    assert "  report: gold UNIT 25-32: Tháng 2, tổng thu đạt 12 ⟦tỷ đồng⟧." in lines
    assert "    found UNIT 25-27: Tháng 2, tổng thu đạt 12 ⟦tỷ⟧ đồng." in lines


# --- what no system could find ----------------------------------------------------------------------------------------


def test_spans_between_token_boundaries_are_tokenisation() -> None:
    gold = report("Thu {Q:QUANTITY 12}5 ha và {U:UNIT ha}")
    assert limits(gold, mark(gold, gold.text)).spans == {"Q": "tokenisation"}


def test_ordinary_spans_and_pairs_are_within_reach() -> None:
    assert limits(GOLD, mark(GOLD, GOLD.text)) == FREE


def test_a_span_whose_middle_is_left_out_is_reflow() -> None:
    gold = report("{I:INDICATOR Tổng} thu {I ngân sách} đạt {Q:QUANTITY 12} tỷ", "MEASURES Q I")
    assert limits(gold, mark(gold, gold.text)).spans == {"I": "reflow"}


def test_a_pair_far_apart_is_never_proposed() -> None:
    filler = "Công tác được triển khai đồng bộ. " * 60
    gold = report("{P:PERIOD Tháng 2} có mưa. " + filler + "Thu {Q:QUANTITY 12} tỷ.", "IN_PERIOD Q P")
    assert limits(gold, mark(gold, gold.text)).pairs == {"R1"}


# --- the report's figures ---------------------------------------------------------------------------------------------


def test_confusion_puts_every_span_in_one_cell() -> None:
    gold = report("{J:PROJECT Dự án {L:PLACE cầu Mu}} {U:UNIT ha} {P:PERIOD nay}")
    found = report("{J:PROJECT Dự án {L:PLACE cầu} Mu} {U:PLACE ha} nay")
    assert confusion([(gold, found)]) == Counter(
        {("PROJECT", "PROJECT"): 1, ("PLACE", "PLACE"): 1, ("UNIT", "PLACE"): 1, ("PERIOD", NOTHING): 1}
    )


def test_lengths_of_spans_and_documents() -> None:
    found = by_length([(GOLD, HALF)])
    assert {name: c for name, c in found.items() if c != Counts()} == {"1": Counts(1, 1, 0), "2": Counts(1, 0, 2)}
    rows = by_document([GOLD], {"report": tally(GOLD, HALF, with_values=False)})
    assert rows == [(10, pytest.approx(4 / 7), 0.5)]


def test_a_mistake_knows_its_label() -> None:
    gold = mark(GOLD, GOLD.text).spans[0]
    assert Mistake("missed", "report", gold, None).kind == "PERIOD"
    assert Mistake("invented", "report", None, gold).kind == "PERIOD"


def test_mistakes_are_counted_by_kind_and_cause_most_frequent_first() -> None:
    assert counted(mistakes(GOLD, HALF, reach=FREE))["UNIT"] == {"boundary": 1}
    place = mark(report("{L:PLACE Bản Phố}"), "Bản Phố", gold=True).spans[0]
    found = [Mistake(cause, "report", place, None) for cause in ("missed", "boundary", "boundary")]
    assert list(counted(found)["PLACE"].items()) == [("boundary", 2), ("missed", 1)]


def test_a_result_shows_its_mistakes_by_cause() -> None:
    found = runs.result(Run("r", "rules", "dev"), [(GOLD, HALF)], about={}, seed=1)
    assert sum(sum(causes.values()) for causes in found["mistakes"].values()) == len(mistakes(GOLD, HALF))
    assert "| UNIT | 1 | boundary 1 |" in render.mistaken(found)
    assert render.mistaken({**found, "mistakes": {}}) == "No mistakes.\n"
