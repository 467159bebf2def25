"""What another model changed over an archive: gains and losses document by document and by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ie.archive.dataset import Found, Run

KINDS = ("entities", "relations", "facts")


@dataclass(frozen=True)
class Change:
    """One span, relation or fact that only one of two runs has: `gained` when it is the second."""

    kind: str
    label: str
    text: str
    gained: bool

    def __str__(self) -> str:
        """Return one line: + or -, label, text."""
        return f"{'+' if self.gained else '-'} {self.label} {' '.join(self.text.split())}"


@dataclass
class Tally:
    """What was counted over an archive. `labels` maps `(kind, label)` to how many are the same, gained and lost."""

    labels: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    documents: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, label: str, what: str, count: int = 1) -> None:
        """Count."""
        self.labels.setdefault((kind, label), Counter())[what] += count


def compare(first: Run, second: Run, tally: Tally) -> Iterator[tuple[str, list[Change]]]:
    """Yield each document that changed with its changes, in the order of the first run, and fill the tally.

    Documents that one run alone has, or that have another content under the same name, are counted and not compared.
    """
    for name, (digest, _) in first.documents.items():
        if name not in second.documents:
            tally.documents["only in the first"] += 1
        elif second.documents[name][0] != digest:
            tally.documents["with other content"] += 1
        else:
            changes = list(_changes(first.found(name), second.found(name), tally))
            tally.documents["changed" if changes else "the same"] += 1
            if changes:
                yield name, changes
    tally.documents["only in the second"] += len(second.documents.keys() - first.documents.keys())


def _changes(old: Found, new: Found, tally: Tally) -> Iterator[Change]:
    for kind in KINDS:
        before: dict[tuple[Any, ...], str] = getattr(old, kind)
        after: dict[tuple[Any, ...], str] = getattr(new, kind)
        for key in before.keys() & after.keys():
            tally.add(kind, key[0], "same")
        for gained, these, those in ((False, before, after), (True, after, before)):
            for key, text in these.items():
                if key not in those:
                    tally.add(kind, key[0], "gained" if gained else "lost")
                    yield Change(kind, key[0], text, gained)


def table(tally: Tally) -> str:
    """Return the counts by label as aligned text."""
    lines = [f"{'':<12}{'same':>10}{'gained':>10}{'lost':>10}"]
    for kind in KINDS:
        rows = sorted((label, counts) for (each, label), counts in tally.labels.items() if each == kind)
        lines.append(_line(kind, sum((counts for _, counts in rows), Counter())))
        if kind != "facts":
            lines += [_line(f"  {label}", counts) for label, counts in rows]
    return "\n".join(lines)


def _line(name: str, counts: Counter[str]) -> str:
    return f"{name:<12}{counts['same']:>10}{counts['gained']:>10}{counts['lost']:>10}"
