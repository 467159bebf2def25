"""Count what the corpus holds: sizes, labels, relations, spread over time and place, lengths, nesting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from corpus import references
from corpus.checks import coverage, neighbours, sizes
from corpus.checks.sizes import syllables
from corpus.checks.spans import characters
from corpus.folder import HOME
from corpus.loader import load_documents
from corpus.metadata import SPLITS
from corpus.real import reference_paths
from ie.document import Document, Entity
from ie.schema import schema

_META = ("level", "kind", "year", "province", "layout")


@dataclass(frozen=True)
class Spread:
    """Least, median and greatest of some lengths, in syllables."""

    least: int
    middle: int
    most: int


@dataclass(frozen=True)
class Statistics:
    """The numbers of the dataset card.

    `labels` and `relations` count by split; `meta` counts reports by the values of level, kind, year, province and
    layout; `nesting` counts inner spans by outer and inner label; `real` counts labels and relations of the real
    excerpts by split, with their number under `excerpts`; `runs` is the number of runs two reports share.
    """

    reports: dict[str, int]
    syllables: dict[str, int]
    labels: dict[str, Counter[str]]
    relations: dict[str, Counter[str]]
    attributes: Counter[str]
    meta: dict[str, Counter[str]]
    report_lengths: Spread
    span_lengths: dict[str, Spread]
    fragmented: int
    nesting: Counter[tuple[str, str]]
    sizes: tuple[tuple[str, int, int], ...]
    coverage: tuple[coverage.Count, ...]
    runs: int
    real: dict[str, Counter[str]]


def statistics(*, root: Path = HOME) -> Statistics:
    """Count the corpus below `root`."""
    documents = load_documents("all", root=root)
    parts = {split: [document for document in documents if document.meta["split"] == split] for split in SPLITS}
    entities = [entity for document in documents for entity in document.entities]
    return Statistics(
        reports={split: len(part) for split, part in parts.items()},
        syllables={split: sum(syllables(document.text) for document in part) for split, part in parts.items()},
        labels={split: Counter(e.label for d in part for e in d.entities) for split, part in parts.items()},
        relations={split: Counter(r.type for d in part for r in d.relations) for split, part in parts.items()},
        attributes=Counter(_attribute(name, value) for entity in entities for name, value in entity.attributes),
        meta={key: Counter(document.meta[key] for document in documents) for key in _META},
        report_lengths=spread([syllables(document.text) for document in documents]),
        span_lengths=_span_lengths(entities),
        fragmented=sum(len(entity.fragments) > 1 for entity in entities),
        nesting=sum((nesting(document) for document in documents), Counter()),
        sizes=tuple(sizes.sizes(documents)),
        coverage=tuple(coverage.count(documents)),
        runs=len(neighbours.shared_runs({d.name: neighbours.without_references(d) for d in documents})),
        real=real_counts(root=root),
    )


def _span_lengths(entities: Sequence[Entity]) -> dict[str, Spread]:
    return {name: spread([len(e.text.split()) for e in entities if e.label == name]) for name in schema().labels}


def _attribute(name: str, value: str) -> str:
    return f"{name}={value}" if value else name


def spread(lengths: Sequence[int]) -> Spread:
    """Return least, median and greatest, zeros when there are none."""
    return Spread(min(lengths), int(median(lengths)), max(lengths)) if lengths else Spread(0, 0, 0)


def nesting(document: Document) -> Counter[tuple[str, str]]:
    """Count the pairs of spans where one holds the other, by outer and inner label.

    Of two spans with the same extent the later one in the document is the outer, as the markup writes it.
    """
    found: Counter[tuple[str, str]] = Counter()
    order = sorted(reversed(document.entities), key=lambda entity: (entity.start, -entity.end))
    for index, outer in enumerate(order):
        for inner in order[index + 1 :]:
            if inner.start >= outer.end:
                break
            if _holds(outer, inner):
                found[(outer.label, inner.label)] += 1
    return found


def _holds(outer: Entity, inner: Entity) -> bool:
    return characters(inner) <= characters(outer)


def real_counts(*, root: Path = HOME) -> dict[str, Counter[str]]:
    """Count excerpts, labels and relations of the real annotations by split; no text is needed."""
    counts: dict[str, Counter[str]] = {}
    for path in reference_paths("all", root=root):
        reference = references.read(path)
        found = counts.setdefault(path.parent.name, Counter())
        found["excerpts"] += 1
        found["characters"] += reference.length
        found.update(entity.label for entity in reference.entities)
        found.update(relation.type for relation in reference.relations)
    return counts
