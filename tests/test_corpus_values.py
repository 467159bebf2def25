"""Value gold: records, their check, and the simple second reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.folder import Folder
from corpus.reading import legal, number, period, unit
from corpus.values import ValueGold, load_values, problems, read_values, record_text, text_hash
from ie.document import Document
from ie.errors import FormatError
from tests.inline_gold import document

VALUES = {
    "Q1": {"kind": "number", "number": "5000000000", "unit": "VND"},
    "P1": {"start": "2023-01-01", "end": "2023-12-31"},
    "L1": {"key": "old/14/116"},
}


@pytest.fixture
def report() -> Document:
    made = document("{P1 Năm 2023}, {L1 thành phố Sơn La} thu {Q1 5} {U1 tỷ đồng}.", "Q1 HAS_UNIT U1")
    return replace(made, name="x1-01")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "values").mkdir()
    return Folder(tmp_path)


def written(folder: Folder, report: Document, values: dict[str, dict[str, str]], *left: str) -> list[str]:
    gold = ValueGold(values, frozenset(left), text_hash(report))
    (folder.values / f"{report.name}.json").write_text(record_text(gold), "utf-8")
    return [problem.message for problem in problems([report], folder)]


def test_a_record_comes_back_and_fills_the_document(folder: Folder, report: Document) -> None:
    assert written(folder, report, VALUES) == []
    gold = load_values(report, root=folder.root)
    assert gold is not None
    assert record_text(read_values(folder.values / "x1-01.json")) == record_text(gold)
    filled = gold.put_into(report)
    assert [(e.id, e.value.kind) for e in filled.entities if e.value] == [
        ("P1", "period"), ("L1", "place"), ("Q1", "number"),
    ]  # fmt: skip


def test_a_record_of_another_text_is_none(folder: Folder, report: Document) -> None:
    written(folder, report, VALUES)
    other = replace(report, text=report.text + " ")
    assert load_values(other, root=folder.root) is None
    assert [p.message for p in problems([other], folder)] == [
        "of another text; read the report again and renew the record"
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Q1": None}, "Q1 has no value; give one or list it in open"),
        ({"Q9": {"key": "x"}}, "Q9 is no span of the report"),
        ({"P1": {"start": "2023-13-01", "end": "2023-12-31"}}, "is no value of a PERIOD"),
        ({"P1": {"start": "2023-12-31", "end": "2023-01-01"}}, "is no value of a PERIOD"),
        ({"Q1": {"kind": "number", "number": "năm", "unit": ""}}, "is no value of a QUANTITY"),
        ({"L1": {"start": "2023-01-01"}}, "L1 is a PLACE, which has no start"),
    ],
)
def test_mistakes_are_named(folder: Folder, report: Document, change: dict, message: str) -> None:
    values = {id: fields for id, fields in {**VALUES, **change}.items() if fields}
    assert any(message in found for found in written(folder, report, values))


def test_a_span_is_valued_or_open(folder: Folder, report: Document) -> None:
    left = {id: fields for id, fields in VALUES.items() if id != "L1"}
    assert written(folder, report, left, "L1") == []
    assert written(folder, report, VALUES, "L1") == ["L1 has a value and is open; choose one"]


def test_what_is_no_record_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"values": {}}', "utf-8")
    with pytest.raises(FormatError, match="needs sha256, values and open"):
        read_values(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.234,5", {"kind": "number", "number": "1234.5"}),
        ("12 500", {"kind": "number", "number": "12500"}),
        ("21.4", {"kind": "number", "number": "21.4"}),
        ("64/72", {"kind": "fraction", "number": "64", "upper": "72"}),
        ("10 đến 15", {"kind": "range", "number": "10", "upper": "15"}),
        ("hai mươi ba", {"kind": "number", "number": "23"}),
        ("nhiều", None),
    ],
)
def test_the_simple_reading_of_numbers(text: str, said: dict[str, str] | None) -> None:
    assert number(text) == said


def test_the_simple_reading_of_units_times_and_documents() -> None:
    assert [(name, str(factor)) for name, factor in map(unit, ("tỷ đồng", "tạ/ha", "tr.đ", "nghìn con"))] == [
        ("VND", "1000000000"), ("tạ/ha", "1"), ("VND", "1000000"), ("con", "1000"),
    ]  # fmt: skip
    assert period("quý II", year=2023, month=None) == {"kind": "period", "start": "2023-04-01", "end": "2023-06-30"}
    assert period("đến 15/5", year=2023, month=None) == {"kind": "period", "end": "2023-05-15"}
    assert period("gần đây", year=2023, month=None) is None
    assert legal("Quyết định số 806 /QĐ-UBND ngày 3/2/2021") == {"kind": "legal", "key": "QĐ-UBND:806/2021"}
