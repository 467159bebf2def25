"""A part of the training reports that grows: the first N of one seeded order, so that a smaller part is in a larger."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ie.document import Document
from ie.errors import InputError


def nested(groups: Sequence[Sequence[Document]], limit: int, *, seed: int) -> list[Document]:
    """Return `limit` documents of all groups, each group in proportion to its size; all of them when `limit` is 0.

    With one seed the documents of a lower limit are among those of a higher one. Raises InputError when there are not
    that many.
    """
    whole = sum(map(len, groups))
    if not limit:
        return [document for group in groups for document in group]
    if not 0 < limit <= whole:
        raise InputError(f"--limit {limit}: the sources hold {whole} documents; give a number from 1 to {whole}")
    placed = [row for number, group in enumerate(groups) for row in _spread(group, number, seed)]
    placed.sort(key=lambda row: row[:2])
    return [document for *_, document in placed[:limit]]


def _spread(group: Sequence[Document], number: int, seed: int) -> list[tuple[float, int, Document]]:
    """Shuffle one group and put its documents at even distances between 0 and 1."""
    order = sorted(group, key=lambda document: document.name)
    random.Random(f"{seed}:{number}").shuffle(order)
    return [((rank + 0.5) / len(order), number, document) for rank, document in enumerate(order)]
