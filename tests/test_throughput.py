"""The measurement of archive runs: made documents differ, rates are counted right, tables render."""

import json
from pathlib import Path

import pytest

from evaluation import capacity, throughput
from ie.archive.answer import Answer
from ie.archive.inputs import TAGGED
from ie.errors import InputError

TEXTS = ["Mục 1\n" + "\n".join(f"Xã {n} thu ngân sách đạt {n}57 triệu đồng trong tháng." for n in range(1, 9))] * 2


def test_made_documents_all_differ() -> None:
    found = list(throughput.made(TEXTS, documents=30, seed=1))
    assert len(set(found)) == 30
    assert found == list(throughput.made(TEXTS, documents=30, seed=1))
    assert all(text.startswith("Mục ") for text in found)
    with pytest.raises(InputError, match="no paragraph"):
        list(throughput.made(["ngắn"], documents=1, seed=1))


def test_rates_leave_out_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 11.0, 12.0, 13.0, 14.0, 16.0, 18.0])
    monkeypatch.setattr(throughput.time, "monotonic", lambda: next(clock))
    timed = throughput.Timed(1)
    for number in range(7):
        timed(Answer(number, TAGGED, b"", words=100, peak=number * 1_000_000))
    assert timed.rates() == {"documents": 0.5, "words": 50.0}
    assert timed.memory() == {"from": 7, "then": 6.0, "last": 6.0}


def measured() -> dict:
    run = {
        "workers": 1,
        "documents": 50,
        "seconds": 25.0,
        "rates": {"documents": 2.0, "words": 2000.0},
        "processor": 0.4,
        "parent_processor": 0.02,
        "stages": {"fetch": 0.01, "tag": 0.89, "rows": 0.08, "write": 0.02},
        "memory": {"from": 50, "then": 250.0, "last": 251.0},
        "load": [0.1, 1.1],
    }
    two = {**run, "workers": 2, "rates": {"documents": 3.6, "words": 3600.0}}
    return {
        "model": {"name": "m", "version": "1"},
        "documents": 50,
        "bytes": 500_000,
        "out_bytes": 1_000_000,
        "seed": 1,
        "machine": {"processor": "x", "cores": 2, "system": "S"},
        "versions": {},
        "runs": [run, two],
        "ratio": 1.8,
        "word_tokenize": {"wall": 9000.0, "processor": 10_000.0},
    }


def test_tables(tmp_path: Path) -> None:
    capacity.save(measured(), tmp_path)
    found = capacity.load(tmp_path)
    assert found == json.loads(json.dumps(measured()))
    rates = capacity.rates(found)
    assert "| 1 | 2.00 | 2,000 | 0.400 | 0.020 | 250 | 251 |" in rates
    assert "1.80 times the work of one" in rates
    assert "a worker 2,500: a ratio of 0.25" in rates
    assert "tag: read" in capacity.stages(found)
    sizing = capacity.sizing(found)
    # 50,000 reports at 2 a second, 90 % kept, 16 workers: 1,736 seconds.
    assert "| 50,000 | 1 | 16 | 29 minutes | 1.0 GB |" in sizing
    assert "| 10,000,000 | 1 | 16 | 4.0 days | 200.0 GB |" in sizing
    assert capacity.load(tmp_path / "none") is None
