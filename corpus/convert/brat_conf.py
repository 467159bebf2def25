"""brat's `annotation.conf` and `visual.conf`, made from the schema so that the corpus opens in brat."""

from __future__ import annotations

from pathlib import Path

from corpus.files import refresh, stale
from corpus.folder import HOME
from ie.export import brat_conf as conf

_HEAD = "# Made from ie/schema.toml by `python -m corpus brat-conf`; change the schema, not this file.\n"


def files(*, root: Path = HOME) -> list[tuple[Path, str]]:
    """Return the two files with the content they should hold; brat finds them in the folder above the reports."""
    return [(root / "annotation.conf", annotation_conf()), (root / "visual.conf", visual_conf())]


def write(*, root: Path = HOME) -> list[Path]:
    """Write both files and return the paths that changed."""
    return refresh(files(root=root))


def stale_conf(*, root: Path = HOME) -> list[Path]:
    """Return the files that are missing or differ from the schema."""
    return stale(files(root=root))


def annotation_conf() -> str:
    """Return labels, relation signatures and attributes in brat's form, with where they come from."""
    return f"{_HEAD}\n{conf.annotation_conf()}"


def visual_conf() -> str:
    """Return labels and colours in brat's form, with where they come from."""
    return f"{_HEAD}\n{conf.visual_conf()}"
