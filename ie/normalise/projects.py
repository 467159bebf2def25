"""Mentions of one project in a report brought together: one id, one key for all its spellings and short names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ie.document import Document, Entity, Fragment, Value
from ie.normalise.fold import fold
from ie.normalise.indicators import definitions
from ie.normalise.links import Links
from ie.normalise.project_names import ProjectName, is_short_for, read_name
from ie.records import changed

_POINT = r"(?:này|nêu\s+trên|nói\s+trên|trên(?!\s+(?:địa\s+bàn|toàn|cả|các|đất|tuyến|đường|[0-9]))|đó)(?!\w)"
_BACK = re.compile(rf"(tiểu\s+dự\s+án|dự\s+án|công\s+trình|đề\s+án|chương\s+trình)\s+{_POINT}", re.IGNORECASE)
_MOST = 30
"""How many mentions before such words are looked at."""


@dataclass
class Group:
    """The mentions of one project, in order of the text; `parent` is the group of the programme it is part of."""

    id: str
    kind: str | None
    core: str
    number: str | None
    parent: str | None
    mentions: list[tuple[Entity, ProjectName]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What the values of all its mentions share: kind and core, the parent's for one that is but a number."""
        return f"{self.kind} {self.core}" if self.kind else self.core


def link_projects(
    document: Document, *, links: Links | None = None, defined: Mapping[str, str] | None = None
) -> Document:
    """Return the document with the values of its PROJECT spans set: `ref` is the project's id, `key` its name's.

    `links` and `defined` are as in `group_projects`.
    """
    groups = group_projects(document, links=links, defined=defined)
    values = {
        entity.id: Value("project", key=group.key, ref=group.id) for group in groups for entity, _ in group.mentions
    }
    if not values:
        return document
    return replace(
        document,
        entities=tuple(
            changed(entity, value=values.get(entity.id)) if entity.label == "PROJECT" else entity
            for entity in document.entities
        ),
    )


def group_projects(
    document: Document, *, links: Links | None = None, defined: Mapping[str, str] | None = None
) -> list[Group]:
    """Return the projects of a document in order of first mention.

    `links` are its relations and `defined` the abbreviations that it explains, where they are known already.
    """
    spans = sorted((entity for entity in document.entities if entity.label == "PROJECT"), key=_position)
    if not spans:
        return []
    links = links or Links(document)
    defined = definitions(document.text) if defined is None else defined
    grouping = _Grouping(links, defined)
    for entity in sorted(spans, key=lambda each: (_depth(each, links), _position(each))):
        grouping.add(entity)
    return grouping.in_order()


def _position(entity: Entity) -> tuple[int, int]:
    return entity.start, -entity.end


def _depth(entity: Entity, links: Links) -> int:
    """Return how many projects stand above one, so that parents are known before their parts."""
    seen, at = {entity.id}, entity
    while True:
        above = [parent for parent, _ in links.tails(at.id, "PART_OF") if parent.id not in seen]
        if not above:
            return len(seen) - 1
        at = above[0]
        seen.add(at.id)


