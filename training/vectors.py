"""Train floret vectors on plain text and make a table that `[initialize] vectors` takes.

floret (https://github.com/explosion/floret) hashes words and pieces of words into one small table, so every word has a
vector, misspelt and unseen ones too. The words are the norms of our tokens: lower-case, tone marks placed one way,
numbers as their pattern.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.training.initialize import convert_vectors

from ie.errors import IEError, InputError
from ie.features import norm
from ie.tokenizer import pieces
from training.pretrain import lines

META = "static_vectors"
"""Key of `meta.json` under which vectors, and a pipeline that holds them, say what they were trained on."""

logger = logging.getLogger("training")


class MissingFloretError(IEError, ImportError):
    """The package `floret` is not installed."""


@dataclass(frozen=True)
class Settings:
    """Size and course of the training: `rows` of the table, `width` of a vector, lengths of the pieces of a word."""

    width: int = 64
    rows: int = 25_000
    hashes: int = 2
    shortest: int = 2
    longest: int = 5
    window: int = 5
    epochs: int = 1
    least: int = 5


def train_vectors(texts: Sequence[Path], out: Path, *, settings: Settings, characters: int = 0) -> int:
    """Train vectors on the lines of files and folders, write a spaCy vocabulary to `out`, return the number of lines.

    With `characters` no more than so many are read. One thread trains, so the same text gives the same vectors. The
    `meta.json` of the vocabulary keeps what they were trained on, without the text and its folders.
    Raises MissingFloretError without `floret`, InputError when there is no text.
    """
    try:
        import floret
    except ImportError as error:
        raise MissingFloretError("vectors need the package floret; pip install floret") from error
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        plain, table = Path(folder) / "text.txt", Path(folder) / "table.floret"
        count, read = _write(plain, texts, characters)
        model = floret.train_unsupervised(
            str(plain),
            model="cbow",
            mode="floret",
            hashCount=settings.hashes,
            bucket=settings.rows,
            minn=settings.shortest,
            maxn=settings.longest,
            minCount=settings.least,
            dim=settings.width,
            ws=settings.window,
            epoch=settings.epochs,
            thread=1,
            verbose=0,
        )
        model.save_floret_vectors(str(table))
        names = [text.name for text in texts]
        made = {"tool": f"floret {version('floret')}", "texts": names, "lines": count, "characters": read}
        _to_spacy(table, out, made | {"rows": settings.rows, "width": settings.width})
    return count


def trained_on(vectors: Path) -> dict[str, Any]:
    """Return what vectors were trained on; InputError when the folder is no vocabulary or pipeline with vectors."""
    meta = vectors / "meta.json"
    if not meta.is_file():
        raise InputError(f"{vectors}: no meta.json; give a folder that `python -m training vectors` made")
    held: dict[str, Any] = srsly.read_json(meta)
    if not held.get("vectors", {}).get("vectors"):
        raise InputError(f"{vectors}: holds no vectors; give a folder that `python -m training vectors` made")
    return held.get(META) or {"tool": "a tool that left no note", "rows": held["vectors"]["vectors"]}


def _write(target: Path, texts: Sequence[Path], characters: int) -> tuple[int, int]:
    """Write the text as floret reads it, one paragraph a line, tokens apart; return how many lines and characters."""
    count = read = 0
    with target.open("w", encoding="utf-8") as stream:
        for line in _limited(lines(texts), characters):
            stream.write(" ".join(norm(piece) for piece in pieces(line) if not piece.isspace()) + "\n")
            count, read = count + 1, read + len(line)
    if not count:
        raise InputError(f"no text in {', '.join(map(str, texts))}; give files or folders of plain text")
    logger.info("%d lines read", count)
    return count, read


def _limited(texts: Iterator[str], characters: int) -> Iterator[str]:
    read = 0
    for line in texts:
        yield line
        read += len(line)
        if characters and read >= characters:
            return


def _to_spacy(table: Path, out: Path, made: dict[str, Any]) -> None:
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "ie.underthesea.v1"}}})
    nlp.meta[META] = made
    convert_vectors(nlp, table, truncate=-1, prune=-1, mode="floret")
    nlp.to_disk(out)
