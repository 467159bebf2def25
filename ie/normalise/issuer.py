"""Who issued a report and which administrative unit it is of.

The letterhead is asked first, then the body that reports in the opening sentence or the closing formula, the title, the
line of the date, and last the bodies that the text names. What was inferred is said in the notes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from ie.normalise.about_table import about_table, level_of
from ie.normalise.fold import CAPITALS, fold, unmarked
from ie.normalise.letterhead import Dated, Head, issuers_of
from ie.normalise.names import parse_place

BREAK = " ¶ "
"""What parts the lines of a text that is read for its bodies: no name runs over it."""

_OTHER = r"(?!(?:Năm|Quý|Tháng|Thực|Theo|Từ|Sau|Trong|Khóa|Tỉnh|Huyện|Xã)\b)"
_NAME = rf"[{CAPITALS}][\w'’]*(?: (?:- )?{_OTHER}[{CAPITALS}][\w'’]*|-[{CAPITALS}][\w'’]*){{0,4}}"
_NUMBERED = r"(?:[Pp]hường|[Qq]uận) [0-9]{1,2}\b"
_TYPES = r"(?:[Tt]ỉnh|[Tt]hành phố|[Tt]hị xã|[Tt]hị trấn|TP\.?|TX\.?|[Hh]uyện|[Qq]uận|[Xx]ã|[Pp]hường|[Đđ]ặc khu)"
_UNIT = re.compile(rf"(?<!\w)({_TYPES} ?{_NAME}|{_NUMBERED})")
_BODIES = r"UBND|[ỦU]y ban nhân dân|HĐND|Hội đồng nhân dân|Đảng [bủ][ộy]|[HTQ]\w+ ủy"
_BODY_UNIT = re.compile(rf"(?<!tịch )({_BODIES}) ({_TYPES} {_NAME}|{_NUMBERED})")
_ABOVE = re.compile(
    rf"(?:UBND|HĐND|nhân dân|ủy|Sở [^,.;]{{1,40}}?) ({_TYPES} {_NAME}|{_NUMBERED})(?! (?:cũ|trước đây))"
)
_BARE = re.compile(
    r"(?<!các )(?:UBND|[ỦU]y ban nhân dân) (tỉnh|thành phố|thị xã|huyện|quận|xã|phường|thị trấn)\b"
    rf"(?!, |/| (?:{_OTHER}[{CAPITALS}]|[0-9]))((?: [^\W\d_]+){{0,3}}? báo cáo\b)?"
)
_TWO_TIER = re.compile(r"chính quyền (?:địa phương )?(?:02|2|hai) cấp|0?1/0?7/2025")
_RANKS = {"commune": 0, "district": 1, "province": 2}
_REPORTS = 3
"""How much more a body that reports says of the issuer than one that is named."""
_OPENING, _CLOSING = 1500, 800


@dataclass(frozen=True)
class Issued:
    """Issuer, its place as a key, that place's level, the units above it, and how they were found."""

    issuer: str | None = None
    body: str | None = None
    place: str | None = None
    level: str | None = None
    parents: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def issued(head: Head, title: str | None, text: str, *, dated: Dated | None, year: int | None) -> Issued:
    """Return who issued a report and of what place it is; `text` is cleaned, its lines parted by BREAK.

    `year` is the report's, for cities whose level changed.
    """
    found = _by_letterhead(head, text, year) or _by_body(text, year) or _by_title(title, year)
    found = found or _by_dateline(text, dated, year) or _by_bare(text, year)
    return _with_parents(found, head, title, text, year, two_tier=_is_two_tier(dated, text)) if found else Issued()


def _is_two_tier(dated: Dated | None, text: str) -> bool:
    """Tell whether a report is of the time since 1 July 2025, when districts ceased."""
    if dated is not None:
        return (dated.year, dated.month) >= (2025, 7)
    return bool(_TWO_TIER.search(text))


def _by_letterhead(head: Head, text: str, year: int | None) -> Issued | None:
    bodies = issuers_of(head)
    if not bodies:
        return None
    units = [_key(body.unit, text) for body in bodies if body.unit]
    place = units[-1] if units else None
    last = bodies[-1]
    name = last.body if last.body in about_table().bodies.values() else _recased(last.body.capitalize(), text)
    issuer = f"{name} {place}" if place and (last.unit or last is not bodies[0]) else name
    above = tuple(unit for unit in reversed(units[:-1]) if unit)
    return Issued(issuer, name, place, level_of(place, year) if place else None, above)


def _by_body(text: str, year: int | None) -> Issued | None:
    """Read `UBND xã X báo cáo …` of the opening sentences and `báo cáo của UBND xã X` of the closing formula."""
    for part in (text[-_CLOSING:], text[:_OPENING]):
        for match in _BODY_UNIT.finditer(part):
            after, before = part[match.end() :], fold(part[max(0, match.start() - 24) : match.start()])
            if about_table().reporting.match(after) or before.endswith("báo cáo của"):
                body, place = about_table().bodies.get(unmarked(fold(match[1])), match[1]), _key(match[2], text)
                return Issued(f"{body} {place}", body, place, level_of(place, year), notes=("issuer from the text",))
    return None


