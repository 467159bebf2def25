"""Taking reports into the corpus: all or nothing, every problem named, files frozen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus import metadata, splits
from corpus.__main__ import main
from corpus.check import check
from corpus.folder import Folder
from corpus.importer import add, freeze
from corpus.loader import load_documents
from ie import brat
from ie.errors import FormatError, InputError
from tests.corpus_samples import compiled, small_corpus


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return compiled(tmp_path / "made")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_corpus(tmp_path)


def test_a_report_becomes_files_record_and_hashes(made: Path, tmp_path: Path) -> None:
    root = tmp_path / "new"
    assert add(made, split="dev", author="x", only=("s1-01",), root=root).ids == ("s1-01",)
    folder = Folder(root)
    assert (folder.reports / "s1-01.txt").read_bytes() == (made / "s1-01.txt").read_bytes()
    assert (folder.reports / "s1-01.ann").read_bytes() == (made / "s1-01.ann").read_bytes()
    record = metadata.read(folder.metadata)["s1-01"]
    assert (record.split, record.author, record.year, record.phenomena) == ("dev", "x", 2018, ("N3", "N4"))
    assert record.layout == "double-spaced"
    assert record.typesetting == "wrap=50 double page=9 notebar=space"
    assert splits.read(folder.splits)["dev"]["s1-01"] == splits.freeze("s1-01", folder.reports)


def test_notes_of_an_annotation_are_kept(made: Path, tmp_path: Path) -> None:
    path = made / "s1-01.ann"
    path.write_text(path.read_text("utf-8") + "#1\tAnnotatorNotes T1\txem lại\n", "utf-8")
    add(made, split="dev", author="x", only=("s1-01",), root=tmp_path / "new")
    assert load_documents("dev", root=tmp_path / "new")[0].notes == ("#1\tAnnotatorNotes T1\txem lại",)


def test_a_folder_of_several_reports_is_taken_whole(made: Path, tmp_path: Path) -> None:
    assert len(add(made, split="train", author="x", root=tmp_path / "new").ids) == 4


def test_an_id_is_taken_once_unless_it_is_to_be_replaced(made: Path, root: Path) -> None:
    again = add(made, split="test", author="y", only=("s1-02",), root=root)
    assert again.ids == ()
    assert "id s1-02 is in the corpus already" in str(again.problems[0])
    assert add(made, split="test", author="y", only=("s1-02",), replace=True, root=root).ids == ("s1-02",)
    assert [d.name for d in load_documents("test", root=root)] == ["s1-02", "s3-01"]
    assert [d.name for d in load_documents("train", root=root)] == ["s1-01"]


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("s1-02.txt", None, "s1-02.txt: missing"),
        ("s1-02.ann", None, "s1-02.ann: missing"),
        ("s1-02.json", None, "s1-02.json: missing"),
        ("s1-02.json", "{", "s1-02.json:1: not JSON"),
        ("s1-02.json", "[1]", "s1-02.json: expected a JSON object"),
        ("s1-02.json", {"title": ""}, "s1-02.json: the header lacks title"),
        ("s1-02.json", {"mood": "x"}, "s1-02.json: the header has unknown mood"),
        ("s1-02.json", {"level": "county"}, "s1-02.json: level 'county' is unknown"),
        ("s1-02.json", {"date": "2020-02-30"}, "s1-02.json: date '2020-02-30' is no day"),
        ("s1-02.json", {"year": "MMXX"}, "s1-02.json: year must be a whole number"),
        ("s1-02.ann", "T1\tQUANTITY 0 3\tXin\n", "s1-02.ann:1: offsets 0 3 hold"),
        ("s1-02.txt", "Tiếp dân\r\n", "s1-02.txt:1: has Windows line ends"),
    ],
)
def test_one_bad_file_keeps_everything_out_and_is_named(
    made: Path, tmp_path: Path, name: str, change: object, message: str
) -> None:
    path = made / name
    if change is None:
        path.unlink()
    elif isinstance(change, dict):
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    else:
        path.write_bytes(str(change).encode())
    added = add(made, split="train", author="x", root=tmp_path / "new")
    assert added.ids == ()
    assert any(message in str(problem) for problem in added.problems), added.problems
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("split", "only", "message"),
    [("trial", (), "unknown split 'trial'"), ("train", ("zz",), "no report zz")],
)
def test_wrong_arguments_are_refused(
    made: Path, tmp_path: Path, split: str, only: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        add(made, split=split, author="x", only=only, root=tmp_path / "new")


def test_an_empty_or_absent_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a folder"):
        add(tmp_path / "nowhere", split="train", author="x", root=tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no \.txt"):
        add(tmp_path / "empty", split="train", author="x", root=tmp_path)


def test_a_change_on_purpose_is_frozen_anew(root: Path) -> None:
    path = Folder(root).reports / "s1-01.ann"
    document = brat.read(path)
    path.write_text(brat.format(document).replace("A1\tEstimate", "A7\tPlanned"), "utf-8")
    assert len(check(root=root).problems) == 2
    assert freeze(("s1-01",), tidy=True, root=root) == ["s1-01"]
    assert check(root=root).problems == ()
    assert load_documents("train", root=root)[0].entities[3].has("Planned")
    assert freeze(root=root) == []


def test_only_known_reports_are_frozen(root: Path) -> None:
    with pytest.raises(InputError, match="does not name zz"):
        freeze(("zz",), root=root)
    (Folder(root).reports / "s1-01.ann").unlink()
    with pytest.raises(InputError, match=r"s1-01\.ann: missing"):
        freeze(root=root)


def test_splits_are_written_and_read_back(tmp_path: Path) -> None:
    table = {"train": {"a-1": splits.Frozen("a-1", "0", "1")}, "dev": {}, "test": {"b": splits.Frozen("b", "2", "3")}}
    splits.write(tmp_path / "splits.toml", table)
    assert splits.read(tmp_path / "splits.toml") == table
    assert splits.corpus_hash(table) != splits.corpus_hash({**table, "test": {}})


@pytest.mark.parametrize("text", ["[trial]\n", '[train]\na = "x"\n', "[train]\na = { txt = '1' }\n"])
def test_a_broken_splits_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "splits.toml").write_text(text)
    with pytest.raises(FormatError, match=r"splits\.toml"):
        splits.read(tmp_path / "splits.toml")


def test_the_commands_add_and_freeze(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = ["--root", str(tmp_path / "new")]
    assert main([*root, "add", str(made), "--split", "train", "--author", "x", "--only", "s1-01"]) == 0
    assert "1 reports taken into train: s1-01" in capsys.readouterr().out
    assert main([*root, "add", str(made), "--split", "train", "--author", "x", "--only", "s1-01"]) == 1
    assert "nothing taken, 1 problems" in capsys.readouterr().err
    assert main([*root, "freeze"]) == 0
    assert "nothing had changed" in capsys.readouterr().out
    assert main([*root, "add", str(tmp_path / "nowhere"), "--split", "train", "--author", "x"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
