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
from functools import cache
from importlib import resources

from ie.document import Value
from ie.normalise.fold import CAPITALS, clean, fold, respell

MAX_LENGTH = 300
_EDGES = " .,;:*\"'“”-"
_BRACKETED = re.compile(rf" ?\([{CAPITALS}][{CAPITALS}&-]+\)")
_ACRONYM = re.compile(rf"(?<![\w-])[{CAPITALS}][{CAPITALS}&]*(?:-[{CAPITALS}]+)*(?![\w-])")
_DEFINED = re.compile(rf"((?:[^\W\d_]+[ -]+){{2,8}})\((?:viết tắt là |gọi tắt là )?([{CAPITALS}]{{2,8}})\)")


@dataclass(frozen=True)
class IndicatorTable:
    """indicators.toml and indicator_aliases.tsv, folded."""

    abbreviations: Mapping[str, str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    heads: tuple[str, ...]
    aliases: Mapping[str, str]


@cache
def indicator_table() -> IndicatorTable:
    """Return the words that names of indicators are read by."""
    folder = resources.files("ie.normalise")
    table = tomllib.loads(folder.joinpath("indicators.toml").read_text("utf-8"))
    rows = csv.DictReader(folder.joinpath("indicator_aliases.tsv").read_text("utf-8").splitlines(), delimiter="\t")
    return IndicatorTable(
        abbreviations=table["abbreviations"],
        before=re.compile(rf"(?:{'|'.join(table['drop']['before'])}) "),
        after=re.compile(rf" ?(?<!\w)(?:{'|'.join(table['drop']['after'])})$"),
        heads=tuple(sorted(map(fold, table["heads"]["words"]), key=len, reverse=True)),
        aliases={fold(row["variant"]): fold(row["indicator"]) for row in rows},
    )


def definitions(text: str) -> dict[str, str]:
    """Return the abbreviations that a report defines, `ngân sách nhà nước (NSNN)`: the initials must agree."""
    found: dict[str, str] = {}
    for match in _DEFINED.finditer(clean(text)):
        words = re.split(r"[ -]+", match[1].strip())
        short = match[2]
        named = words[-len(short) :]
        if len(named) == len(short) and "".join(word[0] for word in named).upper() == short:
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
    bare = _bare(fold(name))
    canonical = indicator_table().aliases.get(bare, bare)
    if canonical != bare:
        notes += (f"variant {bare}",)
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
    found = (head for head in indicator_table().heads if name == head or name.startswith(head + " "))
    return next(found, name.split(" ")[0])


def _slug(name: str) -> str:
    """Return a name with its words joined by hyphens; marks stay, `đất`, `đạt` and `đặt` are three things."""
    return "-".join(re.findall(r"[^\W_]+|%", name))
