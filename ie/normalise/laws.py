"""Well-known documents by number and title (`laws.toml`): `Luật Đất đai năm 2013` is law 45/2013/QH13."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.normalise.fold import fold

_TITLE = re.compile(r"(bộ luật|luật) (.+)")


@dataclass(frozen=True)
class Law:
    """A document by the key of its number, and its title in full."""

    key: str
    title: str


@cache
def _table() -> tuple[dict[str, Law], dict[str, str]]:
    """Return the documents by every key that references have, and the words that titles shorten."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("laws.toml").read_text("utf-8"))
    laws = [(Law(entry["key"], entry["title"]), entry.get("names", ())) for entry in table["law"]]
    titled = Counter(_title_key(law) for law, _ in laws)
    found = {fold(name): law for law, names in laws for name in (law.key, *names)}
    found |= {_title_key(law): law for law, _ in laws if titled[_title_key(law)] == 1}
    return found, table["abbreviations"]


def _title_key(law: Law) -> str:
    """Return the key that a reference by title and year has: `luật:đất đai/2013`."""
    match = _TITLE.fullmatch(fold(law.title))
    return f"{match[1]}:{match[2]}/{law.key.rsplit('/', 1)[-1]}" if match else fold(law.key)


def law_of(key: str) -> Law | None:
    """Return the well-known document that a reference's key stands for, None for any other."""
    laws, short = _table()
    words = [short.get(word, word) for word in re.split(r"(\W+)", fold(key))]
    return laws.get("".join(words))
