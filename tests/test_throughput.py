"""The measurement of archive runs: made documents differ, rates are counted right, what was measured is kept."""

import json
from pathlib import Path

import pytest

from evaluation import capacity, moments, throughput
from evaluation.moments import Moment
from ie.archive import tag_archive
from ie.archive.answer import Answer
from ie.archive.inputs import TAGGED
from ie.archive.progress import Watch
from ie.errors import FormatError, InputError
from tests.archive_cases import small_archive, stub_options

TEXTS = ["Mục 1\n" + "\n".join(f"Xã {n} thu ngân sách đạt {n}57 triệu đồng trong tháng." for n in range(1, 9))] * 2


def test_made_documents_all_differ() -> None:
    found = list(throughput.made(TEXTS, documents=30, seed=1))
    assert len(set(found)) == 30
    assert found == list(throughput.made(TEXTS, documents=30, seed=1))
    assert all(text.startswith("Mục ") for text in found)
    with pytest.raises(InputError, match="no paragraph"):
        list(throughput.made(["ngắn"], documents=1, seed=1))


def moment(at: float, worker: int, session: int = 0, peak: int = 5, words: int = 100, state: str = TAGGED) -> Moment:
    stages = {"tag": 0.6, "rows": 0.2}
    return Moment(session, at, state, words, worker, peak * 1_000_000, 0.5, at / 10, at / 50, 1.0, stages)


def test_rates_leave_out_the_start_of_every_session() -> None:
    # The second worker answers for the second time at 14 seconds; then four answers in four seconds.
    first = [moment(at, worker) for at, worker in ((10, 1), (11, 1), (12, 2), (13, 1), (14, 2), (15, 1), (18, 2))]
    again = [moment(at, worker, 1) for at, worker in ((3, 3), (3, 4), (4, 3), (4, 4), (6, 3), (8, 4))]
    assert moments.rates([*first, moment(99, 0, state=moments.END)], 2) == {"documents": 0.5, "words": 50.0}
    assert moments.rates([*first, *again], 2) == {"documents": 0.5, "words": 50.0}
    assert moments.rates(first, 1) == {"documents": 5 / 7, "words": 500 / 7}
    with pytest.raises(InputError, match="too few documents to time 3 at work"):
        moments.rates(first, 3)


def test_memory_is_told_of_each_worker_from_its_hundredth_document() -> None:
    slow = [moment(n, 1, peak=10 + (n >= 50)) for n in range(120)]
    grows = [moment(n, 2, peak=6 + (n >= 110)) for n in range(120)]
    lost = [moment(n, 3, peak=40) for n in range(20)]
    assert moments.memory(slow) == {"from": 100, "then": 11.0, "last": 11.0, "growth": 0.0}
    assert moments.memory([*slow, *grows]) == {"from": 100, "then": 11.0, "last": 11.0, "growth": 1.0}
    assert moments.memory([*slow, *lost]) == {"from": 100, "then": 11.0, "last": 40.0, "growth": 0.0}
    assert moments.memory(lost) == {"from": 10, "then": 40.0, "last": 40.0, "growth": 0.0}


def test_shares_and_lengths() -> None:
    found = [moment(at, 1, words=100 * at) for at in range(1, 9)]
    shares = {"rows": 0.2 * 8 / 6.56, "tag": 0.6 * 8 / 6.56, "write": 0.16 / 6.56}
    assert moments.stages(found) == pytest.approx(shares)
    assert moments.processor(found) == {"worker": 0.5, "parent": pytest.approx(0.1)}
    end = moment(15, 0, peak=0, state=moments.END)
    assert moments.processor([*found, end])["parent"] == pytest.approx(0.2)
    assert moments.summary([*found, end], 1)["documents"] == 8
    assert moments.lengths(found)[0] == {"words": 150.0, "rate": 300.0}
    assert moments.lengths(found)[-1] == {"words": 750.0, "rate": 1500.0}


def test_moments_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "moments.jsonl"
    for _ in range(2):
        recorder = moments.Recorder(path, Watch())
        recorder(Answer(0, TAGGED, b"", words=7, stages={"tag": 1.0}, processor=0.5, peak=3, worker=9))
        recorder(Answer(1, TAGGED, b"", words=8))
    with path.open("a") as stream:
        stream.write('{"session": 2, "at"')  # killed in mid-line
    found = moments.read(path)
    assert [(m.session, m.words) for m in found] == [(0, 7), (0, 8), (1, 7), (1, 8)]
    assert (found[0].worker, found[0].peak, found[0].stages) == (9, 3, {"tag": 1.0})
    path.write_text("{}\n")
    with pytest.raises(FormatError, match="measure again"):
        moments.read(path)


