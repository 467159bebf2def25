"""Note how much of each text stands in text that a pipeline has learned from, so that scores can be told apart by it.

What was found (`corpus.passages`) is written into the folder's `sources.json`, from where results take it as a group.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from corpus.files import pretty_json, read_text, write_text
from corpus.passages import shares
from evaluation.splits import brat_folder, sources
from ie.errors import InputError

FIELD = "seen"
BANDS = ((0.05, "less than 5 %"), (0.5, "5 to 50 %"))
MOST = "50 % and more"


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
    own = {document.name: document.text for document in brat_folder(folder)}
    found = {name: band(share) for name, share in shares(own, map(read_text, texts)).items()}
    known = sources(folder)
    for name, group in found.items():
        known.setdefault(name, {})[FIELD] = group
    write_text(folder / "sources.json", pretty_json(known))
    counts = Counter(found.values())
    return {name: counts[name] for name in (*(name for _, name in BANDS), MOST)}
