"""References that lean on each other: lists that share kind, symbol or issuer, and short names of what came before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ie.document import Entity
from ie.normalise.fold import clean, fold
from ie.normalise.legal import Reference, legal_key

_LIST_GAP = re.compile(r"\s*(?:,|;|và|,\s*và|cùng|với)?\s*(?:[Ss]ố\s*:?\s*)?")
_NUMBER_ALONE = re.compile(r"(?:[Ss]ố ?:? ?)?([0-9]{1,6}[a-zđ]?)(?: ?/ ?((?:19|20)[0-9]{2}))?")


@dataclass
class Read:
    """One LEGAL span with what was read of it so far."""

    entity: Entity
    reference: Reference | None
    notes: list[str] = field(default_factory=list)
    ref: str | None = None

    def take(self, note: str, **fields: str | None) -> None:
        """Set fields of the reference and say where they come from; the key follows."""
        if self.reference is not None:
            changed = replace(self.reference, **fields)  # type: ignore[arg-type]
            self.reference = replace(changed, key=legal_key(changed))
            self.notes.append(note)


def runs(read: Sequence[Read], text: str) -> list[list[Read]]:
    """Group the spans that follow each other as a list."""
    runs: list[list[Read]] = []
    for each in read:
        last = runs[-1][-1].entity if runs else None
        if last and last.end <= each.entity.start and _LIST_GAP.fullmatch(text[last.end : each.entity.start]):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def expand(run: Sequence[Read]) -> None:
    """Give the members of a list what they share: kind and symbol from either side, the issuer of one symbol."""
    for index, each in enumerate(run):
        others = [*run[index + 1 :], *reversed(run[:index])]
        alone = _NUMBER_ALONE.fullmatch(clean(each.entity.text))
        lender = next((other for other in others if _whole(other.reference)), None)
        if lender is None or lender.reference is None:
            continue
        if alone and each.reference is None:
            given = lender.reference
            each.reference = replace(given, number=alone[1].lstrip("0") or "0", year=alone[2], date=None, title=None)
            each.take(f"kind and symbol from {lender.entity.id}")
        elif _shares_kind(each.reference, lender.reference):
            each.take(f"symbol from {lender.entity.id}", symbol=lender.reference.symbol)
    for each in run:
        _lend_issuer(each, run)


def _shares_kind(short: Reference | None, full: Reference) -> bool:
    return bool(short and short.number and not _whole(short) and short.type == full.type)


def _whole(reference: Reference | None) -> bool:
    """Tell whether a reference has number and full symbol."""
    return bool(reference and reference.number and re.search(r"[-/]|[0-9]$", reference.symbol or ""))


def _lend_issuer(each: Read, run: Sequence[Read]) -> None:
    """Take the issuer in words from a member of the list with the same symbol, when this one only has its symbol's."""
    if each.reference is None or says_issuer(each):
        return
    for other in run:
        same = other.reference is not None and other.reference.symbol == each.reference.symbol
        if same and other is not each and says_issuer(other) and other.reference:
            each.take(f"issuer from {other.entity.id}", issuer=other.reference.issuer)
            return


def says_issuer(each: Read) -> bool:
    """Tell whether the issuer stands in the span's own words."""
    issuer = each.reference.issuer if each.reference else None
    return bool(issuer) and fold(issuer or "") in fold(each.entity.text)


def resolve(read: Sequence[Read]) -> None:
    """Let short references take number, symbol and year from the one document before them that they fit."""
    known: dict[tuple[str | None, str], list[Read]] = defaultdict(list)
    for each in read:
        reference = each.reference
        name = (reference.number or reference.title) if reference else None
        if reference is None or name is None:
            continue
        earlier = known[reference.type, name]
        fitting = {full.key: (first, full) for first, full in _introduced(earlier) if _may_be(reference, full)}
        if len(fitting) == 1:
            _take_from(each, reference, *next(iter(fitting.values())))
            continue
        if len(fitting) > 1:
            each.notes.append("several documents fit: " + ", ".join(sorted(fitting)))
        earlier.append(each)


def _introduced(earlier: Sequence[Read]) -> list[tuple[Read, Reference]]:
    """Return references with the spans that introduced them, the first mention of a key last, so that it holds."""
    return [(each, each.reference) for each in reversed(earlier) if each.reference]


def _take_from(each: Read, short: Reference, first: Read, full: Reference) -> None:
    each.ref = first.entity.id
    each.take(f"{_lacking(short, full)} from {first.entity.id}", symbol=full.symbol, year=full.year)


def _may_be(short: Reference, full: Reference) -> bool:
    """Tell whether a reference may be short for another one, which says more."""
    if short.year and short.year != full.year:
        return False
    same_symbol = short.symbol == full.symbol
    shorter = not _whole(short) and _whole(full)
    return (same_symbol and not short.year and bool(full.year)) or shorter


def _lacking(short: Reference, full: Reference) -> str:
    names = [name for name in ("symbol", "year") if getattr(short, name) != getattr(full, name)]
    return " and ".join(names)
