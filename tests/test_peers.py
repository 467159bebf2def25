from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import peers, runs, systems
from evaluation.__main__ import main
from evaluation.predictions import align
from evaluation.runs import Run
from evaluation.systems import MissingSystemError, system
from ie.document import Document
from ie.errors import InputError
from tests.evaluation_cases import folder, report

GOLD = report(
    "Tại {T3:PLACE xã Mường Khoa}, trồng {T1:QUANTITY 3} {T2:UNIT km} đường và {T4:QUANTITY 12} cây.",
    "HAS_UNIT T1 T2",
    "PART_OF T1 T4",
)


def spans(document: Document) -> list[tuple[str, str]]:
    return [(entity.label, entity.text) for entity in document.entities]


# --- underthesea ------------------------------------------------------------------------------------------------------


def test_words_are_found_over_line_ends_and_other_tone_places() -> None:
    text = "xã  Hoà\nBình, thuỷ lợi"
    found = peers.align(["xã", "Hòa Bình", ",", "thủy lợi"], text, 0, where="x")
    assert [text[a:b] for a, b in found] == ["xã", "Hoà\nBình", ",", "thuỷ lợi"]


def test_an_eth_typed_for_a_d_with_stroke_is_read_as_one() -> None:
    assert peers.align(["Đông"], "Ðông", 0, where="x") == [(0, 4)]


def test_words_that_are_not_in_the_text_are_refused() -> None:
    with pytest.raises(InputError, match="r1: underthesea says 'Huế' where the text has 'Hà Nội'"):
        peers.align(["Huế"], "Hà Nội", 0, where="r1")


@given(st.lists(st.text("abă12,.", min_size=1, max_size=4), min_size=1), st.lists(st.sampled_from(["", " ", "\n  "])))
def test_every_word_is_where_it_was_written(words: list[str], gaps: list[str]) -> None:
    text, at = "", []
    for index, word in enumerate(words):
        text += gaps[index % len(gaps)] if gaps else ""
        at.append((len(text), len(text) + len(word)))
        text += word
    assert peers.align(words, text, 0, where="x") == at


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-LOC I-LOC O", [(0, 2)]),
        ("B-LOC B-LOC I-LOC", [(0, 1), (1, 3)]),
        ("I-LOC I-LOC O", [(0, 2)]),
        ("B-PER I-LOC I-LOC", [(1, 3)]),
        ("B-ORG I-ORG O", []),
    ],
)
def test_runs_of_loc_are_places(tags: str, expected: list[tuple[int, int]]) -> None:
    assert peers.located(tags.split(), [(i, i + 1) for i in range(3)]) == expected


def test_every_paragraph_is_read_and_offsets_are_those_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def ner(text: str) -> list[tuple[str, str, str, str]]:
        seen.append(text)
        return [(word, "", "", "B-LOC" if word[0].isupper() else "O") for word in text.split()]

    monkeypatch.setitem(sys.modules, "underthesea", _module("underthesea", ner=ner))
    text = "ở Huế\nvà\n \n  Vinh\n"
    found = peers.places(text, name="r1")
    assert seen == ["ở Huế và", "Vinh"]
    assert spans(found) == [("PLACE", "Huế"), ("PLACE", "Vinh")]
    assert [text[e.start : e.end] for e in found.entities] == ["Huế", "Vinh"]


def test_a_decomposed_text_keeps_its_own_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [("Huế", "", "", "B-LOC"), (".", "", "", "O")]
    monkeypatch.setitem(sys.modules, "underthesea", _module("underthesea", ner=lambda text: words))
    (found,) = peers.places("Hue\u0302\u0301.", name="r1").entities
    assert (found.start, found.end) == (0, 5)


def test_underthesea_itself_reads_a_report() -> None:
    found = peers.places(GOLD.text, name="report")
    assert {entity.label for entity in found.entities} <= {"PLACE"}
    assert all(GOLD.text[entity.start : entity.end] == entity.text for entity in found.entities)


# --- quantulum3 -------------------------------------------------------------------------------------------------------


