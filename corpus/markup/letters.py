"""The letters, keys and flags of the inline markup, read once from `markup.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Letters:
    """The markup's alphabet, each way round.

    `labels` leads from a letter to its label, `relations` from a key to its type, `flags` from a flag to its
    attribute, `values` from a key to its attribute and what each written value means there.
    """

    labels: dict[str, str]
    relations: dict[str, str]
    flags: dict[str, str]
    values: dict[str, tuple[str, dict[str, str]]]

    def letter(self, label: str) -> str:
        """Return the letter of a label."""
        return _key(self.labels, label)

    def key(self, relation: str) -> str:
        """Return the key of a relation type."""
        return _key(self.relations, relation)

    def written(self, attribute: str, value: str) -> str:
        """Return how an attribute is written: `+est`, `basis=plan`."""
        for key, (name, meanings) in self.values.items():
            if name == attribute:
                return f"{key}={_key(meanings, value)}"
        return f"+{_key(self.flags, attribute)}"


def _key(table: dict[str, str], wanted: str) -> str:
    return next(key for key, value in table.items() if value == wanted)


@cache
def letters() -> Letters:
    """Return the alphabet of the markup."""
    table = tomllib.loads(resources.files("corpus.markup").joinpath("markup.toml").read_text("utf-8"))
    values = {key: (entry.pop("attribute"), entry) for key, entry in table["values"].items()}
    return Letters(table["labels"], table["relations"], table["flags"], values)
