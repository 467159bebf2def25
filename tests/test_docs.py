"""The examples of the README run, and its tables are those of the committed results."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ie.cli import main
from tests.pdfs import whole

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_python_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = _blocks("python")
    exec(compile(block, "README.md", "exec"), {})
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_command_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("report.txt", "other.txt"):
        (tmp_path / name).write_bytes((ROOT / "corpus" / "reports" / "d1-01.txt").read_bytes())
    (tmp_path / "report.pdf").write_bytes(whole())
    monkeypatch.chdir(tmp_path)
    commands = [line.split("#")[0].strip() for block in _blocks("") for line in block.splitlines()]
    commands = [command for command in commands if command.startswith("ie ")]
    assert len(commands) >= 3
    for command in commands:
        assert main(shlex.split(command)[1:]) == 0, command
    assert "QUANTITY" in capsys.readouterr().out


def test_links_lead_somewhere() -> None:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("*/README.md")):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
            assert link.startswith("http") or (path.parent / link).exists(), f"{path}: {link}"


def test_tables_are_fresh() -> None:
    command = [sys.executable, "-m", "evaluation", "render", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pages_name_the_release_that_is_there() -> None:
    version = json.loads((ROOT / "models/vi_ie_report_sm/meta.json").read_text("utf-8"))["version"]
    assert f"| {version} |" in (ROOT / "models/README.md").read_text("utf-8")
    assert f"### vi_ie_report_sm {version}\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"release build/mine/model-best --version {version}\n" in (ROOT / "training/README.md").read_text("utf-8")
