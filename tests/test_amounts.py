"""Figures against each other: hand-worked totals and their parts, and what holds for all amounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.amounts import Amount, Compared, amount
from tests.examples import examples


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("12,5", "tỷ đồng", Amount(12.5e9, 0.05e9, "VND", False)),
        ("85", "xã", Amount(85.0, 0.5, "xã", True)),
        ("1.250", "", Amount(1250.0, 0.5, "", False)),
        ("ba", "phường", Amount(3.0, 0.5, "phường", True)),
        ("10-15", "ha", None),
        ("nhiều", "ha", None),
    ],
)
def test_an_amount_is_the_number_in_its_unit(number: str, unit: str, expected: Amount | None) -> None:
    found = amount(number, unit)
    assert found == expected if expected is None else found == pytest.approx(expected)


def _added(*figures: tuple[str, str]) -> dict[int, list[int]]:
    """Return for each figure that others add up to these, by their places."""
    compared = Compared([amount(number, unit) for number, unit in figures])
    size = len(figures)
    part, total = (grid.ravel() for grid in np.meshgrid(np.arange(size), np.arange(size), indexing="ij"))
    found: dict[int, list[int]] = {}
    for each, whole, kind in zip(part.tolist(), total.tolist(), compared.kind(part, total).tolist(), strict=True):
        if kind // 16:
            found.setdefault(whole, []).append(each)
    return found


TRĐ = "triệu đồng"


@pytest.mark.parametrize(
    ("figures", "added"),
    [
        # Parts of parts: the second and fifth add up to the first, their own parts are passed over.
        ([(n, TRĐ) for n in ("776", "643", "343", "300", "133", "58", "75")], {0: [1, 4], 1: [2, 3], 4: [5, 6]}),
        # Different things counted make one number of things.
        ([("102", "đơn vị"), ("85", "xã"), ("14", "phường"), ("3", "đặc khu")], {0: [1, 2, 3]}),
        # Shares and other units between them do not disturb.
        ([("27,5", "tỷ đồng"), ("8", "%"), ("4,6", "tỷ đồng"), ("22,9", "tỷ đồng")], {0: [2, 3]}),
        # Scale words are multiplied in, and roundings are allowed what their digits leave open.
        ([("12,5", "tỷ đồng"), ("4.520", TRĐ), ("8.000", TRĐ)], {0: [1, 2]}),
        ([("12,5", "tỷ đồng"), ("4.520", TRĐ), ("8.100", TRĐ)], {}),
        ([("100", "ha"), ("41", "ha"), ("60", "ha")], {0: [1, 2]}),
        # Counts are exact, one part is no sum, and a figure that is as large ends the list.
        ([("10", "xã"), ("4", "xã"), ("5", "xã")], {}),
        ([("10", "xã"), ("10", "xã"), ("4", "xã"), ("6", "xã")], {1: [2, 3]}),
        ([("10", "xã"), ("9,9", "ha"), ("0,1", "ha")], {}),
    ],
)
def test_figures_that_add_up_to_the_one_before_them(
    figures: list[tuple[str, str]], added: dict[int, list[int]]
) -> None:
    assert _added(*figures) == added


def test_pairs_are_told_apart_by_size_and_unit() -> None:
    figures = [amount("5", "ha"), amount("7", "ha"), amount("5", "ha"), amount("7", "xã"), amount("7", ""), None]
    kinds = Compared(figures).kind(np.array([0, 1, 0, 0, 0, 0, 4]), np.array([1, 0, 2, 3, 4, 5, 4]))
    less, more, alike, other, unknown, none, _ = kinds.tolist()
    assert len({less, more, alike, other, unknown}) == 5
    assert none == 0


@examples(80)
@given(
    st.lists(st.integers(1, 900), min_size=2, max_size=8),
    st.lists(st.integers(1, 900), max_size=4),
    st.sampled_from(["ha", TRĐ, "xã"]),
)
def test_a_sum_is_found_wherever_its_parts_follow(parts: list[int], rest: list[int], unit: str) -> None:
    figures = [(str(sum(parts)), unit), *((str(part), unit) for part in parts), *((str(each), unit) for each in rest)]
    found = _added(*figures)
    for total, members in found.items():
        missing = sum(int(figures[member][0]) for member in members) - int(figures[total][0])
        assert abs(missing) <= (0 if unit == "xã" else len(members))
        assert all(member > total for member in members)
    assert 0 in found
