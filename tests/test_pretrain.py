"""Pretraining of the token vectors: what is read, what is hidden, and that a seed decides all of it."""

import random
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from ie.errors import InputError
from training import pretrain
from training.__main__ import main

TEXT = [
    "Trong quý I, thu ngân sách trên địa bàn xã ước đạt 3,2 tỷ đồng, bằng 24 % dự toán huyện giao.",
    "Diện tích gieo trồng vụ đông xuân đạt 410 ha, tăng 12 ha so với cùng kỳ năm trước của toàn xã.",
    "Công tác khám chữa bệnh được duy trì, trạm y tế đã khám cho 1.250 lượt người, cấp thuốc cho 830 lượt.",
]


@pytest.fixture(scope="module")
def classes() -> dict[str, int]:
    return pretrain.vocabulary(TEXT, 40)


@pytest.fixture(scope="module")
def read(classes: dict[str, int]) -> list[pretrain.Sample]:
    return list(pretrain.samples(TEXT, classes))


def test_classes_are_the_most_frequent_syllables(classes: dict[str, int]) -> None:
    assert len(classes) == 40
    assert sorted(classes.values()) == list(range(40))
    assert {"đạt", "xã"} <= classes.keys()


def test_a_sample_has_a_row_and_a_class_for_each_token(read: list[pretrain.Sample], classes: dict[str, int]) -> None:
    names = {number: word for word, number in classes.items()}
    for sample, text in zip(read, TEXT, strict=True):
        assert len(sample.table) == len(sample.starts) == len(sample.targets)
        known = [names[number] for number in sample.targets.tolist() if number >= 0]
        assert known
        assert all(word in text.lower() for word in known if word.isalpha())


def test_short_paragraphs_are_left_out_and_long_ones_cut(classes: dict[str, int]) -> None:
    found = list(pretrain.samples(["Kết quả đạt được", " ".join(TEXT * 40)], classes))
    assert [len(sample.table) for sample in found] == [pretrain.MAX_TOKENS]


def test_whole_words_are_hidden_and_most_of_their_ids(read: list[pretrain.Sample]) -> None:
    table, hidden = pretrain.mask(read[0], np.random.default_rng(3), 0.6)
    words = np.cumsum(read[0].starts)
    guessable = read[0].targets >= 0
    assert hidden.any()
    assert not hidden.all()
    for word in np.unique(words[hidden]):
        assert hidden[words == word].sum() == guessable[words == word].sum()
    changed = (table != read[0].table).any(axis=1)
    assert not changed[~hidden].any()
    assert changed[hidden].any()
    assert (table[changed][:, :4] == pretrain.MASK_ID).all()


def test_nothing_is_hidden_of_a_share_of_nothing(read: list[pretrain.Sample]) -> None:
    table, hidden = pretrain.mask(read[0], np.random.default_rng(3), 0.0)
    assert not hidden.any()
    assert np.array_equal(table, read[0].table)


def test_every_pass_reads_all_samples_in_another_order(read: list[pretrain.Sample]) -> None:
    many = read * 5
    stream = list(islice(pretrain.passes(many, random.Random(1)), 2 * len(many)))
    first, second = stream[: len(many)], stream[len(many) :]
    assert [*map(id, first)] == [*map(id, many)]
    assert sorted(map(id, second)) == sorted(map(id, many))
    assert [*map(id, second)] != [*map(id, first)]


def test_passes_over_nothing_end() -> None:
    assert list(pretrain.passes([], random.Random(1))) == []


def test_no_more_text_is_read_than_asked_for(classes: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrain, "CHUNK", 2)
    few = pretrain.read_samples(TEXT * 10, classes, tokens=1)
    assert len(few) == 2
    every = pretrain.read_samples(TEXT * 10, classes, tokens=10**9)
    assert len(every) == 30
    assert np.array_equal(every[0].table, few[0].table)


def _pretrained(text: Path, out: Path, *more: str) -> bytes:
    command = ["pretrain", str(text), "--out", str(out), "--steps", "2", "--classes", "40", *more]
    assert main(command) == 0
    return out.read_bytes()


def test_the_same_seed_gives_the_same_weights_and_they_can_be_gone_on_from(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("\n".join(TEXT * 4), "utf-8")
    first = _pretrained(text, tmp_path / "a.bin")
    assert _pretrained(text, tmp_path / "b.bin") == first
    assert _pretrained(text, tmp_path / "c.bin", "--seed", "1") != first
    assert _pretrained(text, tmp_path / "d.bin", "--init", str(tmp_path / "a.bin")) != first


def test_text_that_is_not_there_or_too_short_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        list(pretrain.lines([tmp_path / "none.txt"]))
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00broken")
    with pytest.raises(InputError, match=r"neither UTF-8 text nor an \.xz"):
        list(pretrain.lines([tmp_path / "bad.txt"]))
    (tmp_path / "short.txt").write_text("ngắn\n", "utf-8")
    with pytest.raises(InputError, match="no lines of 60 characters"):
        pretrain.run([tmp_path / "short.txt"], tmp_path / "x.bin", steps=1, classes=10, seed=0)
