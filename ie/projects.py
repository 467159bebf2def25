"""The projects of a report, each once: what it is, where, what it costs, what was paid, from which source and year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ie.document import Document, Entity, Fragment
from ie.identity import plain
from ie.normalise.fold import clean, fold
from ie.normalise.links import Links
from ie.normalise.project_names import ProjectName, read_code, words
from ie.normalise.projects import Group, group_projects, pointing_back

_SHORT = 4
_BEFORE = 90
_AFTER = 300
_BREAK = re.compile(r"[;\n]|[.!?]\s")
_AMOUNT = re.compile(r"[0-9][0-9.,]*\s*(?:tỷ|triệu|nghìn|trđ|tr\.?đ|đồng|usd|%)(?: đồng)?")
_STROKE = re.compile(r" ?/ ?")
"""Between what was done and what it was done of: `giải ngân 412/530 triệu đồng`."""
_IN_ORDER = re.compile(r"lần lượt|theo thứ tự|tương ứng")
_INVESTOR = re.compile(
    r"chủ đầu tư\s*(?::|là)\s*([^,.;()\n]{3,80})|do\s+([^,.;()\n]{3,80}?)\s+làm chủ đầu tư", re.IGNORECASE
)


@dataclass(frozen=True)
class Money:
    """An amount of a project: the id of its QUANTITY, exact decimal text, unit, where it comes from and for when.

    `role` is total_cost, capital (planned, allocated, also where but a source is named), disbursed, done (work
    performed), remaining, or unstated, by the words before it or its indicator. `period_start` and `period_end` are
    inclusive ISO dates.
    """

    quantity: str
    role: str
    value: str | None = None
    unit: str | None = None
    source: str | None = None
    period: str | None = None
    period_start: str | None = None
    period_end: str | None = None


@dataclass(frozen=True)
class Progress:
    """A share of an amount: the id of its QUANTITY, exact decimal text, unit, and the amount's id and role."""

    quantity: str
    value: str | None = None
    unit: str | None = None
    of: str | None = None
    role: str | None = None
    basis: str | None = None


