"""A tagger for tests of the archive run: fast, without spaCy, and it misbehaves when a text tells it to."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import time
from typing import Any

from ie.archive.options import Options
from ie.document import Document, Entity, Relation, Value
from ie.errors import InputError


class StubEngine:
    """Tags digits before `hộ` as quantities with their unit. SEGV, HANG, HOG, RAISE, REFUSE do what they say.

    Version 2 (environment STUB_VERSION) finds no figure of one digit, but digits without a unit.
    """

    def __init__(self, options: Options) -> None:
        self._pattern = r"\d+(?= hộ)" if version() == "1" else r"\d{2,}"

    def tag(self, data: bytes, name: str) -> Document:
        text = data.decode("utf-8", "replace")
        misbehave(text, name)
        entities: list[Entity] = []
        links: list[Relation] = []
        for found in re.finditer(self._pattern, text):
            figure = f"T{len(entities) + 1}"
            entities.append(_entity(figure, "QUANTITY", found.span(), text, Value("number", found.group())))
            if text.startswith(" hộ", found.end()):
                unit = (found.end() + 1, found.end() + 3)
                entities.append(_entity(f"{figure}u", "UNIT", unit, text, Value("unit", unit="hộ")))
                links.append(Relation(f"R{len(links) + 1}", "HAS_UNIT", figure, f"{figure}u", 0.5))
        warnings = ("1 thing was odd",) if "ODD" in text else ()
        meta = {"sha256": hashlib.sha256(data).hexdigest(), "encoding": "utf-8"}
        return Document(name, text, tuple(entities), tuple(links), meta=meta, warnings=warnings)

    @staticmethod
    def describe(options: Options) -> dict[str, Any]:
        return {"name": "stub", "version": version(), "sha256": "0"}


def version() -> str:
    return os.environ.get("STUB_VERSION", "1")


def _entity(id: str, label: str, span: tuple[int, int], text: str, value: Value) -> Entity:
    return Entity(id, label, (span,), text[slice(*span)], (), 0.5, value, (span,))


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
