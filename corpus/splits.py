"""Which report belongs to which split, with the hashes that freeze it: `splits.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.files import digest, read_text, write_text
from corpus.metadata import SPLITS
from ie.errors import FormatError, InputError

_HEAD = "# Report ids by split with the SHA-256 of their two files. Written by `python -m corpus add` and `freeze`.\n"


@dataclass(frozen=True)
class Frozen:
    """The hashes of one report: SHA-256 of its text and of its annotation, in hexadecimal."""

    id: str
    txt: str
    ann: str


Splits = dict[str, dict[str, Frozen]]
"""Frozen reports by split and id."""


def read(path: Path) -> Splits:
    """Return the splits of the file, all three empty when it is absent; FormatError when it is broken."""
    splits: Splits = {name: {} for name in SPLITS}
    if not path.is_file():
        return splits
    try:
        table = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"{path}: not TOML ({error}); mend it") from error
    for name, entries in table.items():
        if name not in SPLITS:
            raise FormatError(f"{path}: unknown split {name!r}; use one of {', '.join(SPLITS)}")
        splits[name] = {id: _frozen(id, entry, path) for id, entry in entries.items()}
    return splits


def _frozen(id: str, entry: object, path: Path) -> Frozen:
    if not isinstance(entry, dict) or set(entry) != {"txt", "ann"}:
        raise FormatError(f"{path}: {id} must be {{ txt = <hash>, ann = <hash> }}; run python -m corpus freeze {id}")
    return Frozen(id, entry["txt"], entry["ann"])


def write(path: Path, splits: Mapping[str, Mapping[str, Frozen]]) -> None:
    """Write the splits, ids sorted."""
    parts = [_HEAD]
    for name in SPLITS:
        parts.append(f"\n[{name}]\n")
        rows = sorted(splits.get(name, {}).values(), key=lambda frozen: frozen.id)
        parts += [f'{row.id} = {{ txt = "{row.txt}", ann = "{row.ann}" }}\n' for row in rows]
    write_text(path, "".join(parts))


def freeze(id: str, reports: Path) -> Frozen:
    """Return the hashes of a report as it stands on disk; InputError when one of its files is missing."""
    paths = {suffix: reports / f"{id}.{suffix}" for suffix in ("txt", "ann")}
    for path in paths.values():
        if not path.is_file():
            raise InputError(f"{path}: missing; a report is a .txt and an .ann of the same name")
    return Frozen(id, *(digest(path.read_bytes()) for path in paths.values()))


def ids(splits: Splits, split: str) -> list[str]:
    """Return the ids of a split in order of the file, of all splits for `all`; InputError for another name."""
    if split != "all" and split not in splits:
        raise InputError(f"unknown split {split!r}; use one of {', '.join(SPLITS)}, all")
    return [id for name in (SPLITS if split == "all" else (split,)) for id in splits[name]]


def corpus_hash(splits: Splits) -> str:
    """Return one SHA-256 over all frozen reports, for results that must say what they were measured on."""
    rows = sorted(f"{split} {f.id} {f.txt} {f.ann}\n" for split, entries in splits.items() for f in entries.values())
    return digest("".join(rows).encode())
