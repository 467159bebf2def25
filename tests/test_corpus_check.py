"""The checker names every mistake with its file and line, and finds none where there is none."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.__main__ import main
from corpus.check import check, check_annotation
from corpus.checks import spans, standoff
from corpus.folder import Folder
from corpus.markup import compile_markup
from corpus.provinces import group, merged
from ie import brat
from ie.errors import IEError
from tests.corpus_samples import documents, rewrite_record, small_corpus
from tests.examples import examples

TEXT = "Thu 120 tỷ đồng, đạt 85% kế hoạch năm 2020.\nXã Nậm Lanh: 12 hộ nghèo.\n"
GOOD = (
    "T1\tINDICATOR 0 3\tThu\nT2\tQUANTITY 4 7\t120\nT3\tUNIT 8 15\ttỷ đồng\n"
    "R1\tHAS_UNIT Arg1:T2 Arg2:T3\nR2\tMEASURES Arg1:T2 Arg2:T1\nA1\tEstimate T2\n"
)
PATH = Path("x.ann")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_corpus(tmp_path)


def _messages(ann: str, text: str = TEXT) -> list[str]:
    return [str(problem) for problem in check_annotation(ann, text, PATH)[1]]


def test_a_good_annotation_has_no_problems() -> None:
    document, problems = check_annotation(GOOD, TEXT, PATH)
    assert problems == []
    assert document == brat.parse(GOOD, TEXT, name="x")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T4\tQUANTITY 21 24\t85", "x.ann:7: offsets 21 24 hold '85%', the line says '85'"),
        ("T4\tQUANTITY 21 999\t85", "x.ann:7: offsets 21 999 are out of order or beyond the text"),
        ("T4\tQUANTITY 23 21\t85", "x.ann:7: offsets 23 21 are out of order"),
        ("T4\tQUANTITY 21 23;16 17\t85", "x.ann:7: offsets 21 23;16 17 are out of order"),
        ("T4\tQUANTITY a b\t85", "x.ann:7: offsets 'a b' are not"),
        ("T4\tNUMBER 21 23\t85", "x.ann:7: unknown label 'NUMBER'; use one of QUANTITY"),
        ("T4 QUANTITY 21 23 85", "x.ann:7: expected 'T1<tab>LABEL"),
        ("T1\tQUANTITY 21 23\t85", "x.ann:7: id T1 is used twice, first in line 1"),
        ("R3\tHAS_UNIT Arg1:T2 Arg2:T9", "x.ann:7: HAS_UNIT names T9, which is not in the file"),
        ("R3\tHAS_UNIT Arg1:T3 Arg2:T2", "x.ann:7: HAS_UNIT joins QUANTITY -> UNIT, not UNIT -> QUANTITY"),
        ("R3\tIS_A Arg1:T2 Arg2:T3", "x.ann:7: unknown relation 'IS_A'"),
        ("R3\tRATIO_OF Arg1:T2 Arg2:T2", "x.ann:7: RATIO_OF joins T2 with itself"),
        ("R3\tHAS_UNIT T2 T3", "x.ann:7: expected 'R1<tab>TYPE"),
        ("R2\tHAS_UNIT Arg1:T2 Arg2:T3", "x.ann:7: id R2 is used twice, first in line 5"),
        ("R3\tHAS_UNIT Arg1:T2 Arg2:T3", "x.ann:7: R3 HAS_UNIT T2 -> T3 says what R1 says"),
        ("A2\tEstimate T8", "x.ann:7: Estimate stands on T8, which is not in the file"),
        ("A2\tEstimate T1", "x.ann:7: Estimate may stand on QUANTITY, not on INDICATOR"),
        ("A2\tBasis T2 always", "x.ann:7: Basis takes plan|same_period|total, not 'always'"),
        ("A2\tEstimate T2", "x.ann:7: Estimate stands on T2 twice"),
        ("A2\tEstimate", "x.ann:7: expected 'A1<tab>Name T1 [value]'"),
        ("Q1\tsomething", "x.ann:7: unknown kind of line"),
        ("T4\tUNIT 14 18\tg, đ", "x.ann:7: T3 UNIT 'tỷ đồng' and T4 UNIT 'g, đ' cross"),
        ("T4\tPERIOD 12 16\tồng,", "x.ann:7: T3 UNIT 'tỷ đồng' and T4 PERIOD 'ồng,' cross"),
        ("T4\tUNIT 8 10\ttỷ", "x.ann:7: T3 UNIT 'tỷ đồng' and T4 UNIT 'tỷ' overlap; spans of UNIT may not nest"),
        ("T4\tUNIT 8 15\ttỷ đồng", "x.ann:7: T3 UNIT 'tỷ đồng' and T4 UNIT 'tỷ đồng' are the same span twice"),
        ("T4\tPLACE 44 56\tXã Nậm Lanh:", "x.ann:7: T4 PLACE 'Xã Nậm Lanh:' has sentence punctuation"),
        ("T4\tPLACE 46 55\t Nậm Lanh", "x.ann:7: T4 PLACE ' Nậm Lanh' starts or ends with white space"),
        ("T4\tPLACE 47 53\tNậm La", "x.ann:7: T4 PLACE 'Nậm La' cuts a word"),
    ],
)
def test_each_mistake_is_named_with_its_line(line: str, message: str) -> None:
    found = _messages(GOOD + line + "\n")
    assert any(one.startswith(message) for one in found), found


def test_every_mistake_is_named_not_only_the_first() -> None:
    lines = "T4\tNUMBER 21 23\t85\nT5\tQUANTITY 57 60\t12\nR3\tMEASURES Arg1:T2 Arg2:T8\nA2\tLoud T2\n"
    assert [re.match(r"x\.ann:(\d+)", one).group(1) for one in _messages(GOOD + lines)] == ["7", "8", "9", "10"]


def test_projects_may_nest_but_not_cross() -> None:
    nested = compile_markup("{J1 Dự án Kè ({J2 Tiểu dự án 1})}")
    assert spans.problems(nested, {}, PATH) == []


def test_a_span_in_a_footnote_does_not_meet_the_one_it_interrupts() -> None:
    document = compile_markup("{I1 tổng thu} {I2 chi} {+I1 ngân sách}")
    assert spans.problems(document, {}, PATH) == []


@pytest.mark.parametrize(
    ("text", "at", "cuts"),
    [
        ("12,5ha", 4, False),
        ("quy định3 ở", 8, False),
        ("xã Mường", 6, True),
        ("1250", 2, True),
        ("ve\u0302", 2, True),
        ("ve\u0302 a", 3, False),
        ("m²", 1, True),
        ("a", 0, False),
        ("a", 1, False),
    ],
)
def test_words_are_cut_between_letters_digits_and_marks(text: str, at: int, cuts: bool) -> None:
    assert spans.cuts_word(text, at) is cuts


LINES = st.sampled_from(
    [
        *GOOD.splitlines(),
        "T4\tQUANTITY 21 23\t85",
        "T5\tUNIT 23 24\t%",
        "T6\tPLACE 44 55\tXã Nậm Lanh",
        "T7\tPLACE 44 55\tXã Nậm",
        "R3\tRATIO_OF Arg1:T4 Arg2:T2",
        "R4\tLOCATED_IN Arg1:T4 Arg2:T6",
        "A2\tBasis T4 plan",
        "A3\tBasis T4",
        "#1\tAnnotatorNotes T1\txem",
        "",
    ]
)


@given(st.lists(LINES, unique=True, max_size=10))
def test_what_the_checker_accepts_the_reader_reads_and_what_it_names_the_reader_refuses(lines: list[str]) -> None:
    ann = "".join(f"{line}\n" for line in lines)
    found = standoff.read(ann, TEXT, PATH)
    try:
        document = brat.parse(ann, TEXT, name="x")
    except IEError:
        assert found.problems
    else:
        assert not found.problems
        assert found.document == document


@given(documents())
@examples(40)
def test_drawn_documents_pass(document) -> None:
    read, problems = check_annotation(brat.format(document), document.text, Path("drawn.ann"))
    assert problems == []
    assert read == document


# --- files, records and splits ----------------------------------------------------------------------------------------


def test_a_small_corpus_has_no_problems_but_shortfalls(root: Path) -> None:
    found = check(root=root)
    assert found.problems == ()
    assert found.documents == 4
    assert any(line.startswith("reports: 4; at least") for line in found.shortfalls)


def _problems(root: Path) -> list[str]:
    return [str(problem).removeprefix(f"{root}/") for problem in check(root=root).problems]


def _has(root: Path, start: str, *parts: str) -> bool:
    found = _problems(root)
    assert any(one.startswith(start) and all(part in one for part in parts) for one in found), found
    return True


def test_a_missing_partner_is_named(root: Path) -> None:
    (root / "reports/s1-02.ann").unlink()
    assert _has(root, "reports/s1-02.txt: its partner s1-02.ann is missing")


def test_a_report_without_record_and_a_record_without_report_are_named(root: Path) -> None:
    shutil.copy(root / "reports/s1-02.txt", root / "reports/zz-01.txt")
    shutil.copy(root / "reports/s1-02.ann", root / "reports/zz-01.ann")
    for suffix in ("txt", "ann"):
        (root / f"reports/s2-01.{suffix}").unlink()
    assert _has(root, "reports/zz-01.txt: no record in metadata.jsonl")
    assert _has(root, "metadata.jsonl:3: no report s2-01")
    assert _has(root, "splits.toml: s2-01 is in dev, but no report has this id")


def test_a_stray_file_is_named(root: Path) -> None:
    (root / "reports/notes.docx").write_text("x")
    assert _has(root, "reports/notes.docx: neither a .txt nor an .ann")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.replace(b"\n", b"\r\n"), "has Windows line ends"),
        (lambda data: b"\xef\xbb\xbf" + data, "starts with a byte order mark"),
        (lambda data: data.decode().encode("utf-16"), "not UTF-8"),
        (lambda data: data + b"\xff", "not UTF-8"),
    ],
    ids=["crlf", "bom", "utf-16", "byte"],
)
def test_a_wrong_encoding_is_named_with_its_line(root: Path, change, message: str) -> None:
    path = root / "reports/s1-01.txt"
    path.write_bytes(change(path.read_bytes()))
    assert _has(root, "reports/s1-01.txt:", message)


def test_a_changed_file_is_named(root: Path) -> None:
    path = root / "reports/s1-01.txt"
    path.write_text(path.read_text("utf-8") + "Hết.\n", "utf-8")
    assert _has(root, "reports/s1-01.txt: differs from the hash", "corpus freeze s1-01")


def test_an_annotation_in_another_order_is_named(root: Path) -> None:
    path = root / "reports/s1-01.ann"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(reversed(lines)), "utf-8")
    assert _has(root, "reports/s1-01.ann: not in the toolkit's order")


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"author": "s1"}, ("metadata.jsonl:3:", "author 's1' of s2-01 (dev) is also that of s1-01 (train)")),
        ({"province": "Sơn La"}, ("metadata.jsonl:3:", "province 'Sơn La' of s2-01")),
        ({"split": "test"}, ("metadata.jsonl:3:", "s2-01 is in test here, in dev in splits.toml")),
        ({"phenomena": ["Z9"]}, ("metadata.jsonl:3:", "unknown phenomenon 'Z9'")),
        ({"province": "Sơn Tây"}, ("metadata.jsonl:3:", "province 'Sơn Tây' is not in provinces.toml")),
        ({"level": "county"}, ("metadata.jsonl:3", "level 'county' is unknown")),
        ({"date": "2020-13-01"}, ("metadata.jsonl:3", "date '2020-13-01' is no day")),
        ({"year": "2020"}, ("metadata.jsonl:3", "year must be a whole number")),
        ({"mood": "good"}, ("metadata.jsonl:3", "has unknown mood")),
        ({"id": "s1-01"}, ("metadata.jsonl:3", "id s1-01 is used twice, first in line 1")),
    ],
)
def test_a_wrong_record_is_named(root: Path, changes: dict[str, object], parts: tuple[str, ...]) -> None:
    rewrite_record(root, "s2-01", **changes)
    found = _problems(root)
    assert any(all(part in one for part in parts) for one in found), found


def test_merged_provinces_count_as_one(root: Path) -> None:
    rewrite_record(root, "s2-01", province="Lào Cai")
    rewrite_record(root, "s1-01", province="Yên Bái")
    rewrite_record(root, "s1-02", province="Yên Bái")
    assert _has(root, "metadata.jsonl:3:", "province 'Lào Cai'")
    assert group("Yên Bái") == group("Lào Cai") == "Lào Cai"
    assert len(merged()) == 34


def test_a_province_that_had_merged_is_named(root: Path) -> None:
    rewrite_record(root, "s3-01", province="Yên Bái")
    assert _has(root, "metadata.jsonl:4:", "dated 2025-08-20, when Yên Bái was part of Lào Cai")


def test_an_id_in_two_splits_and_a_broken_splits_file_are_named(root: Path) -> None:
    path = Folder(root).splits
    text = path.read_text("utf-8")
    line = next(one for one in text.splitlines() if one.startswith("s2-01"))
    path.write_text(f"{text}{line}\n", "utf-8")
    assert _has(root, "splits.toml: s2-01 is in more than one split")
    path.write_text("[train", "utf-8")
    assert _has(root, "", "splits.toml: not TOML")


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_fails_on_problems_and_on_shortfalls_only_when_asked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(root), "check"]) == 0
    assert "4 reports checked: 0 problems" in capsys.readouterr().out
    assert main(["--root", str(root), "check", "--complete"]) == 1
    (root / "reports/s1-02.ann").unlink()
    assert main(["--root", str(root), "check"]) == 1
    assert "its partner s1-02.ann is missing" in capsys.readouterr().out


def test_the_shipped_corpus_has_no_problems() -> None:
    assert [str(problem) for problem in check().problems] == []
