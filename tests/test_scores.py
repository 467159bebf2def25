from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import values
from evaluation.agreement import agreement, kappa, written
from evaluation.marks import mark
from evaluation.scores import (
    Counts,
    as_table,
    entry,
    figures,
    interval,
    macro,
    macro_interval,
    randomisation,
    resamples,
    summary,
    total,
)
from evaluation.tally import attribute_counts, tally
from evaluation.values import Amount, amount, value_counts
from ie.document import Document, Entity, Relation, Value
from ie.errors import InputError
from tests.evaluation_cases import report
from tests.examples import examples

counts = st.builds(Counts, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
per_document = st.lists(counts, min_size=1, max_size=8)


# --- counts and figures -----------------------------------------------------------------------------------------------


def test_figures_follow_from_counts() -> None:
    found = Counts(tp=6, fp=2, fn=4)
    assert (found.support, found.predicted) == (10, 8)
    assert (found.precision, found.recall) == (0.75, 0.6)
    assert found.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Counts(), (None, None, None)),
        (Counts(fp=3), (0.0, None, 0.0)),
        (Counts(fn=3), (None, 0.0, 0.0)),
        (Counts(tp=3), (1.0, 1.0, 1.0)),
    ],
    ids=["nothing", "no gold", "no prediction", "all right"],
)
def test_a_figure_without_anything_behind_it_is_none(found: Counts, expected: tuple[float | None, ...]) -> None:
    assert (found.precision, found.recall, found.f1) == expected


def test_macro_averages_labels_that_have_something() -> None:
    labels = {"UNIT": Counts(1, 1, 0), "PLACE": Counts(fn=2), "LEGAL": Counts()}
    assert macro(labels) == {"precision": 0.25, "recall": 0.5, "f1": pytest.approx(1 / 3)}
    assert macro({}) == {"precision": None, "recall": None, "f1": None}


@given(per_document)
def test_figures_of_a_table_are_those_of_counts(found: list[Counts]) -> None:
    for one, row in zip(found, figures(as_table(found)), strict=True):
        for value, figure in zip((one.precision, one.recall, one.f1), row, strict=True):
            assert np.isnan(figure) if value is None else value == pytest.approx(figure)


# --- intervals --------------------------------------------------------------------------------------------------------


def test_resamples_draw_as_many_documents_as_there_are() -> None:
    draws = resamples(7, seed=3, times=50)
    assert draws.shape == (50, 7)
    assert (draws.sum(axis=1) == 7).all()
    assert (draws == resamples(7, seed=3, times=50)).all()
    assert (draws != resamples(7, seed=4, times=50)).any()


def test_resamples_are_not_biased() -> None:
    assert resamples(5, seed=1, times=4000).mean(axis=0) == pytest.approx(np.ones(5), abs=0.1)


def test_intervals_are_percentiles_over_resampled_documents() -> None:
    found = [Counts(3, 1, 0), Counts(1, 0, 4), Counts(5, 2, 2)]
    draws = resamples(3, seed=11)
    f1s = []
    for row in draws:
        drawn = total(one for one, times in zip(found, row, strict=True) for _ in range(int(times)))
        f1s.append(drawn.f1)
    assert interval(found, draws)["f1"] == pytest.approx(list(np.percentile(f1s, [2.5, 97.5])))


def test_documents_that_are_all_alike_leave_no_doubt() -> None:
    found = interval([Counts(3, 1, 1)] * 6, resamples(6, seed=0))
    assert found == {name: pytest.approx([0.75, 0.75]) for name in ("precision", "recall", "f1")}


def test_one_document_or_nothing_to_count_gives_no_interval() -> None:
    assert interval([Counts(3, 1, 1)], resamples(1, seed=0))["f1"] is None
    assert interval([Counts(), Counts()], resamples(2, seed=0))["f1"] is None
    assert interval([Counts(fn=2), Counts(fn=1)], resamples(2, seed=0))["precision"] is None
    assert macro_interval([[Counts(tp=1)]], resamples(1, seed=0)) is None


