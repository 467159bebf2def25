"""The handbook, the authoring page and the card say what the code does: their examples are compiled."""

from __future__ import annotations

import re

import pytest

from corpus.convert import FORMATS
from corpus.folder import HOME
from corpus.markup import compile_markup
from corpus.markup.letters import letters
from corpus.rows import features
from corpus.typeset import Layout
from ie.schema import schema

HANDBOOK = (HOME / "GUIDELINES.md").read_text("utf-8")
AUTHORING = (HOME / "AUTHORING.md").read_text("utf-8")
CARD = (HOME / "README.md").read_text("utf-8")
_ITEM = re.compile(r"^\d+\. `([^`]+)` — (?:not )?`([^`]+)`: \S", re.MULTILINE)
_BLOCK = re.compile(r"```markup\n(.*?)```", re.DOTALL)


def _section(name: str) -> str:
    return re.split(r"\n#{2,3} ", HANDBOOK.split(f"\n### {name}\n")[1])[0]


@pytest.mark.parametrize("label", schema().labels)
def test_each_label_has_ten_examples_and_ten_counter_examples(label: str) -> None:
    marked, unmarked = _section(label).split("**Not marked**")
    for part, wanted in ((marked.split("**Marked**")[1], True), (unmarked, False)):
        items = _ITEM.findall(part)
        assert len(items) >= 10
        assert len(items) == len(re.findall(r"^\d+\. ", part, re.MULTILINE))
        for example, span in items:
            document = compile_markup(example)
            found = [entity.text for entity in document.entities if entity.label == label]
            assert (span in found) is wanted, (example, span, found)
            assert span in document.text, (example, span)


@pytest.mark.parametrize("type", schema().relations)
def test_each_relation_has_examples_and_counter_examples(type: str) -> None:
    examples, counter = _section(type).split("**Counter-examples**")
    for part, wanted, least in ((examples, True, 3), (counter, False, 2)):
        blocks = _BLOCK.findall(part)
        assert len(blocks) >= least
        for block in blocks:
            assert any(r.type == type for r in compile_markup(block).relations) is wanted, block


def test_every_attribute_stands_in_the_handbook_with_its_markup() -> None:
    table = HANDBOOK.split("\n## 5. Attributes\n")[1].split("\n## ")[0]
    for flag, name in letters().flags.items():
        assert f"`+{flag}`" in table, name
        assert f"`{name}`" in table
    for key, (_, meanings) in letters().values.items():
        assert all(f"`{key}={value}`" in table for value in meanings)


def test_examples_of_the_authoring_page_compile() -> None:
    blocks = _BLOCK.findall(AUTHORING)
    assert len(blocks) >= 2
    for block in blocks:
        assert compile_markup(block).entities


def test_the_authoring_page_names_every_key_and_directive() -> None:
    for key in (*letters().relations, *letters().values):
        assert f"{key}=" in AUTHORING
    for name in Layout.__dataclass_fields__:
        assert re.search(rf"`{name}\b", AUTHORING), name


def test_the_markup_covers_the_schema() -> None:
    assert set(letters().labels.values()) == set(schema().labels)
    assert set(letters().relations.values()) == set(schema().relations)
    covered = {*letters().flags.values(), *(name for name, _ in letters().values.values())}
    assert covered == set(schema().attributes)


def test_the_card_declares_the_features_of_the_exports() -> None:
    yaml = pytest.importorskip("yaml")
    datasets = pytest.importorskip("datasets")
    head = yaml.safe_load(CARD.split("---\n")[1])
    assert datasets.Features._from_yaml_list(head["dataset_info"]["features"]) == features()
    assert head["license"] == "cc-by-4.0"
    assert head["language"] == ["vi"]
    paths = {entry["split"]: entry["path"] for entry in head["configs"][0]["data_files"]}
    assert paths == {split: f"export/{split}.jsonl" for split in ("train", "dev", "test")}


def test_the_card_names_every_format() -> None:
    assert all(f"`{name}`" in CARD or f"--format {name}" in CARD for name in FORMATS)
