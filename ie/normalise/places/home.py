"""Where a report comes from and when: the province and district that its letterhead and its places speak for."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ie.document import About, Document
from ie.normalise.dates import find_date
from ie.normalise.fold import clean
from ie.normalise.places.candidates import candidates, odds
from ie.normalise.places.gazetteer import NEW, OLD, Gazetteer
from ie.normalise.places.mention import Mention
from ie.normalise.time_table import Anchor

_FIRST_NEW = date(2025, 7, 1)
_REFORM = re.compile(r"\b0?1/0?7/2025\b")
_REFERENCE = re.compile(r"/[A-ZĐ][\w-]*,?\s+(ngày\s+[0-9]{1,2}(?:/|\s+tháng\s+)[0-9]{1,2}(?:/|\s+năm\s+)20[0-9]{2})")


@dataclass(frozen=True)
class Home:
    """What the report is about: `era` (old, new, or None when nothing tells), `year`, the keys of its province in both
    states, and those of its old districts (a new commune can lie in several). Empty where the report does not say.
    """

    era: str | None = None
    year: int | None = None
    provinces: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()


def find_home(document: Document, found: Sequence[Mention], units: Gazetteer, *, anchor: Anchor | None = None) -> Home:
    """Return where and when a report comes from: what it says of itself, and what all its places have in common.

    Its date (`document.about`) goes before `anchor`, the time that it is of. `found` holds its own place too.
    """
    about = document.about or About()
    issued, last = _issued(about.date), _last_reference(document.text)
    year = issued.year if issued else anchor.year if anchor else None
    votes = _Votes(units, OLD)
    for mention, weight in _weighted(found):
        votes.add(mention, weight)
    era = _era_of(last or issued, anchor) or votes.era(year, reform=_REFORM.search(document.text) is not None)
    votes.state = era or OLD
    province = votes.province()
    year = max(year or last.year, last.year) if last else year
    if province is None:
        return Home(era, year)
    both = {province, *units.units[province].fate, *units.origins.get(province, ())}
    districts = frozenset() if about.level == "province" else votes.districts(province)
    return Home(era, year, frozenset(both), districts)


def _issued(text: str | None) -> date | None:
    """Return the date of a report; a month without a day counts from its first."""
    if text is None:
        return None
    return date.fromisoformat(text if len(text) > len("2025-07") else f"{text}-01")


def _last_reference(text: str) -> date | None:
    """Return the latest date of a document referred to: a report is younger than all of them."""
    if str(_FIRST_NEW.year) not in text:
        return None
    days = filter(None, (find_date(clean(match[1])) for match in _REFERENCE.finditer(text)))
    last = max(days, default=None)
    return last if last and last >= _FIRST_NEW else None


def _era_of(day: date | None, anchor: Anchor | None) -> str | None:
    """Return the state of the units at a time, None for a time in 2025 that is not known to the month."""
    if day:
        return NEW if day >= _FIRST_NEW else OLD
    if anchor is None or (anchor.year == _FIRST_NEW.year and anchor.month in (None, 6)):
        return None
    return NEW if (anchor.year, anchor.month or 1) >= (_FIRST_NEW.year, _FIRST_NEW.month) else OLD


def _weighted(spoken: Iterable[Mention]) -> Iterable[tuple[Mention, float]]:
    """Yield each name once with its weight: in the head, after a body of government, how often."""
    table = odds()["home"]
    head = table["head_characters"]
    weights: dict[tuple[tuple[str, ...], str], float] = defaultdict(float)
    counts: dict[tuple[tuple[str, ...], str], int] = defaultdict(int)
    first: dict[tuple[tuple[str, ...], str], Mention] = {}
    for mention in spoken:
        key = mention.spelled
        first.setdefault(key, mention)
        counts[key] += 1
        own = table["own_weight"] if not mention.id else table["head_weight"] if mention.start < head else 1.0
        weights[key] = max(weights[key], own, table["body_weight"] if mention.issuer else 1.0)
    for key, mention in first.items():
        yield mention, weights[key] * min(counts[key], table["most_mentions"])


class _Votes:
    """Votes of the mentions for provinces and districts: a name that fits many of them says little for each.

    `state` is that of the provinces which are voted for; districts are always the old ones.
    """

    def __init__(self, units: Gazetteer, state: str) -> None:
        self.units = units
        self.state = state
        self.cast: list[tuple[float, list[frozenset[str]]]] = []
        self.eras: list[frozenset[str]] = []

    def add(self, mention: Mention, weight: float) -> None:
        """Take one name in with all the places that it may stand for."""
        if not mention.kinds:
            weight *= 0.3
        fitting = candidates(mention, self.units).values()
        if mention.own:
            self.eras.append(frozenset(named.unit.era for named, fit in fitting if fit == 1.0))
        best = max((fit for _, fit in fitting), default=0.0)
        places = [self.units.areas(named.unit) for named, fit in fitting if fit > best / 2]
        if places:
            self.cast.append((weight, places))

    def _count(self, *, slashes: int, start: str) -> dict[str, float]:
        votes: dict[str, float] = defaultdict(float)
        for weight, places in self.cast:
            keys = {key for areas in places for key in areas if key.count("/") == slashes and key.startswith(start)}
            for key in keys:
                votes[key] += weight / len(keys) ** 2
        return votes

    def era(self, year: int | None, *, reform: bool) -> str | None:
        """Return the state that the names speak for: names that only new units have, or any that only old ones have.

        A report of 2025 that tells of the `reform` may stand on either side of it: its other names do not decide.
        """
        new, old = self.eras.count(frozenset({NEW})), self.eras.count(frozenset({OLD}))
        if year != _FIRST_NEW.year:
            return OLD if old else None
        return NEW if new >= odds()["home"]["new_names"] and 3 * new > old else None if reform else OLD

    def province(self) -> str | None:
        """Return the province that has clearly the most votes, of the report's state."""
        votes = self._count(slashes=1, start=self.state)
        ranked = sorted(votes.values(), reverse=True)
        if not ranked or (len(ranked) > 1 and ranked[0] < odds()["home"]["margin"] * ranked[1]):
            return None
        return max(votes, key=votes.__getitem__)

    def districts(self, province: str) -> frozenset[str]:
        """Return the old districts that the names inside the province speak for."""
        inside = _Votes(self.units, OLD)
        for weight, places in self.cast:
            within = [areas for areas in places if province in areas]
            if within:
                inside.cast.append((weight, within))
        votes = inside._count(slashes=2, start=OLD)
        total = sum(votes.values())
        wanted = odds()["home"]["district_share"] * total
        return frozenset(key for key, count in votes.items() if count >= wanted and count > 1)
