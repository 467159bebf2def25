"""Write real excerpts whose texts are here as brat files: `python -m corpus real-unpack`, the way back of `pack`."""

from __future__ import annotations

import json
from pathlib import Path

from corpus.files import refuse_filled, write_text
from corpus.folder import HOME
from corpus.real import load_real, reference_paths
from corpus.references import PLACE, read
from ie import brat
from ie.errors import InputError


def unpack(split: str, *, out: Path, root: Path = HOME) -> int:
    """Write `<id>.txt` and `<id>.ann` of a split, and the public places in `sources.json`; return how many.

    Raises InputError when no text of the split is here or `out` holds something already.
    """
    refuse_filled(out)
    documents = load_real(split, root=root)
    if not documents:
        raise InputError(f"real {split}: none of its texts are here; run python -m corpus fetch-real first")
    out.mkdir(parents=True, exist_ok=True)
    for document in documents:
        brat.write(document, out)
    here = {document.name for document in documents}
    places = {path.stem: read(path) for path in reference_paths(split, root=root) if path.stem in here}
    table = {id: {name: getattr(place, name) for name in PLACE} for id, place in places.items()}
    write_text(out / "sources.json", json.dumps(table, ensure_ascii=False, indent=1) + "\n")
    return len(documents)