def _by_title(title: str | None, year: int | None) -> Issued | None:
    outside = re.sub(r"\([^)]*\)?", "", title or "")
    units = [_key(m[1], "") for m in _UNIT.finditer(outside)] or [
        _key(m[2], "") for m in _BODY_UNIT.finditer(title or "")
    ]
    if not units:
        return None
    place = min(units, key=lambda unit: _RANKS.get(level_of(unit, year) or "", 9))
    return Issued(place=place, level=level_of(place, year), notes=("place from the title",))


def _by_dateline(text: str, dated: Dated | None, year: int | None) -> Issued | None:
    """Take the place before the date, with the type word that the text gives it most often."""
    if dated is None or dated.place is None:
        return None
    units = Counter(re.findall(rf"(?<!\w)({_TYPES} {re.escape(dated.place)})(?![\w-])", text))
    if not units:
        return None
    place = _key(units.most_common(1)[0][0], text)
    return Issued(place=place, level=level_of(place, year), notes=("place from the line of the date",))


def _by_bare(text: str, year: int | None) -> Issued | None:
    """Read the level off `UBND xã báo cáo …`, and the place where the text names bodies of one unit of that kind."""
    bare: Counter[str] = Counter()
    for match in _BARE.finditer(text[:_OPENING] + BREAK + text[-_CLOSING:]):
        bare[match[1]] += _REPORTS if match[2] else 1
    if not bare:
        return None
    kind = bare.most_common(1)[0][0]
    place = _leading(Counter(u for u in _bodies_of(text) if u.startswith(f"{kind} ")))
    if place:
        notes = ("place from the bodies that the text names",)
        return Issued(place=place, level=level_of(place, year), notes=notes)
    level = None if kind == "thành phố" else about_table().levels[kind]
    return Issued(level=level, notes=("level from the text",))


@lru_cache(maxsize=1)
def _bodies_of(text: str) -> tuple[str, ...]:
    """Return the units whose bodies a text names, as keys; kept while one report is asked level by level."""
    return tuple(_key(match[1], text) for match in _ABOVE.finditer(text))


def _leading(counted: Counter[str], *, least: int = 1) -> str | None:
    """Return what was counted at least so often, and more than twice as often as the next."""
    (first, most), (_, next_most) = (*counted.most_common(2), ("", 0), ("", 0))[:2]
    return first if most >= least and most > 2 * next_most else None


def _with_parents(
    found: Issued, head: Head, title: str | None, text: str, year: int | None, *, two_tier: bool
) -> Issued:
    """Add the units above the place: of the letterhead, the title, the addressee; else those whose bodies are named."""
    rank = _RANKS.get(found.level or "", 2)
    parents = list(found.parents)
    notes = list(found.notes)
    for level in [name for name, number in _RANKS.items() if number > rank and not (two_tier and name == "district")]:
        if any(level_of(parent, year) == level for parent in parents):
            continue
        near = [_key(match[1], text) for match in _UNIT.finditer(f"{title or ''} {_addressee(head)}")]
        named = next((unit for unit in near if level_of(unit, year) == level), None)
        inferred = _leading(Counter(u for u in _bodies_of(text) if level_of(u, year) == level), least=1 + two_tier)
        if named or inferred:
            parents.append(named or inferred or "")
            notes += [] if named else [f"{level} from the bodies that the text names"]
    ordered = sorted(dict.fromkeys(parents), key=lambda parent: _RANKS.get(level_of(parent, year) or "", 2))
    return replace(found, parents=tuple(parent for parent in ordered if parent != found.place), notes=tuple(notes))


def _addressee(head: Head) -> str:
    return next((line for line in head.lines if fold(line).startswith("kính gửi")), "")


def _key(unit: str | None, text: str) -> str:
    """Return the key of a unit; a name in capitals takes marks and case from where the text writes it in mixed case."""
    value = parse_place(unit or "")
    key = value.key if value and value.key else ""
    if not (unit or "").isupper():
        return key
    kind = next((word for word in about_table().levels if unmarked(fold(key)).startswith(f"{unmarked(word)} ")), "")
    return f"{kind} {_recased(key[len(kind) + 1 :], text)}" if kind else key


def _recased(name: str, text: str) -> str:
    """Return a name as the text writes it in mixed case, as it stands when the text never does."""
    places = re.finditer(re.escape(unmarked(name)), _unmarked_text(text), re.IGNORECASE)
    forms = Counter(text[match.start() : match.end()] for match in places)
    written = [form for form, _ in forms.most_common() if form[:1].isupper() and not form.isupper()]
    return written[0] if written else name


@lru_cache(maxsize=1)
def _unmarked_text(text: str) -> str:
    """Return the whole text without marks; kept while the names of one report are looked for in it."""
    return unmarked(text)
