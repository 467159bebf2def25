"""Builds the golden documents of `plan.toml` into `tests/golden` with a manifest of what each must give."""

from __future__ import annotations

import json
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus import splits
from corpus.files import pretty_json
from corpus.folder import HOME, Folder
from corpus.golden import office
from corpus.golden.encodings import cp1258, legacy, viqr, windows_1252
from corpus.golden.fodt import Look, flat_odt
from corpus.golden.text import Text, cut
from corpus.golden.web import page
from ie.errors import InputError

PLAN = Path(__file__).with_name("plan.toml")
GOLDEN = HOME.parent / "tests" / "golden"
SPLITS = ("train", "dev")
"""Splits that golden documents may come from."""
Texts = Mapping[str, Text]
Maker = Callable[[Texts], dict[str, bytes]]


def read_plan() -> dict[str, Any]:
    """Return the plan."""
    return tomllib.loads(PLAN.read_text("utf-8"))


def texts(plan: Mapping[str, Any], *, root: Path = HOME) -> dict[str, Text]:
    """Return the texts of the plan; InputError when one comes from another split than train and dev."""
    folder = Folder(root)
    known = splits.read(folder.splits)
    allowed = {id for split in SPLITS for id in splits.ids(known, split)}
    head = tuple(tuple(plan["letterhead"][side]) for side in ("left", "right"))
    found = {}
    for name, wanted in plan["texts"].items():
        if wanted["report"] not in allowed:
            raise InputError(
                f"{PLAN.name}: {name} uses {wanted['report']}; use reports of {' and '.join(SPLITS)} alone"
            )
        report = (folder.reports / f"{wanted['report']}.txt").read_text("utf-8")
        letterhead = head if wanted.get("letterhead") else ()
        found[name] = cut(report, first=wanted["first"], size=wanted["size"], letterhead=letterhead)
    return found


def build(target: Path = GOLDEN, *, kinds: Sequence[str] = ()) -> list[Path]:
    """Write the files of the given kinds (all by default) and the manifest of all; return the paths written."""
    plan = read_plan()
    known = texts(plan)
    target.mkdir(parents=True, exist_ok=True)
    written, entries = [], []
    for kind, names in plan["formats"].items():
        suffix, make = MAKERS[kind]
        files = {name: target / f"{name}{'' if kind == suffix else f'-{kind}'}.{suffix}" for name in names}
        entries += [{"file": file.name, "text": name, "kind": kind} for name, file in files.items()]
        if kinds and kind not in kinds:
            continue
        for name, data in make({name: known[name] for name in names}).items():
            files[name].write_bytes(data)
            written.append(files[name])
    manifest = {"texts": {name: _told(text) for name, text in known.items()}, "files": entries}
    (target / "manifest.json").write_text(pretty_json(manifest), "utf-8")
    return written


def _told(text: Text) -> dict[str, Any]:
    """Return what reading a document of this text must give."""
    notes = [[note.mark, note.text] for block in text.blocks for note in block.notes]
    rows = [block.text for block in text.blocks if block.cells]
    return {"plain": text.plain(), "running": text.running(), "notes": notes, "rows": rows}


def read_manifest(folder: Path = GOLDEN) -> dict[str, Any]:
    """Return the manifest: `texts` by name and `files` with their text and kind."""
    return json.loads((folder / "manifest.json").read_text("utf-8"))  # type: ignore[no-any-return]


def _each(make: Callable[[Text], bytes]) -> Maker:
    def made(known: Texts) -> dict[str, bytes]:
        return {name: make(text) for name, text in known.items()}

    return made


def _by_office(suffix: str, look: Look | None = None, *, encoding: str = "") -> Maker:
    def made(known: Texts) -> dict[str, bytes]:
        flat = {name: flat_odt(text, look or Look()) for name, text in known.items()}
        if encoding:
            flat = {name: legacy(source, encoding) for name, source in flat.items()}
        return office.convert({name: source.encode() for name, source in flat.items()}, suffix)

    return made


def _scanned(look: Look) -> Maker:
    def made(known: Texts) -> dict[str, bytes]:
        printed = _by_office("pdf", look)(known)
        return {name: office.scanned(data, seed=at) for at, (name, data) in enumerate(printed.items())}

    return made


def _plain(encoding: str) -> Maker:
    def made(text: Text) -> bytes:
        return text.plain().encode(encoding)

    return _each(made)


def _legacy(encoding: str) -> Maker:
    def made(text: Text) -> bytes:
        return windows_1252(legacy(text.plain(), encoding))

    return _each(made)


def _invisible(text: Text) -> bytes:
    """Return plain text with zero-width spaces and soft hyphens in it, and `Ð` for `Đ`."""
    plain = text.plain().replace("Đ", "Ð")
    return "".join(c + "\u200b\u00ad"[i % 2] * (c.isalpha() and i % 9 == 0) for i, c in enumerate(plain)).encode()


def _old_page(text: Text) -> bytes:
    return legacy(page(text, font=".VnTime"), "tcvn3").encode()


MAKERS: dict[str, tuple[str, Maker]] = {
    **{suffix: (suffix, _by_office(suffix)) for suffix in ("docx", "odt", "doc")},
    "rtf": ("rtf", _by_office("rtf", Look(typed=True))),
    "pdf": ("pdf", _by_office("pdf", Look(head=""))),
    "long": ("pdf", _by_office("pdf")),
    "landscape": ("pdf", _by_office("pdf", Look(head="", landscape=True))),
    "ruled": ("pdf", _by_office("pdf", Look(head="", ruled=True))),
    "torn": ("pdf", _by_office("pdf", Look(ruled=True, landscape=True, page=(9.0, 16.0)))),
    "torn-plain": ("pdf", _by_office("pdf", Look(landscape=True, page=(9.0, 16.0)))),
    "ruled-landscape": ("pdf", _by_office("pdf", Look(ruled=True, landscape=True, page=(14.8, 21.0)))),
    "scan": ("pdf", _scanned(Look(head=""))),
    "scan-ruled": ("pdf", _scanned(Look(head="", ruled=True))),
    "html": ("html", _each(lambda text: page(text).encode())),
    "txt": ("txt", _plain("utf-8")),
    **{encoding: ("txt", _plain(encoding)) for encoding in ("utf-8-sig", "utf-16", "utf-16-be")},
    **{encoding: ("txt", _legacy(encoding)) for encoding in ("tcvn3", "vni")},
    "cp1258": ("txt", _each(lambda text: cp1258(text.plain()))),
    "viqr": ("txt", _each(lambda text: viqr(text.plain()).encode())),
    "nfd": ("txt", _each(lambda text: unicodedata.normalize("NFD", text.plain()).encode())),
    "crlf": ("txt", _each(lambda text: text.plain().replace("\n", "\r\n").encode())),
    "invisible": ("txt", _each(_invisible)),
    "docx-tcvn3": ("docx", _by_office("docx", Look(".VnTime"), encoding="tcvn3")),
    "docx-vni": ("docx", _by_office("docx", Look("VNI-Times"), encoding="vni")),
    "odt-tcvn3": ("odt", _by_office("odt", Look(".VnTime"), encoding="tcvn3")),
    "doc-vni": ("doc", _by_office("doc", Look("VNI-Times"), encoding="vni")),
    "html-tcvn3": ("html", _each(_old_page)),
    "html-cp1258": ("html", _each(lambda text: cp1258(page(text, charset="windows-1258")))),
}
"""Kind -> suffix and how its files are made."""
