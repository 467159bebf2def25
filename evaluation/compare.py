"""Two systems on the same documents: what the second gained and lost, and whether the difference may be chance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.context import describe
from evaluation.marks import Link, Marked, Span, mark
from evaluation.match import Matching, match_links, match_spans
from evaluation.predictions import align
from evaluation.scores import Counts, PairedTest, randomisation, total
from evaluation.tally import count
from ie.document import Document

Sign = Literal["+", "-"]
Both = tuple[Matching[Span], Matching[Link]]


@dataclass(frozen=True)
class Change:
    """One item that the systems treat differently; `+` is for the better, seen from the second."""

    sign: Sign
    what: str
    item: Span | Link


@dataclass(frozen=True)
class Comparison:
    """Changes document by document and the paired tests of headline F1 of `entities` and `relations`."""

    changes: dict[str, tuple[Change, ...]]
    texts: dict[str, str]
    tests: dict[str, PairedTest]


def compare(
    gold: Sequence[Document], first: Sequence[Document], second: Sequence[Document], *, seed: int
) -> Comparison:
    """Compare two sets of predictions under headline matching."""
    ones = align(gold, first, what="first system")
    others = align(gold, second, what="second system")
    before, after = [_matched(*pair) for pair in ones], [_matched(*pair) for pair in others]
    names = [document.name for document, _ in ones]
    changes = {name: tuple(_changes(a, b)) for name, a, b in zip(names, before, after, strict=True)}
    tests = {
        kind: randomisation(_totals(before, part), _totals(after, part), seed=seed)
        for part, kind in enumerate(("entities", "relations"))
    }
    return Comparison(changes, {document.name: document.text for document, _ in ones}, tests)


def _matched(gold: Document, found: Document) -> Both:
    wanted: Marked = mark(gold, gold.text, gold=True)
    given = mark(found, gold.text)
    return match_spans(wanted, given, mode="headline"), match_links(wanted, given, mode="headline")


def _totals(matched: Sequence[Both], part: int) -> list[Counts]:
    return [total(count(both[part]).values()) for both in matched]


def _changes(before: Both, after: Both) -> list[Change]:
    found: list[Change] = []
    for part in (0, 1):
        one, other = before[part], after[part]
        found += [Change("+", "found", item) for item in _only(one.missed, other.missed)]
        found += [Change("+", "no longer spurious", item) for item in _only(one.spurious, other.spurious)]
        found += [Change("-", "missed", item) for item in _only(other.missed, one.missed)]
        found += [Change("-", "spurious", item) for item in _only(other.spurious, one.spurious)]
    return sorted(found, key=lambda change: (_place(change.item), change.sign, change.item.key))


def _only(here: Sequence[Span] | Sequence[Link], there: Sequence[Span] | Sequence[Link]) -> list[Span | Link]:
    """Return the items of `here` that have no equal in `there`, each equal taken once."""
    left: list[Hashable] = [item.key for item in there]
    rest: list[Span | Link] = []
    for item in here:
        if item.key in left:
            left.remove(item.key)
        else:
            rest.append(item)
    return rest


def _place(item: Span | Link) -> int:
    return item.chars[0][0] if isinstance(item, Span) else item.head.chars[0][0]


def written(found: Comparison, *, first: str, second: str) -> str:
    """Write a comparison as text: gains and losses with context, then the tests."""
    lines = []
    for name, changes in found.changes.items():
        better = sum(change.sign == "+" for change in changes)
        lines.append(f"{name}: {better} gains, {len(changes) - better} losses")
        lines += [f"  {c.sign} {c.what}: {describe(c.item, found.texts[name])}" for c in changes]
    for kind, test in found.tests.items():
        one, other = (f"{100 * (value or 0):.1f}" for value in (test.first, test.second))
        difference = f"{100 * test.difference:+.1f}"
        lines.append(f"{kind}: F1 {one} ({first}) against {other} ({second}), {difference}, p = {test.p:.4f}")
    return "\n".join(lines) + "\n"
