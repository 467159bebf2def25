"""Real excerpts by reference: packing, fetching, rebuilding, loading, checking. All texts here are invented."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given

from corpus import load_documents, references
from corpus.__main__ import main
from corpus.fetch import OfflineError, excerpts, fetch, rebuild
from corpus.files import digest
from corpus.folder import HOME, Folder
from corpus.markup import compile_markup
from corpus.pack import exclusion, pack
from corpus.real import check_real, load_real, presence, reference_paths
from ie import brat
from ie.document import Document
from ie.errors import FormatError, IEError, InputError
from tests.corpus_samples import documents, small_corpus
from tests.examples import examples

EXCERPTS = {
    "r-1": "{L1 Xã Nậm Lanh} có {Q1 12} {U hộ} {I1 mất nhà}.\n%% Q1 m=I1 l=L1 +appr\n",
    "r-2": "Đã chi {Q1 3,5} {U tỷ đồng} ({Q2 40}{U %}).\n%% Q2 r=Q1 basis=plan\n",
}


def _place(text: str, **changes: object) -> dict[str, object]:
    made = {"repository": "a/b", "commit": "c" * 40, "path": "dir/bản tin.txt", "start": 5, "end": 5 + len(text) - 1}
    return made | {"word_segmented": False, "sha256": digest(text.encode()), "year": "2021"} | changes


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with `ann`, `texts` and `sources.json` of two excerpts."""
    sources = {}
    for folder in ("ann", "texts"):
        (tmp_path / folder).mkdir()
    for id, source in EXCERPTS.items():
        document = compile_markup(source, name=id)
        (tmp_path / "ann" / f"{id}.ann").write_text(brat.format(document), "utf-8")
        (tmp_path / "texts" / f"{id}.txt").write_text(document.text, "utf-8")
        sources[id] = _place(document.text)
    (tmp_path / "sources.json").write_text(json.dumps(sources), "utf-8")
    return tmp_path


def _pack(work: Path, **changes: Path):
    paths = {"ann": work / "ann", "texts": work / "texts", "sources": work / "sources.json"}
    return pack(**{**paths, "out": work / "root/real/train", **changes})


@pytest.fixture
def root(work: Path) -> Path:
    assert _pack(work).ids == ("r-1", "r-2")
    return work / "root"


# --- packing ----------------------------------------------------------------------------------------------------------


def test_a_record_holds_offsets_and_no_running_text(root: Path) -> None:
    text = (root / "real/train/r-1.json").read_text("utf-8")
    assert not any(word in text for word in ("Nậm", "mất", "hộ"))
    row = json.loads(text)
    assert row["entities"][0] == {"id": "T1", "label": "PLACE", "fragments": [[0, 11]], "attributes": {}}
    assert row["entities"][1]["attributes"] == {"Approximate": ""}
    assert row["relations"][0] == {"id": "R1", "type": "HAS_UNIT", "head": "T2", "tail": "T3"}
    assert row["year"] == "2021"
    assert len(text.splitlines()) > len(row["entities"]) + len(row["relations"])


@given(documents())
@examples(60)
def test_a_record_gives_the_document_back(document: Document) -> None:
    reference = references.of_document(document, _place(document.text, start=0, end=len(document.text)))
    again = references.parse(references.format(reference), "x.json")
    assert again == reference
    read = again.document(document.text, split="train")
    assert (read.entities, read.relations, read.text) == (document.entities, document.relations, document.text)


def test_sources_with_personal_data_are_left_out(work: Path) -> None:
    sources = json.loads((work / "sources.json").read_text("utf-8"))
    sources["r-2"]["repository"] = "x/UBND-huyen-TuMoRong"
    (work / "sources.json").write_text(json.dumps(sources), "utf-8")
    packed = _pack(work)
    assert packed.ids == ("r-1",)
    assert packed.left_out == (("r-2", "personal data of officials stands beside the text"),)
    assert not (work / "root/real/train/r-2.json").exists()
    assert exclusion("x", {"path": "vốn Tu Mơ Rông.txt"})
    assert not exclusion("x", {"repository": "a/b", "path": "c.txt"})


def test_every_mismatch_keeps_everything_out(work: Path) -> None:
    (work / "texts/r-1.txt").write_text("khác\n", "utf-8")
    (work / "ann/r-3.ann").write_text("", "utf-8")
    (work / "ann/r-2.ann").write_text("T1\tQUANTITY 0 2\tĐã\nT2\tLAW 0 2\tĐã\n", "utf-8")
    problems = [str(problem) for problem in _pack(work).problems]
    assert any("r-1.txt: differs from the hash" in one for one in problems)
    assert any("r-3.ann" in one and "has no complete entry r-3" in one for one in problems)
    assert any("r-2.ann:2: unknown label 'LAW'" in one for one in problems)
    assert not (work / "root").exists()


def test_a_source_without_annotation_is_named(work: Path) -> None:
    (work / "ann/r-2.ann").unlink()
    assert ["no r-2.ann" in str(problem) for problem in _pack(work).problems] == [True]
    (work / "ann/r-1.ann").unlink()
    with pytest.raises(InputError, match=r"no \.ann files"):
        _pack(work)


