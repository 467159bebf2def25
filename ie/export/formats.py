"""The formats that tagged documents are written in, by name and by suffix."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ie import brat
from ie.document import Document
from ie.errors import InputError
from ie.export import brat_conf, duck, html, label_studio, sqlite, tabular, web
from ie.export.files import Names, file, folder


@dataclass(frozen=True)
class Format:
    """A format: `write` takes documents one after the other and returns how many there were."""

    name: str
    what: str
    write: Callable[[Iterable[Document], Path], int]
    suffixes: tuple[str, ...] = ()


def _write_brat(documents: Iterable[Document], target: Path) -> int:
    """Write `<name>.txt` and `<name>.ann` with brat's configuration into the folder `target`."""
    names, count = Names(), 0
    with folder(target) as part:
        for document in documents:
            count += 1
            brat.write(replace(document, name=names.name(document.name)), part)
        (part / "annotation.conf").write_text(brat_conf.annotation_conf(), encoding="utf-8")
        (part / "visual.conf").write_text(brat_conf.visual_conf(), encoding="utf-8")
    return count


def _write_label_studio(documents: Iterable[Document], target: Path) -> int:
    """Write one list of tasks, and the labelling interface beside it."""
    interface = target.with_suffix(".xml")
    if interface == target:
        raise InputError(f"{target}: the labelling interface goes there; name the tasks {target.with_suffix('.json')}")
    count = 0
    with file(target) as part, part.open("w", encoding="utf-8") as stream:
        stream.write("[\n")
        for document in documents:
            stream.write(",\n" if count else "")
            stream.write(label_studio.task(document))
            count += 1
        stream.write("\n]\n")
    if target.is_file():  # beside a pipe or device is no place for a file
        with file(interface) as part:
            part.write_text(label_studio.config(), encoding="utf-8")
    return count


def _write_html(documents: Iterable[Document], target: Path) -> int:
    held = list(documents)
    with file(target) as part:
        part.write_text(html.page(held), encoding="utf-8")
    return len(held)


_KNOWN = (
    Format("csv", "folder of CSV files, one a table, with the data dictionary", tabular.write_csv),
    Format("parquet", "folder of Parquet files, one a table, with the data dictionary", tabular.write_parquet),
    Format("sqlite", "one SQLite file with all tables", sqlite.write, (".sqlite", ".sqlite3", ".db")),
    Format("duckdb", "one DuckDB file with all tables", duck.write, (".duckdb",)),
    Format("brat", "folder of .txt and .ann with brat's configuration", _write_brat),
    Format("label-studio", "Label Studio tasks, with the interface as .xml", _write_label_studio, (".json",)),
    Format("web-annotation", "folder of W3C Web Annotation pages (.jsonld) with their texts", web.write),
    Format("html", "one self-contained page", _write_html, (".html", ".htm")),
)

FORMATS = {made.name: made for made in _KNOWN}
"""Every format by the name that `--to` takes."""


def chosen(target: Path, name: str | None) -> Format:
    """Return the format of this name, or by the target's suffix; InputError naming all when neither tells."""
    if name:
        if name not in FORMATS:
            raise InputError(f"no format {name!r}; use one of {', '.join(FORMATS)}")
        return FORMATS[name]
    for made in _KNOWN:
        if target.suffix.lower() in made.suffixes:
            return made
    raise InputError(f"{target}: the suffix names no format; say --to with one of {', '.join(FORMATS)}")
