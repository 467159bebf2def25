"""References to documents, to one key for one document.

The key is `SYMBOL:NUMBER/YEAR`, the number without leading zeros, the year where the reference tells it:
`NĐ-CP:27/2019`, `NQ/TW:19/2022`, `QH15:72/2025`, `QĐ-UBND:806`. A short reference puts the symbol together from kind
and issuer (`Quyết định 1448 của Thủ tướng` is `QĐ-TTg:1448`). Laws without a number go by title: `luật:đất đai/2013`;
normative documents without one by issuer: `NQ@hđnd huyện`. The key of a local document does not name the province;
`issuer` does where the reference says it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from ie.document import Value
from ie.normalise.dates import find_date
from ie.normalise.fold import clean, fold

MAX_LENGTH = 600
_SHORT_KIND = 3
"""Kinds no longer than this are abbreviations themselves (`qđ`)."""
_PART = r"(?:[A-ZĐÂÊÔƠƯĂ][a-z]{0,2})+[0-9]{0,2}(?![a-zà-ỹ])"
_START = r"(?:^|\b[Ss][ốỐôÔ] ?[:.]? ?)"
_NUMBER = r"(?P<number>[0-9]{1,6}[a-zđ]?)(?![0-9.,]*[0-9])(?: ?/ ?(?P<year>(?:19|20)[0-9]{2})(?![0-9]))?"
_NUMBERED = re.compile(rf"{_START}{_NUMBER}(?! ?%)")
_STANDARD = re.compile(r"(TCVN|QCVN|TCXDVN|TCXD) ?([0-9]+(?:-[0-9]+)?) ?[:/-] ?((?:19|20)[0-9]{2})")
_YEAR = re.compile(r"(?:^|\bnăm |[ ,(])((?:19|20)[0-9]{2})(?=\)|$| của | nay|,| [A-ZĐ])")
_ISSUER = re.compile(r"(?:^| )của (?:liên (?:bộ|ngành):? )?(.+?)(?=,? (?:ra )?ngày | năm [0-9]| về | ban hành|$)")
_TITLE_END = re.compile(
    r",? ?\(| số [0-9:]|,? (?:được )?(?:năm |ngày )?(?:[0-9]{1,2}/|(?:19|20)[0-9]{2})| của quốc hội| ngày [0-9]"
)


@dataclass(frozen=True)
class Reference:
    """What a reference tells of a document; fields it leaves out are None."""

    key: str
    type: str | None = None
    number: str | None = None
    year: str | None = None
    symbol: str | None = None
    issuer: str | None = None
    title: str | None = None
    date: date | None = None


@dataclass(frozen=True)
class _Table:
    types: dict[str, str]
    titled: frozenset[str]
    coded: frozenset[str]
    bodies: dict[str, str]
    party: frozenset[str]
    issuers: dict[str, str]
    spellings: dict[str, str]
    identified: re.Pattern[str]


@cache
def _table() -> _Table:
    table = tomllib.loads(resources.files("ie.normalise").joinpath("legal.toml").read_text("utf-8"))
    return _Table(
        types=_longest_first(table["types"]),
        titled=frozenset(fold(kind) for kind in table["titled"]["types"]),
        coded=frozenset(fold(kind) for kind in table["coded"]["types"]),
        bodies=table["bodies"],
        party=frozenset(table["party"]["bodies"]),
        issuers=_longest_first(table["issuers"]),
        spellings=table["symbol_spellings"],
        identified=_identified_pattern(set(table["types"].values())),
    )


def _identified_pattern(codes: set[str]) -> re.Pattern[str]:
    """Return the pattern of number and symbol; a blank inside the symbol is let pass after the code of a kind only."""
    spaced = "|".join(sorted(map(re.escape, codes), key=len, reverse=True))
    symbol = rf"{_PART}(?: ?[-/] ?{_PART})+|(?:{spaced}) {_PART}|{_PART}"
    return re.compile(rf"{_START}{_NUMBER}(?: ?[-/] ?| )(?P<symbol>{symbol})")


def _longest_first(words: dict[str, str]) -> dict[str, str]:
    return {fold(word): words[word] for word in sorted(words, key=len, reverse=True)}


def parse_legal(text: str) -> Value | None:
    """Return key, number and date (`start` and `end`) of a LEGAL, None when nothing in it identifies a document."""
    found = read_legal(text)
    return legal_value(found) if found else None


def legal_value(found: Reference) -> Value:
    """Return the value of a reference: key, number, date; what else it tells is in the notes."""
    said = (("type", found.type), ("year", found.year), ("symbol", found.symbol), ("issuer", found.issuer))
    day = found.date.isoformat() if found.date else None
    notes = tuple(f"{name}: {value}" for name, value in said if value)
    return Value("legal", number=found.number, start=day, end=day, key=found.key, notes=notes)


def read_legal(text: str) -> Reference | None:
    """Read a reference with all that it tells, None when nothing in it identifies a document."""
    plain = clean(re.sub(r"[*_“”\"]", "", text)).strip(" .,;:()")
    if not plain or len(plain) > MAX_LENGTH:
        return None
    standard = _STANDARD.search(plain)
    if standard:
        name, number, year = standard.groups()
        return Reference(f"{name}:{number}/{year}", number=number, year=year, symbol=name)
    kind, rest = _type(plain)
    match = _table().identified.search(rest)
    if match:
        return _identified(kind, rest, match)
    if kind is None:
        return None
    if kind in _table().titled:
        return _titled(kind, rest)
    match = _NUMBERED.search(rest)
    return _numbered(kind, rest, match) if match else _issued(kind, rest)


def _type(text: str) -> tuple[str | None, str]:
    """Split the kind of document off the front: the folded name and the rest as written."""
    folded = fold(text)
    for name in _table().types:
        if folded == name or (folded.startswith(name) and not folded[len(name)].isalpha()):
            return name, text[len(name) :].lstrip(" :")
    return None, text


def _identified(kind: str | None, rest: str, match: re.Match[str]) -> Reference:
    """Build a reference that has number and symbol."""
    parts = _parts(match["symbol"])
    symbol = _joined(kind, parts)
    number, after = _plain_number(match["number"]), rest[match.end() :]
    day = find_date(after)
    year = match["year"] or _year(after, day)
    issuer = _issuer(after) or _body(parts)
    title = _title(rest[: match.start()]) if kind in _table().titled else None
    named = kind or _kind_of(parts[0])
    return Reference(_key(symbol, number, year), named, number, year, symbol, issuer, title, day)


def _kind_of(code: str) -> str | None:
    """Return the plainest kind in full that has this code in its symbols."""
    kinds = [kind for kind, short in _table().types.items() if short == code and len(kind) > _SHORT_KIND]
    return min(kinds, key=len, default=None)


def _parts(symbol: str) -> list[str]:
    """Return the parts of a symbol, each in its usual spelling."""
    return [_table().spellings.get(part, part) for part in re.split(r"[-/ ]+", symbol)]


def _joined(kind: str | None, parts: list[str]) -> str:
    """Join the parts; a party body after a slash, and the kind first where the symbol of a norm leaves it out."""
    table = _table()
    short = table.types.get(kind or "")
    assembly = re.match(r"(?:UBTV)?QH[0-9]", parts[0])
    if kind in table.coded and short and short not in parts and not assembly:
        parts = [short, *parts]
    *front, last = parts
    return f"{'-'.join(front)}/{last}" if front and last in table.party else "-".join(parts)


def legal_key(reference: Reference) -> str:
    """Return the key of a reference whose fields were filled in from elsewhere."""
    if reference.number:
        return _key(reference.symbol or "", reference.number, reference.year)
    if reference.title and reference.type:
        name = f"{reference.type}:{reference.title}"
        return f"{name}/{reference.year}" if reference.year else name
    return reference.key


def _plain_number(number: str) -> str:
    return number.lstrip("0") or "0"


def _key(symbol: str, number: str, year: str | None) -> str:
    return f"{symbol}:{number}/{year}" if year else f"{symbol}:{number}"


def _year(after: str, day: date | None) -> str | None:
    if day:
        return str(day.year)
    match = _YEAR.search(after)
    return match[1] if match else None


def _issuer(after: str) -> str | None:
    match = _ISSUER.search(after)
    return match[1].strip(" ,;") if match else None


def _body(parts: list[str]) -> str | None:
    """Return the body that a symbol names, looking from its end."""
    bare = [re.sub(r"[0-9]+$", "", part) for part in reversed(parts)]
    return next((_table().bodies[part] for part in bare if part in _table().bodies), None)


def _issuer_code(issuer: str) -> str | None:
    folded = fold(issuer)
    return next((code for name, code in _table().issuers.items() if folded.startswith(name)), None)


def _numbered(kind: str, rest: str, match: re.Match[str]) -> Reference:
    """Build a reference that has a number but no symbol: `Quyết định 1448 của Thủ tướng năm 2009`."""
    after = rest[match.end() :]
    day, issuer = find_date(after), _issuer(after)
    code = _issuer_code(issuer) if issuer else None
    symbol = _joined(None, [_table().types[kind], *([code] if code else [])])
    number, year = _plain_number(match["number"]), match["year"] or _year(after, day)
    return Reference(_key(symbol, number, year), kind, number, year, symbol, issuer, None, day)


def _title(text: str) -> str | None:
    folded = fold(text)
    end = _TITLE_END.search(folded)
    return re.sub(r"[ ,]*(?:sửa đổi|số|năm)?[ ,:]*$", "", folded[: end.start()] if end else folded) or None


def _titled(kind: str, rest: str) -> Reference | None:
    """Build a reference to a law by its title and year."""
    title, day = _title(rest), find_date(rest)
    year = _year(rest, day)
    if title is None and kind != "hiến pháp":
        return None
    name = f"{kind}:{title}" if title else kind
    return Reference(f"{name}/{year}" if year else name, kind, None, year, None, None, title, day)


def _issued(kind: str, rest: str) -> Reference | None:
    """Build a reference to a document without a number by who issued it."""
    issuer = _issuer(rest) or (rest.split(", ")[0] if _issuer_code(rest) else None)
    if not issuer or not any(char.isalpha() for char in issuer):
        return None
    day = find_date(rest)
    year = _year(rest, day)
    key = f"{_table().types[kind]}@{fold(issuer)}"
    return Reference(f"{key}/{year}" if year else key, kind, None, year, None, issuer, None, day)
