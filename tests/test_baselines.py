from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

from evaluation.predictions import read_jsonl
from ie import brat
from ie import spans as carry
from ie.spans import Key
from tests.evaluation_cases import folder, report
from training.__main__ import main
from training.baselines import crf, linear, spacy_ner, tokens

LINES = [
    ("Trồng {T1:QUANTITY 12} {T2:UNIT ha} {T3:INDICATOR rừng sản xuất}", ("HAS_UNIT T1 T2", "MEASURES T1 T3")),
    ("Có {T1:QUANTITY 1.250} {T2:UNIT hộ} {T3:INDICATOR thoát nghèo}", ("HAS_UNIT T1 T2", "MEASURES T1 T3")),
    ("Thu được {T1:QUANTITY 7,5} {T2:UNIT tạ} {T3:INDICATOR lúa}", ("HAS_UNIT T1 T2", "MEASURES T1 T3")),
]
REPORTS = [
    report(markup, *links, name=f"r{number}{copy}") for number, (markup, links) in enumerate(LINES) for copy in "ab"
]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return folder(tmp_path / "reports", *REPORTS)


@pytest.mark.parametrize(
    ("word", "expected"), [("Hà", "Xx"), ("UBND", "X"), ("1.250", "d.d"), ("đồng", "x"), ("m2", "xd"), ("%", "%")]
)
def test_shape(word: str, expected: str) -> None:
    assert tokens.shape(word) == expected


def test_features_name_the_word_its_neighbours_and_the_edges() -> None:
    first, second = tokens.features(["Thu", "12"], np.array([1, 1]))
    assert {"0w=thu", "-1edge", "-2edge", "2edge", "title=True", "0h=Xx", "1w=0", "w|w+1=thu|0"} <= set(first)
    assert {"-1w=thu", "0w=0", "w-1|w=thu|0", "h-1|h=Xx|d"} <= set(second)


def test_features_know_the_word_that_underthesea_cut() -> None:
    first, second, third = tokens.features(["diện", "tích", "lúa"], np.array([1, 0, 1]))
    assert "c=diện_tích" in first
    assert "c=diện_tích" in second
    assert {"c=lúa", "b=1"} <= set(third)


def test_tags_of_one_label_keep_the_longer_of_two_spans() -> None:
    keys = [Key("PLACE", 0, 1), Key("PLACE", 0, 3), Key("UNIT", 4, 5), Key("PLACE", 4, 5)]
    assert crf.tags(keys, "PLACE", 6) == ["B", "I", "I", "O", "B", "O"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [("OBIO", [(1, 2)]), ("IIO", [(0, 1)]), ("BB", [(0, 0), (1, 1)]), ("OO", []), ("BIOI", [(0, 1), (3, 3)])],
)
def test_runs_of_tags(tags: str, expected: list[tuple[int, int]]) -> None:
    assert crf.runs(list(tags)) == expected


def test_paragraphs_leave_white_space_out() -> None:
    doc = Doc(Vocab(), words=["a", "b", "\n", "\n\n", "c"], spaces=[True, False, False, False, False])
    assert list(crf.paragraphs(doc)) == [[0, 1], [4]]


def test_pairs_are_described_by_labels_order_and_what_lies_between() -> None:
    doc = Doc(Vocab(), words=["trồng", "12", "ha", "rừng"], spaces=[True] * 4)
    carry.set_spans(doc, [Key("QUANTITY", 1, 2), Key("UNIT", 2, 3), Key("INDICATOR", 3, 4)])
    found = linear.pairs(doc, carry.keys(doc))
    rows = dict(
        zip(zip(found.head.tolist(), found.tail.tolist(), strict=True), linear.pair_features(doc, found), strict=True)
    )
    assert {"QUANTITY>INDICATOR>", "QUANTITY>INDICATOR> d=1", "QUANTITY>INDICATOR> n=1"} <= set(rows[0, 2])
    assert {"QUANTITY>INDICATOR> ha", "QUANTITY>INDICATOR> tail+=edge"} <= set(rows[0, 2])


