"""Compare two independent annotations of the same texts, before adjudication.

Span F1 per label on exact extents and on overlap; relation and attribute F1 where both ends are agreed; Cohen's kappa
on tokens (Cohen 1960), per label and over the sets of labels that cover a token. F1 is symmetric, so no annotation is
the right one. Spans marked open in either annotation count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.check import check_annotation
from corpus.files import read_text
from corpus.pairs import OPEN, Paired, extents, pair
from corpus.tokens import TOKEN
from ie.document import Document
from ie.errors import FormatError, InputError
from ie.schema import schema


@dataclass(frozen=True)
class Disagreement:
    """One place where two annotations differ.

    `kind` is boundary, label, only first, only second, relation only first or relation only second; `start` is an
    offset of the text.
    """

    document: str
    kind: str
    label: str
    start: int
    message: str


@dataclass
class Tally:
    """Counts over all texts: agreed, only in the first, only in the second."""

    agreed: int = 0
    first: int = 0
    second: int = 0

    def add(self, agreed: int, first: int, second: int) -> None:
        """Add the counts of one text."""
        self.agreed += agreed
        self.first += first
        self.second += second

    def as_dict(self) -> dict[str, float | int]:
        """Return the counts with F1, which is 1.0 where neither has anything."""
        total = 2 * self.agreed + self.first + self.second
        f1 = 2 * self.agreed / total if total else 1.0
        return {"agreed": self.agreed, "only_first": self.first, "only_second": self.second, "f1": round(f1, 4)}


@dataclass
class Comparison:
    """Everything counted over the texts compared."""

    exact: dict[str, Tally] = field(default_factory=dict)
    overlap: dict[str, Tally] = field(default_factory=dict)
    relations: dict[str, Tally] = field(default_factory=dict)
    attributes: dict[str, Tally] = field(default_factory=dict)
    kappa: dict[str, float | None] = field(default_factory=dict)
    tokens: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)


def read_pairs(first: Path, second: Path, texts: Path) -> list[tuple[Document, Document]]:
    """Return the texts that both folders annotate, `<id>.ann` beside `<id>.txt` of `texts`, in order of their ids.

    Raises InputError when they share none, FormatError with the first problem of an annotation.
    """
    ids = sorted({path.stem for path in first.glob("*.ann")} & {path.stem for path in second.glob("*.ann")})
    if not ids:
        raise InputError(f"{first} and {second}: share no .ann file; give two folders that annotate the same texts")
    return [(_read(first, id, texts), _read(second, id, texts)) for id in ids]


def _read(folder: Path, id: str, texts: Path) -> Document:
    path = folder / f"{id}.ann"
    document, problems = check_annotation(read_text(path), read_text(texts / f"{id}.txt"), path)
    if problems:
        raise FormatError(f"{problems[0]} (and {len(problems) - 1} more; agreement needs annotations without problems)")
    return document


def compare(pairs: Sequence[tuple[Document, Document]]) -> Comparison:
    """Compare the two annotations of each text."""
    found = Comparison()
    for first, second in pairs:
        paired = {label: pair(first, second, label) for label in schema().labels}
        for label, one in paired.items():
            alone = (len(one.only_first), len(one.only_second))
            near = len(one.overlapping)
            found.exact.setdefault(label, Tally()).add(len(one.exact), alone[0] + near, alone[1] + near)
            found.overlap.setdefault(label, Tally()).add(len(one.exact) + near, *alone)
        same = _agreed_ids(paired)
        _compare_relations(first, second, same, found)
        _compare_attributes(first, second, same, found)
        found.disagreements += _span_disagreements(first, second, paired)
    found.kappa, found.tokens = _kappa(pairs)
    return found


def _agreed_ids(paired: dict[str, Paired]) -> dict[str, str]:
    """Return the second annotation's id of each agreed span: exact for core labels, overlapping for the others."""
    same: dict[str, str] = {}
    for label, one in paired.items():
        same.update(one.exact)
        if not schema().labels[label].core:
            same.update(one.overlapping)
    return same


def _compare_relations(first: Document, second: Document, same: dict[str, str], found: Comparison) -> None:
    back = {two: one for one, two in same.items()}
    ours = {(r.type, r.head, r.tail) for r in first.relations if r.head in same and r.tail in same}
    theirs = {(r.type, back[r.head], back[r.tail]) for r in second.relations if r.head in back and r.tail in back}
    known = first.by_id
    for type in schema().relations:
        one, two = ({link for link in links if link[0] == type} for links in (ours, theirs))
        found.relations.setdefault(type, Tally()).add(len(one & two), len(one - two), len(two - one))
        for side, links in (("first", one - two), ("second", two - one)):
            for _, head, tail in sorted(links):
                message = f"{known[head].text!r} -> {known[tail].text!r}"
                kind = f"relation only {side}"
                found.disagreements.append(Disagreement(first.name, kind, type, known[head].start, message))


