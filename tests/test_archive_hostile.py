"""Archives that mean harm or are merely odd: everything is bounded, everything is told, nothing is unpacked by name."""

import io
import os
import random
import stat
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from ie.archive import plan as planning
from ie.archive import walk
from ie.archive.bytes_of import Fetcher
from ie.archive.containers import LARGEST_HEADER, _Bounded
from ie.archive.inputs import DUPLICATE, FAILED, READY, SKIPPED, Input
from ie.archive.kinds import container_kind, no_report
from ie.archive.names import leads_out, shown
from ie.archive.options import MB, Limits
from ie.errors import InputError
from tests.archive_cases import stub_options


def listed(root: Path, work: Path, **limits: int) -> dict[str, Input]:
    """Return the inputs of an archive by name after planning, bytes read and hashed."""
    scratch = work / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    bounds = Limits(**limits)  # type: ignore[arg-type]
    fetcher = Fetcher([root], scratch)
    found = walk.inputs([root], fetcher=fetcher, scratch=scratch, limits=bounds)
    planning.write(work / "plan.jsonl", found, fetcher=fetcher, options=stub_options(limits=bounds))
    entries = list(planning.read(work / "plan.jsonl").entries())
    for entry in entries:
        assert entry.state != READY or len(fetcher.read(entry)) == entry.size
    assert len({entry.name for entry in entries}) == len(entries)
    return {entry.name: entry for entry in entries}


def reasons(found: dict[str, Input]) -> dict[str, str]:
    return {name: entry.reason for name, entry in found.items() if entry.reason}


