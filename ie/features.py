"""What the model sees of a token: six hashed features, worked out from the text alone.

Columns: norm, bare form (no tone marks), shape, underthesea word, position (in the word and after what white space),
lexicon (known place names and units). They are embedding inputs, never rules on the output.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from murmurhash.mrmr import hash_unicode
from spacy.tokens import Doc

from ie import tokens
from ie.tokenizer import word_starts

FEATURES_KEY = "ie_features"
COLUMNS = ("norm", "bare", "shape", "word", "position", "lexicon")
Name = tuple[str, ...]

_OLD_TONE = re.compile(r"(?<!q)(o[àáảãạ]|o[èéẻẽẹ]|u[ỳýỷỹỵ])$")
_MARK_SHIFT = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


def _hash(text: str) -> int:
    return hash_unicode(text) & 0xFFFFFFFF  # type: ignore[no-any-return]


@lru_cache(maxsize=50_000)
def norm(word: str) -> str:
    """Return the word lower-case, composed, with tone marks placed the new way; numbers become their pattern."""
    if word[0].isdigit():
        return _number_pattern(word)
    if word.isspace():
        return "\n" if "\n" in word else " "
    plain = unicodedata.normalize("NFC", word).lower().replace("ð", "đ").replace("\u00ad", "")
    return _OLD_TONE.sub(lambda match: _MARK_SHIFT[match.group()], plain)


def _number_pattern(word: str) -> str:
    if len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20"):
        return "<year>"
    if word.isdecimal() and len(word) <= 2:
        return f"<0{len(word)}>" if word[0] == "0" else f"<{word if int(word) <= 31 else 'dd'}>"
    return "<" + re.sub(r"\d+", lambda match: "d" * min(len(match.group()), 4), word) + ">"


def bare(word: str) -> str:
    """Return a norm without its diacritics, `đ` as `d`."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def shape(word: str) -> str:
    """Return the case pattern of letters, the length pattern of numbers, the mark itself for punctuation."""
    if word[0].isdigit():
        return re.sub(r"\d", "d", word)[:9]
    if not word[0].isalpha():
        return word[:3]
    if word.isupper():
        return "X" * min(len(word), 4)
    return ("X" if word[0].isupper() else "") + ("x" if word[-1].islower() else "M")


@lru_cache(maxsize=50_000)
def _row(word: str) -> bytes:
    """Return the three hashes of the features that depend on the token alone, as they stand in a table."""
    plain = norm(word)
    return np.array([_hash(plain), _hash(bare(plain)), _hash(shape(word))], dtype=np.uint64).tobytes()


@lru_cache(maxsize=50_000)
def _word_hash(parts: Name) -> int:
    return _hash("_".join(parts))


class Lexicon:
    """Known names, longest match first, over the norms of a text."""

    def __init__(self, entries: Iterable[tuple[Name, str, bool]]) -> None:
        self._names: dict[Name, tuple[str, bool]] = {}
        # By the first two words of a name, "" for the second of a name of one: most words open no name.
        self._sizes: dict[str, dict[str, list[int]]] = {}
        for name, tag, capital in entries:
            self._names[name] = (tag, capital)
            sizes = self._sizes.setdefault(name[0], {}).setdefault(name[1] if len(name) > 1 else "", [])
            if len(name) not in sizes:
                sizes.append(len(name))
                sizes.sort(reverse=True)

    def tag(self, words: Sequence[str], norms: Sequence[str]) -> list[str]:
        """Return `B-x` and `I-x` for tokens of known names, "" for the others."""
        tags = [""] * len(norms)
        free = 0
        for index, (first, second) in enumerate(zip(norms, [*norms, ""][1:], strict=True)):
            opened = self._sizes.get(first)
            if opened is None or index < free:
                continue
            for size in (*opened.get(second, ()), *opened.get("", ())):
                name = tuple(norms[index : index + size])
                found = self._names.get(name) if len(name) == size else None
                if found and (not found[1] or words[index][0].isupper()):
                    tags[index] = "B-" + found[0]
                    tags[index + 1 : index + size] = ["I-" + found[0]] * (size - 1)
                    free = index + size
                    break
        return tags


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of places (`places.tsv`, `regions.tsv`) and units (`units.toml`)."""
    return Lexicon([*_units(), *_places()])


def _places() -> Iterable[tuple[Name, str, bool]]:
    from ie.tokenizer import pieces

    for file in ("places.tsv", "regions.tsv"):
        for line in (resources.files("ie.lexicon") / file).read_text("utf-8").splitlines():
            name, levels = line.split("\t")
            yield tuple(norm(piece) for piece in pieces(name) if not piece.isspace()), levels, True


def _units() -> Iterable[tuple[Name, str, bool]]:
    from ie.tokenizer import pieces

    table = tomllib.loads((resources.files("ie.normalise") / "units.toml").read_text("utf-8"))
    measured = [form for unit in table["units"] for form in unit["forms"]]
    for tag, forms in (("N", table["counters"]["forms"]), ("S", table["scales"]), ("U", measured)):
        for form in forms:
            yield tuple(norm(piece) for piece in pieces(form) if not piece.isspace()), tag, False


@cache
def _lexicon_hash(tag: str) -> int:
    return _hash("lex:" + tag)


def features(doc: Doc) -> np.ndarray:
    """Return a `(tokens, 6)` array of uint64 ids, one column a feature of `COLUMNS`."""
    known = doc.user_data.get(FEATURES_KEY)
    if known is not None and len(known) == len(doc):
        return known  # type: ignore[no-any-return]
    doc.user_data[FEATURES_KEY] = table = _features(doc)
    return table


def _features(doc: Doc) -> np.ndarray:
    words = tokens.words(doc)
    norms = [norm(word) for word in words]
    table = np.empty((len(words), len(COLUMNS)), dtype=np.uint64)
    if not words:
        return table
    table[:, :3] = np.frombuffer(b"".join(map(_row, words)), dtype=np.uint64).reshape(-1, 3)
    starts = word_starts(doc)
    heads = np.flatnonzero(starts).tolist()
    bounds = [*heads[1:], len(words)]
    if heads and heads[0] != 0:
        heads, bounds = [0, *heads], [heads[0], *bounds]
    sizes = np.subtract(bounds, heads)
    table[:, 3] = np.repeat(
        [_word_hash(tuple(norms[head:end])) for head, end in zip(heads, bounds, strict=True)], sizes
    )
    table[:, 4] = _positions(norms, tokens.blanks(doc), np.array(heads), sizes)
    table[:, 5] = [_lexicon_hash(tag) for tag in lexicon().tag(words, norms)]
    return table


def _positions(norms: Sequence[str], blanks: Sequence[bool], heads: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return where each token stands: inside its word, alone, right after the one before, at the start of a line."""
    inside = np.ones(len(norms), dtype=np.uint64)
    inside[heads] = 0
    alone = np.repeat(sizes == 1, sizes)
    tight = ~np.array([True, *blanks[:-1]])
    line = np.array(["\n", *norms[:-1]]) == "\n"
    return 1 + inside + 2 * alone + 4 * tight + 8 * line  # type: ignore[no-any-return]