class _Grouping:
    """Puts each mention to the project that it names, or begins a new one."""

    def __init__(self, links: Links, defined: Mapping[str, str]) -> None:
        self._links, self._defined = links, defined
        self._groups: list[Group] = []
        self._of: dict[str, Group] = {}
        self._by_core: dict[tuple[str, str | None], Group] = {}
        self._by_start: dict[str, list[Group]] = {}
        self._by_code: dict[str, Group] = {}

    def add(self, entity: Entity) -> None:
        """Take one mention in; its parent has been taken in before."""
        name = read_name(entity.text, defined=self._defined)
        above = next((parent for parent, _ in self._links.tails(entity.id, "PART_OF")), None)
        parent = self._of[above.id].id if above is not None and above.id in self._of else None
        group = self._find(entity, name, parent) or self._begin(name, parent)
        group.mentions.append((entity, name))
        group.kind = group.kind or name.kind
        group.parent = group.parent or (parent if parent != group.id else None)
        self._of[entity.id] = group
        if name.code:
            self._by_code.setdefault(name.code, group)

    def _find(self, entity: Entity, name: ProjectName, parent: str | None) -> Group | None:
        if name.code and name.code in self._by_code:
            return self._by_code[name.code]
        if _BACK.fullmatch(fold(entity.text)):
            return self._last_before(entity, name.kind)
        if name.number:
            return self._numbered(name, parent)
        exact = self._by_core.get((name.core, None))
        if exact and _kinds_agree(name.kind, exact.kind):
            return exact
        near = [group for group in self._by_start.get(_start(name.core), ()) if _is_one(name, group)]
        return near[0] if len(near) == 1 else None

    def _numbered(self, name: ProjectName, parent: str | None) -> Group | None:
        """Return the project of a number: under the same parent, or the only one of its name when no parent is said."""
        wanted = f"{name.kind} {name.core}"
        if parent is not None:
            return self._by_core.get((wanted, parent))
        known = [group for (core, _), group in self._by_core.items() if core == wanted]
        return known[0] if len(known) == 1 else None

    def _last_before(self, entity: Entity, kind: str | None) -> Group | None:
        before = [
            (mention.start, group)
            for group in self._groups
            for mention, name in group.mentions
            if mention.end <= entity.start and (kind is None or name.kind in (kind, None))
        ]
        return max(before, key=lambda each: each[0])[1] if before else None

    def _begin(self, name: ProjectName, parent: str | None) -> Group:
        group = Group("", name.kind, name.core, name.number, parent)
        group.id = f"new{len(self._groups)}"
        self._groups.append(group)
        if name.number:
            self._by_core.setdefault((f"{name.kind} {name.core}", parent), group)
        else:
            self._by_core.setdefault((name.core, None), group)
            self._by_start.setdefault(_start(name.core), []).append(group)
        return group

    def in_order(self) -> list[Group]:
        """Return the groups in order of first mention, with the ids `P1`, `P2` …"""
        for group in self._groups:
            group.mentions.sort(key=lambda each: _position(each[0]))
        ordered = sorted(self._groups, key=lambda group: _position(group.mentions[0][0]))
        ids = {group.id: f"P{index}" for index, group in enumerate(ordered, 1)}
        for group in ordered:
            group.id, group.parent = ids[group.id], ids.get(group.parent or "")
        return ordered


def _kinds_agree(one: str | None, other: str | None) -> bool:
    """Tell whether two head words may stand for one project; a work is called a project as well."""
    works = ("dự án", "công trình", "hạng mục", None)
    return one == other or (one in works and other in works) or None in (one, other)


def _start(core: str) -> str:
    """Return the first two words, which a short name and its long form share."""
    return " ".join(core.replace(",", " ").split()[:2])


def _is_one(name: ProjectName, group: Group) -> bool:
    short = is_short_for(name.core, group.core) or is_short_for(group.core, name.core)
    return short and _kinds_agree(name.kind, group.kind)


def pointing_back(document: Document, groups: Sequence[Group]) -> dict[str, list[Fragment]]:
    """Return by project id where words outside all spans point back to it: `dự án trên`, `công trình này`.

    The last project of that kind named before is meant; one without head word will do for `dự án` and `công trình`.
    """
    every = ((_position(entity), entity, group) for group in groups for entity, _ in group.mentions)
    named = sorted(every, key=_place)
    found: dict[str, list[Fragment]] = defaultdict(list)
    for match in _BACK.finditer(document.text):
        kind = fold(match[1])
        last = bisect_right(named, (match.start(), 0), key=_place)
        if any(entity.start <= match.start() < entity.end for _, entity, _ in named[max(0, last - 4) : last]):
            continue
        nearest = (group for _, _, group in reversed(named[max(0, last - _MOST) : last]) if _may_be(kind, group))
        group = next(nearest, None)
        if group:
            found[group.id].append((match.start(), match.end()))
    return found


def _place(named: tuple[tuple[int, int], Entity, Group]) -> tuple[int, int]:
    return named[0]


def _may_be(kind: str, group: Group) -> bool:
    return group.kind == kind or (group.kind is None and kind in ("dự án", "công trình"))
