"""The places that a report names, each with what its words and neighbours say: type word, list, units beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ie.document import About, Document, Entity
from ie.normalise.fold import fold, fold_once
from ie.normalise.names import place_types, split_place
from ie.records import changed

_LIST_GAP = re.compile(r"\s*(?:,|;|\+|và|hoặc|cùng|với|,\s*và)\s*")
_BESIDE_GAP = re.compile(r"\s*(?:[,(–-]|-)?\s*(?:\(?(?:thuộc|của|ở|tại|trên địa bàn)\s*)?")
_BODIES = (
    "ubnd",
    "ủy ban nhân dân",
    "hđnd",
    "hội đồng nhân dân",
    "đảng ủy",
    "đảng bộ",
    "ubmttq",
    "ubmttq việt nam",
    "kho bạc nhà nước",
)
_PARTY_OF = {"tỉnh": "tỉnh", "thành": "thành phố", "huyện": "huyện", "quận": "quận", "thị": "thị xã"}
_PARTY = re.compile(r"(?<!\w)(tỉnh|thành|huyện|quận|thị) ủy\s*$")
_FORMER_AFTER = re.compile(r"\s*\(?\s*(?:cũ|trước đây|trước sáp nhập|trước khi sáp nhập)\b")
_FORMER_BEGINS = ("cũ", "trước")
_FORMER_INSIDE = re.compile(r"\s+\(?(?:cũ|trước đây)\)?$")
_MERGED = re.compile(
    r"hợp nhất|sáp nhập|sắp xếp|(?<!\w)nhập (?:từ|các|toàn bộ)|trên cơ sở|thành lập từ|từ các (?:xã|phường|tỉnh)"
)
_BREAK = re.compile(r"[.;]\s+(?=\S)")
_GONE_KINDS = frozenset({"huyện", "quận", "thị xã"})
_LEAD_WINDOW = 60
_LONGEST_GAP = 400
"""Characters between two names of one run, white space and apart standing marks counted."""
_MERGER_WINDOW = 300


@dataclass(frozen=True)
class Mention:
    """One PLACE span: `kinds` are its type words (several in a list of `xã, phường`), `own` when they are its own.

    `above` are the indices, in the list of mentions, of those that stand right after it and may contain it; `before`
    those named earlier in its sentence. `issuer` tells that a body of government stands before it, `former` that it is
    called a unit of the past.
    """

    id: str
    start: int
    end: int
    kinds: tuple[str, ...]
    own: bool
    name: str
    issuer: bool = False
    former: bool = False
    above: tuple[int, ...] = ()
    before: tuple[int, ...] = ()

    @property
    def spelled(self) -> tuple[tuple[str, ...], str]:
        """What two mentions of one name share."""
        return (self.kinds if self.own else (), fold(self.name))


def mentions(document: Document) -> list[Mention]:
    """Return the PLACE spans of a document that have a name, in order of the text."""
    found: list[Mention] = []
    places = (entity for entity in document.entities if entity.label == "PLACE")
    for entity in sorted(places, key=_position):
        mention = _read(entity, document.text, found[-1] if found else None)
        if mention is not None:
            found.append(mention)
    return _with_neighbours(found, document.text)


def own_mentions(about: About | None, text: str) -> list[Mention]:
    """Return the report's own place and the units above it as names in a row, as if they stood after its text."""
    names = (about.place, *about.parents) if about and about.place else ()
    parts = [split_place(name) for name in names if name]
    found = [(kind, name) for kind, name in filter(None, parts) if kind]
    return [
        Mention("", len(text), len(text), (kind,), True, name, issuer=True, above=tuple(range(index + 1, len(found))))
        for index, (kind, name) in enumerate(found)
    ]


def _position(entity: Entity) -> tuple[int, int]:
    return entity.start, entity.end


