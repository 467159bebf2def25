"""Loading splits as documents and as datasets, and the exports made of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpus import load_dataset_dict, load_documents
from corpus.__main__ import main
from corpus.export import exports, stale_exports, write_exports
from corpus.folder import HOME, Folder
from corpus.rows import document_of, features, row_of
from ie.errors import FormatError, InputError
from tests.corpus_samples import small_corpus


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_corpus(tmp_path_factory.mktemp("corpus"))


def test_splits_hold_their_reports_in_order(root: Path) -> None:
    assert [d.name for d in load_documents("train", root=root)] == ["s1-01", "s1-02"]
    assert [d.name for d in load_documents("all", root=root)] == ["s1-01", "s1-02", "s2-01", "s3-01"]


def test_documents_carry_their_metadata_as_strings(root: Path) -> None:
    meta = load_documents("train", root=root)[0].meta
    assert meta["province"] == "Sơn La"
    assert meta["year"] == "2018"
    assert meta["layout"] == "double-spaced"
    assert meta["phenomena"] == "N3 N4"
    assert meta["source"] == "composed"
    assert all(isinstance(value, str) for value in meta.values())


def test_an_unknown_split_is_refused(root: Path) -> None:
    with pytest.raises(InputError, match="unknown split 'tran'; use one of train, dev, test, all"):
        load_documents("tran", root=root)


def test_an_empty_corpus_has_empty_splits(tmp_path: Path) -> None:
    assert load_documents("all", root=tmp_path) == []


def test_a_missing_record_is_an_error(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "copy")
    (tmp_path / "copy" / "metadata.jsonl").write_text("")
    with pytest.raises(FormatError, match="no record of s1-01"):
        load_documents("train", root=tmp_path / "copy")


def test_the_dataset_has_typed_features_and_the_same_content(root: Path) -> None:
    table = load_dataset_dict(root=root)
    assert set(table) == {"train", "dev", "test"}
    assert table["train"].features == features()
    row = table["dev"][0]
    assert row["year"] == 2022
    document = load_documents("dev", root=root)[0]
    again = document_of(row)
    assert (again.entities, again.relations, again.text) == (document.entities, document.relations, document.text)
    assert row_of(again) == row_of(document)


def test_rows_hold_fragments_and_attributes(root: Path) -> None:
    document = load_documents("train", root=root)[0]
    row = row_of(document)
    cut = [entity for entity in row["entities"] if len(entity["fragments"]) > 1]
    assert cut
    assert all(e["start"] == e["fragments"][0]["start"] and e["end"] == e["fragments"][-1]["end"] for e in cut)
    assert {"name": "Estimate", "value": ""} in [pair for e in row["entities"] for pair in e["attributes"]]


def test_exports_are_written_once_and_known_to_be_stale(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "copy")
    root = tmp_path / "copy"
    assert len(stale_exports(root=root)) == 3
    assert len(write_exports(root=root)) == 3
    assert write_exports(root=root) == []
    path = Folder(root).export / "dev.jsonl"
    path.write_text(path.read_text("utf-8").replace("38.500", "38.501"), "utf-8")
    assert stale_exports(root=root) == [path]


def test_the_export_command_tells_and_mends(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(root), "export", "--check"]) == 1
    assert "train.jsonl: stale" in capsys.readouterr().out
    assert main(["--root", str(root), "export"]) == 0
    assert main(["--root", str(root), "export", "--check"]) == 0
    assert "fresh" in capsys.readouterr().out


def test_the_card_makes_load_dataset_work_without_a_network(root: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    folder = tmp_path / "corpus"
    shutil.copytree(root, folder)
    shutil.copy(HOME / "README.md", folder / "README.md")
    write_exports(root=folder)
    table = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in table.items()} == {"train": 2, "dev": 1, "test": 1}
    assert table["train"].features == features()
    lines = (folder / "export" / "train.jsonl").read_text("utf-8").splitlines()
    assert [row | {"date": row["date"].isoformat()} for row in table["train"]] == [json.loads(line) for line in lines]


def test_the_shipped_exports_are_fresh() -> None:
    if not load_documents("all"):
        pytest.skip("the corpus holds no reports yet")
    assert stale_exports() == []
    assert len(exports()) == 3