# --- records ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"label": "PLACE"', '"label": "LAW"', r"r-1\.json:12: unknown label 'LAW'"),
        ("[[0, 11]]", "[[0, 999]]", r"r-1\.json:12: offsets 0 999 are out of order or beyond"),
        ("[[0, 11]]", "[]", r"r-1\.json:12: T1 has no fragment"),
        ('"type": "HAS_UNIT"', '"type": "IS_A"', "unknown relation 'IS_A'"),
        ('"head": "T2", "tail": "T3"', '"head": "T2", "tail": "T99"', "names T99"),
        ('{"Approximate": ""}', '{"Loud": ""}', "unknown attribute 'Loud'"),
        ('"id": "T2", ', '"id": "T1", ', "id T1 is used twice"),
        ('"start": 5', '"start": -5', "start and end must be whole numbers"),
        ('"commit"', '"commmit"', "missing or unknown commit, commmit"),
        ('"attributes": {}', '"text": "x"', "an entity has id, label, fragments and attributes"),
        ("{\n", "[\n", "not JSON"),
    ],
)
def test_a_broken_record_is_named(root: Path, old: str, new: str, message: str) -> None:
    path = root / "real/train/r-1.json"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(IEError, match=message):
        references.read(path)
    assert any(str(problem).startswith(str(path)) for problem in check_real(root=root))


def test_a_record_under_another_name_is_named(root: Path) -> None:
    (root / "real/train/r-1.json").rename(root / "real/train/r-9.json")
    assert "id r-1 must be the file's name" in str(check_real(root=root)[0])


# --- texts ------------------------------------------------------------------------------------------------------------


def test_without_texts_nothing_is_loaded_and_it_is_said(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="corpus"):
        assert load_real("train", root=root) == []
    assert "real train: 0 of 2 texts are here, 2 missing; run python -m corpus fetch-real" in caplog.text
    assert presence("train", root=root).missing == ("r-1", "r-2")
    assert load_real("test", root=root) == []
    with pytest.raises(InputError, match="unknown split 'tran'"):
        load_real("tran", root=root)


def test_texts_come_from_a_folder_and_from_one_level_below(work: Path, root: Path) -> None:
    deeper = work / "other/train"
    deeper.mkdir(parents=True)
    (work / "texts/r-2.txt").rename(deeper / "r-2.txt")
    (work / "texts/r-1.txt").rename(work / "other/r-1.txt")
    found = fetch(folder=work / "other", root=root)
    assert (found.new, found.kept, found.failed) == (["r-1", "r-2"], [], [])
    assert fetch(folder=work / "other", root=root).kept == ["r-1", "r-2"]
    loaded = load_real("train", root=root)
    assert [document.name for document in loaded] == ["r-1", "r-2"]
    assert [(e.label, e.text) for e in loaded[0].entities][:2] == [("PLACE", "Xã Nậm Lanh"), ("QUANTITY", "12")]
    assert loaded[0].meta["source"] == "real"
    assert loaded[0].meta["split"] == "train"
    assert check_real(root=root) == []


def test_real_excerpts_follow_the_composed_reports_when_asked(work: Path, tmp_path: Path) -> None:
    root = small_corpus(tmp_path / "small")
    _pack(work, out=root / "real/train")
    fetch(folder=work / "texts", root=root)
    assert [d.name for d in load_documents("train", real=True, root=root)] == ["s1-01", "s1-02", "r-1", "r-2"]
    assert [d.name for d in load_documents("train", root=root)] == ["s1-01", "s1-02"]


