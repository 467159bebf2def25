"""Import spaCy without its command line, which takes much of the time of `import spacy` and is not needed to tag.

`spacy/__init__.py` imports `spacy.cli.info` for the one function `spacy.info`, and with it all commands and what they
need to speak to servers. While spaCy is imported a module of that name with a function of that name stands in for it,
and nobody looks for garbage: an import leaves little, and looking for it takes a tenth of the time.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_COMMAND = "spacy.cli.info"


def import_spacy() -> None:
    """Import spaCy, the quick way if nothing has imported it yet. `spacy.info` and `spacy.cli` work afterwards."""
    if "spacy" in sys.modules:
        return
    stand_in = ModuleType(_COMMAND)
    stand_in.info = _info  # type: ignore[attr-defined]
    sys.modules[_COMMAND] = stand_in
    try:
        with _no_collection():
            importlib.import_module("spacy")
    finally:
        if sys.modules.get(_COMMAND) is stand_in:
            del sys.modules[_COMMAND]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Hold the garbage collector, if it was at work, until what is inside is done."""
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()


def _info(*given: Any, **options: Any) -> Any:
    """Call spaCy's own `info`."""
    return importlib.import_module(_COMMAND).info(*given, **options)
