"""What stands above and before a figure: sections, kinds of documents, words said before in its sentence."""

from __future__ import annotations

import numpy as np
import spacy
from spacy.tokens import Doc

from ie.sections import COLUMNS, said_before, section_ids, section_numbers

REPORT, PLAN = 3, 6
AHEAD, BEHIND = 1, 2


def test_headings_say_whether_what_follows_was_done_or_is_to_come() -> None:
    texts = [
        "UBND XÃ ĐỒNG LẠC",
        "BÁO CÁO",
        "I. KẾT QUẢ THỰC HIỆN NHIỆM VỤ QUÝ I",
        "Xã trồng mới 12 ha rừng, đạt 80% kế hoạch.",
        "1. Thu ngân sách",
        "",
        "II. Phương hướng, nhiệm vụ quý II",
        "- Trồng mới 20 ha rừng;",
    ]
    found = section_numbers(texts)
    assert found == [REPORT, REPORT, *[REPORT + BEHIND] * 4, *[REPORT + AHEAD] * 2]


def test_a_sentence_is_no_heading() -> None:
    texts = ["Kế hoạch số 12/KH-UBND", "Mục tiêu đề ra năm nay đã đạt được.", "Thu 3 tỷ đồng."]
    assert section_numbers(texts) == [PLAN] * 3


def test_a_text_without_headings_has_no_side() -> None:
    assert section_numbers(["Quý I, huyện thu 3 tỷ đồng.", ""]) == [0, 0]


def test_phrases_hold_from_where_they_stand_to_the_end_of_their_sentence() -> None:
    words = ["Huyện", "phấn", "đấu", "thu", "3", "tỷ", ".", "Lũy", "kế", "thu", "2", "tỷ"]
    found = section_ids(Doc(spacy.blank("xx").vocab, words=words))[:, 2]
    ahead, cumulative = found[1], found[7]
    assert ahead != cumulative
    assert found.tolist() == [0, *[ahead] * 6, *[cumulative] * 5]


def test_bits_add_up_within_a_stretch() -> None:
    bits, stretch = np.array([0, 1, 0, 2, 0, 4]), np.array([0, 0, 0, 0, 1, 1])
    assert said_before(bits, stretch).tolist() == [0, 1, 1, 3, 0, 4]


def test_what_is_near_ends_with_a_mark_and_with_a_figure() -> None:
    vocab = spacy.blank("xx").vocab
    words = ["Thu", "ước", "đạt", "17", "240", "tỷ", ",", "chi", "khoảng", "3", "tỷ"]
    near = section_ids(Doc(vocab, words=words))[:, 1]
    assert near[3] == near[4] != 0
    assert near[5] == near[7] == 0
    assert near[9] not in (0, near[3])
    assert near[10] == 0


def test_ids_have_a_row_for_each_token_and_none_for_an_empty_text() -> None:
    vocab = spacy.blank("xx").vocab
    doc = Doc(vocab, words=["MỤC", "TIÊU", "\n", "Thu", "3", "tỷ"], spaces=[True, False, False, True, True, False])
    assert section_ids(doc).shape == (6, COLUMNS)
    assert len(set(section_ids(doc)[:, 0].tolist())) == 1
    assert section_ids(Doc(vocab, words=[])).shape == (0, COLUMNS)
