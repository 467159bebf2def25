"""The name of a project taken apart: kind, code, and a key that its spellings share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ie.normalise.fold import clean, fold

_EDGES = " .,;:-–*\"'“”()"
_CODE = re.compile(
    r"[,(]?\s*mã(?: số)?(?: dự án)?\s*:?\s*([0-9]{6,9}|[0-9]{1,3}(?:\.[0-9]{3}){2}|[0-9]{3}\.[0-9]{4})\)?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:số )?([0-9]{1,3}|[ivx]{1,5})(?=$|[ :.,])")


@dataclass(frozen=True)
class ProjectName:
    """A project's name: `kind` (None without head word), `name` without it as written, `core` folded to compare by.

    `core` has abbreviations written out, no words of building before it and no code. `number` is set where the name is
    little more than a number (`Tiểu dự án 2`), which tells nothing without the project above.
    """

    kind: str | None
    name: str
    core: str
    code: str | None = None
    number: str | None = None


@cache
def words() -> Mapping[str, Any]:
    """Return the words of projects (`projects.toml`), read once."""
    return tomllib.loads(resources.files("ie.normalise").joinpath("projects.toml").read_text("utf-8"))


def read_name(text: str, *, defined: Mapping[str, str] | None = None) -> ProjectName:
    """Take a PROJECT span apart; `defined` are abbreviations that the report itself explains."""
    plain = clean(text)
    code = read_code(plain)
    kind, name = _split(_CODE.sub("", plain).strip(_EDGES))
    name = name.strip(_EDGES)
    core = _core(name, defined or {})
    number = _NUMBERED.match(core) if kind in words()["numbered"]["kinds"] else None
    return ProjectName(kind, name or plain, core, code, number[1] if number else None)


def read_code(text: str) -> str | None:
    """Return the digits of a project code (`mã 7501877`), None without one."""
    match = _CODE.search(clean(text))
    return match[1].replace(".", "") if match else None


def _split(text: str) -> tuple[str | None, str]:
    folded = fold(text)
    for form, kind in words()["kinds"].items():
        rest = text[len(form) :]
        if len(folded) == len(text) and folded.startswith(form) and not rest[:1].isalpha():
            return kind, rest
    return None, text


@cache
def _leading() -> tuple[str, ...]:
    """Return the words of building that a name may begin with, longest first."""
    return tuple(sorted(words()["leading"]["words"], key=len, reverse=True))


def _core(name: str, defined: Mapping[str, str]) -> str:
    known: dict[str, str] = words()["abbreviations"]
    short = known | {fold(key): value for key, value in defined.items()} if defined else known
    plain = " ".join(short.get(word.strip(","), word) for word in fold(name).split())
    plain = re.sub(r"[\"'“”()*]", "", plain)
    plain = re.sub(r"\s*[-–]\s*", "-", plain)
    for lead in _leading():
        if plain.startswith(f"{lead} ") and len(plain) > len(lead) + 6:
            return plain[len(lead) + 1 :].strip(_EDGES)
    return plain.strip(_EDGES)


def is_short_for(short: str, long: str) -> bool:
    """Tell whether one core is the other without its place, section or years; both are folded."""
    if len(short.split()) < 2 or (not long.startswith(f"{short} ") and not long.startswith(f"{short},")):
        return False
    rest = long[len(short) :].strip(" ,")
    return any(rest.startswith(word) for word in words()["locators"]["words"])
