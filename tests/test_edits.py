import random

import pytest

from ie.document import Document, Entity, Relation
from training.augment import augment
from training.edits import Edit, apply

TEXT = "Thu ngân sách đạt 12,5 tỷ đồng tại xã Tân Lập theo Nghị quyết số 12/NQ-HĐND, tăng."


def _document() -> Document:
    def at(id: str, label: str, text: str) -> Entity:
        start = TEXT.index(text)
        return Entity(id, label, ((start, start + len(text)),), text)

    entities = (
        at("T1", "INDICATOR", "Thu ngân sách"),
        at("T2", "QUANTITY", "12,5"),
        at("T3", "UNIT", "tỷ đồng"),
        at("T4", "PLACE", "xã Tân Lập"),
        at("T5", "LEGAL", "Nghị quyết số 12/NQ-HĐND"),
    )
    return Document("d", TEXT, entities, (Relation("R1", "HAS_UNIT", "T2", "T3"),))


def test_replacement_inside_a_span_moves_what_follows() -> None:
    changed = apply(_document(), [Edit(18, 22, "1.234,5")])
    assert [e.text for e in changed.entities] == [
        "Thu ngân sách", "1.234,5", "tỷ đồng", "xã Tân Lập", "Nghị quyết số 12/NQ-HĐND",
    ]  # fmt: skip


@pytest.mark.parametrize("edge", ["start", "end"])
def test_insertion_at_an_edge_stays_outside(edge: str) -> None:
    entity = _document().entity("T4")
    at = getattr(entity, edge)
    changed = apply(_document(), [Edit(at, at, "**")])
    assert changed.entity("T4").text == "xã Tân Lập"
    assert changed.text[changed.entity("T4").start - 2 :].startswith("**") == (edge == "start")


def test_edit_across_an_edge_is_left_out() -> None:
    entity = _document().entity("T2")
    assert apply(_document(), [Edit(entity.start - 2, entity.start + 1, "x")]) == _document()


def test_augmentation_changes_something() -> None:
    texts = {augment(_document(), random.Random(seed)).text for seed in range(30)}
    assert len(texts) > 10
