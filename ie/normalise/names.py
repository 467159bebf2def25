"""Names of places and projects to a key that does not depend on abbreviation, case of the type word, or spelling."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

from ie.document import Value
from ie.normalise.fold import clean, fold, respell

MAX_LENGTH = 1000
_EDGES = " .,;:*\"'“”"


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Return the type words by surface form, longest first, and the whole names that have a key of their own."""
    table = tomllib.loads(resources.files("ie.normalise").joinpath("places.toml").read_text("utf-8"))
    forms = {form: kind for kind, short in table["types"].items() for form in (kind, *short)}
    longest = sorted(forms, key=len, reverse=True)
    return {fold(form): forms[form] for form in longest}, {fold(name): key for name, key in table["names"].items()}


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
    forms, names = _table()
    return _split(names.get(fold(plain), plain), forms)


def place_types() -> tuple[str, ...]:
    """Return the type words of places written out, longer ones first."""
    return tuple(sorted(set(_table()[0].values()), key=_shortness))


def _shortness(word: str) -> int:
    return -len(word)


def parse_project(text: str) -> Value | None:
    """Return the key of a PROJECT: its whole name folded, without quotes."""
    key = re.sub(r"[\"“”*]", "", fold(text)).strip(_EDGES)
    return Value("project", key=" ".join(key.split())) if _says_something(key) else None


def _says_something(text: str) -> bool:
    return len(text) <= MAX_LENGTH and any(char.isalnum() for char in text)


def _split(text: str, forms: dict[str, str]) -> tuple[str | None, str]:
    """Split the type word off; one without its dot or blank needs a capital or digit after it (`TPVinh`, `QL18`)."""
    folded = fold(text)
    if len(folded) != len(text):
        return None, text
    for form, kind in forms.items():
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
