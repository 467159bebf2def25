"""How much of each text stands in other text that a pipeline has learned from, so that scores can be told apart by it.

A text counts as seen so far as its runs of eight words, in small letters, occur there; Brown et al. (2020, appendix C,
https://arxiv.org/abs/2005.14165) looked for test sets in pretraining text by runs of words. What was found is written
into the folder's `sources.json`, from where results take it as a group.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from evaluation.splits import brat_folder, sources
from ie.errors import InputError

FIELD = "seen"
RUN = 8
"""Words of a run."""
BANDS = ((0.05, "less than 5 %"), (0.5, "5 to 50 %"))
MOST = "50 % and more"
_WORD = re.compile(r"\w+")


def runs_of(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the runs of eight words of a text; a shorter text has none."""
    words = [word.lower() for word in _WORD.findall(text)]
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def shares(texts: Mapping[str, str], others: Iterable[str]) -> dict[str, float]:
    """Return for each text, by name, the share of its different runs that occur in `others`; 0 where it has none."""
    own = {name: frozenset(runs_of(text)) for name, text in texts.items()}
    asked = frozenset[tuple[str, ...]]().union(*own.values())
    found: set[tuple[str, ...]] = set()
    for text in others:
        found.update(run for run in runs_of(text) if run in asked)
    return {name: len(runs & found) / len(runs) if runs else 0.0 for name, runs in own.items()}


def band(share: float) -> str:
    """Return the group that a share belongs to."""
    return next((name for limit, name in BANDS if share < limit), MOST)


def note(folder: Path, others: Path) -> dict[str, int]:
    """Write the group of every document of a brat folder into its `sources.json`; return how many are in each.

    `others` is a folder of `.txt` files, searched to its depths. InputError where it holds none.
    """
    texts = sorted(others.rglob("*.txt"))
    if not texts:
        raise InputError(f"{others}: holds no .txt file; give the folder of the text that was learned from")
    documents = brat_folder(folder)
    found = shares(
        {document.name: document.text for document in documents}, (path.read_text("utf-8") for path in texts)
    )
    known = sources(folder)
    for name, share in found.items():
        known.setdefault(name, {})[FIELD] = band(share)
    (folder / "sources.json").write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", "utf-8")
    order = [name for _, name in BANDS] + [MOST]
    return {name: sum(band(share) == name for share in found.values()) for name in order}
