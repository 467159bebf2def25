"""How figures are written in tables: per cent with one decimal, a dash where there is none."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """Write a Markdown table; the first `left` columns are flush left, the others flush right."""
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *rows))


def share(value: float | None) -> str:
    """Write a figure between 0 and 1 as per cent with one decimal, a dash when undefined."""
    return "–" if value is None else f"{100 * value:.1f}"


def bounds(interval: list[float] | None) -> str:
    """Write an interval as per cent, a dash when there is none."""
    return "–" if interval is None else f"{share(interval[0])}–{share(interval[1])}"
