"""How far two annotators agree, through the same matching that judges systems.

F-agreement is F1 of one annotator against the other (Hripcsak and Rothschild 2005), the same both ways round. Kappa
(Cohen 1960) is taken on the scorer's tokens, for each label in or out, and over all with a token's set of labels as
its category.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from evaluation import match
from evaluation.marks import Marked, mark
from evaluation.predictions import align
from evaluation.scores import Counts, total
from evaluation.tally import RELATION_NAMES, by_name, count
from ie.document import Document
from ie.errors import InputError


@dataclass(frozen=True)
class Agreement:
    """`kappa` by label and `all`; `counts` metric -> label -> Counts, whose `f1` is the F-agreement."""

    documents: int
    kappa: dict[str, float | None]
    counts: dict[str, dict[str, Counts]]


def agreement(first: Sequence[Document], second: Sequence[Document]) -> Agreement:
    """Compare two annotators of the same documents; `Open` spans count like any other.

    Raises InputError when they did not annotate the same documents, or not the same texts.
    """
    pairs = align(first, second, what="second annotator")
    for one, other in pairs:
        if one.text != other.text:
            raise InputError(f"{one.name}: the two annotators' texts differ; compare annotations of one text")
    marked = [(mark(one, one.text), mark(other, one.text)) for one, other in pairs]
    cells = [_cells(*both, pair[0].text) for both, pair in zip(marked, pairs, strict=True)]
    return Agreement(len(pairs), _kappas([cell for document in cells for cell in document]), _f_agreement(marked))


Labels = frozenset[str]


def _cells(one: Marked, other: Marked, text: str) -> list[tuple[Labels, Labels]]:
    """Return for every token the labels that each annotator put on it."""
    cut = match.tokens(text)
    here, there = match.token_cover(one.spans, cut), match.token_cover(other.spans, cut)
    return [(_labels_at(here, index), _labels_at(there, index)) for index in range(len(cut))]


def _labels_at(cover: Counter[tuple[str, int]], index: int) -> Labels:
    return frozenset(label for label in {label for label, _ in cover} if cover[label, index])


def _kappas(cells: Sequence[tuple[Labels, Labels]]) -> dict[str, float | None]:
    labels = sorted({label for pair in cells for side in pair for label in side})
    binary = {label: kappa([(label in one, label in other) for one, other in cells]) for label in labels}
    return {"all": kappa(cells), **binary}


def kappa(cells: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's kappa of paired categories; None without any, 1.0 when both use one and the same category."""
    if not cells:
        return None
    size = len(cells)
    first, second = Counter(one for one, _ in cells), Counter(other for _, other in cells)
    observed = sum(one == other for one, other in cells) / size
    expected = sum(first[name] * second[name] for name in first) / size**2
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def _f_agreement(marked: Sequence[tuple[Marked, Marked]]) -> dict[str, dict[str, Counts]]:
    found: dict[str, dict[str, Counts]] = {}
    for mode in match.MODES:
        spans = [count(match.match_spans(one, other, mode=mode)) for one, other in marked]
        links = [count(match.match_links(one, other, mode=mode)) for one, other in marked]
        found[f"entities.{mode}"] = by_name((k, v) for counts in spans for k, v in counts.items())
        found[f"relations.{RELATION_NAMES[mode]}"] = by_name((k, v) for counts in links for k, v in counts.items())
    return found


def written(found: Agreement, *, order: Sequence[str]) -> str:
    """Write an agreement as text: kappa and F by label, F by relation type."""
    overall = {metric: total(per_label.values()) for metric, per_label in found.counts.items()}
    lines = [f"{found.documents} documents", f"{'label':12} {'kappa':>6} {'exact F':>8} {'overlap F':>10} {'spans':>6}"]
    for label in order:
        if label in found.kappa:
            exact, overlap = (_f1(found, overall, f"entities.{mode}", label) for mode in ("exact", "overlap"))
            lines.append(f"{label:12} {_number(found.kappa[label])} {exact:>8} {overlap:>10} {_spans(found, label):>6}")
    lines.append(f"{'relation':12} {'strict F':>8} {'headline F':>10} {'relaxed F':>9}")
    for name in ["all", *found.counts["relations.strict"]]:
        cells = [_f1(found, overall, f"relations.{mode}", name) for mode in ("strict", "headline", "relaxed")]
        lines.append(f"{name:12} {cells[0]:>8} {cells[1]:>10} {cells[2]:>9}")
    return "\n".join(lines) + "\n"


def _f1(found: Agreement, overall: dict[str, Counts], metric: str, label: str) -> str:
    counts = overall[metric] if label == "all" else found.counts[metric].get(label, Counts())
    return _number(counts.f1).strip()


def _number(value: float | None) -> str:
    return f"{'–' if value is None else format(value, '.3f'):>6}"


def _spans(found: Agreement, label: str) -> str:
    table = found.counts["entities.exact"]
    counts = total(table.values()) if label == "all" else table.get(label, Counts())
    return f"{counts.support}/{counts.predicted}"
