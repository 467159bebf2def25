"""The typesetter moves every character where a page would have it, and the annotation with it."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.__main__ import main
from corpus.compose import compose
from corpus.markup import compile_markup
from corpus.typeset import ADDED, Layout, layout, move, typeset
from ie.errors import FormatError
from tests.corpus_samples import documents
from tests.examples import examples

FIELDS = "title: BÁO CÁO|place: xã A|province: Sơn La|level: commune|date: 2020-01-02|year: 2020|kind: monthly"
HEADER = "".join(f"@{field}\n" for field in FIELDS.split("|"))


def test_a_layout_line_is_read() -> None:
    how = layout("letterhead wrap=78 double page=22 notebar=space pagestyle=dash nfd")
    assert how == Layout(wrap=78, double=True, page=22, notebar="space", pagestyle="dash", nfd=True)


@pytest.mark.parametrize(("line", "message"), [("wrap=x", "wrap takes a number"), ("pagestyle=zz", "'zz' is unknown")])
def test_a_wrong_directive_is_named(line: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        layout(line)


def test_lines_are_wrapped_at_blanks_and_table_rows_stay_whole() -> None:
    plain = "một hai ba bốn năm\nTổng | 12 | 34 | 56 | 78 | 90\n"
    assert typeset(plain, layout("wrap=9")).text == "một hai \nba bốn \nnăm\nTổng | 12 | 34 | 56 | 78 | 90\n"


def test_double_spacing_trailing_blanks_and_indents() -> None:
    plain = "một hai\nba\n"
    assert typeset(plain, layout("wrap=4 double trail indent=2")).text == "  một  \n\nhai \n\n  ba \n\n"


@pytest.mark.parametrize(
    ("style", "mark"),
    [("num", "2\n"), ("ff", "\f2\n"), ("head", "ĐẦU\n2\n"), ("dash", "- 2 -\n"), ("trang", "Trang 2\n")],
)
def test_page_breaks_have_a_style(style: str, mark: str) -> None:
    strip = typeset("a\nb\n", layout(f"page=1 pagestyle={style}"), running_head="ĐẦU")
    assert strip.text == f"a\n{mark}b\n"


def test_a_footnote_stands_at_the_foot_of_the_page_that_calls_it() -> None:
    plain = "thu[[1]] đạt\nchi\n[[1]]: Theo dự toán.\n"
    assert typeset(plain, layout("page=1 notebar")).text == "thu1 đạt\n" + "_" * 20 + "\n1 Theo dự toán.\n2\nchi\n"
    assert typeset(plain, layout("notegap")).text == "thu 1 đạt\nchi\n\n1 Theo dự toán.\n"


@pytest.mark.parametrize(
    ("plain", "message"), [("a[[1]]\n", "1 is called but not written"), ("a\n[[2]]: b\n", "2 is never called")]
)
def test_footnotes_must_be_called_and_written(plain: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        typeset(plain, Layout())


def test_a_span_is_cut_by_a_footnote_and_a_page_break() -> None:
    document = compile_markup("{J Dự án Cầu[[1]] Bản Phố mới}\n[[1]]: Xem phụ lục\n")
    moved = move(document, typeset(document.text, layout("wrap=12 page=1 pagestyle=trang")))
    assert moved.text == "Dự án Cầu1 \n\n1 Xem phụ lục\nTrang 2\nBản Phố mới\n"
    assert moved.entities[0].text == "Dự án Cầu Bản Phố mới"
    assert moved.entities[0].fragments == ((0, 9), (35, 46))


LAYOUTS = st.builds(
    Layout,
    wrap=st.sampled_from([0, 7, 15, 40]),
    double=st.booleans(),
    trail=st.booleans(),
    indent=st.integers(0, 2),
    page=st.sampled_from([0, 1, 2]),
    pagestyle=st.sampled_from(["num", "ff", "head", "dash", "trang"]),
    nbsp=st.booleans(),
    nfd=st.booleans(),
    dropblank=st.booleans(),
)


@given(documents(), LAYOUTS)
@examples(120)
def test_every_layout_keeps_every_character_and_every_span(document, how: Layout) -> None:
    strip = typeset(document.text, how, running_head="ĐẦU TRANG")
    kept = [at for at in range(len(strip.text)) if strip.origins[at] != ADDED]
    letters = "".join(strip.text[at] for at in kept)
    assert _plain(letters) == _plain(document.text)
    assert all(strip.origins[a] <= strip.origins[b] for a, b in pairwise(kept))
    moved = move(document, strip)
    assert [_plain(e.text) for e in moved.entities] == [_plain(e.text) for e in document.entities]
    for entity in moved.entities:
        pieces = [moved.text[start:end] for start, end in entity.fragments]
        assert " ".join(pieces) == entity.text
        assert all(piece.strip() == piece and "\n" not in piece for piece in pieces)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def test_a_source_becomes_a_report_with_its_header() -> None:
    composed = compose(f"{HEADER}@layout: wrap=10\n---\n{{L xã Tân An}} họp\n", name="x")
    assert composed.document is not None
    assert composed.document.text == "xã Tân An \nhọp\n"
    assert composed.header["province"] == "Sơn La"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("@title: A\n---\nx", "header: @place is missing"),
        (HEADER + "@layout: clean\n", "no line ---"),
        (HEADER + "@layout: clean\n---\n{Q1 5\n", "line 1: {Q1 is never closed"),
        (HEADER + "@layout: wrap=no\n---\nx\n", "wrap takes a number"),
        (HEADER + "@layout: clean\n---\nx[[3]]\n", "footnote 3 is called but not written"),
    ],
)
def test_a_wrong_source_is_refused(source: str, message: str) -> None:
    composed = compose(source, name="x")
    assert composed.document is None
    assert any(message in problem for problem in composed.problems), composed.problems


def test_the_command_writes_three_files_or_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "g1.inl", tmp_path / "b1.inl"
    good.write_text(f"{HEADER}@layout: clean\n---\n{{Q 5}} {{U ha}}\n", "utf-8")
    bad.write_text(f"{HEADER}@layout: clean\n---\n{{Q 5\n", "utf-8")
    assert main(["compose", str(good), "--out", str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"g1.txt", "g1.ann", "g1.json"}
    assert main(["compose", str(bad), "--out", str(tmp_path / "out")]) == 1
    assert re.search(r"b1\.inl: line 1: \{Q1? ?.*never closed", capsys.readouterr().out)
