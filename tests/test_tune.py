"""Which threshold is chosen when two sources of dev reports want different ones."""

from __future__ import annotations

from training.tune import best_setting

LARGE_LOW, LARGE_HIGH = (76, 162, 106), (70, 118, 106)
"""Right, guessed and gold of a source with many relations: F1 56.7 at the low threshold, 62.5 at the high one."""
SMALL_LOW, SMALL_HIGH = (4, 7, 5), (3, 6, 5)
"""The same of a source with five: 66.7 and 54.5, so that it wants the low one more than the large wants the high."""


def test_a_handful_of_relations_does_not_decide() -> None:
    tables = {0.25: [{"A": LARGE_LOW}, {"A": SMALL_LOW}], 0.5: [{"A": LARGE_HIGH}, {"A": SMALL_HIGH}]}
    assert best_setting(tables, "A", 0.5) == 0.5


def test_a_small_source_is_not_drowned() -> None:
    tables = {0.25: [{"A": (80, 100, 100)}, {"A": (9, 10, 10)}], 0.5: [{"A": (81, 100, 100)}, {"A": (5, 10, 10)}]}
    assert best_setting(tables, "A", 0.5) == 0.25


def test_equals_go_to_the_middle_and_sources_without_gold_are_silent() -> None:
    tables = {0.25: [{"A": (5, 10, 10)}, {"A": (0, 0, 0)}], 0.5: [{"A": (5, 10, 10)}, {"A": (0, 3, 0)}]}
    assert best_setting(tables, "A", 0.6) == 0.5
    assert best_setting({0.25: [{"A": (0, 4, 0)}], 0.5: [{"A": (0, 0, 0)}]}, "A", 0.5) == 0.5


def test_a_lone_peak_does_not_win_over_a_plateau() -> None:
    right = {0.1: 9, 0.2: 4, 0.3: 4, 0.4: 7, 0.5: 8, 0.6: 7, 0.7: 6}
    tables = {setting: [{"A": (found, 10, 10)}] for setting, found in right.items()}
    assert best_setting(tables, "A", 0.5) == 0.1
    assert best_setting(tables, "A", 0.5, reach=1) == 0.5
    assert best_setting(tables, "A", 0.5, reach=len(right)) == 0.5
