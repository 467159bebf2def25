"""Values judged against value gold: right, wrong, missing, spurious and open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.values import ValueGold, text_hash
from evaluation import value_gold
from evaluation.render import value_table
from evaluation.scores import Counts, summary
from evaluation.value_gold import gold_counts
from ie.document import Document
from tests.inline_gold import document

MARKUP = (
    "BÁO CÁO\nKết quả năm 2023\n{P1 Năm 2023}, {L1 đường Trần Phú} theo {G1 Quyết định số 15/QĐ-UBND}: {I1 thu} "
    "{Q1 1,5} {U1 tỷ đồng}, {P2 quý I} {Q2 12} {U2 hộ}."
)
LINKS = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 MEASURES I1; Q1 IN_PERIOD P1; Q2 IN_PERIOD P2"
RIGHT = {
    "Q1": {"kind": "number", "number": "1500000000", "unit": "VND"},
    "Q2": {"kind": "number", "number": "12", "unit": "hộ"},
    "P1": {"start": "2023-01-01", "end": "2023-12-31"},
    "P2": {"start": "2023-01-01", "end": "2023-03-31"},
    "L1": {"key": ""},
    "G1": {"key": "QĐ-UBND:15"},
}


@pytest.fixture
def report() -> Document:
    return document(MARKUP, LINKS)


def judged(monkeypatch: pytest.MonkeyPatch, report: Document, found: Document, values: dict, *left: str) -> dict:
    gold = ValueGold(values, frozenset(left), text_hash(report))
    monkeypatch.setattr(value_gold, "gold_of", lambda _: gold)
    return gold_counts(report, found)


def test_a_document_without_gold_is_not_counted(report: Document) -> None:
    assert gold_counts(report, report) == {}


def test_gold_against_itself_is_right(monkeypatch: pytest.MonkeyPatch, report: Document) -> None:
    counts = judged(monkeypatch, report, report, RIGHT)
    wanted = {"amount": Counts(2), "period": Counts(2), "place": Counts(1), "legal": Counts(1)}
    assert (counts["gold.given"], counts["gold.found"]) == (wanted, wanted)
    assert counts["gold.facts"] == {"given": Counts(2), "found": Counts(2)}


@pytest.mark.parametrize(
    ("id", "value", "aspect"),
    [
        ("Q1", {"kind": "number", "number": "1500000", "unit": "VND"}, "amount"),
        ("Q2", {"kind": "number", "number": "12", "unit": "người"}, "amount"),
        ("P2", {"start": "2022-01-01", "end": "2022-03-31"}, "period"),
        ("L1", {"key": "old/14/116"}, "place"),
        ("G1", {"key": "QĐ-UBND:15/2023"}, "legal"),
    ],
)
def test_a_wrong_value_is_missed_and_spurious(
    monkeypatch: pytest.MonkeyPatch, report: Document, id: str, value: dict, aspect: str
) -> None:
    counts = judged(monkeypatch, report, report, {**RIGHT, id: value})
    for way in ("gold.given", "gold.found"):
        assert (counts[way][aspect].fp, counts[way][aspect].fn) == (1, 1)


def test_what_is_not_found_is_missed_and_what_is_open_is_not_judged(
    monkeypatch: pytest.MonkeyPatch, report: Document
) -> None:
    blind = replace(report, entities=tuple(e for e in report.entities if e.id != "P2"), relations=report.relations[:4])
    counts = judged(monkeypatch, report, blind, RIGHT)
    assert counts["gold.found"]["period"] == Counts(1, 0, 1)
    assert counts["gold.given"]["period"] == Counts(2)
    left = {id: value for id, value in RIGHT.items() if id != "P2"}
    assert judged(monkeypatch, report, blind, left, "P2")["gold.found"]["period"] == Counts(1)


def test_the_table_has_a_row_for_every_aspect(monkeypatch: pytest.MonkeyPatch, report: Document) -> None:
    counts = judged(monkeypatch, report, report, RIGHT)
    table = value_table({"scores": summary([counts], seed=1)})
    assert table.count("\n| on gold spans") == 5
    assert "| end to end | **complete fact** | 2 | 2 | 0 | 0 | 100.0" in table
    assert value_table({"scores": {}}) == "No document of this run has value gold.\n"


@pytest.mark.parametrize(
    ("id", "value", "cause"),
    [
        ("Q1", {"kind": "number", "number": "1500000", "unit": "VND"}, "amount"),
        ("P2", {"start": "2022-01-01", "end": "2022-03-31"}, "period"),
    ],
)
def test_missed_facts_are_counted_by_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, report: Document, id: str, value: dict, cause: str
) -> None:
    counts = judged(monkeypatch, report, report, {**RIGHT, id: value})
    causes = counts["gold.causes"]
    assert causes == {f"{way}: {cause}": Counts(fn=counts["gold.facts"][way].fn) for way in ("given", "found")}
    assert counts["gold.facts"]["found"].fn > 0


def test_a_figure_that_is_not_found_is_a_cause(monkeypatch: pytest.MonkeyPatch, report: Document) -> None:
    blind = replace(report, entities=tuple(e for e in report.entities if e.id != "Q2"), relations=())
    causes = judged(monkeypatch, report, blind, RIGHT)["gold.causes"]
    assert (
        sum(each.fn for each in causes.values()) == judged(monkeypatch, report, blind, RIGHT)["gold.facts"]["found"].fn
    )
    assert "found: no such figure" in causes
