"""Names of places to a key that does not depend on abbreviation, case of the type word, or spelling."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from ie.document import Value
from ie.normalise.fold import clean, fold, fold_once, respell

MAX_LENGTH = 1000
_EDGES = " .,;:*\"'“”"


@dataclass(frozen=True)
class _Table:
    """places.toml: type words by first letter, `(surface form folded, type word)`, longest first; whole names."""

    forms: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]


@cache
def _table() -> _Table:
    table = tomllib.loads(resources.files("ie.normalise").joinpath("places.toml").read_text("utf-8"))
    kinds = {form: kind for kind, short in table["types"].items() for form in (kind, *short)}
    forms: dict[str, dict[str, str]] = {}
    for form in sorted(kinds, key=len, reverse=True):
        folded = fold(form)
        forms.setdefault(folded[0], {})[folded] = kinds[form]
    return _Table(forms, {fold(name): key for name, key in table["names"].items()})


def parse_place(text: str) -> Value | None:
    """Return the key of a PLACE: type word written out, lower-case, then the name (`thành phố Sơn La`).

    `dimension` is the type word where there is one. None when no letter or digit stands in the text.
    """
    parts = split_place(text)
    if parts is None:
        return None
    kind, name = parts
    return Value("place", key=f"{kind} {_cased(name)}" if kind else _cased(name), dimension=kind)


@lru_cache(maxsize=20_000)
def split_place(text: str) -> tuple[str | None, str] | None:
    """Split a PLACE into its type word written out (None without one) and its name; None when it says nothing."""
    plain = respell(clean(text)).strip(_EDGES)
    if not _says_something(plain):
        return None
    folded = fold_once(plain)
    named = _table().names.get(folded)
    return _split(named, fold_once(named)) if named else _split(plain, folded)


def place_types() -> tuple[str, ...]:
    """Return the type words of places written out, longer ones first."""
    kinds = {kind for forms in _table().forms.values() for kind in forms.values()}
    return tuple(sorted(kinds, key=_shortness))


def _shortness(word: str) -> int:
    return -len(word)


def _says_something(text: str) -> bool:
    return len(text) <= MAX_LENGTH and any(char.isalnum() for char in text)


def _split(text: str, folded: str) -> tuple[str | None, str]:
    """Split the type word off; one without its dot or blank needs a capital or digit after it (`TPVinh`, `QL18`)."""
    if len(folded) != len(text):
        return None, text
    for form, kind in _table().forms.get(folded[:1], {}).items():
        if not folded.startswith(form):
            continue
        rest = text[len(form) :]
        if not rest.strip(" ."):
            continue
        glued = form.endswith(".") or (rest[0].isdigit() if len(form) < 4 else rest[0].isupper() and text[0].islower())
        if rest[0] in " ." or glued:
            return kind, rest.strip(" .")
    return None, text


def _cased(name: str) -> str:
    """Return a name set in capitals with one capital a word; acronyms and other names stay."""
    if name.isupper() and len(name) > 5 and not any(char.isdigit() for char in name):
        return name.title()
    return name
