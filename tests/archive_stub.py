"""A tagger for tests of the archive run: fast, without spaCy, and it misbehaves when a text tells it to."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from typing import Any

from ie.archive.options import Options
from ie.document import Document, Entity, Value
from ie.errors import InputError


class StubEngine:
    """Tags runs of digits as quantities. SEGV, HANG, HOG, RAISE and REFUSE in a text do what they say."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def tag(self, data: bytes, name: str) -> Document:
        text = data.decode("utf-8", "replace")
        misbehave(text, name)
        spans = (
            Entity(f"T{n}", "QUANTITY", (m.span(),), m.group(), (), 0.5, Value("number", m.group()), (m.span(),))
            for n, m in enumerate(re.finditer(r"\d+", text), 1)
        )
        warnings = ("1 thing was odd",) if "ODD" in text else ()
        meta = {"sha256": hashlib.sha256(data).hexdigest(), "encoding": "utf-8"}
        return Document(name, text, tuple(spans), meta=meta, warnings=warnings)

    @staticmethod
    def describe(options: Options) -> dict[str, Any]:
        return {"name": "stub", "version": os.environ.get("STUB_VERSION", "1"), "sha256": "0"}


def misbehave(text: str, name: str) -> None:
    if "SEGV" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "HANG" in text:
        time.sleep(1000)
    if "HOG" in text:
        hoard = []
        while True:
            hoard.append(bytearray(1 << 26))
    if "RAISE" in text:
        raise ZeroDivisionError("a fault of the tagger")
    if "REFUSE" in text:
        raise InputError(f"{name}: is refused")
    if found := re.search(r"SLOW([0-9.]+)", text):
        time.sleep(float(found.group(1)))


ENGINE = f"{__name__}:StubEngine"
