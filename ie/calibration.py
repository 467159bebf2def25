"""What a score means: a map from the model's own probability to the share of such answers that were right.

The map is Platt's (1999): logistic in the log-odds of the raw score, `[slope, shift]` for each label and relation type,
chosen on dev by `python -m training calibrate` and kept in the component's cfg. It keeps the order of the scores of one
label, so it changes no answer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

EDGE = 1e-6
"""Raw scores are kept so far from 0 and 1: their log-odds stay finite."""


def log_odds(score: float) -> float:
    """Return the log-odds of a probability."""
    kept = min(max(score, EDGE), 1 - EDGE)
    return math.log(kept / (1 - kept))


def calibrated(score: float, name: str, maps: Mapping[str, Sequence[float]]) -> float:
    """Return the calibrated score of a span or relation named `name`; the score itself where no map is known."""
    if name not in maps:
        return score
    slope, shift = maps[name]
    return 1 / (1 + math.exp(-(slope * log_odds(score) + shift)))
