"""Plain text in the encodings that archives hold, decided by evidence."""

from __future__ import annotations

import codecs
import unicodedata

from ie.errors import InputError
from ie.read.source import Content, ReadOptions

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_VIETNAMESE = frozenset("ăâđêôơưĂÂĐÊÔƠƯ")
MIN_LETTERS = 20
MIN_SHARE = 0.05
"""Share of letters with Vietnamese marks below which a text is refused; real reports have 0.3 and more."""


def decode(data: bytes, name: str, *, any_language: bool = False) -> tuple[str, str, tuple[str, ...]]:
    """Return the text, its encoding and warnings; InputError when the bytes are empty, binary or not Vietnamese."""
    if not data.strip(b" \t\r\n\f\0\xef\xbb\xbf\xff\xfe"):
        raise InputError(f"{name}: is empty; there is nothing to tag")
    text, encoding = _decoded(data, name)
    if not text.strip():
        raise InputError(f"{name}: holds white space only; there is nothing to tag")
    if "\0" in text or _control_share(text) > 0.02:
        raise InputError(f"{name}: is a binary file, not text; convert it to plain text first")
    share = vietnamese_share(text)
    if share < MIN_SHARE and not any_language:
        raise InputError(
            f"{name}: does not look Vietnamese ({share:.1%} of its letters carry Vietnamese marks); "
            "if it is, convert it to UTF-8, else use --any-language"
        )
    warnings = () if encoding.startswith("utf") else (f"decoded as {encoding}, not UTF-8",)
    return text, encoding, warnings


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    candidates = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    if not candidates and b"\0" in data[:4000]:
        even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
        candidates = ["utf-16-le"] if odd > even else ["utf-16-be"]
    for encoding in (*candidates, "utf-8", "cp1258"):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, UnicodeError):
            continue
        if encoding != "cp1258" or vietnamese_share(text) >= MIN_SHARE:
            return text, encoding
    raise InputError(f"{name}: is neither UTF-8, UTF-16 nor Windows-1258; save it as UTF-8 text")


def _control_share(text: str) -> float:
    sample = text[:20_000]
    control = sum(unicodedata.category(c) == "Cc" and c not in "\n\r\t\f\v\x85" for c in sample)
    return control / len(sample)


def vietnamese_share(text: str) -> float:
    """Return the share of letters that carry a Vietnamese mark, 1.0 for a text with too few letters to tell."""
    letters = marked = 0
    for char in text[:50_000]:
        if char.isalpha():
            letters += 1
            marked += char in _VIETNAMESE or "\u1ea0" <= char <= "\u1ef9" or char in "àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"
        elif "\u0300" <= char <= "\u031b" or char == "\u0323":
            marked += 1
    return marked / letters if letters >= MIN_LETTERS else 1.0


def read(data: bytes, name: str, *, options: ReadOptions) -> Content:
    """Read plain text; InputError as for `decode`."""
    text, encoding, warnings = decode(data, name, any_language=options.any_language)
    return Content(text, encoding, warnings)