def test_excerpts_are_unpacked_as_they_were_packed(work: Path, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["--root", str(root), "real-unpack", "--out", str(work / "out")]
    assert main(call) == 1
    assert "none of its texts are here" in capsys.readouterr().err
    fetch("train", folder=work / "texts", root=root)
    assert main(call) == 0
    assert capsys.readouterr().out == f"2 excerpts written into {work / 'out'}\n"
    for folder, suffix in (("texts", "txt"), ("ann", "ann")):
        for id in EXCERPTS:
            assert (work / "out" / f"{id}.{suffix}").read_bytes() == (work / folder / f"{id}.{suffix}").read_bytes()
    written = json.loads((work / "out" / "sources.json").read_text("utf-8"))
    packed = json.loads((work / "sources.json").read_text("utf-8"))
    assert written == {id: {name: place[name] for name in references.PLACE} for id, place in packed.items()}
    assert main(call) == 1
    assert "is there already" in capsys.readouterr().err


def test_a_changed_text_is_refused_everywhere(work: Path, root: Path) -> None:
    (work / "texts/r-1.txt").write_text("Một câu khác.\n", "utf-8")
    found = fetch(folder=work / "texts", root=root)
    assert found.failed == [("r-1", "no text with the recorded hash was found")]
    Folder(root).real_texts.joinpath("r-1.txt").write_text("Một câu khác.\n", "utf-8")
    with pytest.raises(FormatError, match="r-1: the text differs"):
        load_real("train", root=root)
    assert any("the text differs from the annotated one" in str(problem) for problem in check_real(root=root))


def test_spans_are_checked_against_the_text(work: Path, root: Path) -> None:
    fetch(folder=work / "texts", root=root)
    path = root / "real/train/r-1.json"
    path.write_text(path.read_text("utf-8").replace("[[0, 11]]", "[[0, 10]]"), "utf-8")
    assert any("r-1.json:12: T1 PLACE 'Xã Nậm Lan' cuts a word" in str(one) for one in check_real(root=root))


# --- public places ----------------------------------------------------------------------------------------------------


def test_public_files_are_fetched_once_and_cut(work: Path, root: Path) -> None:
    asked = []

    def opener(address: str) -> bytes:
        asked.append(address)
        texts = [(work / f"texts/{id}.txt").read_text("utf-8") for id in ("r-1", "r-2")]
        return f"Tin: {texts[0]}".encode()

    found = fetch(opener=opener, root=root)
    assert found.new == ["r-1"]
    assert [id for id, _ in found.failed] == ["r-2"]
    assert asked == [f"https://raw.githubusercontent.com/a/b/{'c' * 40}/dir/b%E1%BA%A3n%20tin.txt"]


def test_being_offline_is_one_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def opener(address: str) -> bytes:
        raise OfflineError(f"{address} cannot be reached")

    with pytest.raises(OfflineError):
        fetch(opener=opener, root=root)
    assert main(["--root", str(root), "fetch-real"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "fetch-real --from FOLDER" in error


def test_a_file_that_is_gone_is_told_and_the_others_come(work: Path, root: Path) -> None:
    def opener(address: str) -> bytes:
        raise OSError(f"{address} answered 404")

    found = fetch(opener=opener, root=root)
    assert [id for id, _ in found.failed] == ["r-1", "r-2"]
    assert "answered 404" in found.failed[0][1]


@pytest.mark.parametrize(
    ("segmented", "rebuilt"),
    [
        ("thu_nhập , chi : 5 % ; hết .", "thu nhập, chi: 5%; hết."),
        ("xã ( Nậm_Lanh ) [ mới ] “ tốt ” …", "xã (Nậm Lanh) [mới] “tốt”…"),
        ("12 triệu / người / năm", "12 triệu/người/năm"),
        ("a , / b", "a, / b"),
        ("bắt_đầu  . \nHết ! ", "bắt đầu. \nHết! "),
        ('nói : " vâng "', 'nói: " vâng "'),
        ("- một", "- một"),
    ],
)
def test_word_segmentation_is_undone(segmented: str, rebuilt: str) -> None:
    assert rebuild(segmented) == rebuilt


def test_ranges_count_rebuilt_characters_and_other_line_ends_are_tried() -> None:
    text = "thu nhập, chi\n"
    place = _place(text, start=3, end=16, word_segmented=True)
    reference = references.of_document(Document("x", text), place)
    assert text in list(excerpts("Xã\nthu_nhập , chi\nhết".encode(), reference))
    assert text in list(excerpts("Xã\r\nthu_nhập , chi\r\nhết".encode(), reference))
    assert text in list(excerpts("Xã\nthu_nhập , chi\nhết".encode("utf-16"), reference))


# --- commands and what is shipped -------------------------------------------------------------------------------------


def test_the_commands_pack_and_fetch(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--ann", work / "ann", "--texts", work / "texts", "--sources", work / "sources.json"]
    given = ["real-pack", *map(str, options), "--out", str(work / "new/real/dev")]
    assert main(given) == 0
    assert "2 records written" in capsys.readouterr().out
    assert main(["--root", str(work / "new"), "fetch-real", "--from", str(work / "texts")]) == 0
    assert "2 texts fetched, 0 were there, 0 failed" in capsys.readouterr().out
    (work / "ann/r-1.ann").write_text("T1\tX 0 1\tX\n", "utf-8")
    assert main(given) == 1
    assert "nothing written, 1 problems" in capsys.readouterr().err
    assert main(["--root", str(work / "none"), "fetch-real"]) == 1
    assert main(["--root", str(work / "new"), "fetch-real", "--from", str(work / "nowhere")]) == 1


def test_shipped_records_keep_the_format_and_hold_no_text() -> None:
    paths = reference_paths("all")
    if not paths:
        pytest.skip("no real excerpts are annotated yet")
    for path in paths:
        reference = references.read(path)
        assert path.read_text("utf-8") == references.format(reference)
        assert not exclusion(reference.id, {"repository": reference.repository, "path": reference.path})
    assert not list((HOME / "real").glob("*/*.txt")) or {p.parent.name for p in (HOME / "real").glob("*/*.txt")} == {
        "texts"
    }


def test_shipped_records_fit_their_texts_where_these_are(shared: Path, tmp_path: Path) -> None:
    paths = reference_paths("all")
    if not paths:
        pytest.skip("no real excerpts are annotated yet")
    for path in paths:
        target = tmp_path / "real" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert fetch(folder=shared, root=tmp_path).failed == []
    assert [str(problem) for problem in check_real(root=tmp_path)] == []
    assert len(load_real("all", root=tmp_path)) == len(paths)
