"""How much of a text stands in other text: the share of its runs of eight words, in small letters, that occur there.

Brown et al. (2020, appendix C, https://arxiv.org/abs/2005.14165) looked for test sets in pretraining text by runs of
words. `corpus.checks.neighbours` asks another question: how long the longest passage is that two reports share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from corpus.checks.neighbours import words_of

RUN = 8
"""Words of a run."""
Run = tuple[str, ...]


def runs_of(text: str) -> Iterator[Run]:
    """Yield the runs of eight words of a text; a shorter text has none."""
    words = [word for word, _ in words_of(text)]
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def shares(texts: Mapping[str, str], others: Iterable[str]) -> dict[str, float]:
    """Return for each text, by name, the share of its different runs that occur in `others`; 0 where it has none."""
    own = {name: frozenset(runs_of(text)) for name, text in texts.items()}
    asked = frozenset[Run]().union(*own.values())
    found: set[Run] = set()
    for text in others:
        found.update(run for run in runs_of(text) if run in asked)
    return {name: len(runs & found) / len(runs) if runs else 0.0 for name, runs in own.items()}


def without(texts: Iterable[str], others: Iterable[str]) -> Iterator[str]:
    """Yield the texts that share no run with `others`."""
    known = frozenset(run for other in others for run in runs_of(other))
    return (text for text in texts if known.isdisjoint(runs_of(text)))
