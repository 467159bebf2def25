"""Near duplicates, phenomena and sizes: counted right, and what is rare or short is named."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from corpus.check import check
from corpus.checks import coverage, neighbours, sizes
from corpus.checks.structures import STRUCTURES
from corpus.loader import load_documents
from corpus.markup import compile_markup
from tests.corpus_samples import rewrite_record, small_corpus


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_corpus(tmp_path)


RUN = "một hai ba bốn năm sáu bảy tám chín mười mười một"


def test_a_shared_run_of_twelve_words_is_found_with_its_places() -> None:
    runs = neighbours.shared_runs({"a": f"xa {RUN} ra", "b": f"gần\n{RUN.upper()}, vào", "c": "khác"})
    assert [(run.first, run.second, run.first_start, run.second_start) for run in runs] == [("a", "b", 3, 4)]
    assert runs[0].words == tuple(RUN.split())


def test_eleven_words_and_a_report_with_itself_are_no_run() -> None:
    short = " ".join(RUN.split()[:-1])
    assert neighbours.shared_runs({"a": f"xa {short} ra", "b": f"gần {short} vào"}) == []
    assert neighbours.shared_runs({"a": f"{RUN}. {RUN}."}) == []


def test_composition_does_not_hide_a_run() -> None:
    runs = neighbours.shared_runs({"a": RUN, "b": unicodedata.normalize("NFD", RUN)})
    assert len(runs) == 1


def test_formulas_and_references_break_a_run() -> None:
    formula = "cộng hòa xã hội chủ nghĩa việt nam"
    words = RUN.split()
    text = f"{' '.join(words[:6])} {formula.upper()} {' '.join(words[6:])}"
    assert neighbours.shared_runs({"a": text, "b": text}) == []
    marked = compile_markup(f"{' '.join(words[:6])} {{G Quyết định số 5/QĐ-UBND}} {' '.join(words[6:])}")
    cut = neighbours.without_references(marked)
    assert len(cut) == len(marked.text)
    assert neighbours.shared_runs({"a": cut, "b": cut}) == []


def test_the_checker_names_near_duplicates(root: Path) -> None:
    for id in ("s1-01", "s2-01"):
        path = root / f"reports/{id}.txt"
        path.write_text(path.read_text("utf-8") + RUN + "\n", "utf-8")
    found = [str(problem) for problem in check(root=root).problems]
    assert any("reports/s2-01.txt:" in one and "shares a run of 12 words with s1-01.txt:" in one for one in found), (
        found
    )


def test_the_tables_of_phenomena_and_structures_fit() -> None:
    items = coverage.phenomena()
    assert len({item.code for item in items}) == len(items)
    for item in items:
        assert (item.on == "structure") == bool(item.structure)
        assert item.on == "structure" or item.pattern or item.before or item.after
        assert not item.structure or item.structure in STRUCTURES
        assert all(re.compile(pattern) for pattern in (item.pattern, item.before, item.after))
    assert {item.structure for item in items if item.structure} == set(STRUCTURES)


@pytest.mark.parametrize(
    ("source", "code", "times"),
    [
        ("rộng {Q 21.4}{U ha} và {Q 3,85}{U ha}", "N1", 1),
        ("thu {Q 12 500} {U đồng}", "N2", 1),
        ("{Q 12,5}{U ha}, {Q 3}{U %}", "N3", 1),
        ("{Q 64/72} {U xã}", "N4", 1),
        ("{Q 4} {U tỷ}/{Q 5} {U tỷ}", "N5", 1),
        ("{Q 10-15} {U con}, {Q 3 đến 5} {U ha}", "N6", 2),
        ("{Q hai} {U xã}, {Q một trăm} {U hộ}", "N7", 2),
        ("{Q 1.250.000.000} {U đồng}", "N8", 1),
        ("lúa {Q1 120} {U1 ha}, ngô {Q2 45}\n%% Q2 u=U1", "N9", 1),
        ("{Q1 12}, {Q2 15} và {Q3 18} {U1 ha}\n%% Q1 u=U1; Q2 u=U1", "N10", 1),
        ("ĐVT: {U triệu đồng}", "N11", 1),
        ("mũi tiêm đợt 2, trực 24/24", "N12", 2),
        ("{Q 1.234,5} {U ha}", "N13", 1),
        ("{Q 02} {U vụ}", "N14", 1),
        ("{Q 3} {U nghìn tấn}", "U1", 1),
        ("{Q 52} {U tạ/ha}, {Q 3} {U %/năm}", "U2", 2),
        ("tăng {Q 1,2} {U điểm %}", "U3", 1),
        ("{Q 3} {U triệu USD}", "U4", 1),
        ("{Q 30} {U m²}, {Q 7} {U m3}", "U5", 2),
        ("{Q 30} {U trđ}, {Q 5} {U tr.đ}", "U6", 2),
        ("{Q 9} {U xã, thị trấn}", "U7", 1),
        ("các xã {L Chiềng A}, {L Chiềng B}", "L1", 1),
        ("{L TP. Vinh}, {L TX Mường Lay}", "L2", 2),
        ("{L sông Lô}, {L QL 12}", "L3", 2),
        ("{L đường Nguyễn Du}, {L xã Tân Tiến}", "L4", 2),
        ("{L xã Ia Grai} và {L Krông Pắc}", "L5", 2),
        ("UBND {L xã Tân An}", "L7", 1),
        ("trường THCS Tân An, đồng bào Khơ Mú", "L8", 2),
        ("gồm: {J Chợ Đình}", "J1", 1),
        ("dự án “{J Chợ Đình}”", "J2", 1),
        ("Tên dự án: {J Chợ Đình}", "J3", 1),
        ("{J Đường Lê Lợi (đoạn từ A đến B)}", "J4", 1),
        ("{J Chợ Đình} (mã số 7654321)", "J5", 1),
        ("{J1 Tiểu dự án 1} thuộc {J2 Dự án 6}\n%% J1 of=J2", "J6", 1),
        ("{J Chương trình 135}", "J7", 1),
        ("{J CT MTQG}", "J8", 1),
        ("{J Dự án A} và {J Dự án B}. Hết", "J9", 1),
        ("{J1 Dự án A}: {Q1 3} {U tỷ} và {Q2 4} {U tỷ}\n%% J1 f=Q1,Q2", "J10", 1),
        ("{J Dự án\nKè}", "J11", 1),
        ("{G Nghị định số 5/2020/NĐ-CP}", "G1", 1),
        ("{G Thông tư số 5/2020/TT-BTC}", "G2", 1),
        ("{G Quyết định số 5/QĐ-UBND của UBND tỉnh}", "G3", 1),
        ("{G Quyết định số 5/QĐ-UBND của UBND xã}", "G4", 1),
        ("{G Nghị quyết số 5-NQ/HU}", "G5", 1),
        ("{G Kế hoạch số 15 /KH-UBND}", "G6", 1),
        ("{G Quyết định số 5/QĐ-UBND}, {G 6/QĐ-UBND}", "G7", 1),
        ("khoản 2 Điều 5 {G Luật Đê điều}", "G8", 1),
        ("{G Luật Đê điều năm 2006}", "G9", 1),
        ("{G Nghị quyết của HĐND huyện}", "G10", 1),
        ("theo quy định hoà giải, thuỷ lợi", "Y13", 2),
    ],
)
def test_a_phenomenon_is_counted(source: str, code: str, times: int) -> None:
    view = coverage.View(compile_markup(source))
    item = next(item for item in coverage.phenomena() if item.code == code)
    assert view.times(item) == times


def test_coverage_counts_reports_and_names_tags_without_a_find(root: Path) -> None:
    documents = load_documents("all", root=root)
    counts = {found.phenomenon.code: found for found in coverage.count(documents)}
    assert (counts["N3"].times, counts["N3"].reports, counts["N3"].tagged) == (2, 1, 1)
    assert counts["Y12"].reports == 1
    assert not counts["N3"].enough
    assert any(line.startswith("N3 ") and "2 times over 1 reports" in line for line in coverage.rare([counts["N3"]]))
    rewrite_record(root, "s2-01", phenomena=["N14"])
    notices = check(root=root).notices
    assert notices == ("s2-01 is tagged N14 (padded with a nought (`02`)), but none was found",)


def test_syllables_are_runs_with_a_letter_or_digit() -> None:
    assert sizes.syllables("Thu 1.250 tỷ đồng , đạt - 85% !") == 6


def test_sizes_count_labels_relations_and_provinces(root: Path) -> None:
    counted = {name: found for name, found, _ in sizes.sizes(load_documents("all", root=root))}
    assert counted["reports"] == 4
    assert counted["reports in train"] == 2
    assert counted["QUANTITY"] == 14
    assert counted["PART_OF"] == 4
    assert counted["provinces before July 2025"] == 2
    assert counted["provinces after July 2025"] == 1
