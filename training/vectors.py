"""Train floret vectors on plain text and make a table that `[initialize] vectors` takes.

floret (https://github.com/explosion/floret) hashes words and pieces of words into one small table, so every word has a
vector, misspelt and unseen ones too. The words are the norms of our tokens: lower-case, tone marks placed one way,
numbers as their pattern.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.training.initialize import convert_vectors

from ie.errors import IEError, InputError
from ie.features import norm
from ie.tokenizer import pieces
from training.pretrain import lines

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


def train_vectors(texts: Iterable[Path], out: Path, *, settings: Settings, characters: int = 0) -> int:
    """Train vectors on the lines of files and folders, write a spaCy vocabulary to `out`, return the number of lines.

    With `characters` no more than so many are read. One thread trains, so the same text gives the same vectors.
    Raises MissingFloretError without `floret`, InputError when there is no text.
    """
    try:
        import floret
    except ImportError as error:
        raise MissingFloretError("vectors need the package floret; pip install floret") from error
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        plain, table = Path(folder) / "text.txt", Path(folder) / "table.floret"
        count = _write(plain, texts, characters)
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
        _to_spacy(table, out)
    return count


def _write(target: Path, texts: Iterable[Path], characters: int) -> int:
    """Write the text as floret reads it, one paragraph a line, tokens apart; return the number of lines."""
    count = 0
    with target.open("w", encoding="utf-8") as stream:
        for line in _limited(lines(texts), characters):
            stream.write(" ".join(norm(piece) for piece in pieces(line) if not piece.isspace()) + "\n")
            count += 1
    if not count:
        raise InputError(f"no text in {', '.join(map(str, texts))}; give files or folders of plain text")
    logger.info("%d lines read", count)
    return count


def _limited(texts: Iterator[str], characters: int) -> Iterator[str]:
    read = 0
    for line in texts:
        yield line
        read += len(line)
        if characters and read >= characters:
            return


def _to_spacy(table: Path, out: Path) -> None:
    nlp = spacy.blank("xx")
    convert_vectors(nlp, table, truncate=-1, prune=-1, mode="floret")
    nlp.to_disk(out)
