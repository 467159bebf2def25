"""Names of files and members in any encoding, made safe to print and to store."""

from __future__ import annotations

import os
import re
import unicodedata
from zipfile import ZipInfo

_UTF8_FLAG = 0x800
_DRIVE = re.compile(r"^[A-Za-z]:")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing: they make a name look like another."""


def shown(name: str | bytes) -> str:
    """Return a name as valid, one-line text: bytes that are no UTF-8 and control characters as `\\xNN` or `\\uNNNN`."""
    raw = name if isinstance(name, bytes) else os.fsencode(name)
    return "".join(_escaped(char) for char in raw.decode("utf-8", "backslashreplace"))


def _escaped(char: str) -> str:
    if char in _BIDI or unicodedata.category(char) in ("Cc", "Zl", "Zp"):
        return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
    return char


def zip_name(info: ZipInfo) -> str:
    """Return the name of a zip member: UTF-8 by its flag or by evidence, else Windows-1258, else code page 437.

    The flag is bit 11 of the general purpose flags (APPNOTE.TXT of PKWARE, 4.4.4 and appendix D).
    """
    if info.flag_bits & _UTF8_FLAG:
        return shown(info.orig_filename.encode("utf-8", "surrogateescape"))
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return shown(info.orig_filename.encode("utf-8", "surrogateescape"))
    for encoding in ("utf-8", "cp1258"):
        try:
            return shown(unicodedata.normalize("NFC", raw.decode(encoding)).encode())
        except UnicodeDecodeError:
            continue
    return shown(info.orig_filename.encode())


def leads_out(name: str) -> bool:
    """Tell whether a member's name would leave the folder it is unpacked to: absolute, with a drive, through `..`."""
    parts = re.split(r"[\\/]", name)
    return name[:1] in ("/", "\\") or bool(_DRIVE.match(name)) or ".." in parts


class Distinct:
    """Gives the members of one folder or container names that differ: the second `a.txt` becomes `a.txt#2`."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        """Return the name, numbered when it was given before."""
        count = self._seen.get(name, 0) + 1
        self._seen[name] = count
        return name if count == 1 else self(f"{name}#{count}")
