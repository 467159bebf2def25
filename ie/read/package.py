"""ZIP containers of XML (DOCX, ODT), opened with limits and parsed without entities, DTDs or a network."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from ie.errors import InputError
from ie.read.source import ReadOptions

if TYPE_CHECKING:
    from lxml import etree

MAX_XML = 64 * 2**20
"""Most bytes of one XML part; the text of 10,000 pages has less, and its tree takes about ten times the memory."""
MAX_RATIO = 500
"""Most bytes that a packed byte may become in a large part; Word's repetitive XML reaches 50."""
_SMALL = 4 * 2**20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


class Package:
    """A ZIP container in memory; every part read counts against the limit on unpacked bytes."""

    def __init__(self, data: bytes, name: str, options: ReadOptions) -> None:
        self.name = name
        self.left = options.max_unpacked
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.parts = {info.filename: info for info in self._zip.infolist()}
        except _DAMAGED as error:
            raise InputError(f"{name}: is a damaged container ({error}); get the file again") from error

    def read(self, part: str) -> bytes | None:
        """Return the bytes of a part, None when there is no such part; InputError when damaged, locked or a bomb."""
        info = self.parts.get(part)
        if info is None:
            return None
        if info.flag_bits & 1:
            raise InputError(f"{self.name}: is protected by a password; save it without one first")
        limit = min(self.left, MAX_XML)
        if info.file_size > max(_SMALL, MAX_RATIO * info.compress_size) or info.file_size > limit:
            raise self._too_large(part)
        try:
            with self._zip.open(info) as stream:
                data = stream.read(limit + 1)
        except _DAMAGED as error:
            raise InputError(f"{self.name}: {part} is damaged ({error}); get the file again") from error
        if len(data) > limit:
            raise self._too_large(part)
        self.left -= len(data)
        return data

    def xml(self, part: str) -> etree._Element | None:
        """Return the root of an XML part, None when there is no such part; InputError when it breaks XML or limits."""
        data = self.read(part)
        return None if data is None else parse(data, f"{self.name}: {part}")

    def _too_large(self, part: str) -> InputError:
        return InputError(
            f"{self.name}: {part} unpacks to too much (limits: {MAX_XML // 2**20} MB a part, max_unpacked in all); "
            "if the file can be trusted, split it or save it anew"
        )


def parse(data: bytes, where: str) -> etree._Element:
    """Return the root of an XML document; InputError when it is not well-formed, too deep or declares entities."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())[:120]
        message = f"{where} is not well-formed XML ({reason}); open and save the document anew"
        raise InputError(message) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputError(f"{where} declares a document type, which no office program writes; it was not read")
    return root


def local(element: etree._Element) -> str:
    """Return the tag without its namespace, "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
