import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie import brat
from ie.document import Document, Entity, Relation
from ie.errors import FormatError, SchemaError

TEXT = "Thu ước đạt 12 tỷ đồng.\nHết."
ANN = (
    "T1\tINDICATOR 0 3\tThu\nT2\tQUANTITY 12 14\t12\nT3\tUNIT 15 17;18 22\ttỷ đồng\n"
    "R1\tHAS_UNIT Arg1:T2 Arg2:T3\nA1\tEstimate T2\nA2\tBasis T2 plan\n#1\tAnnotatorNotes T2\tnghi ngờ\n"
)


def test_round_trip_is_byte_identical(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_bytes(TEXT.encode())
    (tmp_path / "r.ann").write_bytes(ANN.encode())
    document = brat.read(tmp_path / "r.ann")
    assert document.entity("T2").get("Basis") == "plan"
    assert document.entity("T2").has("Estimate")
    out = tmp_path / "out"
    out.mkdir()
    brat.write(document, out)
    assert (out / "r.ann").read_bytes() == ANN.encode()
    assert (out / "r.txt").read_bytes() == TEXT.encode()


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.text(alphabet="ab đ\n1", min_size=5, max_size=60))
    entities = []
    for index in range(draw(st.integers(0, 6))):
        cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True)))
        cuts = cuts[: len(cuts) // 2 * 2]
        fragments = tuple(zip(cuts[::2], cuts[1::2], strict=True))
        found = " ".join(text[a:b] for a, b in fragments)
        if "\n" not in found:
            entities.append(Entity(f"T{index + 1}", "QUANTITY", fragments, found))
    relations = tuple(
        Relation(f"R{i}", "RATIO_OF", a.id, b.id) for i, (a, b) in enumerate(itertools.pairwise(entities), 1)
    )
    return Document("d", text, tuple(entities), relations)


@given(documents())
def test_any_document_round_trips(document: Document) -> None:
    assert brat.parse(brat.format(document), document.text, name="d") == document


@pytest.mark.parametrize(
    ("ann", "error", "message"),
    [
        ("T1\tQUANTITY 0 99\tThu\n", FormatError, "beyond the text"),
        ("T1\tQUANTITY 0 3\tChi\n", FormatError, "the line says 'Chi'"),
        ("T1\tNUMBER 0 3\tThu\n", SchemaError, "unknown label 'NUMBER'"),
        ("T1\tQUANTITY 0 3\tThu\nT1\tUNIT 0 3\tThu\n", FormatError, "used twice"),
        ("T1\tQUANTITY 0 3\tThu\nR1\tHAS_UNIT Arg1:T1 Arg2:T9\n", FormatError, "T9, which is not in the file"),
        (
            "T1\tQUANTITY 0 3\tThu\nR1\tHAS_UNIT Arg1:T1 Arg2:T1\n",
            SchemaError,
            "QUANTITY -> UNIT, not QUANTITY",
        ),
        ("T1\tQUANTITY zero 3\tThu\n", FormatError, "are not 'start end;start end'"),
        ("T1 QUANTITY 0 3 Thu\n", FormatError, "expected 'T1<tab>LABEL"),
        ("T1\tUNIT 0 3\tThu\nA1\tEstimate T1\n", SchemaError, "not on UNIT"),
    ],
)
def test_errors_name_the_line(ann: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=r"x\.ann") as caught:
        brat.parse(ann, TEXT, name="x", where="x.ann")
    assert message in str(caught.value)


def test_windows_line_ends_and_missing_partner_are_refused(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_bytes(b"a\r\nb")
    with pytest.raises(FormatError, match=r"r\.ann: missing"):
        brat.read(tmp_path / "r.txt")
    (tmp_path / "r.ann").write_bytes(b"")
    with pytest.raises(FormatError, match="Windows line ends"):
        brat.read(tmp_path / "r.txt")