@given(st.lists(counts, min_size=2, max_size=8))
def test_an_interval_lies_between_the_worst_and_the_best_document(found: list[Counts]) -> None:
    bounds = interval(found, resamples(len(found), seed=5, times=200))["recall"]
    single = [one.recall for one in found if one.recall is not None]
    if bounds is not None:
        assert min(single) - 1e-9 <= bounds[0] <= bounds[1] <= max(single) + 1e-9


def test_macro_interval_of_labels_alike_is_that_of_one() -> None:
    found = [Counts(3, 1, 0), Counts(1, 0, 4), Counts(5, 2, 2)]
    draws = resamples(3, seed=11)
    assert macro_interval([found, found], draws) == pytest.approx(interval(found, draws)["f1"])


def test_an_entry_has_counts_support_and_figures() -> None:
    found = entry([Counts(2, 1, 0), Counts(1, 1, 1)], resamples(2, seed=0))
    assert {k: found[k] for k in ("tp", "fp", "fn", "support")} == {"tp": 3, "fp": 2, "fn": 1, "support": 4}
    assert (found["precision"], found["recall"], found["f1"]) == (0.6, 0.75, 0.6667)


# --- paired test ------------------------------------------------------------------------------------------------------


@given(per_document)
def test_a_system_does_not_differ_from_itself(found: list[Counts]) -> None:
    test = randomisation(found, found, seed=1, trials=100)
    assert (test.difference, test.p) == (0.0, 1.0)


def test_a_system_better_on_every_document_differs() -> None:
    test = randomisation([Counts(1, 3, 3)] * 12, [Counts(4, 0, 0)] * 12, seed=1)
    assert (test.first, test.second, test.difference) == (0.25, 1.0, 0.75)
    assert test.p < 0.01


@examples(15)
@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=6))
def test_the_p_value_is_that_of_all_swaps(pairs: list[tuple[Counts, Counts]]) -> None:
    def f1(found: list[Counts]) -> float:
        return total(found).f1 or 0.0

    observed = abs(f1([b for _, b in pairs]) - f1([a for a, _ in pairs]))
    extreme = 0
    for swaps in product((False, True), repeat=len(pairs)):
        mixed = [(b, a) if swap else (a, b) for (a, b), swap in zip(pairs, swaps, strict=True)]
        extreme += abs(f1([b for _, b in mixed]) - f1([a for a, _ in mixed])) >= observed - 1e-12
    test = randomisation([a for a, _ in pairs], [b for _, b in pairs], seed=2)
    assert test.p == pytest.approx(extreme / 2 ** len(pairs), abs=0.03)


# --- summaries --------------------------------------------------------------------------------------------------------

GOLD = report(
    "{P:PERIOD tháng 2} {I:INDICATOR tổng thu} đạt {Q:QUANTITY!Estimate 12} {U:UNIT tỷ đồng}",
    "HAS_UNIT Q U",
    "MEASURES Q I",
    "IN_PERIOD Q P",
)
FOUND = report("tháng 2 tổng {I:INDICATOR thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ} đồng", "HAS_UNIT Q U", "MEASURES Q I")


def test_a_document_in_every_metric() -> None:
    found = tally(GOLD, FOUND, with_values=False)
    sums = {metric: total(labels.values()) for metric, labels in found.items()}
    assert sums == {
        "entities.exact": Counts(1, 2, 3),
        "entities.overlap": Counts(3, 0, 1),
        "entities.headline": Counts(2, 1, 2),
        "entities.token": Counts(3, 0, 4),
        "relations.strict": Counts(0, 2, 3),
        "relations.relaxed": Counts(2, 0, 1),
        "relations.headline": Counts(1, 1, 2),
        "relations.given": Counts(1, 0, 0),
        "attributes": Counts(0, 0, 1),
    }