def _compare_attributes(first: Document, second: Document, same: dict[str, str], found: Comparison) -> None:
    ours, theirs = first.by_id, second.by_id
    for one, two in same.items():
        mine, other = set(ours[one].attributes), set(theirs[two].attributes)
        for name in [name for name in schema().attributes if name != OPEN]:
            here, there = ({pair for pair in pairs if pair[0] == name} for pairs in (mine, other))
            tally = found.attributes.setdefault(name, Tally())
            tally.add(len(here & there), len(here - there), len(there - here))


def _span_disagreements(first: Document, second: Document, paired: dict[str, Paired]) -> Iterator[Disagreement]:
    ours, theirs = first.by_id, second.by_id
    for label, one in paired.items():
        for our_id, their_id in one.overlapping:
            message = f"{ours[our_id].text!r} or {theirs[their_id].text!r}"
            yield Disagreement(first.name, "boundary", label, ours[our_id].start, message)
    lost = {id for one in paired.values() for id in one.only_second}
    for label, one in paired.items():
        for id in one.only_first:
            other = next((two for two in sorted(lost) if theirs[two].fragments == ours[id].fragments), None)
            if other is None:
                yield Disagreement(first.name, "only first", label, ours[id].start, repr(ours[id].text))
                continue
            lost.discard(other)
            message = f"{ours[id].text!r}: {label} or {theirs[other].label}"
            yield Disagreement(first.name, "label", label, ours[id].start, message)
    for id in sorted(lost, key=lambda id: theirs[id].start):
        yield Disagreement(first.name, "only second", theirs[id].label, theirs[id].start, repr(theirs[id].text))


def _kappa(pairs: Sequence[tuple[Document, Document]]) -> tuple[dict[str, float | None], int]:
    """Return Cohen's kappa per label and for the set of labels of each token (`all`), and the number of tokens."""
    ours: list[frozenset[str]] = []
    theirs: list[frozenset[str]] = []
    for first, second in pairs:
        ours += token_labels(first)
        theirs += token_labels(second)
    kappas = {"all": _cohen([_name(labels) for labels in ours], [_name(labels) for labels in theirs])}
    for label in schema().labels:
        kappas[label] = _cohen([label in labels for labels in ours], [label in labels for labels in theirs])
    return kappas, len(ours)


def _name(labels: frozenset[str]) -> str:
    return "+".join(sorted(labels))


def token_labels(document: Document) -> list[frozenset[str]]:
    """Return the labels that cover the first character of each token; a token is a word or a punctuation mark."""
    covering: dict[int, set[str]] = {}
    for label in schema().labels:
        for chars in extents(document, label).values():
            for at in chars:
                covering.setdefault(at, set()).add(label)
    return [frozenset(covering.get(match.start(), ())) for match in TOKEN.finditer(document.text)]


def _cohen(ours: Sequence[str] | Sequence[bool], theirs: Sequence[str] | Sequence[bool]) -> float | None:
    """Return kappa, None where both annotations use one and the same class throughout and it is undefined."""
    from sklearn.metrics import cohen_kappa_score

    if len({*ours, *theirs}) < 2:
        return None
    return round(float(cohen_kappa_score(ours, theirs)), 4)


def result(name: str, pairs: Sequence[tuple[Document, Document]], found: Comparison) -> dict[str, Any]:
    """Return what is kept of a comparison: `corpus/agreement/<name>.json`."""
    return {
        "name": name,
        "texts": len(pairs),
        "tokens": found.tokens,
        "documents": [first.name for first, _ in pairs],
        "spans_exact": {label: tally.as_dict() for label, tally in found.exact.items()},
        "spans_overlap": {label: tally.as_dict() for label, tally in found.overlap.items()},
        "relations": {type: tally.as_dict() for type, tally in found.relations.items()},
        "attributes": {attribute: tally.as_dict() for attribute, tally in found.attributes.items()},
        "kappa": found.kappa,
        "causes": dict(sorted(Counter(f"{d.kind}: {d.label}" for d in found.disagreements).items())),
    }


def listing(pairs: Sequence[tuple[Document, Document]], found: Comparison, *, width: int = 60) -> Iterator[str]:
    """Yield a line for each disagreement, in order of the texts, with `width` characters of context each way."""
    texts = {first.name: first.text for first, _ in pairs}
    for item in sorted(found.disagreements, key=lambda d: (d.document, d.start, d.label)):
        text = texts[item.document]
        line = text.count("\n", 0, item.start) + 1
        around = " ".join(text[max(0, item.start - width) : item.start + width].split())
        yield f"{item.document}:{line}: {item.kind} {item.label} {item.message} in …{around}…"


def summary(found: Comparison) -> Iterator[str]:
    """Yield the F1 of each label and relation on a line of its own."""
    for label, exact in found.exact.items():
        kappa = found.kappa[label]
        told = f"exact {exact.as_dict()['f1']:.3f}, overlap {found.overlap[label].as_dict()['f1']:.3f}"
        yield f"{label}: {told}, kappa {'undefined' if kappa is None else f'{kappa:.3f}'}"
    for type, tally in found.relations.items():
        yield f"{type}: {tally.as_dict()['f1']:.3f}"
