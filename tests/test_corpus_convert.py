"""Exchange formats: what goes out comes back, but for what the format says it cannot hold."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.__main__ import main
from corpus.convert import FORMATS, brat_conf, conll, convert, docbin, inline, label_studio, limits
from corpus.convert.formats import read_folder
from corpus.convert.limits import losses, reduced
from corpus.files import digest
from corpus.markup import compile_markup
from ie import brat
from ie.document import Document, Entity
from ie.errors import FormatError, IEError, InputError
from ie.schema import schema
from tests.corpus_samples import documents, small_corpus, with_extras
from tests.examples import examples

pytestmark = pytest.mark.filterwarnings("ignore:open_binary is deprecated:DeprecationWarning")  # inside dkpro-cassis

WRITABLE = [name for name, made in FORMATS.items() if made.write]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_corpus(tmp_path_factory.mktemp("corpus")) / "reports"


def _need(format: str) -> None:
    if format == "inception":
        pytest.importorskip("cassis")


@pytest.mark.parametrize("name", WRITABLE)
def test_reports_come_back_but_for_what_the_format_cannot_hold(name: str, reports: Path, tmp_path: Path) -> None:
    _need(name)
    made = FORMATS[name]
    target = tmp_path / ("out" if made.one_each else f"out{made.suffix}")
    done = convert(reports, target, format=name)
    assert done.names == ("s1-01", "s1-02", "s2-01", "s3-01")
    paths = sorted(target.iterdir()) if made.one_each else [target]
    back = [document for path in paths for document in made.read(path, reports)]
    assert back == [reduced(document, made.limits) for document in read_folder(reports)]


@pytest.mark.parametrize("name", WRITABLE)
def test_importing_writes_brat_files(name: str, reports: Path, tmp_path: Path) -> None:
    _need(name)
    made = FORMATS[name]
    target = tmp_path / ("out" if made.one_each else f"out{made.suffix}")
    convert(reports, target, format=name)
    done = convert(target, tmp_path / "back", format=name, texts=reports)
    assert len(done.names) == 4
    for document in read_folder(reports):
        expected = brat.format(reduced(document, made.limits))
        assert (tmp_path / f"back/{document.name}.ann").read_text("utf-8") == expected


@given(st.lists(documents(max_spans=5), min_size=1, max_size=2))
@examples(40)
def test_drawn_documents_come_back_from_text_formats(drawn: list[Document]) -> None:
    extra = [with_extras(replace(document, name=f"d{n}")) for n, document in enumerate(drawn)]
    back = label_studio.read(label_studio.write(extra), where="x")
    assert back == [reduced(document, label_studio.LIMITS) for document in extra]
    back = conll.read(conll.write(extra), where="x")
    assert back == [reduced(document, conll.LIMITS) for document in extra]
    back = docbin.read(docbin.write(extra), where="x")
    assert back == [reduced(document, docbin.LIMITS) for document in extra]
    for document in extra:
        back = inline.read(inline.write([document]), name=document.name, text=document.text)
        assert back == [reduced(document, inline.LIMITS)]


@given(documents(max_spans=4))
@examples(10)
def test_drawn_documents_come_back_from_inception(document: Document) -> None:
    cas = pytest.importorskip("corpus.convert.cas")
    pytest.importorskip("cassis")
    extra = with_extras(replace(document, text=document.text + "\f2 \U0001f600"))
    assert cas.read(cas.write([extra]), where="x") == [reduced(extra, cas.LIMITS)]


def test_limits_are_counted_and_named() -> None:
    document = with_extras(compile_markup("{J1 Dự án ({J2 Hợp phần 1})} cấp {Q1 5} {U tỷ}\n%% J1 f=Q1; Q1 +est"))
    assert losses(document, conll.LIMITS) == [
        "2 relations",
        "1 attributes",
        "1 notes",
        "1 scores, values and source offsets",
        "1 metadata entries",
        "1 spans inside one of the same label",
    ]
    assert losses(document, docbin.LIMITS) == ["1 scores, values and source offsets"]


def test_interrupted_spans_are_stretched_where_they_cannot_be_held() -> None:
    document = compile_markup("{I1 tổng} (mới) {+I1 thu}")
    stretched = reduced(document, (limits.INTERRUPTED,))
    assert stretched.entities[0].text == "tổng (mới) thu"
    assert losses(document, (limits.INTERRUPTED,)) == ["1 interrupted spans (stretched over the gap)"]
    over_a_line_end = compile_markup("{I1 tổng\nthu}")
    assert losses(over_a_line_end, (limits.INTERRUPTED,)) == []


# --- Label Studio -----------------------------------------------------------------------------------------------------


def _task(*result: dict[str, object], text: str = "Thu 12 tỷ") -> str:
    return json.dumps([{"data": {"text": text, "name": "t"}, "annotations": [{"result": list(result)}]}])


def _region(id: str, start: int, end: int, label: str) -> dict[str, object]:
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": id, "type": "labels", "value": value, "from_name": "spans", "to_name": "text"}


def _link(head: str, tail: str, label: str, direction: str = "right") -> dict[str, object]:
    return {"type": "relation", "from_id": head, "to_id": tail, "direction": direction, "labels": [label]}


def test_regions_drawn_by_hand_get_ids_and_leftward_relations_are_turned() -> None:
    data = _task(
        _region("kX9", 4, 6, "QUANTITY"), _region("aa1", 7, 9, "UNIT"), _link("aa1", "kX9", "HAS_UNIT", "left")
    )
    document = label_studio.read(data, where="x")[0]
    assert [(e.id, e.label, e.text) for e in document.entities] == [("T1", "QUANTITY", "12"), ("T2", "UNIT", "tỷ")]
    assert [(r.id, r.type, r.head, r.tail) for r in document.relations] == [("R1", "HAS_UNIT", "T1", "T2")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("{", "x:1: not JSON"),
        ("{}", "expected a list of tasks"),
        ('[{"text": "a"}]', "task 1: has no data.text"),
        (_task(_region("a", 0, 3, "LAW")), "task 1 region a: unknown label 'LAW'"),
        (_task(_region("a", 0, 3, "PLACE"), _link("a", "b", "HAS_UNIT")), "relation 1 joins a and b"),
        (
            _task(_region("a", 4, 6, "QUANTITY"), _region("b", 7, 9, "UNIT"), _link("b", "a", "HAS_UNIT")),
            "HAS_UNIT joins QUANTITY -> UNIT, not UNIT -> QUANTITY",
        ),
        (
            _task(_region("a", 4, 6, "QUANTITY"), _region("b", 7, 9, "UNIT"), _link("a", "b", "IS")),
            "unknown relation 'IS'",
        ),
    ],
)
def test_a_broken_label_studio_export_is_named(data: str, message: str) -> None:
    with pytest.raises(IEError, match=re.escape(message)):
        label_studio.read(data, where="x")


def test_an_annotation_that_was_cancelled_does_not_count() -> None:
    tasks = json.loads(_task(_region("T1", 4, 6, "QUANTITY")))
    tasks[0]["annotations"].append({"was_cancelled": True, "result": []})
    assert len(label_studio.read(json.dumps(tasks), where="x")[0].entities) == 1


def test_offsets_beyond_the_basic_plane_go_through_utf_16_units() -> None:
    made = Document("d", "a \U0001f600 12 ha", (Entity("T1", "QUANTITY", ((4, 6),), "12"),))
    written = label_studio.write([made])
    assert json.loads(written)[0]["annotations"][0]["result"][0]["value"]["start"] == 5
    assert label_studio.read(written, where="x") == [made]


def test_the_interface_holds_the_schema() -> None:
    tree = ElementTree.fromstring(label_studio.config())
    assert {label.get("value") for label in tree.iter("Label")} == set(schema().labels)
    assert {label.get("value") for label in tree.iter("Relation")} == {*schema().relations, "FRAGMENT"}
    assert "Basis=same_period" in {choice.get("value") for choice in tree.iter("Choice")}


# --- CoNLL, DocBin, tagged --------------------------------------------------------------------------------------------


def test_conll_has_a_column_for_each_label() -> None:
    lines = conll.write([compile_markup("{J Dự án {L Nậm Pàn}}: {Q 12,5}{U ha}", name="d")]).splitlines()
    assert lines[0] == "# name = d"
    assert lines[3] == "Dự\t0\t2\tO\tO\tO\tB-PROJECT\tO\tO\tO"
    assert lines[5] == "Nậm\t6\t9\tO\tO\tB-PLACE\tI-PROJECT\tO\tO\tO"
    assert [line.split("\t")[0] for line in lines[-4:]] == ["12", ",", "5", "ha"]
    assert lines[-1].split("\t")[4] == "B-UNIT"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# name = d\n", "", "x:1: a document starts with"),
        ('"5 ha"', '"5 ha', "holds no JSON string"),
        ("5\t0\t1", "6\t0\t1", "x:4: characters 0 to 1 are '5', the line says '6'"),
        ("B-UNIT", "B-LAW", "x:5: 'B-LAW' may not stand here"),
        ("B-UNIT", "I-UNIT", "x:5: 'I-UNIT' may not stand here"),
        ("\t2\t4\t", "\t2\tx\t", "x:5: expected token, start, end"),
    ],
)
def test_a_broken_conll_file_is_named(old: str, new: str, message: str) -> None:
    data = conll.write([compile_markup("{Q 5} {U ha}", name="d")])
    with pytest.raises(FormatError, match=re.escape(message)):
        conll.read(data.replace(old, new, 1), where="x")


def test_a_docbin_carries_spans_as_the_pipeline_does() -> None:
    from spacy.vocab import Vocab

    from ie import spans as carry

    doc = docbin.to_doc(compile_markup("thu {Q1 12,5}{U ha}\n\nở {L Nậm\nPàn}\n%% Q1 +est"), Vocab())
    assert doc.text == "thu 12,5ha\n\nở Nậm\nPàn"
    assert {key.label for key in carry.keys(doc)} == {"QUANTITY", "UNIT", "PLACE"}
    assert [(link.type, link.head.label, link.tail.label) for link in carry.relations(doc)] == [
        ("HAS_UNIT", "QUANTITY", "UNIT")
    ]
    assert list(carry.attributes(doc).values()) == [(("Estimate", ""),)]


def test_what_is_no_docbin_is_refused() -> None:
    with pytest.raises(FormatError, match="x: not a spaCy DocBin"):
        docbin.read(b"abc", where="x")


def test_what_is_no_inception_export_is_refused() -> None:
    cas = pytest.importorskip("corpus.convert.cas")
    pytest.importorskip("cassis")
    with pytest.raises(FormatError, match=r"x: not a ZIP of \.xmi files"):
        cas.read(b"abc", where="x")


def _tagged(id: str, label: str, start: int, end: int, source: list[list[int]]) -> dict[str, object]:
    return {"id": id, "label": label, "start": start, "end": end, "text": "", "source": source, "score": 0.9}


def test_tagged_spans_are_laid_on_the_raw_text(tmp_path: Path) -> None:
    raw = "Dự án Cầu1\nBản Phố 12 ha"
    (tmp_path / "r.txt").write_text(raw, "utf-8")
    row = {
        "document": "raw/r.txt",
        "sha256": digest(raw.encode()),
        "text": "Dự án Cầu Bản Phố 12 ha",
        "entities": [
            _tagged("T1", "PROJECT", 0, 17, [[0, 9], [11, 18]]),
            _tagged("T2", "QUANTITY", 18, 20, [[19, 21]]) | {"attributes": {"Estimate": True, "Basis": "plan"}},
            _tagged("T3", "UNIT", 21, 23, [[22, 24]]),
        ],
        "relations": [{"id": "R1", "type": "HAS_UNIT", "head": "T2", "tail": "T3", "score": 0.8}],
    }
    (tmp_path / "tagged.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    done = convert(tmp_path / "tagged.jsonl", tmp_path / "work", format="tagged")
    assert done.names == ("r",)
    document = brat.read(tmp_path / "work/r.txt")
    assert [e.text for e in document.entities] == ["Dự án Cầu Bản Phố", "12", "ha"]
    assert document.entities[1].attributes == (("Estimate", ""), ("Basis", "plan"))
    assert document.relations[0].tail == "T3"
    (tmp_path / "r.txt").write_text(raw + "!", "utf-8")
    with pytest.raises(FormatError, match="its hash differs"):
        convert(tmp_path / "tagged.jsonl", tmp_path / "work", format="tagged")
    with pytest.raises(InputError, match="can only be imported"):
        convert(tmp_path / "work", tmp_path / "x.jsonl", format="tagged")


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_converts_both_ways_and_says_what_is_lost(
    reports: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.conll"
    assert main(["convert", str(reports), str(out), "--format", "conll"]) == 0
    told = capsys.readouterr()
    assert "4 documents written" in told.out
    assert re.search(r"s1-02: conll cannot hold \d+ relations", told.err)
    assert main(["convert", str(out), str(tmp_path / "back"), "--format", "conll"]) == 0


@pytest.mark.parametrize(
    ("source", "format", "message"),
    [
        ("nowhere", "conll", "nowhere: missing"),
        ("", "word", "unknown format 'word'; use one of label-studio"),
        ("", "conll", "holds no conll document"),
    ],
)
def test_bad_input_gives_one_line(
    source: str, format: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", str(tmp_path / source), str(tmp_path / "x"), "--format", format]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_an_import_does_not_replace_another_text_nor_leave_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(_task(_region("T1", 4, 6, "QUANTITY")), "utf-8")
    convert(path, tmp_path / "out", format="label-studio")
    convert(path, tmp_path / "out", format="label-studio")
    path.write_text(_task(text="Chi 12 tỷ"), "utf-8")
    with pytest.raises(FormatError, match="holds another text"):
        convert(path, tmp_path / "out", format="label-studio")
    path.write_text(path.read_text("utf-8").replace('"t"', '"../t"'), "utf-8")
    with pytest.raises(FormatError, match="is no file name"):
        convert(path, tmp_path / "out", format="label-studio")


def test_the_interface_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["label-config"]) == 0
    assert capsys.readouterr().out == label_studio.config()


# --- brat's configuration ---------------------------------------------------------------------------------------------


def test_brat_configuration_holds_the_schema() -> None:
    text = brat_conf.annotation_conf()
    assert "HAS_UNIT\tArg1:QUANTITY, Arg2:UNIT\n" in text
    assert "PART_OF\tArg1:QUANTITY, Arg2:QUANTITY\nPART_OF\tArg1:PROJECT, Arg2:PROJECT\n" in text
    assert "LOCATED_IN\tArg1:QUANTITY|PROJECT|LEGAL, Arg2:PLACE\n" in text
    assert "Basis\tArg:QUANTITY, Value:plan|same_period|total\n" in text
    assert "Open\tArg:<ENTITY>\n" in text
    assert all(f"{label.name}\tbgColor:{label.colour}" in brat_conf.visual_conf() for label in schema().labels.values())


def test_shipped_brat_configuration_equals_the_schema() -> None:
    assert brat_conf.stale_conf() == []


def test_the_command_writes_brat_configuration(tmp_path: Path) -> None:
    assert main(["--root", str(tmp_path), "brat-conf", "--check"]) == 1
    assert main(["--root", str(tmp_path), "brat-conf"]) == 0
    assert main(["--root", str(tmp_path), "brat-conf", "--check"]) == 0