def zipped(members: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(members: Iterable[tuple[tarfile.TarInfo | str, bytes]], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as made:
        for member, data in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def special(name: str, type: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = type, target
    return info


@pytest.mark.parametrize(
    "name", ["../up.txt", "/etc/passwd", "a/../../b.txt", "C:\\x.txt", "..\\up.txt", "\\\\host\\x"]
)
def test_paths_that_lead_out(tmp_path: Path, name: str) -> None:
    assert leads_out(name)
    root = tmp_path / "in"
    root.mkdir()
    (root / "a.zip").write_bytes(zipped([(name, b"one"), ("good.txt", b"two")]))
    (root / "b.tar").write_bytes(tarred([(name, b"three"), ("good.txt", b"four")]))
    before = {path for path in tmp_path.rglob("*")}
    found = listed(root, tmp_path / "work")
    assert {reason for reason in reasons(found).values()} == {"its name leads out of the archive"}
    assert sum(entry.state == SKIPPED for entry in found.values()) == 2
    assert {found[f"{c}!/good.txt"].state for c in ("a.zip", "b.tar")} == {READY}
    new = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} - {
        path.relative_to(tmp_path).parts[0] for path in before
    }
    assert new == {"work"}


def test_links_and_special_files(tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (root / "a.txt").write_text("a")
    (root / "out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.txt")
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    (root / "z.zip").write_bytes(zipped([(link, b"/etc/passwd")]))
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
    members = [(special(f"{n}.txt", kind, "/etc/passwd"), b"") for n, kind in enumerate(kinds)]
    (root / "t.tar").write_bytes(tarred(members))
    found = listed(root, tmp_path / "work")
    assert [name for name, entry in found.items() if entry.state == READY] == ["a.txt"]
    assert "symbolic link" in found["out.txt"].reason
    assert "symbolic link" in found["loop"].reason
    assert "no regular file" in found["pipe.txt"].reason
    assert "link" in found["z.zip!/link.txt"].reason
    assert all("link" in found[f"t.tar!/{n}.txt"].reason for n in (0, 1))
    assert all("no regular file" in found[f"t.tar!/{n}.txt"].reason for n in (2, 3))


def test_bombs(tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    zeros = bytes(3 * MB)
    (root / "a.zip").write_bytes(zipped([("bomb.txt", zeros), ("good.txt", b"g")]))
    (root / "b.tar.gz").write_bytes(tarred([(f"{n}.txt", bytes([n]) * MB) for n in range(30)], "w:gz"))
    inner = zipped([(f"{n}.txt", os.urandom(MB // 4)) for n in range(4)])
    nest = inner
    for level in range(6):
        nest = zipped([(f"{level}.zip", nest)])
    (root / "c.zip").write_bytes(nest)
    (root / "d.zip").write_bytes(zipped([(f"{n}.zip", inner[:-n] if n else inner) for n in range(5)]))
    found = listed(root, tmp_path / "work", container_bytes=6 * MB)
    told = reasons(found)
    assert "expands more than 200 times" in told["a.zip!/bomb.txt"]
    assert found["a.zip!/good.txt"].state == READY
    assert "expands without end" in told["b.tar.gz"]
    assert told["c.zip!/5.zip!/4.zip!/3.zip!/2.zip"] == "containers within containers are opened 4 deep"
    assert any("unpacks to more than 6 MB; the rest was left out" in reason for reason in told.values())
    assert sum(path.stat().st_size for path in (tmp_path / "work" / "scratch").iterdir()) < 20 * MB


def test_more_members_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    path.write_bytes(zipped([(f"{n}.txt", str(n).encode()) for n in range(50)]))
    found = listed(path, tmp_path / "work", members=20)
    assert sum(entry.state == READY for entry in found.values()) == 20
    assert found["many.zip"].reason == "many.zip: holds more than 20 members; the rest was left out"
    assert found["many.zip"].state == FAILED


def test_containers_in_containers_are_read(tmp_path: Path) -> None:
    inner = tarred([("d/x.txt", "xã".encode()), ("y.txt", b"same")], "w:xz")
    (tmp_path / "o.zip").write_bytes(zipped([("a.txt", b"same"), ("in.tar.xz", inner), ("s/", b"")]))
    found = listed(tmp_path / "o.zip", tmp_path / "work")
    assert list(found) == ["o.zip!/a.txt", "o.zip!/in.tar.xz!/d/x.txt", "o.zip!/in.tar.xz!/y.txt"]
    assert found["o.zip!/in.tar.xz!/y.txt"].state == DUPLICATE
    assert found["o.zip!/in.tar.xz!/y.txt"].reason == "has the same content as o.zip!/a.txt"


@pytest.mark.parametrize("mode", ["w:gz", "w:xz"])
def test_what_stands_before_a_torn_end_is_read(tmp_path: Path, mode: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    members = [(f"{n:02}.txt", random.Random(n).randbytes(50_000)) for n in range(20)]
    whole = tarred(members, mode)
    (root / f"a.tar.{mode[2:]}").write_bytes(whole[: len(whole) * 47 // 100])
    found = listed(root, tmp_path / "work")
    states = [found[name].state for name in sorted(found, key=lambda name: ("!" not in name, name))]
    assert states == [READY] * 9 + [FAILED, FAILED]
    assert "is a damaged tar file" in found[f"a.tar.{mode[2:]}"].reason


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.tar.bz2", "x.tar.xz"])
@pytest.mark.parametrize("how", ["rubbish", "cut", "flipped", "empty"])
def test_damaged_containers(tmp_path: Path, name: str, how: str) -> None:
    members = [(f"{n}.txt", os.urandom(5000)) for n in range(5)]
    compression = name.partition(".tar.")[2]
    whole = zipped(members) if name.endswith("zip") else tarred(members, f"w:{compression}")
    middle = len(whole) // 2
    data = {
        "rubbish": b"no archive at all" * 100,
        "cut": whole[:middle],
        "flipped": whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :],
        "empty": b"",
    }[how]
    (tmp_path / name).write_bytes(data)
    found = listed(tmp_path / name, tmp_path / "work")
    # One byte within the data of an uncompressed tar is no damage that a tar could tell.
    if (name, how) != ("x.tar", "flipped"):
        assert any(entry.state == FAILED and entry.reason for entry in found.values())


def test_encrypted_members(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.txt", b"aaaa")]))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 1
    (tmp_path / "e.zip").write_bytes(data)
    assert reasons(listed(tmp_path / "e.zip", tmp_path / "work")) == {"e.zip!/a.txt": "is encrypted"}


def test_names_in_any_encoding(tmp_path: Path) -> None:
    root = os.fsencode(tmp_path / "in")
    Path(os.fsdecode(root)).mkdir()
    for name in ("báo cáo.txt".encode(), b"b\xe1o c\xe1o.txt", b"a\nb\x1b[31m.txt", "\u202etxt.exe.txt".encode()):
        Path(os.fsdecode(root + b"/" + name)).write_bytes(name)
    found = listed(Path(os.fsdecode(root)), tmp_path / "work")
    assert sorted(found) == sorted(["báo cáo.txt", "b\\xe1o c\\xe1o.txt", "a\\x0ab\\x1b[31m.txt", "\\u202etxt.exe.txt"])
    assert all(entry.state == READY for entry in found.values())


def test_names_in_zip_and_tar(tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    data = zipped([("aaaaa.txt", b"1"), ("bbbbb.txt", b"2"), ("ccc.txt", b"3"), ("ccd.txt", b"4")])
    data = data.replace(b"aaaaa.txt", "xã.txt".encode().ljust(9, b"t"))
    data = data.replace(b"bbbbb.txt", "cô".encode("cp1258") + b"xyz.txt").replace(b"ccd.txt", b"ccc.txt")
    (root / "z.zip").write_bytes(data)
    (root / "t.tar").write_bytes(tarred([("x.txt", b"5"), ("x.txt", b"6"), ("./d//x.txt", b"7")]))
    found = listed(root, tmp_path / "work")
    names = [name for name in found if name.startswith("z.zip")]
    assert names == ["z.zip!/xã.txttt", "z.zip!/côxyz.txt", "z.zip!/ccc.txt", "z.zip!/ccc.txt#2"]
    assert [name for name in found if name.startswith("t.tar")] == [
        "t.tar!/x.txt",
        "t.tar!/x.txt#2",
        "t.tar!/./d//x.txt",
    ]


def test_unreadable_folder_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "in"
    for name in ("open", "shut"):
        (root / name).mkdir(parents=True)
        (root / name / "a.txt").write_text(name)
    real = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(walk.os, "scandir", guarded)
    found = listed(root, tmp_path / "work")
    assert found["open/a.txt"].state == READY
    assert found["shut/"].state == FAILED
    assert found["shut/"].reason == "shut/: the folder cannot be read (Permission denied); check its permissions"


def test_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "in"
    root.mkdir()
    with (root / "huge.txt").open("wb") as stream:
        stream.truncate(1 << 30)
    (root / "a.txt").write_text("a")
    found = listed(root, tmp_path / "work")
    assert found["huge.txt"].reason == f"is {1 << 30} bytes, more than {64 * MB}"
    assert (found["huge.txt"].state, found["a.txt"].state) == (SKIPPED, READY)


def test_many_small_files(tmp_path: Path) -> None:
    count = 10_000
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(count):
            made.writestr(f"d{number % 10}/{number}.txt", str(number % (count // 2)))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    fetcher = Fetcher([path], scratch)
    found = walk.inputs([path], fetcher=fetcher, scratch=scratch, limits=Limits())
    planning.write(tmp_path / "plan.jsonl", found, fetcher=fetcher, options=stub_options(shard_documents=500))
    plan = planning.read(tmp_path / "plan.jsonl")
    assert plan.states == {READY: count // 2, DUPLICATE: count // 2}
    assert len(plan.starts) == count // 500
    assert [entry.number for entry in plan.shard(19)] == list(range(9_500, 10_000))


def test_deep_folders(tmp_path: Path) -> None:
    """Two hundred folders deep, near the longest path that the system takes."""
    deep = tmp_path / "in"
    for _ in range(200):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("a")
    (found,) = listed(tmp_path / "in", tmp_path / "work").values()
    assert found.state == READY


def test_headers_of_any_size_are_not_taken_into_memory() -> None:
    with pytest.raises(OSError, match="too large"):
        _Bounded(io.BytesIO(b"")).read(LARGEST_HEADER + 1)


def test_bytes_that_do_not_match(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    fetcher = Fetcher([tmp_path / "a.txt"], tmp_path)
    entry = next(iter(listed(tmp_path / "a.txt", tmp_path / "work").values()))
    (tmp_path / "a.txt").write_text("abd")
    with pytest.raises(InputError, match="changed since the run was planned"):
        fetcher.read(entry)
    (tmp_path / "a.txt").write_text("abcd")
    with pytest.raises(InputError, match="is not of the 3 bytes announced"):
        fetcher.read(entry)


@pytest.mark.parametrize(
    ("name", "kind"), [("a.ZIP", "zip"), ("b.tar.gz", "tar"), ("c.tgz", "tar"), ("d.docx", None), ("e.gz", None)]
)
def test_containers_by_name(name: str, kind: str | None) -> None:
    assert container_kind(name) == kind


@pytest.mark.parametrize("name", ["x.JPG", "Thumbs.db", "__MACOSX/._a.txt", "d/~$bao cao.docx", "a.gz", "so.xlsx"])
def test_no_reports(name: str) -> None:
    assert no_report(name)


@pytest.mark.parametrize("name", ["a.txt", "báo cáo", "x.pdf", "BC 12.2023", "d.v/bao-cao.docx"])
def test_may_be_reports(name: str) -> None:
    assert no_report(name) == ""


def test_shown_names_are_text() -> None:
    assert shown("a\udcffb") == "a\\xffb"
    assert shown(b"x\x00y") == "x\\x00y"
