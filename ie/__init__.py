"""Turns Vietnamese municipal reports into data.

import ie

nlp = ie.load()                # the released spaCy pipeline
doc = ie.tag("report.txt")     # spans, relations, values; offsets of the text and of the file
rows = ie.facts_of(doc)        # one row a figure
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ie.document import Document, Entity, Relation, Value
from ie.errors import IEError

if TYPE_CHECKING:
    from ie.facts import facts as facts_of
    from ie.models import load
    from ie.pipeline import tag, tag_many, tag_text

__version__ = "0.1.0"
__all__ = ["Document", "Entity", "IEError", "Relation", "Value", "facts_of", "load", "tag", "tag_many", "tag_text"]

_HOMES = {
    "load": ("ie.models", "load"),
    "tag": ("ie.pipeline", "tag"),
    "tag_many": ("ie.pipeline", "tag_many"),
    "tag_text": ("ie.pipeline", "tag_text"),
    "facts_of": ("ie.facts", "facts"),
}


def __getattr__(name: str) -> Any:
    """Import spaCy and the model code only when a function that needs them is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ie' has no attribute {name!r}")
    from importlib import import_module

    from ie.startup import import_spacy

    import_spacy()
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
