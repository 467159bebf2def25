"""The counts of one document in every metric."""

from __future__ import annotations

from collections.abc import Iterable

from evaluation import match, value_gold, values
from evaluation.marks import Link, Marked, Span, mark
from evaluation.match import MODES, Matching
from evaluation.scores import Counts, Tally, total
from ie.document import Document

RELATION_NAMES = {"exact": "strict", "overlap": "relaxed", "headline": "headline"}


def tally(gold: Document, found: Document, *, with_values: bool = True) -> Tally:
    """Count one document; `found` carries source offsets of `gold.text`.

    With `with_values`, numbers, units and facts are compared after normalisation too, and with value gold where the
    document has it.
    """
    wanted, given = mark(gold, gold.text, gold=True), mark(found, gold.text)
    counts = {**_entities(wanted, given, gold.text), **_relations(wanted, given)}
    counts["attributes"] = attribute_counts(wanted, given)
    if with_values:
        counts |= values.value_counts(gold, found)
        counts |= value_gold.gold_counts(gold, found)
    return counts


def _entities(wanted: Marked, given: Marked, text: str) -> Tally:
    counts = {f"entities.{mode}": count(match.match_spans(wanted, given, mode=mode)) for mode in MODES}
    per_token = match.token_counts(wanted, given, match.tokens(text))
    return {**counts, "entities.token": {label: Counts(*cells) for label, cells in per_token.items()}}


def _relations(wanted: Marked, given: Marked) -> Tally:
    counts = {f"relations.{RELATION_NAMES[mode]}": count(match.match_links(wanted, given, mode=mode)) for mode in MODES}
    return {**counts, "relations.given": count(match.match_links_given_spans(wanted, given))}


def count(matching: Matching[Span] | Matching[Link]) -> dict[str, Counts]:
    """Return the counts of a matching by label or relation type."""
    found: list[tuple[str, Counts]] = [
        *((gold.kind, Counts(tp=1)) for gold, _ in matching.pairs),
        *((item.kind, Counts(fn=1)) for item in matching.missed),
        *((item.kind, Counts(fp=1)) for item in matching.spurious),
    ]
    return by_name(found)


def attribute_counts(wanted: Marked, given: Marked) -> dict[str, Counts]:
    """Count the attributes of exactly matched spans, `Basis` by value (`Basis=plan`); `Open` is none of them."""
    found: list[tuple[str, Counts]] = []
    for gold, answer in match.match_spans(wanted, given, mode="exact").pairs:
        here, there = _attributes(gold), _attributes(answer)
        found += [(name, Counts(tp=1)) for name in sorted(here & there)]
        found += [(name, Counts(fp=1)) for name in sorted(there - here)]
        found += [(name, Counts(fn=1)) for name in sorted(here - there)]
    return by_name(found)


def _attributes(span: Span) -> set[str]:
    return {f"{name}={value}" if value else name for name, value in span.attributes if name != "Open"}


def by_name(found: Iterable[tuple[str, Counts]]) -> dict[str, Counts]:
    """Sum counts that go by the same name."""
    groups: dict[str, list[Counts]] = {}
    for name, counts in found:
        groups.setdefault(name, []).append(counts)
    return {name: total(parts) for name, parts in sorted(groups.items())}
