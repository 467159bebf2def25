"""Reads a PDF of very many pages to its end: pages a second and peak memory, beside those of a shorter one.

Work and memory must grow with the pages and not faster: the ratio of times is set beside the ratio of pages.
"""

from __future__ import annotations

import io
import multiprocessing
import resource
import time
from typing import Any

from corpus.golden.build import GOLDEN

SIZES = (250, 500, 1000, 2000)
"""Pages of the files, the last of them the one that counts."""
SOURCE = "long-a-long.pdf"
"""The golden document whose pages are repeated."""


def pages(count: int) -> bytes:
    """Return a PDF of so many pages of a golden document, repeated."""
    import pypdfium2

    source = pypdfium2.PdfDocument((GOLDEN / SOURCE).read_bytes())
    made = pypdfium2.PdfDocument.new()
    while len(made) < count:
        made.import_pages(source, list(range(min(len(source), count - len(made)))))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """Return a row a file: pages, pages read, seconds of the processor, pages a second, peak memory in MB."""
    context = multiprocessing.get_context("spawn")
    rows = []
    for count in sizes:
        # A process each, so that the peak is that of one file.
        with context.Pool(1) as pool:
            rows.append(pool.apply(read_whole, (pages(count),)))
    return {"what": "readers-long", "files": rows}


def read_whole(data: bytes) -> dict[str, Any]:
    """Read and reflow a PDF in this process."""
    from ie.read import ReadOptions, read_bytes
    from ie.read.plain import canonical
    from ie.reflow import reflow

    options = ReadOptions(any_language=True)
    reflow(read_bytes((GOLDEN / SOURCE).read_bytes(), SOURCE, options=options).text)
    before, started = _peak(), time.process_time()
    source = canonical(read_bytes(data, "long.pdf", options=options))
    flowed = reflow(source.text, source.layout)
    seconds = time.process_time() - started
    read = len(source.layout.pages) if source.layout else 0
    found = {"pages": read, "characters": len(flowed.text), "seconds": round(seconds, 1)}
    return {**found, "rate": round(read / seconds, 1), "memory": _peak() - before, "bytes": len(data)}


def _peak() -> int:
    """Return the peak of resident memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
