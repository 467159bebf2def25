"""The timing of spaCy's processes: what a way back costs is counted, the result renders."""

import json
from pathlib import Path

from evaluation import processes


def test_the_way_back_of_a_document() -> None:
    text = "Tổng thu ngân sách trên địa bàn xã ước đạt 57.210 triệu đồng, bằng 16,5% kế hoạch năm.\n" * 5
    found = processes.way_back([text, text])
    assert set(found) == {"tag", "pack", "unpack", "kB"}
    assert all(value > 0 for value in found.values())


def test_table(tmp_path: Path) -> None:
    assert processes.written(tmp_path) == processes.MISSING
    ways = {way: {"seconds": 10.0, "processor": 9.0, "documents": [6, 4]} for way in processes.WAYS}
    ways["workers"] = processes._figures(5.0, 9.5, [7, 8, 7, 7])
    found = {
        "documents": 10,
        "rounds": 2,
        "cores": 2,
        "ways": ways,
        "back": {"tag": 290.0, "pack": 10.5, "unpack": 8.0, "kB": 1100.0},
        "load": 1.5,
    }
    processes.save(found, tmp_path)
    assert json.loads((tmp_path / processes.NAME).read_text()) == found
    table = processes.written(tmp_path)
    assert "| one process | 10.0 | 1.00 | 9.0 | 6 + 4 |" in table
    assert "| two workers of an archive run | 5.0 | 2.00 | 9.5 | 3 + 1 |" in table
    assert "290 ms of the processor to tag, 10.5 to pack for the way back (1100 kB) and 8.0 to unpack" in table
