"""Refuse PDFs whose streams unpack to more than a report can hold, before a renderer unpacks them.

PDFium reads the contents of a page whole; a stream of some kilobytes may stand for gigabytes of them. Pictures and
fonts are left to PDFium, which bounds them itself.
"""

from __future__ import annotations

import re
import zlib

from ie.errors import InputError
from ie.read.source import ReadOptions

MAX_STREAM = 48 * 2**20
"""Most bytes that one stream of contents, objects or maps may unpack to."""
_STREAM = re.compile(rb"stream\r?\n")
_SKIPPED = re.compile(rb"/Subtype\s*/Image|/Length1\b|/FontFile|/Type1C|/CIDFontType0C|/OpenType|/Metadata")
_HEAD = 600
"""Bytes before a stream that are searched for its dictionary."""
_STEP = 2**20


def check(data: bytes, name: str, options: ReadOptions) -> None:
    """Raise InputError when a packed stream, or all together, unpack to more than the limits."""
    total = 0
    for match in _STREAM.finditer(data):
        if data[match.start() - 3 : match.start()] == b"end":
            continue
        head = data[max(0, match.start() - _HEAD) : match.start()]
        head = head[head.rfind(b" obj") + 1 :]
        if b"Flate" not in head and b"/Fl" not in head:
            continue
        if _SKIPPED.search(head):
            continue
        size = _unpacked(data, match.end(), 2 if head.count(b"Flate") > 1 else 1)
        total += size
        if size > MAX_STREAM or total > options.max_unpacked:
            raise InputError(
                f"{name}: a stream unpacks to more than {MAX_STREAM // 2**20} MB, or all to more than "
                f"{options.max_unpacked // 2**20} MB (max_unpacked); print it to a new PDF first"
            )


def _unpacked(data: bytes, start: int, times: int) -> int:
    """Return how many bytes a stream unpacks to, counted up to the limit; what is no stream counts nothing."""
    chain = [zlib.decompressobj() for _ in range(times)]
    total, at = 0, start
    while at < len(data) and total <= MAX_STREAM and not chain[0].eof:
        piece = data[at : at + _STEP // 16]
        at += len(piece)
        try:
            out = _through(chain, piece)
        except zlib.error:
            return total
        total += out
    return total


def _through(chain: list[zlib._Decompress], piece: bytes) -> int:
    """Push bytes through one or two decompressors in bounded steps and return what comes out at the end."""
    first, rest = chain[0], chain[1:]
    total = 0
    while piece and total <= MAX_STREAM:
        out = first.decompress(piece, _STEP)
        piece = first.unconsumed_tail
        total += _through(list(rest), out) if rest else len(out)
        if first.eof:
            break
    return total
