"""Broken bytes made of whole files: flips, cuts, repeats, splices, and the same inside the parts of ZIP containers."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

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


PLAIN: dict[str, Mutation] = {
    made.__name__: made for made in (flip, truncate, drop, repeat, insert, swap, nest, number)
}
"""Mutations by name."""


def mutated(data: bytes, random: random.Random) -> tuple[str, bytes]:
    """Return one to three mutations of a file and their names; parts of containers are mutated inside as well."""
    names = [random.choice(list(PLAIN)) for _ in range(random.choice((1, 1, 2, 3)))]
    inside = data.startswith(b"PK\x03\x04") and random.random() < 0.7
    for name in names:
        data = _inside(data, name, random) if inside else PLAIN[name](data, random)
    return ("inside " if inside else "") + "+".join(names), data


def _inside(data: bytes, name: str, random: random.Random) -> bytes:
    """Mutate one XML part of a container and pack it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    chosen = random.choice([part for part in parts if part.endswith((".xml", ".rels"))])
    parts[chosen] = PLAIN[name](parts[chosen], random)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return stream.getvalue()
