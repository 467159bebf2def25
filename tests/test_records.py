from __future__ import annotations

from dataclasses import replace

import pytest

from ie.document import Entity, Value
from ie.facts import Fact
from ie.records import changed


@pytest.mark.parametrize(
    ("record", "fields"),
    [
        (Entity("T1", "PLACE", ((0, 2),), "xã"), {"value": Value("place", key="xã")}),
        (Fact("T1", "12", 0, 2), {"unit": "ha", "notes": ("number not read",)}),
        (Value("number", number="12"), {}),
    ],
)
def test_a_copy_is_what_dataclasses_make(record: Entity, fields: dict[str, object]) -> None:
    before = repr(record)
    copy = changed(record, **fields)
    assert copy == replace(record, **fields)
    assert hash(copy) == hash(replace(record, **fields))
    assert repr(record) == before


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Value has no field unti"):
        changed(Value("number"), unti="ha")
