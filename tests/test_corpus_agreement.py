"""Agreement between two annotations, worked by hand, and the properties that any such measure must have."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from corpus import agreement
from corpus.__main__ import main
from corpus.agreement import Comparison, compare
from corpus.markup import compile_markup
from corpus.pairs import pair
from ie import brat
from ie.document import Document, Entity
from ie.errors import FormatError, InputError
from tests.corpus_samples import documents
from tests.examples import examples

FIRST = "{I1 Thu thuế} {Q1 12} {U tỷ}, {I2 chi} {Q2 9} {U tỷ} tại {L1 xã Tân An}\n%% Q1 m=I1 +est; Q2 m=I2 l=L1"
SECOND = "Thu {I1 thuế} {Q1 12} {U tỷ}, {I2 chi} {Q2 9} {U tỷ} tại xã {J Tân An}\n%% Q1 m=I1; Q2 m=I1"


def _compared(first: str = FIRST, second: str = SECOND) -> Comparison:
    return compare([(compile_markup(first), compile_markup(second))])


def test_exact_and_overlap_are_counted_apart() -> None:
    found = _compared()
    assert found.exact["INDICATOR"].as_dict() == {"agreed": 1, "only_first": 1, "only_second": 1, "f1": 0.5}
    assert found.overlap["INDICATOR"].as_dict() == {"agreed": 2, "only_first": 0, "only_second": 0, "f1": 1.0}
    assert found.exact["QUANTITY"].as_dict()["f1"] == 1.0
    assert found.exact["PLACE"].as_dict() == {"agreed": 0, "only_first": 1, "only_second": 0, "f1": 0.0}
    assert found.exact["LEGAL"].as_dict()["f1"] == 1.0


def test_relations_count_only_between_agreed_spans() -> None:
    found = _compared()
    assert found.relations["MEASURES"].as_dict() == {"agreed": 1, "only_first": 1, "only_second": 1, "f1": 0.5}
    assert found.relations["HAS_UNIT"].as_dict()["agreed"] == 2
    assert found.relations["LOCATED_IN"].as_dict() == {"agreed": 0, "only_first": 0, "only_second": 0, "f1": 1.0}


def test_attributes_count_on_agreed_spans() -> None:
    found = _compared()
    assert found.attributes["Estimate"].as_dict() == {"agreed": 0, "only_first": 1, "only_second": 0, "f1": 0.0}
    assert "Open" not in found.attributes


def test_disagreements_are_told_by_kind() -> None:
    kinds = [(d.kind, d.label) for d in _compared().disagreements]
    assert ("boundary", "INDICATOR") in kinds
    assert ("only first", "PLACE") in kinds
    assert ("only second", "PROJECT") in kinds
    assert kinds.count(("relation only first", "MEASURES")) == 1
    relabelled = _compared("tại {L xã Tân An}", "tại {J xã Tân An}").disagreements
    assert [(d.kind, d.message) for d in relabelled] == [("label", "'xã Tân An': PLACE or PROJECT")]


def test_kappa_by_hand() -> None:
    # Ten tokens; both mark 2, the first marks 1 more: p_o = 0.9, p_e = 0.3 * 0.2 + 0.7 * 0.8 = 0.62.
    words = [f"t{n}" for n in range(10)]
    first = compile_markup(f"{{L {words[0]} {words[1]} {words[2]}}} " + " ".join(words[3:]))
    second = compile_markup(f"{{L {words[0]} {words[1]}}} " + " ".join(words[2:]))
    found = compare([(first, second)])
    assert found.tokens == 10
    assert found.kappa["PLACE"] == pytest.approx((0.9 - 0.62) / (1 - 0.62), abs=1e-4)
    assert found.kappa["LEGAL"] is None


def test_tokens_know_all_the_labels_over_them() -> None:
    document = compile_markup("{J Dự án {L Nậm Pàn}} xong")
    both, one = frozenset({"PROJECT", "PLACE"}), frozenset({"PROJECT"})
    assert agreement.token_labels(document) == [one, one, both, both, frozenset()]


def test_open_spans_count_for_nobody() -> None:
    found = _compared("{Q1 4} {U sao}\n%% Q1 +open", "{Q1 4} {U sao}")
    assert found.exact["QUANTITY"].as_dict() == {"agreed": 0, "only_first": 0, "only_second": 0, "f1": 1.0}
    alone = _compared("{P1 nay}\n%% P1 +open", "nay")
    assert alone.disagreements == []


def test_fragments_at_line_ends_do_not_matter() -> None:
    text = "Dự án\nKè"
    cut = Document("d", text, (Entity("T1", "PROJECT", ((0, 5), (6, 8)), "Dự án Kè"),))
    whole = Document("d", text, (Entity("T1", "PROJECT", ((0, 8),), text),))
    assert pair(cut, whole, "PROJECT").exact == (("T1", "T1"),)


def test_a_span_is_paired_once_with_the_one_it_shares_most_with() -> None:
    first = compile_markup("{I1 một hai ba bốn} năm")
    second = compile_markup("{I1 một} {I2 hai ba bốn} năm")
    paired = pair(first, second, "INDICATOR")
    assert paired.overlapping == (("T1", "T2"),)
    assert paired.only_second == ("T1",)


@given(documents())
@examples(60)
def test_an_annotation_agrees_with_itself(document: Document) -> None:
    found = compare([(document, document)])
    tallies = [*found.exact.values(), *found.overlap.values(), *found.relations.values(), *found.attributes.values()]
    assert all(tally.as_dict()["f1"] == 1.0 for tally in tallies)
    assert all(kappa in (None, 1.0) for kappa in found.kappa.values())
    assert found.disagreements == []


@given(documents(), documents())
@examples(60)
def test_f1_and_kappa_do_not_depend_on_who_is_first(one: Document, two: Document) -> None:
    two = _on(two, one.text)
    there, back = compare([(one, two)]), compare([(two, one)])
    for label, tally in there.exact.items():
        assert tally.as_dict()["f1"] == back.exact[label].as_dict()["f1"]
        assert (tally.first, tally.second) == (back.exact[label].second, back.exact[label].first)
    for type, tally in there.relations.items():
        assert tally.agreed == back.relations[type].agreed
    assert there.kappa == back.kappa
    assert len(there.disagreements) == len(back.disagreements)


def _on(document: Document, text: str) -> Document:
    """Return the document's spans that fit into another text."""
    entities = tuple(e for e in document.entities if e.end <= len(text) and not _blank(e, text))
    kept = {entity.id for entity in entities}
    relations = tuple(r for r in document.relations if r.head in kept and r.tail in kept)
    return replace(document, text=text, entities=entities, relations=relations)