def test_what_was_measured_is_kept_and_never_mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = throughput.Bench(tmp_path / "work")
    about = {"documents": 250, "seed": 1, "model": "a"}
    bench.prepare(about, TEXTS)
    assert [len(list(folder.iterdir())) for folder in sorted(bench.archive.iterdir())] == [100, 100, 50]
    assert [path.name for path in bench.part(250)] == ["0000", "0001", "0002"]
    assert [path.name for path in bench.part(200)] == ["0000", "0001"]
    assert [path.name for path in bench.part(30)] == ["0000"]
    monkeypatch.setattr(throughput, "word_rate", lambda archive: {"wall": 1.0, "processor": 2.0})
    assert bench.segmented("before") == {"wall": 1.0, "processor": 2.0}
    monkeypatch.setattr(throughput, "word_rate", None)
    bench.prepare(about, [])
    assert bench.segmented("before") == {"wall": 1.0, "processor": 2.0}
    monkeypatch.setattr(throughput, "word_rate", lambda archive: {"wall": 3.0, "processor": 4.0})
    bench.prepare({**about, "model": "b"}, TEXTS)
    assert bench.segmented("before") == {"wall": 3.0, "processor": 4.0}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other things"):
        throughput.Bench(tmp_path / "mine").prepare(about, TEXTS)


def test_a_run_is_recorded(tmp_path: Path) -> None:
    watch = Watch()
    recorder = moments.Recorder(tmp_path / "moments.jsonl", watch)
    archive = small_archive(tmp_path / "in", 40)
    tag_archive([archive], tmp_path / "out", options=stub_options(), watch=watch)
    recorder.finished()
    found = moments.read(tmp_path / "moments.jsonl")
    figures = moments.summary(found, 2)
    assert (figures["documents"], figures["failed"], figures["sessions"]) == (42, 1, 1)
    assert len({m.worker for m in moments.answers(found)}) == 2
    assert all(m.peak > 1_000_000 for m in moments.answers(found))
    assert set(figures["stages"]) == {"fetch", "tag", "rows", "write"}
    assert sum(figures["stages"].values()) == pytest.approx(1, abs=0.001)


def measured() -> dict:
    run = {
        "workers": 1,
        "documents": 25,
        "failed": 0,
        "sessions": 1,
        "rates": {"documents": 2.0, "words": 2000.0},
        "processor": {"worker": 0.4, "parent": 0.02},
        "stages": {"fetch": 0.01, "tag": 0.89, "rows": 0.08, "write": 0.02},
        "memory": {"from": 100, "then": 250.0, "last": 251.0, "growth": 1.0},
        "lengths": [{"words": 500.0, "rate": 2400.0}],
        "load": 1.1,
    }
    two = {**run, "workers": 2, "documents": 50, "failed": 1, "rates": {"documents": 3.4, "words": 3600.0}}
    return {
        "model": {"name": "m", "version": "1"},
        "documents": 50,
        "single": 25,
        "seed": 1,
        "bytes": 500_000,
        "out_bytes": 1_000_000,
        "machine": {"processor": "x", "cores": 2, "system": "S"},
        "versions": {},
        "runs": [run, {**two, "processor": {"worker": 0.42, "parent": 0.0}}],
        "ratio": 1.8,
        "word_tokenize": {"wall": [9000.0, 9000.0], "processor": [9_000.0, 11_000.0]},
    }


def test_tables(tmp_path: Path) -> None:
    capacity.save(measured(), tmp_path)
    found = capacity.load(tmp_path)
    assert found == json.loads(json.dumps(measured()))
    rates = capacity.rates(found)
    assert "| 1 | 25 | 2.00 | 2,000 | 0.400 | 0.020 | 250 | 251 | 1 |" in rates
    assert "on 50 made documents of 10.0 kB, one worker on 25 of them" in rates
    assert "load average 1.1 with 1 and 1.1 with 2 at work; 1 documents failed." in rates
    assert "1.80 times the work of one" in rates
    assert ", 1.70 times in documents a second" in rates
    assert "takes 1.00 times the processor's time" in rates
    assert "10,000 words a second of the processor (9,000 to 11,000 " in rates
    assert "a worker tags 2,500: a ratio of 0.25" in rates
    assert "tag: read" in capacity.stages(found)
    assert "| 500 | 2,400 |" in capacity.stages(found)
    sizing = capacity.sizing(found)
    # 50,000 reports at 2 a second, 90 % kept, 16 workers: 1,736 seconds.
    assert "| 50,000 | 1 | 16 | 29 minutes | 1.0 GB |" in sizing
    assert "| 10,000,000 | 1 | 16 | 4.0 days | 200.0 GB |" in sizing
    assert capacity.load(tmp_path / "none") is None
