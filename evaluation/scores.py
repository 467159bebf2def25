"""Counts first, then what follows from them: precision, recall, F1, averages, intervals and tests.

A figure that nothing stands behind (precision without a prediction, recall without gold) is None, never 0 or 1.
Intervals: percentile bootstrap over documents (Efron 1979). Paired test: approximate randomisation over documents
(Noreen 1989; Yeh 2000).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
TRIALS = 10_000
FIGURES = ("precision", "recall", "f1")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Found (`tp`), spurious (`fp`) and missed (`fn`) items."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def support(self) -> int:
        """Number of gold items."""
        return self.tp + self.fn

    @property
    def predicted(self) -> int:
        """Number of predicted items."""
        return self.tp + self.fp

    @property
    def precision(self) -> float | None:
        """Share of predicted items that are right; None without predictions."""
        return self.tp / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Share of gold items that are found; None without gold."""
        return self.tp / self.support if self.support else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None where there is neither gold nor prediction."""
        whole = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / whole if whole else None


Tally = dict[str, dict[str, Counts]]
"""The counts of one document: metric -> label, relation type or attribute -> counts."""


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    return sum(counts, Counts())


def macro(per_label: Mapping[str, Counts]) -> dict[str, float | None]:
    """Average over labels that have gold or predictions; an undefined precision or recall counts as 0."""
    live = [counts for counts in per_label.values() if counts.f1 is not None]
    return {name: float(np.mean([getattr(c, name) or 0.0 for c in live])) if live else None for name in FIGURES}


def resamples(documents: int, *, seed: int, times: int = RESAMPLES) -> Floats:
    """Return `(times, documents)`: how often each document was drawn in each resample of the same size."""
    draws = np.random.default_rng(seed).integers(0, documents, (times, documents))
    rows = np.zeros((times, documents))
    np.add.at(rows, (np.arange(times)[:, None], draws), 1.0)
    return rows


def figures(table: Floats) -> Floats:
    """Return `(…, 3)` precision, recall and F1 of a `(…, 3)` table of tp, fp, fn; nan where undefined."""
    tp, fp, fn = table[..., 0], table[..., 1], table[..., 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)], axis=-1)


def interval(per_document: Sequence[Counts], draws: Floats) -> dict[str, list[float] | None]:
    """Return the 95 % interval of each figure; None with fewer than two documents or nothing to count."""
    if len(per_document) < 2:
        return dict.fromkeys(FIGURES)
    values = figures(draws @ as_table(per_document))
    return {name: _bounds(values[:, column]) for column, name in enumerate(FIGURES)}


def macro_interval(per_label: Sequence[Sequence[Counts]], draws: Floats) -> list[float] | None:
    """Return the 95 % interval of macro F1; `per_label` holds for each label its counts document by document."""
    if not per_label or len(per_label[0]) < 2:
        return None
    columns = np.stack([figures(draws @ as_table(counts))[:, 2] for counts in per_label])
    live = ~np.isnan(columns)
    with np.errstate(invalid="ignore"):
        return _bounds(np.where(live, columns, 0.0).sum(axis=0) / live.sum(axis=0))


def as_table(per_document: Sequence[Counts]) -> Floats:
    """Return `(documents, 3)`: tp, fp, fn."""
    return np.array([(c.tp, c.fp, c.fn) for c in per_document], dtype=np.float64).reshape(-1, 3)


def _bounds(values: Floats) -> list[float] | None:
    defined = values[~np.isnan(values)]
    return [float(bound) for bound in np.percentile(defined, (2.5, 97.5))] if len(defined) else None


@dataclass(frozen=True)
class PairedTest:
    """F1 of two systems on the same documents, their difference (second less first) and its p-value."""

    first: float | None
    second: float | None
    difference: float
    p: float


def randomisation(first: Sequence[Counts], second: Sequence[Counts], *, seed: int, trials: int = TRIALS) -> PairedTest:
    """Test whether two systems differ in F1: swap their documents at random and see how often they differ as much.

    `first` and `second` hold the counts of the same documents in the same order. The p-value is two-sided and counts
    the observed outcome itself, so it is never 0.
    """
    one, two = as_table(first), as_table(second)
    observed = _difference(one.sum(axis=0), two.sum(axis=0))
    swaps = np.random.default_rng(seed).integers(0, 2, (trials, len(one))).astype(np.float64)
    moved = swaps @ (two - one)
    shuffled = _difference(one.sum(axis=0) + moved, two.sum(axis=0) - moved)
    extreme = int((np.abs(shuffled) >= abs(observed) - 1e-12).sum())
    return PairedTest(total(first).f1, total(second).f1, float(observed), (extreme + 1) / (trials + 1))


def _difference(first: Floats, second: Floats) -> Floats:
    return np.nan_to_num(figures(second)[..., 2]) - np.nan_to_num(figures(first)[..., 2])


def entry(per_document: Sequence[Counts], draws: Floats) -> dict[str, object]:
    """Return one line of a result: counts, support, figures, intervals, rounded to four places."""
    counts = total(per_document)
    measured = {name: _rounded(getattr(counts, name)) for name in FIGURES}
    bounds = {name: _rounded(value) for name, value in interval(per_document, draws).items()}
    return {
        "tp": counts.tp,
        "fp": counts.fp,
        "fn": counts.fn,
        "support": counts.support,
        **measured,
        "interval": bounds,
    }


def _rounded(value: float | list[float] | None) -> float | list[float] | None:
    if isinstance(value, list):
        return [round(bound, 4) for bound in value]
    return None if value is None else round(value, 4)


def summary(tallies: Sequence[Tally], *, seed: int) -> dict[str, dict[str, object]]:
    """Return for each metric the micro figures (`all`), the macro figures and one entry a label."""
    draws = resamples(len(tallies), seed=seed)
    metrics = sorted({metric for tally in tallies for metric in tally})
    return {metric: _metric([tally.get(metric, {}) for tally in tallies], draws) for metric in metrics}


def _metric(columns: Sequence[Mapping[str, Counts]], draws: Floats) -> dict[str, object]:
    labels = sorted({label for column in columns for label in column})
    per_label = {label: [column.get(label, Counts()) for column in columns] for label in labels}
    averages = {name: _rounded(value) for name, value in macro({k: total(v) for k, v in per_label.items()}).items()}
    spread = _rounded(macro_interval(list(per_label.values()), draws))
    return {
        "all": entry([total(column.values()) for column in columns], draws),
        "macro": {**averages, "interval": {"f1": spread}},
        "labels": {label: entry(counts, draws) for label, counts in per_label.items()},
    }
