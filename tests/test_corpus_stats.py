"""Statistics, plots, dataset card and Croissant metadata: counted right, rendered once, known when stale."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from corpus import card, croissant, load_documents
from corpus.__main__ import main
from corpus.files import digest, write_text
from corpus.folder import HOME, Folder
from corpus.markup import compile_markup
from corpus.plots import bars
from corpus.stats import Spread, nesting, spread, statistics
from corpus.tables import table
from ie.errors import FormatError
from tests.corpus_samples import small_corpus

MARKERS = "# x\n\n<!-- stats -->\n<!-- /stats -->\n\n<!-- agreement -->\nold\n<!-- /agreement -->\nend\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = small_corpus(tmp_path)
    write_text(made / "README.md", MARKERS)
    return made


def test_statistics_of_the_small_corpus(root: Path) -> None:
    found = statistics(root=root)
    assert found.reports == {"train": 2, "dev": 1, "test": 1}
    assert found.labels["test"] == Counter(QUANTITY=3, UNIT=3, PLACE=1, INDICATOR=1)
    assert found.relations["dev"] == Counter(HAS_UNIT=2, MEASURES=2, FUNDED=2, IN_PERIOD=1, LOCATED_IN=1)
    assert found.attributes == Counter({"Estimate": 1, "Planned": 1, "Basis=plan": 1, "Basis=total": 1})
    assert found.meta["level"] == Counter(commune=1, city=1, district=1, ward=1)
    assert found.meta["layout"] == Counter({"clean": 2, "hard-wrapped": 1, "double-spaced": 1})
    assert found.span_lengths["UNIT"] == Spread(1, 1, 2)
    assert found.runs == 0
    assert found.real == {}


def test_nesting_counts_inner_by_outer() -> None:
    document = compile_markup("{J1 Dự án Kè {L sông Lô} ({J2 Hợp phần 1})} và {J3 {L Đồi Chè}}")
    assert nesting(document) == Counter({("PROJECT", "PLACE"): 2, ("PROJECT", "PROJECT"): 1})


def test_spread_takes_the_middle() -> None:
    assert spread([9, 1, 4]) == Spread(1, 4, 9)
    assert spread([]) == Spread(0, 0, 0)


def test_a_table_is_markdown() -> None:
    assert table(["a", "b"], [("x|y", 1200), ("z", 0.5)]) == "\n".join(
        ["| a | b |", "| --- | ---: |", "| x\\|y | 1,200 |", "| z | 0.500 |"]
    )


def test_plots_are_xml_with_a_bar_for_each_count() -> None:
    tree = ElementTree.fromstring(bars("A & B", {"x": 4, "y": 2, "<z>": 0}, {"x": "#123456"}))
    rects = [element for element in tree.iter() if element.tag.endswith("rect")]
    assert [float(rect.get("width", "-1")) for rect in rects] == [360.0, 180.0, 0.0]
    assert rects[0].get("fill") == "#123456"
    assert ElementTree.fromstring(bars("empty", {}, {})) is not None


def test_the_card_is_rendered_between_its_markers_and_stays_fresh(root: Path) -> None:
    assert {path.name for path in card.stale_card(root=root)} == {"README.md", "labels.svg", "years.svg"}
    card.write_card(root=root)
    text = (root / "README.md").read_text("utf-8")
    assert text.startswith("# x\n\n<!-- stats -->\n### Sizes")
    assert text.endswith("<!-- agreement -->\nNothing has been compared yet.\n<!-- /agreement -->\nend\n")
    assert "| QUANTITY | 9 | 2 | 3 | 14 |" in text
    assert "Huế (1), Hà Tĩnh (1), Sơn La (2)" in text
    assert card.stale_card(root=root) == []
    assert card.write_card(root=root) == []


def test_a_changed_corpus_makes_the_card_stale(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(root), "stats"]) == 0
    assert main(["--root", str(root), "stats", "--check"]) == 0
    path = Folder(root).metadata
    path.write_text(path.read_text("utf-8").replace('"year": 2022', '"year": 2021'), "utf-8")
    assert main(["--root", str(root), "stats", "--check"]) == 1
    assert "README.md: stale" in capsys.readouterr().out


def test_agreement_is_rendered(root: Path) -> None:
    from corpus.agreement import compare, result
    from corpus.files import pretty_json

    pairs = [(compile_markup("{L Tân An} {Q 3} {U ha}"), compile_markup("{L Tân An} {Q 3} ha"))]
    write_text(root / "agreement/dev.json", pretty_json(result("dev", pairs, compare(pairs))))
    card.write_card(root=root)
    text = (root / "README.md").read_text("utf-8")
    assert "### dev\n\n1 texts, 4 tokens" in text
    assert "| PLACE | 1 | 1.000 | 1.000 | 1.000 |" in text
    assert "| UNIT | 0 | 0.000 | 0.000 | 0.000 |" in text
    assert "| only first: UNIT | 1 |" in text


def test_a_card_without_markers_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "README.md").write_text("no markers")
    with pytest.raises(FormatError, match="no markers <!-- stats -->"):
        card.write_card(root=root)
    assert main(["--root", str(root), "stats"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_croissant_names_every_export_with_its_hash(root: Path) -> None:
    assert main(["--root", str(root), "export"]) == 0
    assert main(["--root", str(root), "croissant"]) == 0
    assert main(["--root", str(root), "croissant", "--check"]) == 0
    made = json.loads((root / "croissant.json").read_text("utf-8"))
    hashes = {item["contentUrl"]: item["sha256"] for item in made["distribution"]}
    assert hashes["export/dev.jsonl"] == digest((root / "export/dev.jsonl").read_bytes())
    fields = {field["@id"] for record in made["recordSet"] for field in record["field"]}
    row = json.loads((root / "export/dev.jsonl").read_text("utf-8").splitlines()[0])
    assert {f"dev/{name}" for name in row} <= fields


def test_croissant_is_valid_and_reads_the_reports(root: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    main(["--root", str(root), "export"])
    croissant.write(root=root)
    rows = list(mlcroissant.Dataset(str(root / "croissant.json")).records("dev"))
    assert rows[0]["dev/id"] == b"s2-01"


def test_the_shipped_pages_are_fresh() -> None:
    if not load_documents("all"):
        pytest.skip("the corpus holds no reports yet")
    assert card.stale_card() == []
    assert croissant.stale_metadata() == []


def test_the_shipped_card_can_be_rendered(root: Path) -> None:
    shutil.copy(HOME / "README.md", root / "README.md")
    card.write_card(root=root)
    assert card.stale_card(root=root) == []
