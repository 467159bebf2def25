from pathlib import Path

import pytest
import spacy

from ie import spans as carry
from ie.document import Document
from ie.errors import InputError
from ie.models import model_path
from training import committee
from training.reports import folder_documents

TEXT = "Xã Tân Lập có 12 thôn; thu ngân sách đạt 5,2 tỷ đồng, bằng 48% dự toán, tăng 7% so với cùng kỳ năm 2023."


def test_a_committee_of_two_alike_says_what_one_says() -> None:
    one, other = spacy.load(model_path()), spacy.load(model_path())
    alone = one(TEXT)
    wanted = {(k.label, alone[k.start : k.end].text) for k in carry.keys(alone)}
    links = {(link.type, link.head.start, link.tail.start) for link in carry.relations(alone)}
    found = committee.Committee([one, other]).label(TEXT, name="x")
    assert {(e.label, e.text) for e in found.entities} == wanted
    assert len(found.relations) == len(links)


def test_neighbouring_paragraphs_make_a_document_and_those_without_figures_are_left() -> None:
    plain = "Không có con số nào trong đoạn văn này cả, " * 5
    dense = [f"{plain} {n} ha và {n} hộ" for n in range(100)]
    documents = committee.dense([*dense, *[plain] * 100, "12 ha, 3 xã"], seed=1)
    assert documents
    assert all(len(text.split()) >= committee.WORDS_A_DOCUMENT for text in documents)
    assert all(len(committee._FIGURE.findall(text)) >= committee.FIGURES for text in documents)
    # Each is a run of the paragraphs as they stood; those at the end, poor in figures, are in none.
    numbers = [[int(line.split()[-5]) for line in text.splitlines() if line in dense] for text in documents]
    assert all(run == list(range(run[0], run[0] + len(run))) for run in numbers)
    assert sorted(n for run in numbers for n in run) == list(range(100))
    assert documents == committee.dense([*dense, *[plain] * 100], seed=1)


def test_labelled_text_can_be_read_as_a_source(tmp_path: Path) -> None:
    source = tmp_path / "text.txt"
    source.write_text("\n".join(f"{TEXT} Có {n} hộ nghèo và {n} ha lúa được hỗ trợ." for n in range(60)), "utf-8")
    done = list(committee.run([source], [model_path()], tmp_path / "out", documents=1, seed=0))
    assert done == [1]
    (document,) = folder_documents(tmp_path / "out")
    assert {e.label for e in document.entities} >= {"QUANTITY", "UNIT", "PLACE"}


def test_text_like_what_is_judged_on_is_left_out(tmp_path: Path) -> None:
    source = tmp_path / "text.txt"
    numbers = [
        f"Xã số {n} có {n} hộ nghèo, {n} ha lúa, {n} ha ngô được hỗ trợ trong năm {n}" for n in range(2000, 2150)
    ]
    source.write_text("\n".join(numbers), "utf-8")
    judged = Document("held-out", "Theo báo cáo, xã số 2003 có 2003 hộ nghèo, 2003 ha lúa.")
    out = tmp_path / "out"
    both = [
        len(list(committee.run([source], [model_path()], out, documents=9, seed=0, unlike=u))) for u in ([], [judged])
    ]
    assert both == [3, 2]
    assert "xã số 2003 " not in "".join(path.read_text("utf-8").lower() for path in out.glob("*-00001.txt"))


def test_text_without_figures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("không có gì\n", encoding="utf-8")
    with pytest.raises(InputError, match="no 900 words with 20 figures"):
        list(committee.run([tmp_path / "a.txt"], [model_path()], tmp_path / "out", documents=1, seed=0))
