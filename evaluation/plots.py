"""Plots of the report page as SVG text, the same for the same data; matplotlib is imported when one is drawn."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evaluation.calibration import Bin
from evaluation.scores import Counts
from ie.errors import InputError

BLUE, ORANGE, GREY = "#2a6f97", "#e07a1f", "#8d99ae"


def _svg(draw: Callable[[Any], None], *, width: float, height: float) -> str:
    try:
        import matplotlib
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError("report: matplotlib is not installed; pip install matplotlib") from error
    with matplotlib.rc_context({"svg.hashsalt": "report", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def bars(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Draw F1 of each label as a bar with its 95 % interval and its support."""
    names = list(entries)
    values = [entries[name]["f1"] or 0.0 for name in names]
    spans = [entries[name]["interval"]["f1"] or [value, value] for name, value in zip(names, values, strict=True)]
    below = [max(0.0, value - low) for value, (low, _) in zip(values, spans, strict=True)]
    above = [max(0.0, high - value) for value, (_, high) in zip(values, spans, strict=True)]

    def draw(axes: Any) -> None:
        rows = [f"{name} (n = {entries[name]['support']})" for name in names]
        axes.barh(rows, values, xerr=[below, above], color=BLUE, ecolor="#222", capsize=3, height=0.65)
        axes.set(xlim=(0, 1), xlabel="F1 with 95 % interval")
        axes.invert_yaxis()

    return _svg(draw, width=4.7, height=0.6 + 0.32 * max(1, len(names)))


def calibration(bins: Mapping[str, Sequence[Bin]]) -> str:
    """Draw the share of right predictions against the mean score of their bin; dot size tells how many."""

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1)
        for (name, found), colour in zip(bins.items(), (BLUE, ORANGE), strict=False):
            sizes = [12 + 4 * bin.size**0.5 for bin in found]
            axes.plot([bin.score for bin in found], [bin.right for bin in found], color=colour, linewidth=1)
            axes.scatter([bin.score for bin in found], [bin.right for bin in found], s=sizes, color=colour, label=name)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02), xlabel="score given", ylabel="share right")
        axes.legend(loc="upper left", frameon=False)

    return _svg(draw, width=4, height=3.4)


def lengths(counts: Mapping[str, Counts]) -> str:
    """Draw precision and recall of exact spans by their length in tokens."""
    names = [name for name, found in counts.items() if found.support or found.predicted]

    def draw(axes: Any) -> None:
        places = range(len(names))
        for figure, colour, shift in (("precision", BLUE, -0.2), ("recall", ORANGE, 0.2)):
            heights = [getattr(counts[name], figure) or 0.0 for name in names]
            axes.bar([place + shift for place in places], heights, width=0.38, color=colour, label=figure)
        labels = [f"{name}\nn = {counts[name].support}" for name in names]
        axes.set_xticks(list(places), labels)
        axes.set(ylim=(0, 1), xlabel="tokens in the span")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)

    return _svg(draw, width=4.6, height=3.2)


def scatter(rows: Sequence[tuple[int, float, float]]) -> str:
    """Draw headline F1 of each document against its length."""

    def draw(axes: Any) -> None:
        sizes = [row[0] for row in rows]
        axes.scatter(sizes, [row[1] for row in rows], color=BLUE, label="entities", s=18)
        axes.scatter(sizes, [row[2] for row in rows], color=ORANGE, label="relations", s=18)
        axes.set(ylim=(0, 1.02), xlabel="tokens in the document", ylabel="F1")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)

    return _svg(draw, width=4.6, height=3.2)


def curve(lines: Mapping[str, Sequence[tuple[int, Mapping[str, Any]]]]) -> str:
    """Draw F1 with its 95 % interval against the number of training reports; points without F1 are left out."""

    def draw(axes: Any) -> None:
        for (name, rows), colour in zip(lines.items(), (BLUE, ORANGE), strict=True):
            known = [(size, entry["f1"], entry["interval"]["f1"]) for size, entry in rows if entry["f1"] is not None]
            sizes, values = [size for size, *_ in known], [value for _, value, _ in known]
            spans = [span or [value, value] for _, value, span in known]
            axes.plot(sizes, values, color=colour, marker="o", markersize=4, label=name)
            axes.fill_between(sizes, [low for low, _ in spans], [high for _, high in spans], color=colour, alpha=0.15)
        axes.set(ylim=(0, 1.02), xlabel="training reports", ylabel="F1 with 95 % interval")
        axes.set_xlim(left=0)
        axes.legend(loc="lower right", frameon=False)

    return _svg(draw, width=4.6, height=3.2)