def test_a_summary_adds_up_over_documents_and_labels() -> None:
    found = summary([tally(GOLD, FOUND, with_values=False), tally(GOLD, GOLD, with_values=False)], seed=1)
    whole = found["entities.headline"]["all"]
    assert (whole["tp"], whole["fp"], whole["fn"], whole["support"]) == (6, 1, 2, 8)
    assert found["entities.headline"]["labels"]["UNIT"]["f1"] == 0.5
    assert sum(one["support"] for one in found["relations.strict"]["labels"].values()) == 6


def test_attributes_are_judged_on_matched_quantities_by_value() -> None:
    gold = report("{A:QUANTITY!Basis=plan 5} {B:QUANTITY!Cumulative 6} {C:QUANTITY!Planned 7} {D:QUANTITY!Open 8}")
    found = report("{A:QUANTITY!Basis=total 5} {B:QUANTITY!Cumulative 6} 7 {D:QUANTITY!Change 8}")
    assert attribute_counts(mark(gold, gold.text, gold=True), mark(found, gold.text)) == {
        "Basis=plan": Counts(fn=1),
        "Basis=total": Counts(fp=1),
        "Cumulative": Counts(tp=1),
    }


# --- other scorers ----------------------------------------------------------------------------------------------------

TAGS = ("UNIT", "PLACE")
sentences = st.lists(st.tuples(st.sampled_from(["O", *TAGS]), st.integers(1, 3)), max_size=6)


def flat_report(chunks: list[tuple[str, int]], length: int = 12) -> tuple[Document, list[str]]:
    """Return a document of one-letter words with the chunks marked one after the other, and its BIO tags."""
    tags: list[str] = []
    spans = []
    for tag, size in chunks:
        size = min(size, length - len(tags))
        if tag != "O" and size > 0:
            start, end = 2 * len(tags), 2 * (len(tags) + size) - 1
            spans.append(Entity(f"T{len(spans)}", tag, ((start, end),), ""))
        tags += ["O"] * size if tag == "O" else [f"{'I' if i else 'B'}-{tag}" for i in range(size)]
    return Document("report", " ".join("a" * length), tuple(spans)), tags + ["O"] * (length - len(tags))


@given(sentences, sentences)
def test_exact_spans_agree_with_seqeval(first: list[tuple[str, int]], second: list[tuple[str, int]]) -> None:
    scorer = pytest.importorskip("seqeval.metrics.v1")
    from seqeval.scheme import IOB2

    (gold, gold_tags), (found, found_tags) = flat_report(first), flat_report(second)
    ours = tally(gold, found, with_values=False)["entities.exact"]
    labels = [tag for tag in TAGS if any(tag in name for name in (*gold_tags, *found_tags))]
    if not labels:
        return
    figures_of = scorer.precision_recall_fscore_support(
        [gold_tags], [found_tags], average=None, scheme=IOB2, zero_division=0
    )
    for label, precision, recall, f1, support in zip(sorted(labels), *figures_of, strict=True):
        one = ours[label]
        assert (one.precision or 0.0, one.recall or 0.0, one.f1 or 0.0) == pytest.approx((precision, recall, f1))
        assert one.support == support


@given(sentences, sentences)
def test_exact_spans_agree_with_nervaluate(first: list[tuple[str, int]], second: list[tuple[str, int]]) -> None:
    nervaluate = pytest.importorskip("nervaluate")
    (gold, _), (found, _) = flat_report(first), flat_report(second)

    def listed(document: Document) -> list[dict[str, object]]:
        return [{"label": e.label, "start": e.start, "end": e.end - 1} for e in document.entities]

    evaluator = nervaluate.Evaluator([listed(gold)], [listed(found)], tags=list(TAGS), loader="dict")
    theirs = evaluator.evaluate()["overall"]["strict"]
    ours = total(tally(gold, found, with_values=False)["entities.exact"].values())
    assert (ours.tp, ours.predicted, ours.support) == (theirs.correct, theirs.actual, theirs.possible)


# --- agreement --------------------------------------------------------------------------------------------------------


