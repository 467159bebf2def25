"""The formats by name, and the conversion between them and folders of brat files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import metadata
from corpus.convert import cas, conll, docbin, inline, label_studio, tagged
from corpus.convert.limits import Limit, losses
from corpus.files import read_bytes, read_text
from corpus.folder import Folder
from ie import brat
from ie.document import Document
from ie.errors import FormatError, InputError


@dataclass(frozen=True)
class Format:
    """A format of another tool.

    `read` takes the file and the folder of raw texts, which some formats need; `write` is None where there is only the
    way in. `one_each` formats have a file for each document, the others one for all.
    """

    name: str
    suffix: str
    read: Callable[[Path, Path], list[Document]]
    write: Callable[[Sequence[Document]], bytes] | None = None
    limits: tuple[Limit, ...] = ()
    one_each: bool = False


@dataclass(frozen=True)
class Converted:
    """The documents converted, by name, and a line for each that lost something."""

    names: tuple[str, ...]
    lost: tuple[str, ...] = ()


def _read_label_studio(path: Path, _texts: Path) -> list[Document]:
    return label_studio.read(read_text(path), where=str(path))


def _read_inception(path: Path, _texts: Path) -> list[Document]:
    return cas.read(read_bytes(path), where=str(path))


def _read_docbin(path: Path, _texts: Path) -> list[Document]:
    return docbin.read(read_bytes(path), where=str(path))


def _read_conll(path: Path, _texts: Path) -> list[Document]:
    return conll.read(read_text(path), where=str(path))


def _read_markup(path: Path, texts: Path) -> list[Document]:
    raw = texts / f"{path.stem}.txt"
    return inline.read(read_text(path), name=path.stem, text=read_text(raw) if raw.is_file() else None)


def _read_tagged(path: Path, texts: Path) -> list[Document]:
    return tagged.read(path, texts=texts)


def _write_label_studio(documents: Sequence[Document]) -> bytes:
    return label_studio.write(documents).encode("utf-8")


def _write_conll(documents: Sequence[Document]) -> bytes:
    return conll.write(documents).encode("utf-8")


def _write_markup(documents: Sequence[Document]) -> bytes:
    return inline.write(documents).encode("utf-8")


_KNOWN = (
    Format("label-studio", ".json", _read_label_studio, _write_label_studio, label_studio.LIMITS),
    Format("inception", ".zip", _read_inception, cas.write, cas.LIMITS),
    Format("docbin", ".spacy", _read_docbin, docbin.write, docbin.LIMITS),
    Format("conll", ".conll", _read_conll, _write_conll, conll.LIMITS),
    Format("markup", ".inl", _read_markup, _write_markup, inline.LIMITS, one_each=True),
    Format("tagged", ".jsonl", _read_tagged),
)

FORMATS = {made.name: made for made in _KNOWN}
"""Every format by the name that `--format` takes."""


def convert(source: Path, target: Path, *, format: str, texts: Path | None = None) -> Converted:
    """Export a folder of brat files (or one `.ann`) into `target`, or import a file of the format into that folder.

    `texts` is the folder of raw texts for formats without the text, by default the one of `source`. Raises InputError
    for an unknown format or an empty source, FormatError with the first thing that is wrong in a file.
    """
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; use one of {', '.join(FORMATS)}")
    chosen = FORMATS[format]
    if _is_brat(source):
        return _export(source, target, chosen)
    return _import(source, target, chosen, texts or (source if source.is_dir() else source.parent))


def _is_brat(source: Path) -> bool:
    if not source.exists():
        raise InputError(f"{source}: missing; give a folder of brat files, an .ann, or a file of the format")
    return source.suffix in (".ann", ".txt") or (source.is_dir() and any(source.glob("*.ann")))


def _export(source: Path, target: Path, chosen: Format) -> Converted:
    if chosen.write is None:
        raise InputError(f"format {chosen.name} can only be imported; give a file that ie tag wrote")
    documents = read_folder(source)
    if chosen.one_each:
        target.mkdir(parents=True, exist_ok=True)
        for document in documents:
            (target / f"{document.name}{chosen.suffix}").write_bytes(chosen.write([document]))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(chosen.write(documents))
    named = ((document.name, losses(document, chosen.limits)) for document in documents)
    lost = tuple(f"{name}: {chosen.name} cannot hold {', '.join(found)}" for name, found in named if found)
    return Converted(tuple(document.name for document in documents), lost)


def read_folder(source: Path) -> list[Document]:
    """Return the brat documents of a folder, or the one of an `.ann`, with their metadata where it stands above."""
    paths = sorted(source.glob("*.ann")) if source.is_dir() else [source]
    above = (source if source.is_dir() else source.parent).parent
    records = metadata.read(Folder(above).metadata)
    documents = [brat.read(path) for path in paths]
    return [replace(d, meta=records[d.name].as_meta()) if d.name in records else d for d in documents]


def _import(source: Path, target: Path, chosen: Format, texts: Path) -> Converted:
    paths = sorted(source.glob(f"*{chosen.suffix}")) if source.is_dir() else [source]
    documents = [document for path in paths for document in chosen.read(path, texts)]
    if not documents:
        raise InputError(f"{source}: holds no {chosen.name} document")
    for document in documents:
        _check_target(document, target)
    target.mkdir(parents=True, exist_ok=True)
    for document in documents:
        brat.write(document, target)
    return Converted(tuple(document.name for document in documents))


def _check_target(document: Document, target: Path) -> None:
    """Refuse a name that leaves the folder and a text that would replace another one."""
    if Path(document.name).name != document.name or not document.name:
        raise FormatError(f"document name {document.name!r} is no file name; rename it")
    path = target / f"{document.name}.txt"
    if path.is_file() and read_text(path) != document.text:
        raise FormatError(f"{path}: holds another text than the imported one; import into an empty folder")
