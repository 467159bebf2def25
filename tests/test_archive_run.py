"""A run over an archive: nothing lost, the same result however it is run, whatever stops it."""

import errno
import fcntl
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import struct
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ie.archive import ledger, tag_archive
from ie.archive.answer import TABLES
from ie.archive.home import Home, RefusedError, locked
from ie.archive.options import MB, Limits
from ie.archive.progress import Watch
from ie.errors import InputError, OutputError
from tests.archive_cases import small_archive, start, stub_options, tree


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_archive(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def whole(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The output of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("whole") / "out"
    found = tag_archive([archive], out, options=stub_options())
    assert str(found) == "64 inputs: 61 tagged, 1 duplicate, 1 skipped, 1 failed"
    return tree(out)


def test_every_input_ends_one_way(whole: dict[str, bytes]) -> None:
    manifest = json.loads(whole["manifest.json"])
    counts = manifest["counts"]
    assert counts["inputs"] == sum(counts[name] for name in ("tagged", "duplicate", "skipped", "failed")) == 64
    outcomes = {entry["name"]: entry["outcome"] for entry in manifest["inputs"]}
    assert outcomes["d0/003.txt"] == "duplicate"  # the copy stands before it in the order of the names
    assert (outcomes["refused.txt"], outcomes["map.jpg"]) == ("failed", "skipped")
    assert manifest["not_done"]["failed"] == ["refused.txt: is refused"]
    assert manifest["warnings"] == {"N thing was odd": 1}
    assert all(len(e["sha256"]) == 64 for e in manifest["inputs"] if e["outcome"] != "skipped")


def test_rows_are_in_the_order_of_the_inputs(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    tag_archive([archive], out, options=stub_options())
    names = [e["name"] for e in json.loads((out / "manifest.json").read_text())["inputs"] if e["outcome"] == "tagged"]
    parts = sorted((out / "documents").glob("*.parquet"))
    assert [name for part in parts for name in pq.read_table(part)["document"].to_pylist()] == names
    for part in (out / "entities").glob("*.parquet"):
        about = pq.ParquetFile(part).metadata
        assert all(about.row_group(n).num_rows <= 50 for n in range(about.num_row_groups))
    errors = [row for part in sorted((out / "errors").glob("*")) for row in pq.read_table(part).to_pylist()]
    assert {row["level"] for row in errors} == {"error", "warning", "skipped", "duplicate"}


@pytest.mark.parametrize(("workers", "batch"), [(1, 1), (3, 5)])
def test_workers_and_batches_change_nothing(
    archive: Path, whole: dict[str, bytes], tmp_path: Path, workers: int, batch: int
) -> None:
    tag_archive([archive], tmp_path / "out", options=stub_options(workers=workers, batch=batch))
    assert tree(tmp_path / "out") == whole


def check_valid(out: Path) -> None:
    """Every file under its name is whole, and a shard with documents has all its tables."""
    for part in out.glob("*/part-*.parquet"):
        pq.read_table(part)
    for part in out.glob("documents/part-*.parquet"):
        assert all((out / name / part.name).is_file() for name in TABLES)


def test_killed_at_random_points(archive: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    """Kill -9, SIGTERM and Ctrl-C at random moments, other workers and batches each time; what is torn is torn more."""
    dice = random.Random(9)
    out = tmp_path / "out"
    kills = 0
    for _ in range(60):
        run = start(archive, out, workers=dice.choice((1, 2)), batch=dice.choice((1, 4, 16)))
        if kills >= 8:
            assert run.wait(120) == 0, run.stderr and run.stderr.read()
            break
        _wait_for_progress(out, dice.uniform(0.0, 0.4))
        sent = dice.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
        run.send_signal(sent)
        status = run.wait(120)
        kills += status != 0
        assert status in (0, -sent, 128 + sent), run.stderr and run.stderr.read()
        check_valid(out)
        if status == 0:
            break
        _tear(out, dice)
    assert kills >= 4
    assert tree(out) == whole


def _wait_for_progress(out: Path, seconds: float) -> None:
    """Wait until the run is under way, then a little more."""
    end = time.monotonic() + 30
    while not list(out.glob(".run/spool-*")) and not (out / "manifest.json").exists() and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(seconds)


def _tear(out: Path, dice: random.Random) -> None:
    """Do to the youngest files what a power loss may do: cut the end off, or leave rubbish there."""
    for path in [*out.glob(".run/spool-*"), out / ".run" / "ledger.jsonl"]:
        if not path.exists():
            continue
        with path.open("r+b") as stream:
            size = stream.seek(0, os.SEEK_END)
            if dice.random() < 0.5 and path.name != "ledger.jsonl":
                stream.truncate(dice.randint(size // 2, size))
            else:
                stream.write(b"\0" * dice.randint(0, 50))


def full_after(count: int) -> Callable[..., Any]:
    """Return a `pwrite` that works `count` times and then finds the disk full, in mid-line the first time."""
    left = [count]
    real = os.pwrite

    def pwrite(handle: int, data: bytes, offset: int) -> int:
        left[0] -= 1
        if left[0] == 0:
            return real(handle, data[: len(data) // 2], offset)
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data, offset)

    return pwrite


@pytest.mark.parametrize("writes", [1, 40])
def test_full_disk_in_the_spool(
    archive: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(ledger.os, "pwrite", full_after(writes))
        with pytest.raises(OutputError, match=r"No space left.*run the same command again"):
            tag_archive([archive], out, options=stub_options())
    check_valid(out)
    tag_archive([archive], out, options=stub_options())
    assert tree(out) == whole


@pytest.mark.parametrize("most", [3_000, 4_800])
def test_full_disk_in_any_file(archive: Path, whole: dict[str, bytes], tmp_path: Path, most: int) -> None:
    """A limit of the system on the size of files stops the run in the plan, a spool or a part; then it goes on."""
    import resource

    out = tmp_path / "out"
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, former[1]))
        with pytest.raises(OutputError, match="cannot be written"):
            tag_archive([archive], out, options=stub_options())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
        signal.signal(signal.SIGXFSZ, handler)
    assert not list(out.rglob("*.part"))
    check_valid(out)
    tag_archive([archive], out, options=stub_options())
    assert tree(out) == whole


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_stopped_at_every_step_of_publishing(
    archive: Path, whole: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Every third renaming or forcing to disk fails once; each start goes on from where the last one stopped."""
    from ie.archive import durable

    class Struck(BaseException):
        pass

    calls = [0]
    target = Path if step == "replace" else durable.os
    real = getattr(target, step)

    def striking(*arguments: Any) -> Any:
        calls[0] += 1
        if calls[0] % 23 == 0:
            raise Struck
        return real(*arguments)

    out, strikes = tmp_path / "out", 0
    with monkeypatch.context() as patch:
        patch.setattr(target, step, striking)
        while True:
            try:
                tag_archive([archive], out, options=stub_options(workers=1))
                break
            except Struck:
                strikes += 1
                check_valid(out)
    assert strikes >= 2
    assert tree(out) == whole


def test_troublemakers_cost_themselves_only(tmp_path: Path) -> None:
    archive = small_archive(tmp_path / "in", 12)
    for word in ("SEGV", "HANG", "HOG", "RAISE"):
        (archive / f"{word}.txt").write_text(word, "utf-8")
    limits = Limits(seconds=8, memory=300 * MB)
    watch = Watch()
    found = tag_archive([archive], tmp_path / "out", options=stub_options(limits=limits), watch=watch)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["not_done"]["failed"] == [
        "HANG.txt: took longer than 8 seconds; the file is as it was",
        "HOG.txt: needed more than 300 MB of memory; the file is as it was",
        "RAISE.txt: stopped its worker (ZeroDivisionError: a fault of the tagger); the file is as it was",
        "SEGV.txt: crashed its worker (SIGSEGV); the file is as it was",
        "refused.txt: is refused",
    ]
    assert (found.failed, found.counts["tagged"]) == (5, 13)
    assert watch.counts["workers lost"] == 7  # two tries each, one for what takes too long
    assert (archive / "SEGV.txt").read_text() == "SEGV"


def test_finished_run_is_left_alone(archive: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    tag_archive([archive], out, options=stub_options())
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    again = tag_archive([archive], out, options=stub_options(workers=1))
    assert not again.fresh
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")} == before
    assert tree(out) == whole


def test_other_model_option_or_archive_never_mixes(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = small_archive(tmp_path / "in", 20)
    run = start(inputs, tmp_path / "out")
    _wait_for_progress(tmp_path / "out", 0)
    run.kill()
    run.wait()
    with monkeypatch.context() as patch:
        patch.setenv("STUB_VERSION", "2")
        with pytest.raises(RefusedError, match=r"another model version \(1, now 2\).*--new-run"):
            tag_archive([inputs], tmp_path / "out", options=stub_options())
    with pytest.raises(RefusedError, match=r"another options min score \(0\.0, now 0\.5\)"):
        tag_archive([inputs], tmp_path / "out", options=stub_options(min_score=0.5))
    (inputs / "new.txt").write_text("9", "utf-8")
    with pytest.raises(RefusedError, match="another archive"):
        tag_archive([inputs], tmp_path / "out", options=stub_options())
    tag_archive([inputs], tmp_path / "out", options=stub_options(min_score=0.5), new_run=True)
    tag_archive([inputs], tmp_path / "fresh", options=stub_options(min_score=0.5))
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_folder_of_other_things_is_refused(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for new_run in (False, True):
        with pytest.raises(RefusedError, match=r"holds no run \(mine\.txt\)"):
            tag_archive([archive], tmp_path, options=stub_options(), new_run=new_run)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(RefusedError, match=r"mine\.txt: is a file"):
        tag_archive([archive], tmp_path / "mine.txt", options=stub_options())
    (tmp_path / "mine.txt").rename(tmp_path / "manifest.json")
    with pytest.raises(RefusedError, match="was not written by ie tag"):
        tag_archive([archive], tmp_path, options=stub_options(), new_run=True)


def test_what_is_refused_leaves_a_finished_run_as_it_is(tmp_path: Path) -> None:
    archive, out = small_archive(tmp_path / "in", 4), tmp_path / "out"
    tag_archive([archive], out, options=stub_options())
    before = sorted(out.rglob("*"))
    with pytest.raises(RefusedError, match="another options min score"):
        tag_archive([archive], out, options=stub_options(min_score=0.5))
    assert sorted(out.rglob("*")) == before


def test_a_folder_is_written_by_one_process_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ie.archive.home.LOCK_SECONDS", 0.1)
    run = Home(tmp_path / "out")
    with locked(run):
        with pytest.raises(RefusedError, match="another process is writing"), locked(run):
            pass
        (run.work / "spool-000000.jsonl").touch()
    assert sorted(path.name for path in run.work.iterdir()) == ["lock", "spool-000000.jsonl"]


def test_a_lock_that_was_taken_away_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, real = Home(tmp_path / "out"), fcntl.flock
    taken: list[int] = []

    def late(handle: int, how: int) -> None:
        """Lock, the first time a file that another process removed just before."""
        real(handle, how)
        if not taken:
            shutil.rmtree(run.work)
        taken.append(handle)

    monkeypatch.setattr("fcntl.flock", late)
    with locked(run):
        assert (run.work / "lock").is_file()
    assert len(taken) == 2


def test_output_inside_the_archive_is_no_input(tmp_path: Path) -> None:
    archive = small_archive(tmp_path, 9)
    found = tag_archive([archive], archive / "out", options=stub_options())
    assert found.counts["inputs"] == 13
    assert not tag_archive([archive], archive / "out", options=stub_options()).fresh


def test_file_that_changes_under_way_fails(tmp_path: Path) -> None:
    archive = small_archive(tmp_path / "in", 9)
    out = tmp_path / "out"
    run = start(archive, out)
    _wait_for_progress(out, 0)
    run.kill()
    run.wait()
    for path in archive.rglob("*.txt"):
        path.write_bytes(path.read_bytes().replace(b"0", b"1").replace(b"SLOW1.11", b"SLOW0.01"))
    found = tag_archive([archive], out, options=stub_options())
    reasons = json.loads((out / "manifest.json").read_text())["not_done"]["failed"]
    assert found.failed
    assert any("changed since the run was planned" in reason for reason in reasons)


def test_nothing_to_tag(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    found = tag_archive([tmp_path / "in"], tmp_path / "out", options=stub_options())
    assert str(found) == "0 inputs: 0 tagged, 0 duplicate, 0 skipped, 0 failed"
    assert all(list((tmp_path / "out" / name).glob("*.parquet")) for name in TABLES)
    with pytest.raises(InputError, match="no such file or folder"):
        tag_archive([tmp_path / "none"], tmp_path / "out2", options=stub_options())


def test_json_log(archive: Path, tmp_path: Path) -> None:
    import io

    stream = io.StringIO()
    tag_archive([archive], tmp_path / "out", options=stub_options(), watch=Watch(stream, json_log=True))
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    kinds = [event["event"] for event in events]
    assert kinds[:2] == ["planning", "planned"]
    assert kinds[-1] == "finished"
    assert kinds.count("shard written") == 8
    assert events[-1]["tagged"] == 61


def test_quiet_without_terminal(archive: Path, tmp_path: Path) -> None:
    import io

    stream = io.StringIO()
    tag_archive([archive], tmp_path / "out", options=stub_options(), watch=Watch(stream))
    assert stream.getvalue() == ""


@pytest.mark.parametrize("columns", [0, 60])
def test_bar_on_a_terminal_of_any_width(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", columns and 24, columns, 0, 0))
    with os.fdopen(theirs, "w") as stream:
        monkeypatch.setattr("sys.stderr", stream)  # tqdm asks for the size of this one alone
        watch = Watch(stream)
        watch.planned(documents=3, done=1)
        watch.moved(1, failed=0)
        watch.close()
        stream.flush()
        shown = ""
        while "2/3" not in shown and select.select([ours], [], [], 5)[0]:
            shown += os.read(ours, 10_000).decode("utf-8", "replace")
    os.close(ours)
    assert "2/3" in shown
    assert max(map(len, re.split(r"[\r\n]+", shown))) <= (columns or 80)