def test_kappa_by_hand() -> None:
    cells = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(cells) == pytest.approx(0.4)
    assert kappa([]) is None
    assert kappa([(False, False)] * 4) == 1.0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_kappa_agrees_with_scikit_learn(cells: list[tuple[int, int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    if len({category for pair in cells for category in pair}) > 1:
        assert kappa(cells) == pytest.approx(metrics.cohen_kappa_score(*zip(*cells, strict=True)))


def test_annotators_who_agree_agree_wholly() -> None:
    found = agreement([GOLD], [GOLD])
    assert set(found.kappa.values()) == {1.0}
    assert {one.f1 for labels in found.counts.values() for one in labels.values()} == {1.0}


def test_agreement_is_the_same_both_ways_round() -> None:
    one, other = agreement([GOLD], [FOUND]), agreement([FOUND], [GOLD])
    assert one.kappa == other.kappa
    for metric, labels in one.counts.items():
        assert {k: v.f1 for k, v in labels.items()} == {k: v.f1 for k, v in other.counts[metric].items()}


def test_kappa_on_tokens() -> None:
    """Ten tokens: `tổng` and `đồng` marked by one annotator alone, the period too."""
    found = agreement([report("{I:INDICATOR a b} c d")], [report("a {I:INDICATOR b} c d")])
    assert found.kappa["INDICATOR"] == pytest.approx((3 / 4 - 1 / 2) / (1 / 2))


def test_open_spans_count_in_agreement() -> None:
    found = agreement([report("{P:PERIOD!Open nay}")], [report("nay")])
    assert found.counts["entities.exact"] == {"PERIOD": Counts(fn=1)}


def test_annotators_of_different_documents_are_refused() -> None:
    with pytest.raises(InputError, match="no predictions for report"):
        agreement([GOLD], [replace(GOLD, name="other")][:0])
    with pytest.raises(InputError, match="report: the two annotators' texts differ"):
        agreement([GOLD], [report("khác")])


def test_agreement_is_written_by_label_and_type() -> None:
    text = written(agreement([GOLD], [FOUND]), order=["all", "UNIT"])
    assert "UNIT" in text
    assert "HAS_UNIT" in text
    assert "4/3" in text


# --- values and facts -------------------------------------------------------------------------------------------------


def valued(document: Document, **by_id: Value) -> Document:
    """Return the document with values set by hand."""
    return replace(document, entities=tuple(replace(e, value=by_id.get(e.id)) for e in document.entities))


def number(text: str, **more: str) -> Value:
    return Value("number", number=text, **more)


def test_an_amount_scaled_by_its_unit_is_the_amount_scaled_before() -> None:
    quantity = Entity("Q", "QUANTITY", ((0, 3),), "1,2", value=number("1.2"))
    unit = Entity("U", "UNIT", ((4, 11),), "tỷ đồng", value=Value("unit", unit="VND", factor="1000000000"))
    scaled = replace(quantity, value=number("1200000000.0", unit="VND"))
    assert amount(quantity, unit) == amount(scaled, unit) == Amount("1200000000", "", "VND")


def test_an_amount_that_nobody_can_read_is_its_letters() -> None:
    quantity = Entity("Q", "QUANTITY", ((0, 3),), "mười hai ")
    assert amount(quantity, None) == Amount("mườihai", "", "")
    decomposed = replace(quantity, text=unicodedata.normalize("NFD", "Mười hai"))
    assert amount(decomposed, None) == amount(quantity, None)


@pytest.mark.parametrize(
    ("raw", "factor", "expected"),
    [
        ("1.50", "1", "1.5"),
        ("100", "1", "100"),
        ("0.30", "10", "3"),
        ("123456789012345678901234567890", "1000", "123456789012345678901234567890000"),
        ("-0", "1", "0"),
        ("x", "2", "x×2"),
        (None, "2", ""),
    ],
)
def test_exact_decimal_text(raw: str | None, factor: str, expected: str) -> None:
    assert values.plain(raw, factor) == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_spelling_of_decimals_does_not_matter(value: object) -> None:
    assert values.plain(str(value)) == values.plain(f"{value}0")


MONEY = Value("unit", unit="VND", factor="1000000000")
GOLD_VALUES = valued(GOLD, Q=number("12"), U=MONEY, P=Value("period", start="2023-02", end="2023-02"))


def test_the_same_amount_written_otherwise_is_right() -> None:
    found = valued(GOLD, Q=number("12000000000", unit="VND"), P=Value("period", start="2023-02", end="2023-02"))
    assert set(total(c.values()) for c in value_counts(GOLD_VALUES, found).values()) == {Counts(tp=1)}


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({"Q": number("13")}, ()),
        ({"U": Value("unit", unit="USD", factor="1000000000")}, ("values.number",)),
        ({"P": Value("period", start="2023-03", end="2023-03")}, ("values.number", "values.amount")),
        ({}, ("values.number", "values.amount", "facts")),
    ],
    ids=["number", "unit", "period", "nothing"],
)
def test_what_a_wrong_value_costs(change: dict[str, Value], right: tuple[str, ...]) -> None:
    period = Value("period", start="2023-02", end="2023-02")
    found = valued(GOLD, **{"Q": number("12"), "U": MONEY, "P": period, **change})
    for metric, labels in value_counts(GOLD_VALUES, found).items():
        assert labels["QUANTITY"] == (Counts(tp=1) if metric in right else Counts(fp=1, fn=1)), metric


def test_a_fact_needs_an_overlapping_indicator_of_each_side() -> None:
    partly = report(
        "{P:PERIOD tháng 2} tổng {I:INDICATOR thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}",
        "HAS_UNIT Q U",
        "IN_PERIOD Q P",
    )
    period = Value("period", start="2023-02", end="2023-02")
    without = valued(partly, Q=number("12"), U=MONEY, P=period)
    linked = replace(without, relations=(*without.relations, Relation("R9", "MEASURES", "Q", "I")))
    assert value_counts(GOLD_VALUES, linked)["facts"]["QUANTITY"] == Counts(tp=1)
    assert value_counts(GOLD_VALUES, without)["facts"]["QUANTITY"] == Counts(fp=1, fn=1)


def test_missed_spurious_and_open_figures_are_counted_as_such() -> None:
    gold = valued(report("{A:QUANTITY 5} {B:QUANTITY 6} {C:QUANTITY!Open 7} 8"), A=number("5"), B=number("6"))
    found = valued(report("{A:QUANTITY 5} 6 {C:QUANTITY 7} {D:QUANTITY 8}"), A=number("5"), C=number("7"))
    assert value_counts(gold, found)["values.number"]["QUANTITY"] == Counts(1, 1, 1)


@pytest.mark.parametrize(
    "found",
    [
        report("{P:PERIOD hiện nay} có {Q:QUANTITY 12} {U:UNIT ha}", "HAS_UNIT Q U", "IN_PERIOD Q P"),
        report("hiện nay có {Q:QUANTITY 12} {U:UNIT ha}", "HAS_UNIT Q U"),
    ],
    ids=["with the open period", "without it"],
)
def test_an_open_span_makes_no_fact_right_or_wrong(found: Document) -> None:
    gold = report("{P:PERIOD!Open hiện nay} có {Q:QUANTITY 12} {U:UNIT ha}", "HAS_UNIT Q U", "IN_PERIOD Q P")
    assert value_counts(gold, found)["facts"]["QUANTITY"] == Counts(tp=1)


def test_a_fact_that_rests_on_an_open_span_is_free() -> None:
    gold = report("{Q:QUANTITY 12} {U:UNIT!Open ha}", "HAS_UNIT Q U")
    with_fact = report("{Q:QUANTITY 12} {U:UNIT ha}", "HAS_UNIT Q U")
    for found in (gold, with_fact, report("{Q:QUANTITY 12} ha"), report("12 ha")):
        assert value_counts(gold, found)["facts"]["QUANTITY"] == Counts()
