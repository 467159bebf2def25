"""Pages a second of each reader beside the bare library that it stands on, in turn, in one run.

A page is `PAGE` characters of text, the same for all formats. The bare library does what cannot be spared: unpack and
parse the XML, parse the HTML, decode the bytes, take the text of the PDF's pages. Time is that of the processor.
"""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from statistics import median
from typing import Any

from corpus.golden.build import GOLDEN, read_manifest

PAGE = 2500
"""Characters of a page: what a page of a report set in 13 points holds."""
LIBRARIES = {"docx": "lxml", "odt": "lxml", "html": "lxml", "txt": "str.decode", "pdf": "pypdfium2"}


def _xml(data: bytes) -> str:
    from lxml import etree

    texts = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in ("word/document.xml", "word/footnotes.xml", "word/styles.xml", "content.xml", "styles.xml"):
            if part in package.namelist():
                texts.append("".join(map(str, etree.fromstring(package.read(part)).itertext())))
    return "".join(texts)


def _html(data: bytes) -> str:
    from lxml import html

    return str(html.document_fromstring(data.decode("utf-8")).text_content())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _pdf(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return "".join(texts)


Bare = Callable[[bytes], str]
Full = Callable[[bytes, str], object]
BARE: dict[str, Bare] = {"docx": _xml, "odt": _xml, "html": _html, "txt": _text, "pdf": _pdf}


def measure(*, rounds: int = 5) -> dict[str, Any]:
    """Return pages a second of reader and library and the ratio of their times, medians over the rounds, by suffix."""
    from ie.read import ReadOptions, read_bytes
    from ie.read.plain import canonical

    options = ReadOptions(any_language=True)

    def full(data: bytes, name: str) -> object:
        return canonical(read_bytes(data, name, options=options))

    manifest = read_manifest()
    found = {}
    for suffix, bare in BARE.items():
        entries = [entry for entry in manifest["files"] if entry["kind"] in (suffix, "long") and _is(entry, suffix)]
        files = {entry["file"]: (GOLDEN / entry["file"]).read_bytes() for entry in entries}
        pages = sum(len(manifest["texts"][entry["text"]]["running"]) for entry in entries) / PAGE
        times = [_round(files, full, bare) for _ in range(rounds + 1)][1:]
        reader, library = (median(seconds[side] for seconds in times) for side in (0, 1))
        ratio = median(one / other for one, other in times)
        found[suffix] = {
            "files": len(files),
            "pages": round(pages, 1),
            "reader": round(pages / reader, 1),
            "library": LIBRARIES[suffix],
            "bare": round(pages / library, 1),
            "ratio": round(ratio, 2),
        }
    return {"what": "readers-speed", "page": PAGE, "rounds": rounds, "formats": found}


def _is(entry: dict[str, str], suffix: str) -> bool:
    return entry["file"].endswith(f".{suffix}")


def _round(
    files: dict[str, bytes], full: Callable[[bytes, str], object], bare: Callable[[bytes], str]
) -> tuple[float, float]:
    """Time both over all files, file by file in turn, until the faster has run long enough to be measured."""
    reader = library = 0.0
    for name, data in files.items():
        reader += _seconds(lambda name=name, data=data: full(data, name))  # type: ignore[misc]
        library += _seconds(lambda data=data: bare(data))  # type: ignore[misc]
    return reader, library


def _seconds(call: Callable[[], object], *, least: float = 0.05) -> float:
    """Return the processor's time of one call, from as many as take `least` seconds."""
    start, calls = time.process_time(), 0
    while calls == 0 or time.process_time() - start < least:
        call()
        calls += 1
    return (time.process_time() - start) / calls