def test_a_crf_learns_the_spans_and_relations_it_was_shown(reports: Path, tmp_path: Path) -> None:
    pytest.importorskip("pycrfsuite")
    model, out = tmp_path / "crf", tmp_path / "out.jsonl"
    assert main(["baseline", "crf", "--source", f"brat:{reports}", "--iterations", "30", "--out", str(model)]) == 0
    assert main(["baseline-tag", str(model), str(reports), "-o", str(out)]) == 0
    for gold, found in zip(REPORTS, read_jsonl(out), strict=True):
        assert {(e.label, e.source) for e in found.entities} == {(e.label, e.fragments) for e in gold.entities}
        assert {r.type for r in found.relations} == {"HAS_UNIT", "MEASURES"}
        assert all(0 < (e.score or 0) <= 1 for e in found.entities)


def test_given_spans_are_kept_as_they_stand(reports: Path, tmp_path: Path) -> None:
    pytest.importorskip("pycrfsuite")
    model, out = tmp_path / "crf", tmp_path / "out.jsonl"
    main(["baseline", "crf", "--source", f"brat:{reports}", "--iterations", "5", "--out", str(model)])
    odd = report("Sửa {T1:QUANTITY nhà} {T2:UNIT văn hoá}", name="odd")
    given = folder(tmp_path / "given", odd)
    assert main(["baseline-tag", str(model), str(given), "-o", str(out), "--given-spans"]) == 0
    (found,) = read_jsonl(out)
    assert [(e.label, e.text) for e in found.entities] == [("QUANTITY", "nhà"), ("UNIT", "văn hoá")]


def test_spacys_ner_learns_and_reads_the_source(reports: Path, tmp_path: Path) -> None:
    model, out = tmp_path / "ner", tmp_path / "out.jsonl"
    arguments = ["baseline", "spacy-ner", "--source", f"brat:{reports}", "--iterations", "25", "--out", str(model)]
    assert main(arguments) == 0
    assert main(["baseline-tag", str(model), str(reports), "-o", str(out)]) == 0
    found = [(e.label, e.text) for document in read_jsonl(out) for e in document.entities]
    assert ("QUANTITY", "12") in found
    assert ("UNIT", "ha") in found


def test_spans_that_one_layer_of_stock_tokens_cannot_hold_are_counted() -> None:
    gold = report("{P1:PROJECT Đường {L1:PLACE Hà Giang}} rộng {Q1:QUANTITY 1}.2{U1:UNIT m2}")
    lost: Counter[str] = Counter()
    made = spacy_ner.example(spacy.blank("xx"), gold, (0, len(gold.text)), lost)
    assert [span.label_ for span in made.reference.ents] == ["PROJECT"]
    assert lost == {"overlaps a longer span": 1, "no token boundary": 2}


def test_pieces_end_at_blank_lines_and_join_to_the_text() -> None:
    text = ("Mở đầu. " * 60 + "\n\n") * 3 + "cuối"
    found = spacy_ner.chunks(text)
    assert "".join(text[start:end] for start, end in found) == text
    assert len(found) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["baseline-tag", "{tmp}", "{tmp}", "-o", "{tmp}/out.jsonl"], "no about.json"),
        (["baseline", "crf", "--source", "brat:{tmp}", "--out", "{tmp}/crf"], "no .ann files"),
        (["baseline", "crf", "--source", "web:x", "--out", "{tmp}/crf"], "unknown source 'web:x'"),
    ],
)
def test_a_wrong_call_is_refused_with_one_line(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(tmp=tmp_path) for argument in arguments]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_stock_ner_takes_no_given_spans(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "about.json").write_text('{"kind": "spacy-ner"}', "utf-8")
    assert main(["baseline-tag", str(tmp_path), str(tmp_path), "-o", str(tmp_path / "o.jsonl"), "--given-spans"]) == 1
    assert "finds no relations" in capsys.readouterr().err


def test_a_folder_of_texts_alone_can_be_read(reports: Path, tmp_path: Path) -> None:
    for path in reports.glob("*.ann"):
        path.unlink()
    model, out = tmp_path / "ner", tmp_path / "out.jsonl"
    source = folder(tmp_path / "gold", *REPORTS)
    main(["baseline", "spacy-ner", "--source", f"brat:{source}", "--iterations", "2", "--out", str(model)])
    assert main(["baseline-tag", str(model), str(reports), "-o", str(out)]) == 0
    assert [document.name for document in read_jsonl(out)] == [brat.read(p).name for p in sorted(source.glob("*.ann"))]
