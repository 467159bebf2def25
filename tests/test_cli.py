"""The command on good and bad input, with the released pipeline."""

import codecs
import json
import os
import unicodedata
from pathlib import Path

import pytest

from ie.cli import main

REPORT = (
    "BÁO CÁO\nKết quả tháng 02 năm 2023\n"
    "- Tổng thu ngân sách trên địa bàn ước đạt 57.210 triệu đồng, bằng 16,5% kế hoạch.\n"
    "- Toàn xã trồng mới 12,5ha chè; 64/72 hộ thoát nghèo theo Nghị quyết số 05/NQ-HĐND ngày 10/01/2023 của HĐND xã.\n"
)


def tagged(folder: Path, data: bytes, *options: str, name: str = "r.txt") -> tuple[int, list[dict]]:
    source, out = folder / name, folder / "out.jsonl"
    source.write_bytes(data)
    code = main(["tag", str(source), "-o", str(out), *options])
    return code, [json.loads(line) for line in out.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(REPORT.encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + REPORT.encode(), id="utf-8 with mark"),
        pytest.param(REPORT.encode("utf-16"), id="utf-16"),
        pytest.param(REPORT.encode("utf-16-le"), id="utf-16 without mark"),
        pytest.param(REPORT.replace("\n", "\r\n").encode(), id="windows line ends"),
        pytest.param(unicodedata.normalize("NFD", REPORT).encode(), id="NFD"),
    ],
)
def test_contract(tmp_path: Path, data: bytes) -> None:
    code, (document,) = tagged(tmp_path, data)
    assert code == 0
    encoding = document["encoding"]
    source = data.decode(encoding)
    ids = {entity["id"] for entity in document["entities"]}
    assert len(ids) == len(document["entities"]) > 8
    for entity in document["entities"]:
        assert document["text"][entity["start"] : entity["end"]] == entity["text"]
        found = "".join(source[a:b] for a, b in entity["source"])
        assert unicodedata.normalize("NFC", "".join(found.split())) == "".join(entity["text"].split())
    assert {"QUANTITY", "UNIT", "LEGAL"} <= {entity["label"] for entity in document["entities"]}
    assert all(r["head"] in ids and r["tail"] in ids for r in document["relations"])
    facts = {fact["text"]: fact for fact in document["facts"]}
    assert (facts["57.210"]["value"], facts["57.210"]["unit"]) == ("57210000000", "VND")
    assert (facts["12,5"]["value"], facts["12,5"]["unit"]) == ("12.5", "ha")
    assert facts["16,5"]["share_of"] in ids
    assert (facts["64/72"]["value"], facts["64/72"]["upper"]) == ("64", "72")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\n ", "is empty"),
        ("binary.bin", bytes(range(256)) * 40, "r"),
        ("report.pdf", b"%PDF-1.7 ...", "is a damaged PDF"),
        (
            "english.txt",
            b"The budget of the district rose by 12 per cent in the first quarter. " * 5,
            "Vietnamese",
        ),
    ],
)
def test_bad_input_is_one_line_and_the_others_are_tagged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, message: str
) -> None:
    bad, good, out = tmp_path / name, tmp_path / "good.txt", tmp_path / "out.jsonl"
    bad.write_bytes(data)
    good.write_text(REPORT, encoding="utf-8")
    code = main(["tag", str(bad), str(tmp_path / "none.txt"), str(tmp_path), str(good), "-o", str(out)])
    lines = capsys.readouterr().err.splitlines()
    assert code == 1
    assert name in lines[0]
    assert message in lines[0]
    assert "no such file" in lines[1]
    assert "is a directory" in lines[2]
    assert "1 tagged, 3 failed" in lines[3]
    assert [json.loads(line)["document"] for line in out.read_text("utf-8").splitlines()] == ["good.txt"]


def test_long_line_is_cut_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (document,) = tagged(tmp_path, ("Toàn huyện trồng 12 ha lúa, thu 3 tỷ đồng. " * 1200).encode())
    assert code == 0
    assert "cut between sentences" in document["warnings"][0]
    assert sum(entity["label"] == "QUANTITY" for entity in document["entities"]) > 2000


def test_show_and_html(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tagged(tmp_path, REPORT.encode())
    out = tmp_path / "out.jsonl"
    assert main(["show", str(out)]) == 0
    table = capsys.readouterr().out
    assert "57 210 000 000" in table
    assert max(map(len, table.splitlines())) <= 120
    assert main(["show", str(out), "--csv"]) == 0
    assert capsys.readouterr().out.startswith("document,id,")
    assert main(["show", str(out), "--html"]) == 0
    page = (tmp_path / "out.html").read_text("utf-8")
    assert "57.210" in page
    assert "http://" not in page
    assert "https://" not in page


def test_schema_lists_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    printed = capsys.readouterr().out
    for name in ("QUANTITY", "PERIOD", "HAS_UNIT", "BASED_ON", "Basis"):
        assert name in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "none.jsonl"], "no such file"),
        (["tag", "a.txt", "-o", "no/such/dir/x.jsonl"], "no such directory"),
        (["tag", "a.txt", "-o", "{tmp}"], "is a directory"),
        (["tag", "a.txt", "-o", "{tmp}/x.jsonl", "--model", "nope"], "no pipeline 'nope'"),
    ],
)
def test_wrong_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main([argument.replace("{tmp}", str(tmp_path)) for argument in arguments]) == 1
    assert message in capsys.readouterr().err


def test_broken_jsonl_names_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "b.jsonl"
    broken.write_text('{"document": 1}\n', encoding="utf-8")
    assert main(["show", str(broken)]) == 1
    assert "b.jsonl:1" in capsys.readouterr().err


def test_min_score_leaves_out(tmp_path: Path) -> None:
    _, (everything,) = tagged(tmp_path, REPORT.encode())
    _, (sure,) = tagged(tmp_path, REPORT.encode(), "--min-score", "0.999999")
    assert len(sure["entities"]) < len(everything["entities"])


def test_audit_of_a_report_and_of_its_tagged_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = REPORT.replace("64/72 hộ thoát nghèo", "64/72 hộ thoát nghèo (98,9%)")
    source, out = tmp_path / "r.txt", tmp_path / "out.jsonl"
    _, (document,) = tagged(tmp_path, wrong.encode())
    assert [finding["kind"] for finding in document["audit"]] == ["share"]
    for file in (source, out):
        assert main(["audit", str(file)]) == 0
        printed = capsys.readouterr().out
        assert "64 hộ / 72 hộ x 100" in printed
    assert main(["audit", str(out), "--jsonl"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["document"] == "r.txt"
    assert main(["audit", str(out), "--severity", "high", "--jsonl"]) == 0
    assert "98,9" in capsys.readouterr().out
    assert main(["audit", str(tmp_path / "none.txt")]) == 1


def test_one_thread_of_arithmetic_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    main(["schema"])
    assert (os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"]) == ("1", "4")