def _blank(entity: Entity, text: str) -> bool:
    return any(text[start:end].isspace() for start, end in entity.fragments)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    made = [tmp_path / name for name in ("first", "second", "texts")]
    for folder in made:
        folder.mkdir()
    for folder, source in zip(made, (FIRST, SECOND), strict=False):
        document = compile_markup(source, name="r-1")
        (folder / "r-1.ann").write_text(brat.format(document), "utf-8")
        (made[2] / "r-1.txt").write_text(document.text, "utf-8")
    return made[0], made[1], made[2]


def test_the_command_lists_and_keeps_the_result(
    folders: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, texts = map(str, folders)
    root = ["--root", str(tmp_path)]
    assert main([*root, "agreement", first, second, "--texts", texts, "--name", "trial", "--list"]) == 0
    out = capsys.readouterr().out
    assert "r-1:1: boundary INDICATOR 'Thu thuế' or 'thuế' in …Thu thuế 12 tỷ" in out
    assert "INDICATOR: exact 0.500, overlap 1.000, kappa" in out
    kept = json.loads((tmp_path / "agreement/trial.json").read_text("utf-8"))
    assert (kept["texts"], kept["documents"]) == (1, ["r-1"])
    assert kept["spans_exact"]["INDICATOR"]["f1"] == 0.5
    assert kept["causes"]["boundary: INDICATOR"] == 1


def test_folders_that_share_nothing_or_hold_problems_are_refused(folders: tuple[Path, Path, Path]) -> None:
    first, second, texts = folders
    with pytest.raises(InputError, match=r"share no \.ann file"):
        agreement.read_pairs(first, texts, texts)
    (second / "r-1.ann").write_text("T1\tPLACE 0 2\tTh\n", "utf-8")
    with pytest.raises(FormatError, match=r"r-1\.ann:1: T1 PLACE 'Th' cuts a word"):
        agreement.read_pairs(first, second, texts)