def _read(entity: Entity, text: str, last: Mention | None) -> Mention | None:
    parts = split_place(entity.text)
    if parts is None:
        return None
    kind, name = parts[0], _FORMER_INSIDE.sub("", parts[1])
    lead = fold_once(text[max(0, entity.start - _LEAD_WINDOW) : entity.start])
    kinds = (kind,) if kind else _lead_kinds(lead) or _list_kinds(text, entity.start, last)
    return Mention(
        entity.id,
        entity.start,
        entity.end,
        kinds,
        kind is not None,
        name,
        issuer=lead.endswith(_BODIES),
        former=name != parts[1] or _is_called_former(text[entity.end : entity.end + 30]),
    )


def _is_called_former(after: str) -> bool:
    """Tell whether the words after a name call it one of the past; most begin with no such word."""
    if not any(fold(word).strip("(").startswith(_FORMER_BEGINS) for word in after.split(None, 2)[:2]):
        return False
    return _FORMER_AFTER.match(fold_once(after)) is not None


def _lead_kinds(lead: str) -> tuple[str, ...]:
    """Return the type words that stand right before a name: `các xã, phường: ` gives both."""
    party = _PARTY.search(lead) if lead.endswith("ủy") else None
    if party:
        return (_PARTY_OF[party[1]],)
    words, pattern, ends = _lead()
    if not lead.rstrip(" :(").endswith(ends):
        return ()
    match = pattern.search(lead)
    return tuple(dict.fromkeys(words.findall(match[1]))) if match else ()


@cache
def _lead() -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    """Return the patterns of a type word and of some of them right before a list, and what such a list ends in."""
    kinds, after = place_types(), ("như", "gồm", "là")
    kind = rf"(?:{'|'.join(map(re.escape, kinds))})(?!\w)"
    several = rf"(?<!\w)({kind}(?:(?:, ?| và |/| ?- ?){kind})*)(?: {'| '.join(after)})?\s*[:(]?\s*$"
    return re.compile(kind), re.compile(several), (*kinds, *after)


def _list_kinds(text: str, start: int, last: Mention | None) -> tuple[str, ...]:
    """Return the type words of the name before in the same list."""
    if last is None or last.end > start or not _LIST_GAP.fullmatch(text[last.end : start]):
        return ()
    return last.kinds


def _with_neighbours(found: Sequence[Mention], text: str) -> list[Mention]:
    """Return the mentions with those beside them, and the units of the past told by a list, a merger, a district."""
    following = _following(found, text)
    done: list[Mention] = []
    sentence = 0
    for index, mention in enumerate(found):
        if index and _breaks(text[found[index - 1].end : mention.start]):
            sentence = index
        before = tuple(range(max(sentence, index - 6), index))
        former = mention.former or _is_past(found, index, following[index], text)
        done.append(changed(mention, above=following[index], before=before, former=former))
    return done


def _is_past(found: Sequence[Mention], index: int, following: Sequence[int], text: str) -> bool:
    """Tell whether a merger is told of the name, its list ends in `cũ`, or a district stands right after it."""
    for other in following:
        last, next_ = found[other - 1], found[other]
        if not _LIST_GAP.fullmatch(text[last.end : next_.start]) or (next_.own and next_.kinds != found[index].kinds):
            if next_.own and _GONE_KINDS.intersection(next_.kinds):
                return True
            break
        if next_.former:
            return True
    start = found[index].start
    told = _BREAK.split(text[max(0, start - _MERGER_WINDOW) : start])[-1]
    return _MERGED.search(_BREAK.split(fold_once(told))[-1]) is not None


def _breaks(gap: str) -> bool:
    return "\n" in gap or ". " in gap or "; " in gap


def _following(found: Sequence[Mention], text: str) -> list[tuple[int, ...]]:
    """Return for each mention those that follow it in one run of names, the next first (at most a list of 40)."""
    chains: list[tuple[int, ...]] = [() for _ in found]
    for index in range(len(found) - 2, -1, -1):
        start, end = found[index].end, found[index + 1].start
        gap = fold_once(text[start:end]) if 0 <= end - start <= _LONGEST_GAP else None
        if gap is not None and len(gap) < 40 and (_BESIDE_GAP.fullmatch(gap) or _LIST_GAP.fullmatch(gap)):
            chains[index] = (index + 1, *chains[index + 1][:39])
    return chains
