"""Short quotations from the local gold text, for people to read; nothing of them goes into a committed result."""

from __future__ import annotations

from itertools import pairwise

from evaluation.marks import Chars, Link, Span

WIDTH = 40


def quote(text: str, chars: Chars, *, width: int = WIDTH) -> str:
    """Return the span between brackets with up to `width` characters on either side, on one line."""
    start, end = chars[0][0], chars[-1][1]
    before, inside, after = text[max(0, start - width) : start], text[start:end], text[end : end + width]
    joined = f"{before}⟦{inside}⟧{after}"
    return " ".join(joined.split())


def surface(text: str, chars: Chars) -> str:
    """Return what a span covers, on one line."""
    words = [text[chars[0][0] : chars[0][1]]]
    for last, run in pairwise(chars):
        between = text[last[1] : run[0]]
        words.append((" " if between.isspace() else " … ") + text[run[0] : run[1]])
    return "".join(words)


def describe(item: Span | Link, text: str, *, width: int = WIDTH) -> str:
    """Return one line for a span or a relation: label, offsets, context."""
    if isinstance(item, Span):
        return f"{item.label} {item.chars[0][0]}-{item.chars[-1][1]}: {quote(text, item.chars, width=width)}"
    head, tail = surface(text, item.head.chars), surface(text, item.tail.chars)
    where = f"{item.head.chars[0][0]}→{item.tail.chars[0][0]}"
    return f"{item.type} {where}: {head} → {tail} in {quote(text, item.head.chars, width=width)}"
