from __future__ import annotations

import numpy as np
import pytest

from ie.entities import _qualifiers, qualifier_key, qualifier_names
from ie.spans import Key
from training.qualifiers import best


def test_the_limit_is_that_of_the_best_f1() -> None:
    odds = np.array([2.0, -0.6, -1.1, -1.4, -3.0])
    truth = np.array([True, True, True, False, False])
    # Between -1.4 and -1.1 all three and nothing else are said; -1.25 is the setting there.
    assert best(odds, truth) == -1.25


def test_of_limits_that_score_alike_the_nearest_to_none_is_taken() -> None:
    assert best(np.array([3.0, -3.5]), np.array([True, False])) == 0.0


def test_a_qualifier_without_gold_keeps_none() -> None:
    assert best(np.array([1.0, -1.0]), np.array([False, False])) == 0.0


@pytest.mark.parametrize(("pair", "name"), [(("Planned", ""), "Planned"), (("Basis", "plan"), "Basis=plan")])
def test_a_qualifier_is_named_by_attribute_and_value(pair: tuple[str, str], name: str) -> None:
    assert qualifier_key(pair) == name


def test_a_limit_says_when_a_qualifier_is_said() -> None:
    names = qualifier_names()
    span, logits = Key("QUANTITY", 0, 1), np.full((1, len(names)), -9.0)
    logits[0, names.index(("Planned", ""))] = -0.5
    assert _qualifiers([span], logits, {}) == {}
    assert _qualifiers([span], logits, {"Planned": -1.0}) == {span: (("Planned", ""),)}
