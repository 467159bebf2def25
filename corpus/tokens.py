"""Words and punctuation marks as character ranges, for counting and for token formats. The pipeline has its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from ie.document import Document

TOKEN = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]")
"""A run of letters, digits and combining marks, or one other visible character."""


def tokens(document: Document) -> list[tuple[int, int]]:
    """Return the tokens as character ranges: words and punctuation marks, cut also where a span starts or ends."""
    edges = sorted({at for e in document.entities for fragment in e.fragments for at in fragment})
    found: list[tuple[int, int]] = []
    for match in TOKEN.finditer(document.text):
        inside = edges[bisect_right(edges, match.start()) : bisect_left(edges, match.end())]
        cuts = [match.start(), *inside, match.end()]
        found += pairwise(cuts)
    return found
