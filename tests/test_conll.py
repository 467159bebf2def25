from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import conll, external, systems
from evaluation.__main__ import main
from evaluation.systems import System
from ie.document import Document, Entity
from ie.errors import IEError
from tests.evaluation_cases import report

MAPS = Path(__file__).parents[1] / "evaluation" / "maps"
SAMPLE = """Đoàn O
đến O
xã B-LOCATION
Mường_Khoa I-LOCATION
, O
Tân_Uyên B-LOCATION
ngày O
24 B-DATE
- I-DATE
7 I-DATE
. O

Bà O
Lò_Thị_Mai B-NAME
( O
xã B-LOCATION
Hố_Mít I-LOCATION
) O
nói O
: O
" O
xong O
" O
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.conll"
    path.write_text(SAMPLE, "utf-8")
    return path


def read(path: Path, **options: int) -> conll.Sample:
    return conll.read(path, {"LOCATION": "PLACE"}, **options)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("xã Mường_Khoa , Tân_Uyên .", "xã Mường Khoa, Tân Uyên."),
        ("( xã Hố_Mít )", "(xã Hố Mít)"),
        ('nói : " xong " .', 'nói: "xong".'),
        ("“ xong ” !", "“xong”!"),
        ("ngày 24 - 7 - 2023", "ngày 24-7-2023"),
        ("Hà_Nội - Huế", "Hà Nội - Huế"),
        ("đạt 12,5 %", "đạt 12,5%"),
        ("_ ở đây", "_ ở đây"),
        ("- bắt đầu", "- bắt đầu"),
    ],
)
def test_a_sentence_is_composed_by_the_rule(tokens: str, text: str) -> None:
    plain, places = conll.detokenised(tokens.split())
    assert plain == text
    assert [plain[a:b] for a, b in places] == [t if t == "_" else t.replace("_", " ") for t in tokens.split()]


@given(st.lists(st.text('ab12_-/,."()%', min_size=1, max_size=4), min_size=1, max_size=12))
def test_every_token_keeps_its_place_and_nothing_but_blanks_is_added(tokens: list[str]) -> None:
    plain, places = conll.detokenised(tokens)
    assert [end - start for start, end in places] == [len(token) for token in tokens]
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    assert plain.replace(" ", "").replace("_", "") == "".join(tokens).replace("_", "")


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("B-X I-X O", [("X", 0, 1)]),
        ("B-X B-X", [("X", 0, 0), ("X", 1, 1)]),
        ("I-X I-X O I-Y", [("X", 0, 1), ("Y", 3, 3)]),
        ("B-X I-Y", [("X", 0, 0), ("Y", 1, 1)]),
        ("B-X I-X E-X I-X", [("X", 0, 2), ("X", 3, 3)]),
        ("S-X S-X B-Y E-Y", [("X", 0, 0), ("X", 1, 1), ("Y", 2, 3)]),
        ("O O", []),
    ],
)
def test_tags_become_spans_as_in_conlls_scorer(tags: str, spans: list[tuple[str, int, int]]) -> None:
    assert conll.runs_of(tags.split()) == spans


def test_a_file_becomes_one_document_a_sentence_with_the_mapped_labels(sample: Path) -> None:
    found = read(sample)
    assert [document.text for document in found.documents] == [
        "Đoàn đến xã Mường Khoa, Tân Uyên ngày 24-7.",
        'Bà Lò Thị Mai (xã Hố Mít) nói: "xong"',
    ]
    assert [[(e.label, e.text) for e in d.entities] for d in found.documents] == [
        [("PLACE", "xã Mường Khoa"), ("PLACE", "Tân Uyên")],
        [("PLACE", "xã Hố Mít")],
    ]
    assert found.labels == ("PLACE",)
    assert found.ignored == {"DATE": 1, "NAME": 1}


def test_docstart_makes_documents_of_several_sentences(tmp_path: Path) -> None:
    path = tmp_path / "several.conll"
    lines = [
        "-DOCSTART- O",
        "",
        "Huế B-LOCATION",
        "",
        "# id = 2",
        "ở O",
        "Huế B-LOCATION",
        "",
        "-DOCSTART- O",
        "",
        "a O",
    ]
    path.write_text("\n".join(lines), "utf-8")
    first, second = read(path).documents
    assert (first.text, second.text) == ("Huế\n\nở Huế", "a")
    assert [(e.start, e.end, e.text) for e in first.entities] == [(0, 3, "Huế"), (7, 10, "Huế")]


def test_the_column_of_the_tags_may_be_said(tmp_path: Path) -> None:
    path = tmp_path / "four.conll"
    path.write_text("Huế\tNp\tB-LOCATION\tx\n", "utf-8")
    assert [e.text for e in read(path, column=3).documents[0].entities] == ["Huế"]


def test_the_shipped_map_names_place() -> None:
    assert conll.read_map(MAPS / "phoner_covid19.toml") == {"LOCATION": "PLACE"}


def test_only_the_mapped_labels_are_judged_exact_and_by_overlap(
    sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "Đoàn": [("PLACE", "xã Mường Khoa"), ("PERIOD", "ngày 24-7")],
        "Bà": [("PLACE", "Hố Mít"), ("PLACE", "Mai")],
    }

    def predict(documents: list[Document]) -> list[Document]:
        return [_answered(document, answers[document.text.split()[0]]) for document in documents]

    monkeypatch.setitem(systems.SYSTEMS, "fake", lambda argument: System("fake", predict, lambda: {"model": "two"}))  # type: ignore[arg-type]
    places = ["--map", str(MAPS / "phoner_covid19.toml"), "--system", "fake"]
    assert main(["external", "--conll", str(sample), *places]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tiny.conll: 2 documents, fake two"
    assert lines[1].startswith("PLACE exact: P 33.3, R 33.3, F1 33.3 (")
    assert lines[1].endswith("gold 3, found 1, spurious 2, missed 2")
    assert lines[2].endswith("gold 3, found 2, spurious 1, missed 1")
    assert lines[3:] == ["ignored: DATE 1, NAME 1"]


def _answered(document: Document, spans: list[tuple[str, str]]) -> Document:
    at = [(label, document.text.index(text), text) for label, text in spans]
    entities = [Entity(f"T{i}", label, ((a, a + len(t)),), t) for i, (label, a, t) in enumerate(at)]
    return Document(document.name, document.text, tuple(entities))


def test_the_rules_read_the_sample_end_to_end(sample: Path) -> None:
    found = external.evaluate(read(sample), system_name="rules", name="tiny", seed=1)
    assert found["labels"] == ["PLACE"]
    assert set(found["scores"]["entities.exact"]["labels"]) == {"PLACE"}
    assert found["scores"]["entities.exact"]["all"]["support"] == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Huế B-LOCATION\nở\n", "bad.conll:2: expected a token and a tag, found 'ở'"),
        ("Huế LOCATION\n", "bad.conll:1: 'LOCATION' is no tag"),
        ("\n\n", "holds no sentence"),
        ("Huế B-CITY\n", "holds none of the mapped labels LOCATION; its labels: CITY"),
        (None, "cannot be read as UTF-8 (FileNotFoundError)"),
    ],
    ids=["one cell", "no tag", "empty", "other labels", "absent"],
)
def test_a_file_that_cannot_be_read_is_refused_with_one_line(
    text: str | None, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.conll"
    if text is not None:
        path.write_text(text, "utf-8")
    assert main(["external", "--conll", str(path), "--map", str(MAPS / "phoner_covid19.toml")]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_column_that_is_not_there_is_named(sample: Path) -> None:
    with pytest.raises(IEError, match=r"tiny\.conll:1: expected column 5"):
        read(sample, column=5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[labels]\nX = 'CITY'\n", "X: unknown label 'CITY'"),
        ("[labels\n", "not TOML"),
        ("a = 1\n", "maps no label"),
        ("[labels]\nX = 1\n", "maps no label"),
        (None, "cannot be read"),
    ],
)
def test_a_map_of_another_form_is_refused(text: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(IEError, match=message):
        conll.read_map(path)


def test_restriction_keeps_what_is_named_alone() -> None:
    from evaluation.reach import check, measured, restricted

    document = report("{Q:QUANTITY 5} {U:UNIT ha} {I:INDICATOR lúa}", "HAS_UNIT Q U", "MEASURES Q I")
    kept = restricted(document, ["QUANTITY", "UNIT", "HAS_UNIT"])
    assert ([e.id for e in kept.entities], [r.type for r in kept.relations]) == (["Q", "U"], ["HAS_UNIT"])
    assert restricted(document, ["QUANTITY", "HAS_UNIT"]).relations == ()
    assert restricted(document, ()) is document
    metrics = {name: {} for name in ("entities.exact", "values.amount", "facts", "attributes")}
    assert set(measured(metrics, ["PLACE"])) == {"entities.exact"}
    assert set(measured(metrics, ["QUANTITY", "UNIT", "HAS_UNIT"])) == {"entities.exact", "values.amount"}
    assert measured(metrics, ()) == metrics
    with pytest.raises(IEError, match="run x: labels name 'CITY'"):
        check(["CITY"], "run x")
