"""Markdown tables, the same way on every page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Cell = str | int | float


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a Markdown table; the first column is text, the others stand right-aligned."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    lines = [head, rule, *[[_cell(cell) for cell in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Cell) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else value.replace("|", "\\|")
