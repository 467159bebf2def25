"""Where output goes: whole or not at all, with the rights of any other file, through links and into pipes."""

import os
import threading
from pathlib import Path

import pytest

from ie.cli import main
from ie.errors import OutputError
from ie.export.files import file, folder


@pytest.fixture
def umask() -> int:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def test_rights_follow_the_umask(tmp_path: Path, umask: int) -> None:
    with file(tmp_path / "a.jsonl") as part:
        part.write_text("{}\n")
    with folder(tmp_path / "b") as part:
        (part / "c.csv").write_text("c\n")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("a.jsonl", "b", "b/c.csv")]
    assert modes == [0o666 & ~umask, 0o777 & ~umask, 0o666 & ~umask]


def test_tagged_files_have_the_rights_of_others(tmp_path: Path, umask: int) -> None:
    (tmp_path / "r.txt").write_text("Toàn xã trồng mới 12,5 ha chè.\n", "utf-8")
    assert main(["tag", str(tmp_path / "r.txt"), "-o", str(tmp_path / "out.jsonl")]) == 0
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "r.txt"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    link, real = tmp_path / "link.jsonl", tmp_path / "data" / "real.jsonl"
    link.symlink_to(real)
    with file(link) as part:
        part.write_text("new")
    assert (link.is_symlink(), real.read_text()) == (True, "new")


def test_a_pipe_takes_bytes_as_they_come(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()
    with file(pipe) as part, part.open("w") as stream:
        stream.write("line\n")
    reader.join()
    assert (heard, pipe.is_fifo()) == (["line\n"], True)


def half(target: Path) -> None:
    with file(target) as part:
        part.write_text("half")
        raise OSError(28, "No space left on device")


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.jsonl"
    target.write_text("old")
    with pytest.raises(OutputError, match=r"a\.jsonl: cannot be written.*No space left"):
        half(target)
    assert ([path.name for path in tmp_path.iterdir()], target.read_text()) == (["a.jsonl"], "old")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("format", ["sqlite", "duckdb", "html"])
def test_what_cannot_be_written_is_one_line(tmp_path: Path, format: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("duckdb")
    (tmp_path / "none.jsonl").write_text("")
    assert main(["export", str(tmp_path / "none.jsonl"), "--to", format, "-o", "/dev/full"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "/dev/full: cannot be written" in line
