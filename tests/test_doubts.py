"""Questions about gold and a prediction that differ, and the gold that answers make of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.__main__ import main
from evaluation.doubts import Question, doubts, sheet
from evaluation.verdicts import fragments, read_answers, revised
from ie import brat
from ie.document import Document
from ie.errors import FormatError, InputError
from ie.export.jsonl import dumps

TEXT = "Xã Tân Lập trồng mới 12 ha rừng, đạt 80% kế hoạch; chợ Ba Khe thu 35 triệu đồng.\n"
GOLD = """T1\tQUANTITY 21 23\t12
T2\tUNIT 24 26\tha
T3\tINDICATOR 11 20\ttrồng mới
T4\tPLACE 3 10\tTân Lập
T5\tQUANTITY 37 39\t80
T6\tUNIT 39 40\t%
T7\tINDICATOR 27 31\trừng
R1\tHAS_UNIT Arg1:T1 Arg2:T2
R2\tMEASURES Arg1:T1 Arg2:T3
R3\tHAS_UNIT Arg1:T5 Arg2:T6
A1\tPlanned T1
"""
FOUND = """T1\tQUANTITY 21 23\t12
T2\tUNIT 24 26\tha
T3\tINDICATOR 11 20\ttrồng mới
T4\tPLACE 0 10\tXã Tân Lập
T5\tQUANTITY 37 39\t80
T6\tUNIT 39 40\t%
T8\tQUANTITY 66 68\t35
T9\tUNIT 69 79\ttriệu đồng
R1\tHAS_UNIT Arg1:T1 Arg2:T2
R2\tMEASURES Arg1:T1 Arg2:T3
R3\tRATIO_OF Arg1:T5 Arg2:T1
R4\tHAS_UNIT Arg1:T8 Arg2:T9
A1\tBasis T5 plan
"""


def _read(ann: str) -> Document:
    return brat.parse(ann, TEXT, name="a")


def _asked() -> dict[str, tuple[int, Question]]:
    """Return the questions by kind and first word."""
    found = doubts(_read(GOLD), _read(FOUND))
    return {f"{q.kind} {q.words.split()[0]}": (number, q) for number, q in enumerate(found.questions, 1)}


def _after(**answers: str) -> Document:
    asked = _asked()
    given = {asked[key.replace("_", " ", 1)][0]: answer for key, answer in answers.items()}
    return revised(_read(GOLD), doubts(_read(GOLD), _read(FOUND)), given).document


def test_every_difference_is_asked_about_once() -> None:
    assert set(_asked()) == {
        "BOUNDARY PLACE", "SPAN INDICATOR", "SPAN QUANTITY", "SPAN UNIT", "RELATION RATIO_OF", "RELATION HAS_UNIT",
        "ATTRIBUTE Planned", "ATTRIBUTE Basis=plan",
    }  # fmt: skip


def test_a_question_does_not_say_whose_reading_it_is() -> None:
    one = [(q.kind, q.at) for q in doubts(_read(GOLD), _read(FOUND)).questions]
    other = [(q.kind, q.at) for q in doubts(_read(FOUND), _read(GOLD)).questions if q.kind != "BOUNDARY"]
    assert sorted(other) == sorted(item for item in one if item[0] != "BOUNDARY")
    page = sheet(_read(GOLD), doubts(_read(GOLD), _read(FOUND)))
    assert "gold" not in page
    assert "L1| Xã Tân Lập" in page


def test_nothing_changes_without_answers_and_with_those_that_keep_the_gold() -> None:
    assert _after().entities == tuple(sorted(_read(GOLD).entities, key=lambda e: (e.start, -e.end)))
    kept = _after(SPAN_INDICATOR="+", SPAN_QUANTITY="-", RELATION_RATIO_OF="-", ATTRIBUTE_Planned="+")
    assert {e.id for e in kept.entities} == {e.id for e in _read(GOLD).entities}
    assert kept.relations == _read(GOLD).relations


def test_a_span_that_goes_takes_its_relations_along() -> None:
    asked = _asked()
    gold = _read(GOLD + "R4\tMEASURES Arg1:T5 Arg2:T7\n")
    found = doubts(gold, _read(FOUND))
    number = next(n for n, q in enumerate(found.questions, 1) if q.words == asked["SPAN INDICATOR"][1].words)
    left = revised(gold, found, {number: "-"}).document
    assert "T7" not in {e.id for e in left.entities}
    assert "R4" not in {r.id for r in left.relations}


def test_spans_that_come_bring_the_relations_of_the_prediction() -> None:
    both = _after(SPAN_QUANTITY="+", SPAN_UNIT="+")
    by_text = {e.text: e.id for e in both.entities}
    assert ("HAS_UNIT", by_text["35"], by_text["triệu đồng"]) in {(r.type, r.head, r.tail) for r in both.relations}
    alone = _after(SPAN_QUANTITY="+")
    assert len(alone.relations) == len(_read(GOLD).relations)


def test_spans_that_may_not_stand_there_are_refused_and_counted() -> None:
    gold = _read(GOLD + "T9\tPERIOD 58 68\tKhe thu 35\n")
    crossing = FOUND.replace("T9\tUNIT 69 79\ttriệu đồng", "T9\tUNIT 66 79\t35 triệu đồng")
    for ann, refused in ((FOUND, 0), (crossing, 1)):
        found = doubts(gold, _read(ann))
        number = next(n for n, q in enumerate(found.questions, 1) if q.kind == "SPAN" and q.words.startswith("UNIT"))
        made = revised(gold, found, {number: "+"})
        assert (made.counts["SPAN", "changed"], made.counts["SPAN", "refused"]) == (1, refused)
        assert len(made.document.entities) == len(gold.entities) + 1 - refused


def test_boundaries_relations_and_attributes() -> None:
    number, question = _asked()["BOUNDARY PLACE"]
    right = "AB"[[span.size for span in question.options].index(8)]
    found = doubts(_read(GOLD), _read(FOUND))
    place = next(e for e in revised(_read(GOLD), found, {number: right}).document.entities if e.id == "T4")
    assert place.text == "Xã Tân Lập"
    changed = _after(RELATION_RATIO_OF="+", RELATION_HAS_UNIT="-", ATTRIBUTE_Planned="-")
    assert {(r.type, r.head) for r in changed.relations} >= {("RATIO_OF", "T5")}
    assert ("HAS_UNIT", "T5") not in {(r.type, r.head) for r in changed.relations}
    assert not next(e for e in changed.entities if e.id == "T1").attributes


def test_unsure_predictions_are_not_asked_about() -> None:
    found = _read(FOUND)
    unsure = tuple(replace(e, score=0.3 if e.text == "35" else 0.9) for e in found.entities)
    asked = doubts(_read(GOLD), replace(found, entities=unsure), min_score=0.5)
    assert "35" not in " ".join(q.words.split("⟦")[1].split("⟧")[0] for q in asked.questions)


@pytest.mark.parametrize(("line", "said"), [("a 1+", "no colon"), ("a: 1+ 2x", "2x")])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "answers.txt"
    path.write_text(f"b: 1+\n{line}\n", "utf-8")
    with pytest.raises(FormatError, match=f"answers.txt:2: .*{said}"):
        read_answers([path])


def test_answers_that_fit_no_question_are_refused() -> None:
    found = doubts(_read(GOLD), _read(FOUND))
    with pytest.raises(InputError, match="no question 99"):
        revised(_read(GOLD), found, {99: "+"})
    with pytest.raises(InputError, match="does not answer a BOUNDARY"):
        revised(_read(GOLD), found, {_asked()["BOUNDARY PLACE"][0]: "+"})


def test_runs_apart_by_blanks_are_one_fragment_and_lines_are_not() -> None:
    assert fragments("ab  cd 1 ef", ((0, 2), (4, 6), (9, 11))) == ((0, 6), (9, 11))
    assert fragments("ab \ncd", ((0, 2), (4, 6))) == ((0, 2), (4, 6))


def test_the_commands_ask_and_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, tagged = tmp_path / "gold", tmp_path / "tagged.jsonl"
    gold.mkdir()
    brat.write(_read(GOLD), gold)
    tagged.write_text(dumps(replace(_read(FOUND), name="a.txt")) + "\n", "utf-8")
    both = ["--brat", str(gold), "--predictions", str(tagged)]
    assert main(["doubts", *both, "--out", str(tmp_path / "sheets")]) == 0
    asked = (tmp_path / "sheets" / "a.txt").read_text("utf-8").split("## Questions\n")[1].splitlines()
    answers = tmp_path / "answers.txt"
    answers.write_text("a: " + " ".join(f"{n}-" for n, q in enumerate(asked, 1) if " SPAN " in q), "utf-8")
    assert main(["decide", str(answers), *both, "--out", str(tmp_path / "new")]) == 0
    assert "rừng" not in {e.text for e in brat.read(tmp_path / "new" / "a.ann").entities}
    assert "span changed: 1" in capsys.readouterr().out
    answers.write_text("b: 1-", "utf-8")
    assert main(["decide", str(answers), *both, "--out", str(tmp_path / "new")]) == 1
    assert "no document b" in capsys.readouterr().err
