"""Relations that leave their sentence: which the guidelines allow, which they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.check import check
from corpus.checks.reach import leaving, problems
from tests.corpus_samples import small_corpus
from tests.inline_gold import document

TOTAL = "{I1 Tổng thu} {P1 9 tháng} của {L1 huyện Mỹ Lộc} là {Q1 42} {U1 tỷ đồng}"


@pytest.mark.parametrize(
    ("text", "relations", "left"),
    [
        # One sentence, its later clauses included.
        (f"{TOTAL}; thuế đạt {{Q2 31}} tỷ đồng.", "Q1 MEASURES I1; Q2 IN_PERIOD P1; Q2 LOCATED_IN L1", []),
        # The next sentence takes neither time, place nor indicator with it; parts reach it.
        (
            f"{TOTAL}. Trong đó thuế {{Q2 31}} tỷ đồng.",
            "Q1 MEASURES I1; Q2 MEASURES I1; Q2 IN_PERIOD P1; Q2 LOCATED_IN L1; Q2 PART_OF Q1",
            ["R2", "R3", "R4"],
        ),
        # A lead-in gives time and place to its items, and its indicator where no figure of its own measures it.
        (
            f"{TOTAL}, gồm:\n- Thuế: {{Q2 31}} tỷ đồng",
            "Q1 MEASURES I1; Q2 MEASURES I1; Q2 IN_PERIOD P1; Q2 LOCATED_IN L1",
            ["R2"],
        ),
        ("{I1 Mức vốn} từng xã như sau:\n- Xã Đại An: {Q1 3} {U1 tỷ đồng}", "Q1 MEASURES I1", []),
        # A figure that measures something nearer does not need the lead-in.
        (
            "{I1 Mức vốn} từng xã như sau:\n- Xã Đại An: {I2 vốn tỉnh} {Q1 3} tỷ đồng",
            "Q1 MEASURES I1; Q1 MEASURES I2",
            ["R1"],
        ),
        # Cells of a table and of one in a single line.
        ("| {I1 Dân số} (người) |\n| Đại An | {Q1 8.127} |", "Q1 MEASURES I1", []),
        ("{I1 Giá} m². | Căn góc | {Q1 18} | triệu", "Q1 MEASURES I1", []),
        # Money and documents of a project.
        (
            "{J1 Dự án Cầu Ngòi} khởi công {P1 năm 2024}. Vốn {Q1 12} {U1 tỷ đồng} theo {G1 Nghị quyết 9/NQ-HĐND}.",
            "J1 FUNDED Q1; Q1 IN_PERIOD P1; J1 BASED_ON G1",
            ["R2", "R3"],
        ),
    ],
)
def test_what_leaves_its_sentence(text: str, relations: str, left: list[str]) -> None:
    assert [relation.id for relation in leaving(document(text, relations))] == left


def test_a_problem_names_the_line() -> None:
    made = document(f"{TOTAL}. Thuế {{Q2 31}} tỷ đồng.", "Q2 IN_PERIOD P1")
    (found,) = problems(made, {"R1": 9}, Path("a.ann"))
    assert str(found).startswith("a.ann:9: IN_PERIOD R1 leaves its sentence")


def test_the_check_of_a_corpus_names_it(tmp_path: Path) -> None:
    root = small_corpus(tmp_path)
    assert not any("leaves its sentence" in problem.message for problem in check(root=root).problems)
    # The comma before what was received becomes a full stop: its time is now told in the sentence before.
    for suffix, old, new in ((".txt", "lượt, nhận đơn", "lượt. Nhận đơn"), (".ann", "nhận đơn", "Nhận đơn")):
        path = root / "reports" / f"s1-02{suffix}"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    found = [problem for problem in check(root=root).problems if "leaves its sentence" in problem.message]
    assert [(problem.path.name, problem.message.split()[0]) for problem in found] == [("s1-02.ann", "IN_PERIOD")]
