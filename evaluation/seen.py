"""Note how much of each text stands in text that a pipeline has learned from, so that scores can be told apart by it.

What was found (`corpus.passages`) is written into the folder's `sources.json`, from where results take it as a group.
"""

from __future__ import annotations

import json
from pathlib import Path

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