@dataclass(frozen=True)
class Project:
    """One project of a report.

    `name` is its longest mention without head word (with it for `Chương trình 135`), `kind` the head word (`dự án`),
    `parent` the id of the programme it is part of, `places` the keys of its places (see `Value.key`), `legal` those of
    the documents it rests on. `back` are the characters `[start, end)` of words that point back to it outside all spans
    (`dự án trên`). `total_cost` and `disbursed` are the ids of the amounts in `money` that were said last in these
    roles, `capital` of all that were planned or allocated.
    """

    id: str
    key: str
    name: str
    kind: str | None = None
    code: str | None = None
    investor: str | None = None
    parent: str | None = None
    places: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    back: tuple[Fragment, ...] = ()
    money: tuple[Money, ...] = ()
    total_cost: str | None = None
    disbursed: str | None = None
    capital: tuple[str, ...] = ()
    progress: tuple[Progress, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the fields that are set, ready for JSON."""
        found: dict[str, object] = plain(self)
        return found


def projects_of(document: Document) -> tuple[Project, ...]:
    """Return the projects of a normalised document, in order of first mention."""
    links, groups = Links(document), group_projects(document)
    back = pointing_back(document, groups)
    return tuple(_project(group, links, document.text, back.get(group.id, ())) for group in groups)


def _project(group: Group, links: Links, text: str, back: Sequence[Fragment]) -> Project:
    spans = [entity for entity, _ in group.mentions]
    longest = max((_full(name) for _, name in group.mentions), key=len)
    amounts = _linked(spans, "FUNDED", links)
    money = tuple(_money(amount, links, text) for amount in amounts if not _is_share(amount))
    codes = [
        name.code or read_code(text[entity.end : entity.end + 40].split(";")[0]) for entity, name in group.mentions
    ]
    return Project(
        group.id,
        group.key,
        longest,
        group.kind,
        next(filter(None, codes), None),
        next(filter(None, (_investor(entity, text) for entity in spans)), None),
        group.parent,
        places=_keys(_linked(spans, "LOCATED_IN", links)),
        legal=_keys(_linked(spans, "BASED_ON", links)),
        mentions=tuple(entity.id for entity in spans),
        back=tuple(back),
        money=money,
        total_cost=_last(money, "total_cost"),
        disbursed=_last(money, "disbursed"),
        capital=tuple(each.quantity for each in money if each.role == "capital"),
        progress=_progress(amounts, money, links),
    )


def _full(name: ProjectName) -> str:
    """Return a name; one that is but a number keeps its head word."""
    return f"{name.kind} {name.name}" if name.kind and len(name.name) <= _SHORT else name.name


def _linked(spans: Sequence[Entity], relation: str, links: Links) -> list[Entity]:
    """Return what relations of all mentions lead to, each once, in order of the text."""
    found = {tail.id: tail for span in spans for tail, _ in links.tails(span.id, relation)}
    return sorted(found.values(), key=_start)


def _start(entity: Entity) -> int:
    return entity.start


def _keys(entities: Sequence[Entity]) -> tuple[str, ...]:
    keys = (entity.value.key if entity.value and entity.value.key else clean(entity.text) for entity in entities)
    return tuple(dict.fromkeys(keys))


def _is_share(quantity: Entity) -> bool:
    return quantity.value is not None and quantity.value.unit in ("%", "điểm %")


def _money(quantity: Entity, links: Links, text: str) -> Money:
    lead = _lead(text, quantity.start)
    measured = " ".join(indicator.text for indicator, _ in links.tails(quantity.id, "MEASURES"))
    period = next((entity for entity, _ in links.tails(quantity.id, "IN_PERIOD")), None)
    when, value = (period.value if period else None), quantity.value
    source = _nearest(lead[-60:], words()["sources"])
    return Money(
        quantity.id,
        _role(lead, measured) or ("capital" if source else "unstated"),
        value.number if value else None,
        value.unit if value else None,
        source,
        clean(period.text) if period else None,
        when.start if when else None,
        when.end if when else None,
    )


def _role(lead: str, measured: str) -> str | None:
    """Return what the words before an amount make it, else its indicator; the second of a pair is the capital."""
    return "capital" if _STROKE.fullmatch(lead) else _nearest(lead, _roles()) or _nearest(fold(measured), _roles())


def _lead(text: str, start: int) -> str:
    """Return the clause before a figure, folded, from the amount before it on; a list of amounts shares its words."""
    clause = fold(_BREAK.split(text[max(0, start - _BEFORE) : start])[-1])
    return clause if _IN_ORDER.search(clause) else _AMOUNT.split(clause)[-1]


def _roles() -> dict[str, str]:
    return {cue: role for role, cues in words()["roles"].items() for cue in cues}


def _nearest(text: str, cues: Mapping[str, str]) -> str | None:
    """Return what the cue says that ends last in the text, the longest of those that end together."""
    found = [(at + len(cue), len(cue), meaning) for cue, meaning in cues.items() if (at := text.rfind(cue)) >= 0]
    return max(found)[2] if found else None


def _investor(project: Entity, text: str) -> str | None:
    """Return who builds a project, said after its name on the same line."""
    line = text[project.end : project.end + _AFTER].split("\n", 1)[0]
    match = _INVESTOR.search(line)
    return clean(match[1] or match[2]) if match else None


def _last(money: Sequence[Money], role: str) -> str | None:
    return next((each.quantity for each in reversed(money) if each.role == role), None)


def _progress(amounts: Sequence[Entity], money: Sequence[Money], links: Links) -> tuple[Progress, ...]:
    """Return the shares of a project's amounts, and those that are said of the project itself."""
    roles = {each.quantity: each.role for each in money}
    found = [
        _share(share, amount.id, roles.get(amount.id))
        for amount in amounts
        for share, _ in links.heads(amount.id, "RATIO_OF")
    ]
    known = {each.quantity for each in found}
    return tuple(found + [_share(each, None, None) for each in amounts if _is_share(each) and each.id not in known])


def _share(share: Entity, of: str | None, role: str | None) -> Progress:
    value = share.value
    return Progress(
        share.id, value.number if value else None, value.unit if value else None, of, role, share.get("Basis")
    )
