"""The guide to archives runs: its commands, its Python and its queries, over a small archive."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from ie.cli import main

duckdb = pytest.importorskip("duckdb")
GUIDE = (Path(__file__).parents[1] / "ie" / "archive" / "README.md").read_text("utf-8")
REPORT = """BÁO CÁO
Tình hình kinh tế - xã hội tháng {month} năm 2024 của xã Tân Lập
1. Thu ngân sách trên địa bàn xã Tân Lập tháng {month} năm 2024 đạt {income} triệu đồng.
2. Thực hiện Nghị quyết số 15/NQ-HĐND ngày 20/12/2023 của HĐND xã về kế hoạch phát triển kinh tế - xã hội.
3. Dự án đường giao thông nông thôn thôn {month}: tổng mức đầu tư {cost} triệu đồng.
"""


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the first command of the guide was run."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "archive").mkdir()
    for month in (1, 2, 3):
        text = REPORT.format(month=month, income=100 + month, cost=9000 - 1000 * month)
        (folder / "archive" / f"thang-{month}.txt").write_text(text, "utf-8")
    (folder / "archive" / "ban-do.png").write_bytes(b"\x89PNG")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    first = _blocks("sh")[0].strip()
    assert main([*shlex.split(first)[1:], "--workers", "1"]) == 0
    patch.undo()
    return folder


def test_every_command_runs(work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(work)
    shutil.copytree("out", "out-new", dirs_exist_ok=True)
    commands = [line for block in _blocks("sh") for line in block.splitlines()]
    assert len(commands) == 2
    for command in commands:
        assert main(shlex.split(command)[1:]) == 0
    assert "documents: 3 the same" in capsys.readouterr().out


def test_python_runs(work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(work)
    (block,) = _blocks("python")
    exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out == "4 0\n"


def test_queries_answer(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work)
    income, resolution, projects, troubles = (duckdb.sql(query).fetchall() for query in _blocks("sql"))
    assert [(str(row[0]), int(row[2])) for row in income] == [
        ("2024-01-01", 101_000_000),
        ("2024-02-01", 102_000_000),
        ("2024-03-01", 103_000_000),
    ]
    assert {row[0] for row in resolution} == {"thang-1.txt", "thang-2.txt", "thang-3.txt"}
    assert [int(cost) for _, cost, _ in projects] == [8_000_000_000, 7_000_000_000, 6_000_000_000]
    assert ("skipped", 1) in [(level, inputs) for level, _, inputs in troubles]
