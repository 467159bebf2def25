"""Names of indicators to one key for one indicator over reports.

`Tổng thu NSNN trên địa bàn` and `thu ngân sách nhà nước` are both `thu-ngân-sách-nhà-nước`.

Abbreviations are written out, first those that the report defines (`ngân sách nhà nước (NSNN)`), then those of
indicators.toml; what says when and where is taken off; indicator_aliases.tsv brings variants together, each row with
its reason. The key is made from the name alone; no official code is claimed.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from ie.document import Value
from ie.normalise.fold import CAPITALS, clean, fold, fold_once, respell
from ie.records import changed

MAX_LENGTH = 300
_EDGES = " .,;:*\"'“”-"
_BRACKETED = re.compile(rf" ?\([{CAPITALS}][{CAPITALS}&-]+\)")
_ACRONYM = re.compile(rf"(?<![\w-])[{CAPITALS}][{CAPITALS}&]*(?:-[{CAPITALS}]+)*(?![\w-])")
_DEFINED = re.compile(rf"\((?:viết tắt là |gọi tắt là )?([{CAPITALS}]{{2,8}})\)")
_NO_NAME = re.compile(r"[^\w -]|[\d_]")
_REACH = 300
"""Characters before the bracket that the words of a name are looked for in, at most eight."""


@dataclass(frozen=True)
class IndicatorTable:
    """indicators.toml and indicator_aliases.tsv, folded."""

    abbreviations: Mapping[str, str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    heads: frozenset[str]
    longest_head: int
    aliases: Mapping[str, str]


@cache
def indicator_table() -> IndicatorTable:
    """Return the words that names of indicators are read by."""
    folder = resources.files("ie.normalise")
    table = tomllib.loads(folder.joinpath("indicators.toml").read_text("utf-8"))
    heads = frozenset(map(fold, table["heads"]["words"]))
    rows = csv.DictReader(folder.joinpath("indicator_aliases.tsv").read_text("utf-8").splitlines(), delimiter="\t")
    return IndicatorTable(
        abbreviations=table["abbreviations"],
        before=re.compile(rf"(?:{'|'.join(table['drop']['before'])}) "),
        after=re.compile(rf" ?(?<!\w)(?:{'|'.join(table['drop']['after'])})$"),
        heads=heads,
        longest_head=max(len(head.split(" ")) for head in heads),
        aliases={fold(row["variant"]): fold(row["indicator"]) for row in rows},
    )


def definitions(text: str) -> dict[str, str]:
    """Return the abbreviations that a report defines, `ngân sách nhà nước (NSNN)`: the initials must agree."""
    found: dict[str, str] = {}
    plain = clean(text)
    for match in _DEFINED.finditer(plain):
        short, before = match[1], plain[max(0, match.start() - _REACH) : match.start()]
        named = _NO_NAME.split(before)[-1].replace("-", " ").split()[-len(short) :]
        parted = before.endswith((" ", "-"))
        if parted and len(named) == len(short) and "".join(word[0] for word in named).upper() == short:
            found.setdefault(short, " ".join(named).lower())
    return found


def parse_indicator(text: str, *, defined: Mapping[str, str] | None = None) -> Value | None:
    """Return what an INDICATOR names: `name` written out, `head` its first noun, `key` the same for all variants.

    `defined` are the report's own abbreviations. None when no letter stands in the text.
    """
    surface = respell(clean(text)).strip(_EDGES)
    if len(surface) > MAX_LENGTH or not any(char.isalpha() for char in surface):
        return None
    name, notes = _written_out(surface, defined or {})
    value = _named(name)
    return changed(value, notes=(*notes, *value.notes)) if notes else value


@lru_cache(maxsize=10_000)
def _named(name: str) -> Value:
    """Return what a name without abbreviations stands for; reports name the same things."""
    bare = _bare(fold_once(name))
    canonical = indicator_table().aliases.get(bare, bare)
    notes = (f"variant {bare}",) if canonical != bare else ()
    return Value("indicator", key=_slug(canonical), name=canonical, head=_head(canonical), notes=notes)


def _written_out(text: str, defined: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Write abbreviations out, and say which of them the report itself defines."""
    known = indicator_table().abbreviations
    notes: list[str] = []

    def long(match: re.Match[str]) -> str:
        if match[0] in defined:
            notes.append(f"{match[0]} as the report defines it")
            return defined[match[0]]
        return known.get(match[0], match[0])

    return _ACRONYM.sub(long, _BRACKETED.sub("", text)), tuple(dict.fromkeys(notes))


def _bare(name: str) -> str:
    """Take off what says when, where and how surely; a name that is nothing else stays."""
    table = indicator_table()
    if name in table.aliases:
        return name
    while True:
        skipped = table.before.match(name)
        shorter = table.after.sub("", name[skipped.end() :] if skipped else name).strip(_EDGES)
        if shorter == name or len(shorter) < 2:
            return name
        name = shorter
        if name in table.aliases:
            return name


def _head(name: str) -> str:
    """Return the longest head that a name begins with, its first word where the table has none."""
    table, words = indicator_table(), name.split(" ")
    for count in range(min(len(words), table.longest_head), 1, -1):
        head = " ".join(words[:count])
        if head in table.heads:
            return head
    return words[0]


def _slug(name: str) -> str:
    """Return a name with its words joined by hyphens; marks stay, `đất`, `đạt` and `đặt` are three things."""
    return "-".join(re.findall(r"[^\W_]+|%", name))
