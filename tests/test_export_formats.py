"""Every format holds every row, is found by name and suffix, and is never left half written."""

import csv
import json
import os
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.convert.limits import renumbered
from ie import brat
from ie.cli import main
from ie.document import Document
from ie.errors import InputError
from ie.export import jsonl, web
from ie.export.columns import tables
from ie.export.files import Names
from ie.export.formats import FORMATS, chosen
from ie.export.label_studio import Units
from ie.export.rows import Tables
from ie.normalise import normalise
from tests.inline_gold import document

MARKUP = (
    "Báo cáo\n{I1 Thu ngân sách} {P1 năm 2023} ước đạt {Q1*Estimate 57.210} {U1 triệu đồng}, trong đó “thuế; phí” "
    "{Q2 60.000} {U2 triệu đồng}, có {Q3 64/72} {U3 hộ}, đạt {Q4*Basis=total 98,9}{U4 %}."
)
LINKS = (
    "Q1 HAS_UNIT U1 0.9; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q4 HAS_UNIT U4; Q1 MEASURES I1; Q1 IN_PERIOD P1; "
    "Q2 PART_OF Q1; Q4 RATIO_OF Q3"
)


@pytest.fixture(scope="module")
def reports() -> list[Document]:
    return [normalise(renumbered(document(MARKUP, LINKS, name=name))) for name in ("a.txt", "thư mục/b.txt", "a.txt")]


