"""The worked example runs: ten reports of one city give the table and the chart."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from evaluation.examples import budget

REPORTS = Path(budget.__file__).parent / "reports"
MONTHS = ("41.2", "38.7", "52.4", "47.9", "45.3", "60.8", "49.6", "51.1", "57.5", "63.0")


def test_ten_reports_to_a_table_and_a_chart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert budget.main([str(REPORTS), "-o", str(tmp_path / "budget")]) == 0
    with (tmp_path / "budget.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    written = [Decimal(month) for month in MONTHS]
    wanted = {f"2024-{at:02}": (month, sum(written[:at], Decimal(0))) for at, month in enumerate(written, 1)}
    right = [r for r in rows if (Decimal(r["revenue"]) / 10**9, Decimal(r["cumulative"]) / 10**9) == wanted[r["month"]]]
    assert len(rows) >= 9
    assert len(right) >= len(rows) - 1
    assert (tmp_path / "budget.png").stat().st_size > 5000
    assert "months, 0 findings" in capsys.readouterr().out


def test_a_folder_without_reports_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        budget.main([str(tmp_path), "-o", str(tmp_path / "budget")])
    assert "holds no .txt reports" in capsys.readouterr().err
    assert not (tmp_path / "budget.csv").exists()


def test_a_report_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    assert list(budget.tagged([tmp_path / "empty.txt"])) == []
    assert "empty.txt: is empty" in capsys.readouterr().err
