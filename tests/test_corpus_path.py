"""The researcher's path from raw reports into a split, command by command, as the dataset card tells it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import load_documents
from corpus.__main__ import main
from corpus.files import digest
from corpus.markup import compile_markup
from ie.document import Document
from ie.export import jsonl

HEADER = {
    "title": "BÁO CÁO Tháng 5",
    "place": "xã Tân An",
    "province": "Cà Mau",
    "level": "commune",
    "date": "2021-05-28",
    "year": 2021,
    "kind": "monthly",
    "layout": "clean",
    "phenomena": ["N13"],
}


def _as_tagged(document: Document) -> Document:
    """Return the document as `ie tag` would: spans with their places in the file, the file's hash."""
    entities = tuple(replace(entity, source=entity.fragments, score=0.9) for entity in document.entities)
    return replace(document, entities=entities, meta={"sha256": digest(document.text.encode())})


def test_from_raw_reports_to_a_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw, work, fixed = tmp_path / "raw", tmp_path / "work", tmp_path / "fixed"
    raw.mkdir()
    guess = compile_markup("Xã {L Tân An} {I1 thả nuôi} {Q1 1.204,5} {U ha}\n%% Q1 m=I1", name="p-01.txt")
    (raw / "p-01.txt").write_text(guess.text, "utf-8")
    tagged = tmp_path / "tagged.jsonl"
    tagged.write_text(jsonl.dumps(_as_tagged(guess)) + "\n", "utf-8")

    assert main(["convert", str(tagged), str(work), "--format", "tagged", "--texts", str(raw)]) == 0
    tasks = tmp_path / "tasks.json"
    assert main(["convert", str(work), str(tasks), "--format", "label-studio"]) == 0

    corrected = json.loads(tasks.read_text("utf-8"))
    region = corrected[0]["annotations"][0]["result"][0]
    assert region["value"]["text"] == "Tân An"
    region["value"] |= {"start": 0, "text": "Xã Tân An"}
    tasks.write_text(json.dumps(corrected, ensure_ascii=False), "utf-8")

    assert main(["convert", str(tasks), str(fixed), "--format", "label-studio"]) == 0
    root = ["--root", str(tmp_path / "root")]
    add = [*root, "add", str(fixed), "--split", "train", "--author", "p"]
    assert main(add) == 1
    assert "p-01.json: missing" in capsys.readouterr().err
    (fixed / "p-01.json").write_text(json.dumps(HEADER), "utf-8")
    assert main(add) == 0
    assert main([*root, "check"]) == 0

    (document,) = load_documents("train", root=tmp_path / "root")
    assert [e.text for e in document.entities] == ["Xã Tân An", "thả nuôi", "1.204,5", "ha"]
    assert {r.type for r in document.relations} == {"MEASURES", "HAS_UNIT"}
