"""The groups that results make of how much of a text was learned from."""

import json
from pathlib import Path

import pytest

from evaluation import seen
from evaluation.__main__ import main
from evaluation.splits import brat_folder
from ie.errors import FormatError, InputError

TEN = "một hai ba bốn năm sáu bảy tám chín mười"
OTHER = "thu ngân sách quý này đạt mức cao nhất từ trước"


@pytest.mark.parametrize(
    ("share", "name"), [(0, "less than 5 %"), (0.05, "5 to 50 %"), (0.5, "50 % and more"), (1, "50 % and more")]
)
def test_bands_hold_their_lower_end(share: float, name: str) -> None:
    assert seen.band(share) == name


def folder(tmp_path: Path) -> Path:
    gold = tmp_path / "gold"
    gold.mkdir()
    for name, text in (("d1", TEN), ("d2", OTHER)):
        (gold / f"{name}.txt").write_text(text + "\n", "utf-8")
        (gold / f"{name}.ann").write_text("", "utf-8")
    return gold


def test_groups_are_noted_beside_what_was_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, learned = folder(tmp_path), tmp_path / "learned" / "deeper"
    (gold / "sources.json").write_text(json.dumps({"d1": {"path": "x.txt", "kind": "monthly"}}), "utf-8")
    learned.mkdir(parents=True)
    (learned / "s.txt").write_text(f"Trước đó {TEN} sau đó", "utf-8")
    assert main(["seen", str(gold), "--text", str(learned.parent)]) == 0
    assert "50 % and more: 1 documents" in capsys.readouterr().out
    assert json.loads((gold / "sources.json").read_text("utf-8")) == {
        "d1": {"path": "x.txt", "kind": "monthly", "seen": "50 % and more"},
        "d2": {"seen": "less than 5 %"},
    }
    assert [document.meta["seen"] for document in brat_folder(gold)] == ["50 % and more", "less than 5 %"]


def test_a_folder_without_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"holds no \.txt file"):
        seen.note(folder(tmp_path), tmp_path / "empty")


def test_a_text_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    learned = tmp_path / "learned"
    learned.mkdir()
    (learned / "s.txt").write_bytes(b"t\xe0i li\xeau")
    with pytest.raises(FormatError, match=r"s\.txt:1: not UTF-8"):
        seen.note(folder(tmp_path), learned)
