"""`ie tag` on an archive, with the released pipeline."""

import json
import zipfile
from pathlib import Path

import pytest

from ie.archive import engine
from ie.archive.options import Options
from ie.cli import main

duckdb = pytest.importorskip("duckdb")

REPORT = (
    "BÁO CÁO\nKết quả tháng 02 năm 2023\n"
    "- Tổng thu ngân sách trên địa bàn ước đạt 57.210 triệu đồng, bằng 16,5% kế hoạch.\n"
    "- Theo Nghị quyết số {number}/NQ-HĐND ngày 10/01/2023 của HĐND xã, toàn xã trồng mới {number},5 ha chè.\n"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT.format(number=11), "utf-8")
    (folder / "english.txt").write_text("The budget of the district rose by 12 per cent in the first quarter.\n" * 4)
    with zipfile.ZipFile(folder / "b.zip", "w") as made:
        made.writestr("thang 2/b.txt", REPORT.format(number=12))
    return folder


def test_archive_to_parquet(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["tag", str(archive), "-o", str(out), "--workers", "2"]) == 1
    assert capsys.readouterr().err == f"ie: {out}: 3 inputs: 2 tagged, 0 duplicate, 0 skipped, 1 failed\n"[4:]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["identity"]["model"]["name"] == "vi_ie_report_sm"
    assert "does not look Vietnamese" in manifest["not_done"]["failed"][0]
    ask = f"select document, value, unit from '{out}/facts/*.parquet' where unit = 'ha' order by all"
    assert duckdb.sql(ask).fetchall() == [("a.txt", "11.5", "ha"), ("b.zip!/thang 2/b.txt", "12.5", "ha")]
    assert main(["tag", str(archive), "-o", str(out)]) == 1
    assert "nothing was done" in capsys.readouterr().err
    assert main(["tag", str(archive), "-o", str(out), "--min-score", "0.5"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_json_log_is_json_alone(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def events(*arguments: str) -> list[dict[str, object]]:
        main(["tag", *arguments, "--workers", "1", "--json-log"])
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    call = [str(archive), "-o", str(tmp_path / "out")]
    assert events(*call)[-1]["event"] == "finished"
    (again,) = events(*call)
    assert (again["event"], again["inputs"], again["failed"]) == ("finished before", 3, 1)
    (refused,) = events(*call, "--min-score", "0.5")
    assert refused["event"] == "refused"
    assert "--new-run" in str(refused["message"])
    (missing,) = events(str(tmp_path), str(tmp_path / "none"), "-o", str(tmp_path / "out2"))
    assert (missing["event"], "no such file" in str(missing["message"])) == ("error", True)


def test_archive_is_asked_for_by_input_and_output(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tag", str(archive), "-o", str(tmp_path / "x.jsonl")]) == 1
    assert "is a directory" in capsys.readouterr().err
    assert main(["tag", str(tmp_path / "achive"), "-o", str(tmp_path / "out")]) == 1
    assert "no such file or folder" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main(["tag", str(archive), "-o", str(tmp_path / "out"), "--workers", "-1"]) == 1
    assert "workers: -1" in capsys.readouterr().err


def test_words_of_former_documents_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vocabulary does not grow with the archive, and what is found stays the same."""
    texts = [REPORT.format(number=number) + f"Thôn Khu{number}x{number} có {number}0 hộ.\n" for number in range(30, 36)]

    def tagged(zone: int) -> tuple[list[object], int]:
        monkeypatch.setattr(engine, "ZONE", zone)
        made = engine.ModelEngine(Options())
        found = [made.tag(text.encode(), "a.txt") for text in texts]
        return [(each.entities, each.relations) for each in found], len(made._nlp.vocab.strings)

    kept, forgot = tagged(100), tagged(2)
    assert kept[0] == forgot[0]
    assert kept[1] - forgot[1] >= 4


def test_ctrl_c_before_the_run_begins(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(options: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("ie.commands.archive.asked_for", interrupted)
    assert main(["tag", str(archive), "-o", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "ie: stopped\n"