def test_csv(reports: list[Document], tmp_path: Path) -> None:
    assert FORMATS["csv"].write(reports, tmp_path / "out") == 3
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*(f"{t}.csv" for t in tables()), "columns.md"}
    with (tmp_path / "out" / "facts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = [row for report in reports for row in Tables(report).rows("facts")]
    assert len(rows) == len(wanted)
    for row, want in zip(rows, wanted, strict=True):
        assert row["value_decimal"] == str(want["value_decimal"])
        assert row["qualifiers"] == "; ".join(want["qualifiers"])
        assert row["period_start"] == (want["period_start"].isoformat() if want["period_start"] else "")
        assert row["evidence"] == want["evidence"]


def test_parquet(reports: list[Document], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    FORMATS["parquet"].write(reports, tmp_path / "out")
    for name in tables():
        found = parquet.read_table(tmp_path / "out" / f"{name}.parquet")
        assert found.to_pylist() == [row for report in reports for row in Tables(report).rows(name)]
    schema = parquet.read_schema(tmp_path / "out" / "facts.parquet")
    assert schema.field("value_decimal").metadata[b"meaning"]


def test_sqlite(reports: list[Document], tmp_path: Path) -> None:
    FORMATS["sqlite"].write(reports, tmp_path / "out.sqlite")
    base = sqlite3.connect(tmp_path / "out.sqlite")
    for name in tables():
        (count,) = base.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        assert count == sum(len(Tables(report).rows(name)) for report in reports)
    rows = base.execute(
        "SELECT value, value_decimal, qualifiers FROM facts WHERE indicator = 'Thu ngân sách'"
    ).fetchall()
    assert rows[0] == ("57210000000", 57210000000, '["estimate"]')
    (meaning,) = base.execute(
        "SELECT meaning FROM columns WHERE \"table\" = 'facts' AND \"column\" = 'value'"
    ).fetchone()
    assert "exact" in meaning
    base.close()


def test_duckdb(reports: list[Document], tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    FORMATS["duckdb"].write(reports, tmp_path / "out.duckdb")
    base = duckdb.connect(str(tmp_path / "out.duckdb"), read_only=True)
    total, kinds = base.execute(
        "SELECT sum(value_decimal), list(DISTINCT kind) FROM facts WHERE unit = 'VND'"
    ).fetchone()
    assert total == 3 * Decimal(117210000000)
    assert kinds == ["number"]
    assert base.execute("SELECT count(*) FROM audit").fetchone() == (3,)
    base.close()


def test_brat(reports: list[Document], tmp_path: Path) -> None:
    FORMATS["brat"].write(reports, tmp_path / "out")
    back = brat.read(tmp_path / "out" / "a-2.txt")
    assert back.text == reports[2].text
    assert [(e.id, e.label, e.fragments, e.attributes) for e in back.entities] == [
        (e.id, e.label, e.fragments, e.attributes) for e in reports[2].entities
    ]
    assert [(r.type, r.head, r.tail) for r in back.relations] == [
        (r.type, r.head, r.tail) for r in reports[2].relations
    ]
    assert "HAS_UNIT" in (tmp_path / "out" / "annotation.conf").read_text("utf-8")


def test_label_studio(reports: list[Document], tmp_path: Path) -> None:
    FORMATS["label-studio"].write(iter(reports), tmp_path / "out.json")
    tasks = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [task["data"]["name"] for task in tasks] == [report.name for report in reports]
    spans = [item for item in tasks[0]["annotations"][0]["result"] if item["type"] == "labels"]
    assert len(spans) == len(reports[0].entities)
    assert (tmp_path / "out.xml").is_file()


def test_label_studio_keeps_tasks_and_interface_apart(reports: list[Document], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"name the tasks .*out\.json"):
        FORMATS["label-studio"].write(reports, tmp_path / "out.xml")
    assert list(tmp_path.iterdir()) == []
    assert FORMATS["label-studio"].write(reports, Path(os.devnull)) == len(reports)
    assert not Path(os.devnull).with_suffix(".xml").exists()


def test_web_annotation(reports: list[Document], tmp_path: Path) -> None:
    FORMATS["web-annotation"].write(reports, tmp_path / "out")
    page = json.loads((tmp_path / "out" / "thư mục_b.jsonld").read_text("utf-8"))
    text = (tmp_path / "out" / "thư mục_b.txt").read_bytes().decode("utf-8")
    assert page["@context"] == web.CONTEXT
    ids = {item["id"] for item in page["items"]}
    for item in page["items"]:
        if item["motivation"] == "classifying":
            position, said = item["target"]["selector"]
            assert text[position["start"] : position["end"]] == said["exact"]
            around = said.get("prefix", "") + said["exact"] + said.get("suffix", "")
            assert around in text
        else:
            assert {item["target"], item["body"][1]["source"]} <= ids


def test_html_by_suffix_and_on_the_command_line(reports: list[Document], tmp_path: Path) -> None:
    tagged = tmp_path / "in.jsonl"
    tagged.write_text("".join(jsonl.dumps(report) + "\n" for report in reports), encoding="utf-8")
    for name in ("out.html", "out.db", "out.json"):
        assert main(["export", str(tagged), "-o", str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size
    assert main(["export", str(tagged), "--to", "csv", "-o", str(tmp_path / "tables")]) == 0
    assert not list(tmp_path.glob(".*"))


def test_wrong_targets(reports: list[Document], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="suffix names no format; say --to with one of csv, parquet"):
        chosen(tmp_path / "x.xls", None)
    with pytest.raises(InputError, match="no format 'xls'"):
        chosen(tmp_path / "x", "xls")
    with pytest.raises(InputError, match="is there already"):
        FORMATS["csv"].write(reports, _full(tmp_path / "full"))
    with pytest.raises(InputError, match="no such directory"):
        FORMATS["sqlite"].write(reports, tmp_path / "no" / "x.db")
    assert main(["export", "none.jsonl", "-o", str(tmp_path / "x.db")]) == 1
    assert "no such file" in capsys.readouterr().err
    assert not (tmp_path / "x.db").exists()


def _full(path: Path) -> Path:
    path.mkdir()
    (path / "kept.txt").write_text("x", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["csv", "sqlite", "brat", "label-studio", "web-annotation", "html"])
def test_a_failure_leaves_nothing_behind(reports: list[Document], tmp_path: Path, name: str) -> None:
    def broken() -> Iterator[Document]:
        yield reports[0]
        raise InputError("stop")

    with pytest.raises(InputError, match="stop"):
        FORMATS[name].write(broken(), tmp_path / "out.x")
    assert list(tmp_path.iterdir()) == []


def test_names_are_files_of_their_own() -> None:
    names = Names()
    assert [names.name(n) for n in ("a.txt", "A.pdf", "a-2.txt", "x/y:z.txt", "..", "")] == [
        "a",
        "A-2",
        "a-2-2",
        "x_y_z",
        "document",
        "document-2",
    ]


@given(st.text(st.sampled_from("aă\U0001f600\U00020000 "), max_size=30))
def test_utf_16_units_and_back(text: str) -> None:
    units = Units(text)
    for at in range(len(text) + 1):
        assert units.units(at) == len(text[:at].encode("utf-16-le")) // 2
        assert units.points(units.units(at)) == at
