"""Broken bytes made of whole files: flips, cuts, repeats, splices, odd words of the formats.

Parts of ZIP containers and packed streams of PDFs are mutated inside as well: outside, most changes only break a sum.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping

from lxml import etree

Mutation = Callable[[bytes, random.Random], bytes]
_ELEMENT = re.compile(rb"<([\w:]+)[^<>]*>")
_NUMBER = re.compile(rb'"\d+"')
_ODD_NUMBERS = (b'"-1"', b'"0"', b'"2147483648"', b'"99999999999999999999"', b'"1e9"', b'""')


def flip(data: bytes, random: random.Random) -> bytes:
    """Change a few bytes."""
    made = bytearray(data)
    for _ in range(random.randint(1, 16)):
        if made:
            made[random.randrange(len(made))] = random.randrange(256)
    return bytes(made)


def truncate(data: bytes, random: random.Random) -> bytes:
    """Leave out the end."""
    return data[: random.randrange(len(data) + 1)]


def drop(data: bytes, random: random.Random) -> bytes:
    """Leave out a stretch."""
    start = random.randrange(len(data) + 1)
    return data[:start] + data[start + random.randint(1, 400) :]


def repeat(data: bytes, random: random.Random) -> bytes:
    """Write a stretch many times."""
    start = random.randrange(len(data) + 1)
    part = data[start : start + random.randint(1, 200)]
    return data[:start] + part * random.choice((2, 10, 100, 2000)) + data[start:]


def insert(data: bytes, random: random.Random) -> bytes:
    """Put random bytes in."""
    start = random.randrange(len(data) + 1)
    return data[:start] + random.randbytes(random.randint(1, 64)) + data[start:]


def swap(data: bytes, random: random.Random) -> bytes:
    """Move a stretch somewhere else."""
    start, to = random.randrange(len(data) + 1), random.randrange(len(data) + 1)
    end = start + random.randint(1, 300)
    part, rest = data[start:end], data[:start] + data[end:]
    return rest[:to] + part + rest[to:]


def nest(data: bytes, random: random.Random) -> bytes:
    """Write an opening tag, or a bracket, many times."""
    tags = [match.span() for match in _ELEMENT.finditer(data)]
    if not tags:
        return data + b"[" * random.choice((50, 5000))
    start, end = random.choice(tags)
    return data[:start] + data[start:end] * random.choice((3, 60, 240, 3000)) + data[start:]


def number(data: bytes, random: random.Random) -> bytes:
    """Put an odd number for one in quotes."""
    found = [match.span() for match in _NUMBER.finditer(data)]
    if not found:
        return flip(data, random)
    start, end = random.choice(found)
    return data[:start] + random.choice(_ODD_NUMBERS) + data[end:]


_WORDS = tuple(
    word.encode("latin-1")
    for word in (
        "<w:del>", "</w:p>", "<w:tbl>", '<w:gridSpan w:val="9"/>', "<w:vMerge/>", '<w:footnoteReference w:id="1"/>',
        "<w:txbxContent>", '<w:numId w:val="7"/>', "<text:note>", '<text:s text:c="99999999"/>', "<text:list>",
        "<table:covered-table-cell/>", '<text:p table:number-columns-repeated="65536">', "<table>", "<td colspan=9>",
        "</div>", "<script>", "<!--", "<![CDATA[", "&#0;", "&lol;", "<!DOCTYPE a [", "\x00", "\xff\xfe", "\xef\xbb\xbf",
        "\xed\xa0\x80", "\xcc\x81", "\xe2\x80\x8b", "\xc2\xad", "\x0c", "\r", "| - | - |", "1 ", "____________________",
        "BT", "ET", " Tm ", " Td ", "(\\377)", " Tj ", "q ", "Q ", " re f ", " 0 0 0 0 0 0 cm ",
        " /F1 1e9 Tf ", " -1 Tr ",
        "/Rotate 90", "/Kids[1 0 R]", "/Count -1", "/ToUnicode 1 0 R", "/Length 0", "endstream", "endobj",
        "\xb9\xb5\xcb",
        "a\xf9 o\xe4 u\xf8", "a^' o+. dd",
    )
)  # fmt: skip
"""Words that mean something to one of the readers."""


def word(data: bytes, random: random.Random) -> bytes:
    """Put in a word of a format, often where another begins."""
    edges = [match.start() for match in re.finditer(rb"[<(/]", data[:200_000])]
    at = random.choice(edges) if edges and random.random() < 0.7 else random.randrange(len(data) + 1)
    return data[:at] + random.choice(_WORDS) * random.choice((1, 1, 1, 30)) + data[at:]


PLAIN: dict[str, Mutation] = {
    made.__name__: made for made in (flip, truncate, drop, repeat, insert, swap, nest, number, word)
}
"""Mutations by name."""


def mutated(data: bytes, random: random.Random, *, more: Mapping[str, Mutation] = {}) -> tuple[str, bytes]:
    """Return one to three mutations of a file and their names; most of a container or PDF are mutated inside.

    `more` are mutations besides those known here.
    """
    known = PLAIN | dict(more)
    names = [random.choice(list(known)) for _ in range(random.choice((1, 1, 2, 3)))]
    within = _inside if data.startswith(b"PK\x03\x04") else _in_stream if b"%PDF-" in data[:1024] else None
    if within is not None and random.random() < 0.8:
        made = data
        for name in names:
            made = within(made, known[name], random)
        if made != data:
            return f"inside {'+'.join(names)}", made
    for name in names:
        data = known[name](data, random)
    return "+".join(names), data


def _inside(data: bytes, change: Mutation, random: random.Random) -> bytes:
    """Mutate one XML part of a container and pack it again; a container that cannot be opened stays as it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {info.filename: package.read(info) for info in package.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return data
    chosen = [part for part in parts if part.endswith((".xml", ".rels"))]
    if not chosen:
        return data
    part = random.choice([*chosen, *[name for name in chosen if name in _MAIN] * 6])
    parts[part] = change(parts[part], random)
    if random.random() < 0.7:
        parts[part] = _mended(parts[part])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return stream.getvalue()


def _mended(part: bytes) -> bytes:
    """Return a part as well-formed XML again where its pieces allow: what is odd in it then reaches the reader."""
    try:
        root = etree.fromstring(part, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return part
    return part if root is None else etree.tostring(root, xml_declaration=True, encoding="utf-8")


_MAIN = ("word/document.xml", "word/footnotes.xml", "word/numbering.xml", "content.xml", "styles.xml")
"""Parts that readers read most of; each is chosen seven times as often as any other."""
_STREAM = re.compile(rb"/FlateDecode[^<>]*>>\s*stream\r?\n")


def _in_stream(data: bytes, change: Mutation, random: random.Random) -> bytes:
    """Mutate one packed stream of a PDF and pack it again; readers find its end where `/Length` is wrong."""
    starts = [match.end() for match in _STREAM.finditer(data)]
    if not starts:
        return data
    start = random.choice(starts)
    end = data.find(b"endstream", start)
    try:
        unpacked = zlib.decompress(data[start : end if end > 0 else len(data)].rstrip(b"\r\n"))
    except zlib.error:
        return data
    packed = zlib.compress(change(unpacked, random))
    return data[:start] + packed + b"\n" + data[end if end > 0 else len(data) :]