def _module(name: str, **contents: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(contents)
    return module


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("3 km", "3", "km"),
        ("5%", "5", "%"),
        ("1.250,5 kg", "1.250,5", "kg"),
        ("3 m2", "3", "m2"),
        ("$5", "5", "$"),
        ("2021 - 2030", "2021 - 2030", None),
        ("1/500", "1/500", None),
        ("12", "12", None),
        ("ten", "ten", None),
        ("12.", "12", None),
    ],
)
def test_a_quantity_is_cut_into_number_and_unit(text: str, number: str, unit: str | None) -> None:
    first, second = peers.parts(f"xx {text}", 3, 3 + len(text))
    assert f"xx {text}"[slice(*first)] == number
    assert (f"xx {text}"[slice(*second)] if second else None) == unit


def test_quantities_are_linked_to_their_units(monkeypatch: pytest.MonkeyPatch) -> None:
    surfaces = ["3 km", "12"]
    found = [SimpleNamespace(span=(GOLD.text.index(s), GOLD.text.index(s) + len(s))) for s in surfaces]
    parser, classifier = _module("parser", parse=lambda text: found), _module("classifier", USE_CLF=True)
    monkeypatch.setitem(sys.modules, "quantulum3", _module("quantulum3", parser=parser, classifier=classifier))
    document = peers.quantities(GOLD.text, name="report")
    assert spans(document) == [("QUANTITY", "3"), ("UNIT", "km"), ("QUANTITY", "12")]
    assert [(r.type, r.head, r.tail) for r in document.relations] == [("HAS_UNIT", "T1", "T2")]
    assert not classifier.USE_CLF


def test_quantulum3_itself_reads_a_report() -> None:
    pytest.importorskip("quantulum3")
    assert ("UNIT", "km") in spans(peers.quantities(GOLD.text, name="report"))


def test_a_run_of_a_tool_that_is_not_installed_is_skipped_with_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(systems, "find_spec", lambda name: None)
    with pytest.raises(MissingSystemError):
        system("quantulum3")
    plan = runs.Plan(
        1, {"s": ("brat", str(folder(tmp_path / "s", GOLD)))}, {"quantulum3-s": Run("quantulum3-s", "quantulum3", "s")}
    )
    monkeypatch.setattr(runs, "plan", lambda: plan)
    assert main(["run", "quantulum3-s", "--results", str(tmp_path)]) == 0
    said = "quantulum3-s: skipped, quantulum3 is not installed; pip install quantulum3\n"
    assert capsys.readouterr().out == said


# --- judged on what it can produce ------------------------------------------------------------------------------------


def test_a_restricted_run_is_judged_on_its_labels_alone_and_says_so() -> None:
    run = Run("q", "quantulum3", "s", ("QUANTITY", "UNIT", "HAS_UNIT"))
    found = runs.result(run, align([GOLD], [GOLD], what="q"), about={}, seed=1)
    assert found["labels"] == ["QUANTITY", "UNIT", "HAS_UNIT"]
    assert found["scores"]["entities.exact"]["all"]["support"] == 3
    assert set(found["scores"]["relations.strict"]["labels"]) == {"HAS_UNIT"}
    assert "facts" not in found["scores"]
    assert {span[1] for span in found["per_document"]["report"]["spans"]} == {"QUANTITY", "UNIT"}
    assert len(runs.predictions_of(found, [GOLD])) == 1


def test_labels_that_are_not_restricted_change_nothing_in_a_result() -> None:
    found = runs.result(Run("q", "rules", "s"), align([GOLD], [GOLD], what="q"), about={}, seed=1)
    assert "labels" not in found
    assert {"facts", "attributes"} <= set(found["scores"])


def test_the_peers_of_the_plan_are_judged_on_labels_of_the_schema() -> None:
    planned = runs.plan().runs
    assert planned["underthesea-ner-real-dev"].labels == ("PLACE",)
    assert planned["quantulum3-corpus-dev"].labels == ("QUANTITY", "UNIT", "HAS_UNIT")
    assert all(run.note for run in planned.values() if run.labels)
