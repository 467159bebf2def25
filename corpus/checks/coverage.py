"""Count the phenomena that the corpus must show, by pattern and by structure, and name those that are rare."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from corpus.checks.structures import STRUCTURES
from ie.document import Document, Entity

_WINDOW = 90
"""Characters looked at before and after a span."""


@dataclass(frozen=True)
class Phenomenon:
    """One row of the coverage table and how it is counted; see the head of `phenomena.toml`."""

    code: str
    group: str
    name: str
    on: str
    times: int
    reports: int
    pattern: str = ""
    before: str = ""
    after: str = ""
    structure: str = ""


@dataclass(frozen=True)
class Count:
    """How often a phenomenon was found, in how many reports, and the ids of the reports tagged without a find."""

    phenomenon: Phenomenon
    times: int
    reports: int
    tagged: int
    unseen: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether both lower limits are met."""
        return self.times >= self.phenomenon.times and self.reports >= self.phenomenon.reports


@cache
def phenomena() -> tuple[Phenomenon, ...]:
    """Return the phenomena in order of the file."""
    table = tomllib.loads(resources.files("corpus").joinpath("phenomena.toml").read_text("utf-8"))
    limits = {"times": table.pop("times"), "reports": table.pop("reports")}
    return tuple(Phenomenon(code=code, **{**limits, **entry}) for code, entry in table.items())


def count(documents: Sequence[Document]) -> list[Count]:
    """Count every phenomenon over the documents."""
    views = [View(document) for document in documents]
    return [_count(item, views) for item in phenomena()]


def _count(item: Phenomenon, views: Sequence[View]) -> Count:
    found = {view.document.name: view.times(item) for view in views}
    tagged = [view.document.name for view in views if item.code in view.document.meta.get("phenomena", "").split()]
    unseen = tuple(name for name in tagged if not found[name])
    return Count(item, sum(found.values()), sum(times > 0 for times in found.values()), len(tagged), unseen)


class View:
    """A document made ready for patterns: composed, with and without its lines, spans with their surroundings."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = unicodedata.normalize("NFC", document.text)
        self.text = " ".join(self.lines.split())
        self._spans: dict[str, list[tuple[str, str, str]]] = {}
        for entity in document.entities:
            self._spans.setdefault(entity.label, []).append(_surroundings(document.text, entity))

    def times(self, item: Phenomenon) -> int:
        """Return how often the document shows the phenomenon."""
        if item.on == "structure":
            return STRUCTURES[item.structure](self.document)
        if item.on in ("text", "lines"):
            flags = re.MULTILINE if item.on == "lines" else 0
            return sum(1 for _ in re.finditer(item.pattern, self.lines if flags else self.text, flags))
        return sum(_fits(item, parts) for parts in self._spans.get(item.on, ()))


def _surroundings(text: str, entity: Entity) -> tuple[str, str, str]:
    before, after = text[max(0, entity.start - _WINDOW) : entity.start], text[entity.end : entity.end + _WINDOW]
    return _flat(before), _flat(entity.text), _flat(after)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def _fits(item: Phenomenon, parts: tuple[str, str, str]) -> bool:
    patterns = (item.before, item.pattern, item.after)
    return all(not pattern or re.search(pattern, part) for pattern, part in zip(patterns, parts, strict=True))


def rare(counts: Sequence[Count]) -> Iterator[str]:
    """Yield a line for each phenomenon below its limits."""
    for found in counts:
        if not found.enough:
            item = found.phenomenon
            wanted = f"{item.times} times over {item.reports} reports are wanted"
            yield f"{item.code} {item.name}: {found.times} times over {found.reports} reports; {wanted}"
