"""Golden documents come back: text, notes, tables; born-digital formats without an error but for white space."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from corpus.golden.build import GOLDEN, MAKERS, PLAN, read_manifest, read_plan, texts
from corpus.golden.text import cut
from evaluation.readers.distance import distance
from evaluation.readers.quality import missing_program, reading, said
from ie.errors import InputError
from ie.facts import facts
from ie.pipeline import tag, tag_text
from ie.read import read

MANIFEST = read_manifest()
SLOW = ("scan", "scan-ruled", "doc", "rtf", "doc-vni")
"""Kinds that take seconds a file; `python -m evaluation readers` tries all of them, the tests one file."""
BORN_DIGITAL = [pytest.param(entry, id=entry["file"]) for entry in MANIFEST["files"] if entry["kind"] not in SLOW]


def told(entry: dict[str, str]) -> dict[str, Any]:
    return MANIFEST["texts"][entry["text"]]  # type: ignore[no-any-return]


@pytest.mark.parametrize("entry", BORN_DIGITAL)
def test_what_comes_back_is_what_was_written(entry: dict[str, str]) -> None:
    found = reading(read(GOLDEN / entry["file"]), told(entry))
    assert found.characters > 1500
    assert found.errors == 0
    assert found.tied == found.notes == len(told(entry)["notes"])
    assert found.whole == found.rows == len(told(entry)["rows"])


def test_a_doc_file_comes_back() -> None:
    if missing_program("doc"):
        pytest.skip("needs LibreOffice")
    entry = next(entry for entry in MANIFEST["files"] if entry["file"] == "notes-a.doc")
    found = reading(read(GOLDEN / entry["file"]), told(entry))
    assert (found.errors, found.tied) == (0, 3)


@pytest.mark.parametrize(
    "file", ["notes-b.docx", "table-a.odt", "table-c.html", "notes-a-vni.txt", "notes-d-docx-vni.docx"]
)
def test_facts_are_those_of_the_plain_text(file: str) -> None:
    entry = next(entry for entry in MANIFEST["files"] if entry["file"] == file)
    plain = said(facts(tag_text(told(entry)["plain"])))
    assert plain
    assert said(facts(tag(GOLDEN / file))) == plain


def test_enough_documents_of_every_sort() -> None:
    assert len(MANIFEST["files"]) >= 40
    assert {entry["kind"] for entry in MANIFEST["files"]} == set(MAKERS) == set(read_plan()["formats"])
    assert {Path(entry["file"]).suffix for entry in MANIFEST["files"]} == {
        ".docx",
        ".odt",
        ".doc",
        ".rtf",
        ".pdf",
        ".html",
        ".txt",
    }
    assert {path.name for path in GOLDEN.iterdir()} == {entry["file"] for entry in MANIFEST["files"]} | {
        "manifest.json"
    }
    assert sum(path.stat().st_size for path in GOLDEN.iterdir()) < 6_000_000


def test_texts_are_those_of_the_plan() -> None:
    for name, text in texts(read_plan()).items():
        assert MANIFEST["texts"][name]["plain"] == text.plain()


def test_the_test_split_is_left_alone() -> None:
    plan = read_plan()
    plan["texts"] = {"x": {"report": "t1-01", "first": 0, "size": 10}}
    with pytest.raises(InputError, match=f"{PLAN.name}: x uses t1-01"):
        texts(plan)


def test_encodings_are_reported() -> None:
    names = {entry["kind"]: entry["file"] for entry in MANIFEST["files"]}
    for kind in ("tcvn3", "vni", "viqr", "cp1258", "utf-16", "utf-8-sig"):
        assert read(GOLDEN / names[kind]).encoding == kind
    for kind in ("docx-tcvn3", "docx-vni", "html-tcvn3", "odt-tcvn3"):
        assert read(GOLDEN / names[kind]).encoding == f"utf-8+{kind.partition('-')[2]}"


def test_cut_ties_notes_and_writes_rows_one_way() -> None:
    report = "Thu đạt 5 tỷ đồng1, tăng.\n| Thu|5 |\n|---|---|\n**Chi** 3 tỷ.\n" + "_" * 20 + "\n1 Ước tính.\n"
    text = cut(report, first=0, size=500)
    assert text.running() == "Thu đạt 5 tỷ đồng, tăng.\n1 Ước tính.\n| Thu | 5 |\nChi 3 tỷ.\n"
    assert text.plain() == f"Thu đạt 5 tỷ đồng1, tăng.\n| Thu | 5 |\nChi 3 tỷ.\n{'_' * 20}\n1 Ước tính.\n"
    assert unicodedata.is_normalized("NFC", text.plain())


@pytest.mark.parametrize(
    ("first", "second", "steps"),
    [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2), ("a", "ab", 1)],
)
def test_distance(first: str, second: str, steps: int) -> None:
    assert distance(first, second) == distance(second, first) == steps
