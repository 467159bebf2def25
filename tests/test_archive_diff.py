"""`ie diff`: gains and losses of one run over another, document by document and by label."""

import json
import shutil
from pathlib import Path

import pytest

from ie.archive import tag_archive
from ie.cli import main
from tests.archive_cases import stub_options


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Runs of two versions of the stub over one archive, cut into shards of other sizes."""
    work = tmp_path_factory.mktemp("diff")
    archive = work / "in"
    archive.mkdir()
    (archive / "a.txt").write_text("Xã có 7 hộ, thôn có 12 hộ, năm 2023", "utf-8")
    (archive / "b.txt").write_text("Xã có 45 hộ", "utf-8")
    for number in range(20):
        (archive / f"z{number:02d}.txt").write_text(f"Thôn {number} có {number + 30} hộ", "utf-8")
    patch = pytest.MonkeyPatch()
    for version, size in (("1", 4), ("2", 9)):
        patch.setenv("STUB_VERSION", version)
        tag_archive([archive], work / version, options=stub_options(workers=1, shard_documents=size))
    patch.undo()
    return work / "1", work / "2"


def test_changes_and_counts(runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *map(str, runs), "--limit", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:8] == [
        "a.txt: 1 gained, 4 lost",
        "  - QUANTITY 7",
        "  - UNIT hộ",
        "  + QUANTITY 2023",
        "  - HAS_UNIT 7 → hộ",
        "  - fact 7",
        "stub 1 -> stub 2",
        "documents: 11 changed, 11 the same",
    ]
    counts = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in lines[9:]}
    # z10 to z19 gain the number of the thôn, which has no unit.
    assert counts["QUANTITY"] == [22, 11, 1]
    assert counts["UNIT"] == [22, 0, 1]
    assert counts["relations"] == counts["HAS_UNIT"] == [22, 0, 1]
    assert counts["facts"] == [22, 0, 1]


def test_one_label_as_json(runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *map(str, runs), "--label", "UNIT", "--json"]) == 0
    change, counts = map(json.loads, capsys.readouterr().out.splitlines())
    assert change == {
        "document": "a.txt",
        "changes": [{"kind": "entities", "label": "UNIT", "text": "hộ", "gained": False}],
    }
    assert counts["documents"] == {"changed": 11, "the same": 11, "only in the second": 0}


def test_a_run_against_itself(runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(runs[0]), str(runs[0])]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "documents: 22 the same"
    assert all(line.split()[2:] == ["0", "0"] for line in lines[3:])


def test_what_is_no_run(runs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(tmp_path), str(runs[0])]) == 1
    assert "holds no finished run" in capsys.readouterr().err
    (tmp_path / "manifest.json").write_text("{}")
    assert main(["diff", str(tmp_path), str(runs[0])]) == 1
    assert "was not written by ie tag" in capsys.readouterr().err
    torn = tmp_path / "torn"
    shutil.copytree(runs[0], torn)
    part = torn / "entities" / "part-000000.parquet"
    part.write_bytes(part.read_bytes()[:100])
    assert main(["diff", str(torn), str(runs[0])]) == 1
    assert capsys.readouterr().err.count("\n") == 1
