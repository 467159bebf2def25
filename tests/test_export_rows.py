"""The typed tables: every row fits the data dictionary, figures stay exact."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.audit import Finding
from ie.document import Document, Entity, Relation
from ie.errors import InputError
from ie.export.arrow import arrow_schema, arrow_table
from ie.export.columns import DECIMALS, DIGITS, dictionary, table, tables
from ie.export.jsonl import as_dict
from ie.export.rows import GETTERS, Tables, error_row, exact
from ie.facts import Fact
from ie.layout import Page
from ie.normalise import normalise

TEXT = "Báo cáo năm 2023\nThu ngân sách 57.210 triệu đồng trong quý I/2023, trồng 12,5 ha chè."


def _entity(id: str, label: str, text: str, *attributes: tuple[str, str], score: float | None = None) -> Entity:
    start = TEXT.index(text)
    return Entity(
        id, label, ((start, start + len(text)),), text, attributes, score, None, ((start, start + len(text)),)
    )


@pytest.fixture
def document() -> Document:
    entities = (
        _entity("T1", "INDICATOR", "Thu ngân sách"),
        _entity("T2", "QUANTITY", "57.210", ("Estimate", ""), ("Basis", "plan"), score=0.5),
        _entity("T3", "UNIT", "triệu đồng"),
        _entity("T4", "PERIOD", "quý I/2023"),
        _entity("T5", "QUANTITY", "12,5"),
        _entity("T6", "UNIT", "ha"),
    )
    relations = (
        Relation("R1", "HAS_UNIT", "T2", "T3", 0.9),
        Relation("R2", "MEASURES", "T2", "T1"),
        Relation("R3", "IN_PERIOD", "T2", "T4"),
        Relation("R4", "HAS_UNIT", "T5", "T6"),
    )
    meta = {"sha256": "ab" * 32, "encoding": "utf-8"}
    return normalise(Document("r.txt", TEXT, entities, relations, (), meta, ("one page is missing",)))


def test_facts_are_typed(document: Document) -> None:
    first, second = Tables(document).rows("facts")
    assert list(first) == list(table("facts").names)
    assert (first["value"], first["value_decimal"], first["unit"]) == ("57210000000", Decimal(57210000000), "VND")
    assert (first["period_start"], first["period_end"]) == (date(2023, 1, 1), date(2023, 3, 31))
    assert first["qualifiers"] == ["estimate"]
    assert (second["base_value_decimal"], second["base_unit"]) == (Decimal(125000), "m2")
    assert second["period_start"] is None
    assert second["places"] == []


def test_entities_relations_documents_errors(document: Document) -> None:
    made = Tables(document)
    quantity = made.rows("entities")[1]
    assert quantity["attributes"] == ["Estimate", "Basis=plan"]
    assert quantity["source"] == [f"{quantity['start']}-{quantity['end']}"]
    assert quantity["number_decimal"] == Decimal(57210000000)
    link = made.rows("relations")[0]
    assert (link["head_text"], link["tail_label"], link["score"]) == ("57.210", "UNIT", 0.9)
    (whole,) = made.rows("documents")
    assert (whole["entities"], whole["relations"], whole["facts"], whole["encoding"]) == (6, 4, 2, "utf-8")
    assert whole["warnings"] == ["one page is missing"]
    (warning,) = made.rows("errors")
    assert (warning["level"], warning["reason"]) == ("warning", "one page is missing")
    assert error_row("a/b.txt", "is empty") == {
        "document": "a/b.txt",
        "sha256": None,
        "level": "error",
        "reason": "is empty",
    }


def test_page_and_boxes_of_a_pdf_stand_in_the_tables(document: Document) -> None:
    box = (2, 72.0, 90.5, 120.25, 104.0)
    scanned = replace(document.entities[0], page=2, bbox=(box, box), confidence=91.5)
    pages = (Page(1, 0, 40, 595.0, 842.0), Page(2, 40, 90, 595.0, 842.0))
    meta = {**document.meta, "format": "pdf"}
    made = Tables(replace(document, entities=(scanned, *document.entities[1:]), pages=pages, meta=meta))
    first, second = made.rows("entities")[:2]
    assert (first["page"], first["confidence"]) == (2, 91.5)
    assert first["bbox"] == ["2 72.0 90.5 120.25 104.0"] * 2
    assert (second["page"], second["bbox"], second["confidence"]) == (None, [], None)
    (whole,) = made.rows("documents")
    assert (whole["format"], whole["pages"]) == ("pdf", 2)
    assert Tables(document).rows("documents")[0]["pages"] is None


def test_every_key_of_a_span_in_json_has_a_column() -> None:
    span = Entity("T1", "UNIT", ((0, 2),), "ha", (("Basis", "x"),), 0.5, None, ((0, 2),), 1, ((1, 0, 0, 1, 1),), 90.0)
    (told,) = as_dict(Document("r.pdf", "ha", (span,)))["entities"]
    assert told.keys() - {"value"} <= set(table("entities").names)


@pytest.mark.parametrize("name", list(tables()))
def test_rows_fit_the_arrow_schema(document: Document, name: str) -> None:
    rows = Tables(document).rows(name)
    made = arrow_table(name, rows)
    assert made.schema.names == list(table(name).names)
    assert made.to_pylist() == rows
    assert all(made.column(c.name).null_count == 0 for c in table(name).columns if not c.null)


def test_every_field_of_a_fact_has_a_column() -> None:
    assert {field.name for field in fields(Fact)} <= set(table("facts").names)
    told = set(table("audit").names)
    assert {field.name for field in fields(Finding)} <= told


def test_every_getter_has_its_column() -> None:
    known = {f"{name}.{column}" for name, made in tables().items() for column in made.names}
    assert {name for name in GETTERS if "." in name} <= known


def test_schema_says_what_a_column_means() -> None:
    field = arrow_schema("facts").field("value_decimal")
    assert field.metadata[b"meaning"] == b"value as an exact decimal"
    assert not arrow_schema("facts").field("id").nullable
    assert "| value_decimal | decimal |" in dictionary()


def test_unknown_table_is_named() -> None:
    with pytest.raises(InputError, match="no table 'fact'; use one of documents"):
        table("fact")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=DECIMALS, max_value=10**28, min_value=-(10**28)))
def test_exact_keeps_what_fits(number: Decimal) -> None:
    assert exact(format(number, "f")) == number


@pytest.mark.parametrize("text", ["1" + "0" * (DIGITS - DECIMALS), "0." + "0" * DECIMALS + "1"])
def test_exact_refuses_what_does_not_fit(text: str) -> None:
    assert exact(text) is None
