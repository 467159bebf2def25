"""Plain text in the encodings that archives hold, decided by evidence."""

from __future__ import annotations

import codecs
import re

from ie.errors import InputError
from ie.read import evidence
from ie.read.legacy import convert
from ie.read.source import Content, ReadOptions

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MARKED = re.compile("[ăâđêôơưĂÂĐÊÔƠƯàáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝ\u1ea0-\u1ef9\u0300-\u031b\u0323]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"
MIN_LETTERS = 20
MIN_SHARE = 0.05
"""Share of letters with Vietnamese marks below which a text is refused; real reports have 0.3 and more."""


def decode(data: bytes, name: str, *, any_language: bool = False) -> Content:
    """Return the text, its encoding and warnings; InputError when the bytes are empty, binary or not Vietnamese.

    `encoding` is utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, cp1258, tcvn3, tcvn5712-1, vni or viqr; a Unicode text
    with legacy lines in it says both (`utf-8+tcvn3`).
    """
    if not data.strip(b" \t\r\n\f\0\xef\xbb\xbf\xff\xfe"):
        raise InputError(f"{name}: is empty; there is nothing to tag")
    found = _decoded(data, name)
    if not found.text.strip():
        raise InputError(f"{name}: holds white space only; there is nothing to tag")
    if "\0" in found.text or _control_share(found.text) > 0.02:
        raise InputError(f"{name}: is a binary file, not text; convert it to plain text first")
    if not any_language:
        check_language(found.text, name)
    return found


def check_language(text: str, name: str) -> None:
    """Raise InputError when the text does not look Vietnamese."""
    share = vietnamese_share(text)
    if share < MIN_SHARE:
        raise InputError(
            f"{name}: does not look Vietnamese ({share:.1%} of its letters carry Vietnamese marks); "
            "if it is, convert it to UTF-8, else use --any-language"
        )


def _decoded(data: bytes, name: str) -> Content:
    candidates = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    if not candidates and b"\0" in data[:4000]:
        even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
        candidates = ["utf-16-le"] if odd > even else ["utf-16-be"]
    for encoding in (*candidates, "utf-8"):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        return unicode_text(text, encoding)
    return _single_bytes(data, name)


def unicode_text(text: str, encoding: str) -> Content:
    """Return a Unicode text, its legacy lines converted: VIQR and text copied from legacy fonts hide in it."""
    whole = evidence.legacy_encoding(text)
    if whole:
        return _converted(
            text, whole, f"decoded as {encoding}, read as {whole}: it was written for fonts before Unicode"
        )
    mixed = evidence.legacy_lines(text)
    if not mixed:
        return Content(text, encoding)
    name, lines = mixed
    new, offsets = evidence.convert_lines(text, name, lines)
    warning = f"{len(lines)} lines read as {name}, an encoding before Unicode"
    return Content(new, f"{encoding}+{name}", (warning,), None, text, offsets)


def _converted(text: str, encoding: str, warning: str) -> Content:
    new, offsets = convert(text, encoding)
    return Content(new, encoding, (warning,), None, text, offsets)


def _single_bytes(data: bytes, name: str) -> Content:
    """Decode bytes that are no Unicode: as a legacy encoding or Windows-1258, whichever reads better."""
    raw = _windows_1252(data)
    try:
        vietnamese = data.decode("cp1258")
    except UnicodeDecodeError:
        vietnamese = ""
    legacy = evidence.legacy_encoding(raw)
    if legacy and evidence.tally(vietnamese, None).good <= evidence.tally(raw, legacy).good:
        return _converted(raw, legacy, f"decoded as {legacy}, not UTF-8")
    if vietnamese and vietnamese_share(vietnamese) >= MIN_SHARE:
        return Content(vietnamese, "cp1258", ("decoded as cp1258, not UTF-8",))
    raise InputError(f"{name}: is neither UTF-8, UTF-16, Windows-1258, TCVN3, VNI nor VIQR; save it as UTF-8 text")


def _windows_1252(data: bytes) -> str:
    """Decode each byte as one character; the five bytes that Windows-1252 leaves open become control characters."""
    shown = {byte: bytes((byte,)).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in _UNDEFINED}
    return data.decode("latin-1").translate(shown)


def _control_share(text: str) -> float:
    sample = text[:20_000]
    return len(_CONTROL.findall(sample)) / len(sample)


def vietnamese_share(text: str) -> float:
    """Return the share of letters that carry a Vietnamese mark, 1.0 for a text with too few letters to tell."""
    sample = text[:50_000]
    letters = sum(map(str.isalpha, sample))
    return len(_MARKED.findall(sample)) / letters if letters >= MIN_LETTERS else 1.0


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read plain text; InputError as for `decode`."""
    return decode(data, name, any_language=options.any_language)
