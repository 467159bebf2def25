"""Compare the corpus with the least sizes of `targets.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any

from corpus.provinces import after_merger
from ie.document import Document
from ie.schema import schema

_SYLLABLE = re.compile(r"\S*\w\S*")


@cache
def targets() -> dict[str, Any]:
    """Return the least sizes."""
    return tomllib.loads(resources.files("corpus").joinpath("targets.toml").read_text("utf-8"))


def syllables(text: str) -> int:
    """Count the runs of non-blank characters that hold a letter or digit, as Vietnamese is counted."""
    return len(_SYLLABLE.findall(unicodedata.normalize("NFC", text)))


def sizes(documents: Sequence[Document]) -> Iterator[tuple[str, int, int]]:
    """Yield what is counted, how many there are, and how many there should be."""
    wanted = targets()
    labels = Counter(entity.label for document in documents for entity in document.entities)
    types = Counter(relation.type for document in documents for relation in document.relations)
    yield "reports", len(documents), wanted["reports"]
    yield "syllables", sum(syllables(document.text) for document in documents), wanted["syllables"]
    for split, least in wanted["splits"].items():
        yield f"reports in {split}", sum(d.meta["split"] == split for d in documents), least
    for label, least in wanted["labels"].items():
        yield label, labels[label], least
    yield "relations", sum(types.values()), wanted["relations"]
    for type in schema().relations:
        yield type, types[type], wanted["each_relation"]
    for late, name in ((False, "before"), (True, "after")):
        provinces = {d.meta["province"] for d in documents if after_merger(d.meta["date"]) is late}
        yield f"provinces {name} July 2025", len(provinces), wanted[f"provinces_{name}"]


def short(documents: Sequence[Document]) -> Iterator[str]:
    """Yield a line for each size that is not reached."""
    for name, found, least in sizes(documents):
        if found < least:
            yield f"{name}: {found}; at least {least} are wanted"
