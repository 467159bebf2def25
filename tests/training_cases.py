"""Made reports for the tests of training: a few lines with every label, many relations and nested spans."""

from __future__ import annotations

from pathlib import Path

from ie import brat
from ie.document import Document, Entity, Relation

LINES = (
    ("INDICATOR", "Tổng thu ngân sách"), " trên địa bàn ", ("PLACE", "xã Tân Lập"), " ", ("PERIOD", "năm {year}"),
    " đạt ", ("QUANTITY", "{a},5"), " ", ("UNIT", "tỷ đồng"), ", bằng ", ("QUANTITY", "{b}"), ("UNIT", "%"),
    " kế hoạch; chi cho ", ("PROJECT", "dự án cầu Suối Đá, xã Tân Lập"), " là ", ("QUANTITY", "{c}"), " ",
    ("UNIT", "triệu đồng"), " theo ", ("LEGAL", "Nghị quyết số {d}/NQ-HĐND"), ".\n",
)  # fmt: skip


HEAD = "Tình hình thủy lợi và văn hóa\n"


def report(name: str, *, lines: int = 4, first: int = 1) -> Document:
    """Return a made report of `lines` lines, each with other figures."""
    text = HEAD
    entities: list[Entity] = []
    relations: list[Relation] = []
    for number in range(first, first + lines):
        values = {"year": 2010 + number % 15, "a": 10 + number, "b": 80 + number % 20, "c": 100 * number, "d": number}
        ids: list[str] = []
        for part in LINES:
            label, form = part if isinstance(part, tuple) else ("", part)
            piece = form.format(**values)
            if label:
                ids.append(f"T{len(entities) + 1}")
                at = len(text)
                entities.append(Entity(ids[-1], label, ((at, at + len(piece)),), piece))
                if label == "PROJECT":
                    inner = at + piece.index("xã")
                    ids.append(f"T{len(entities) + 1}")
                    entities.append(Entity(ids[-1], "PLACE", ((inner, at + len(piece)),), piece[inner - at :]))
            text += piece
        indicator, place, period, amount, unit, share, percent, project, _, cost, million, legal = ids
        for type, head, tail in (
            ("HAS_UNIT", amount, unit), ("HAS_UNIT", share, percent), ("HAS_UNIT", cost, million),
            ("MEASURES", amount, indicator), ("IN_PERIOD", amount, period), ("LOCATED_IN", amount, place),
            ("RATIO_OF", share, amount), ("FUNDED", project, cost), ("BASED_ON", cost, legal),
        ):  # fmt: skip
            relations.append(Relation(f"R{len(relations) + 1}", type, head, tail))
    return Document(name, text, tuple(entities), tuple(relations))


def brat_folder(folder: Path, *, reports: int = 3) -> Path:
    """Write made reports as brat files and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(reports):
        brat.write(report(f"m{number}", first=1 + 10 * number), folder)
    return folder
