"""Inline markup: a text with its annotation written into it, for people who annotate while they read or write.

`{Q1 260} {U tỷ đồng}` marks spans, a line `%% Q1 m=I1 +est` says how they relate. `AUTHORING.md` describes the format,
`parse` reads it, `compile_markup` lays it on a raw text, `format_markup` writes a document that way.
"""

from corpus.markup.compile import Compiled, compile_markup, try_compile
from corpus.markup.parse import Mark, Marked, Order, parse
from corpus.markup.write import format_markup

__all__ = ["Compiled", "Mark", "Marked", "Order", "compile_markup", "format_markup", "parse", "try_compile"]
