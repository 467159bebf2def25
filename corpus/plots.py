"""Bar charts of the dataset card as SVG, written by hand so that the same numbers give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from corpus.metadata import SPLITS
from corpus.stats import Statistics
from ie.schema import schema

_BAR, _GAP, _LEFT, _WIDTH, _RIGHT = 16, 5, 110, 360, 60


def plots(found: Statistics) -> dict[str, str]:
    """Return the file name and content of each plot."""
    labels = {name: sum(found.labels[split][name] for split in SPLITS) for name in schema().labels}
    colours = {name: label.colour for name, label in schema().labels.items()}
    years = dict(sorted(found.meta["year"].items()))
    return {"labels.svg": bars("Spans by label", labels, colours), "years.svg": bars("Reports by year", years, {})}


def bars(title: str, counts: Mapping[str, int], colours: Mapping[str, str]) -> str:
    """Return a horizontal bar chart: one bar a count, its name on the left, its number on the right."""
    most = max(counts.values(), default=0) or 1
    height = 30 + len(counts) * (_BAR + _GAP)
    width = _LEFT + _WIDTH + _RIGHT
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif"'
    parts = [f'{head} font-size="12" role="img" aria-label="{escape(title)}">']
    parts.append(f'<text x="{_LEFT}" y="16" font-weight="bold">{escape(title)}</text>')
    for row, (name, count) in enumerate(counts.items()):
        top = 26 + row * (_BAR + _GAP)
        long = round(count / most * _WIDTH, 1)
        base = top + _BAR - 4
        parts.append(f'<text x="{_LEFT - 6}" y="{base}" text-anchor="end">{escape(name)}</text>')
        colour = colours.get(name, "#8ecae6")
        parts.append(f'<rect x="{_LEFT}" y="{top}" width="{long}" height="{_BAR}" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + long + 4}" y="{base}">{count:,}</text>')
    return "\n".join([*parts, "</svg>\n"])
