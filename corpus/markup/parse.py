"""Read inline markup: the plain text, the marks with their places in it, and the lines that say how they relate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.markup.letters import letters

ORDERS = "%%"
"""Starts a line of relations, which is not part of the text."""


@dataclass(frozen=True)
class Mark:
    """A pair of braces. `key` is letter and number (`Q1`), `start` and `end` are characters of the plain text."""

    key: str
    letter: str
    start: int
    end: int
    continues: bool
    line: int


@dataclass(frozen=True)
class Order:
    """One item of a relation line: what `head` gets, as written (`m=I1`, `+est`)."""

    head: str
    words: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Marked:
    """What a marked text says; with `problems` the rest may be incomplete."""

    plain: str
    marks: tuple[Mark, ...]
    orders: tuple[Order, ...]
    problems: tuple[str, ...]


@dataclass
class _Reader:
    """Collects plain text and marks while the braces open and close."""

    chars: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    open: list[Mark] = field(default_factory=list)
    unnamed: int = 0

    def begin(self, match: re.Match[str], line: int) -> None:
        plus, letter, number = match.groups()
        if not number and not plus:
            self.unnamed += 1
            number = f"_{self.unnamed}"
        self.open.append(Mark(letter + number, letter, len(self.chars), -1, bool(plus), line))

    def end(self, line: int) -> None:
        if not self.open:
            self.problems.append(f"line {line}: }} without {{")
            return
        begun = self.open.pop()
        self.marks.append(Mark(begun.key, begun.letter, begun.start, len(self.chars), begun.continues, begun.line))

    def take(self, text: str, line: int) -> None:
        opening = _opening()
        at = 0
        while at < len(text):
            match = opening.match(text, at)
            if match:
                self.begin(match, line)
                at = match.end()
                continue
            if text[at] == "}":
                self.end(line)
            elif text[at] == "{":
                wanted = "".join(letters().labels)
                self.problems.append(
                    f"line {line}: {text[at : at + 12]!r} opens nothing; write {{Q1 …}}, one of {wanted}"
                )
            else:
                self.chars.append(text[at])
            at += 1
        self.chars.append("\n")


def _opening() -> re.Pattern[str]:
    return re.compile(rf"\{{(\+?)([{''.join(letters().labels)}])(\d*) ")


def parse(source: str) -> Marked:
    """Read a marked text. Nothing raises: every mistake stands in `problems` with its line (from 1)."""
    reader = _Reader()
    orders: list[Order] = []
    for number, line in enumerate(source.split("\n"), 1):
        if line.lstrip().startswith(ORDERS):
            orders += _orders(line.lstrip().removeprefix(ORDERS), number)
        else:
            reader.take(line, number)
    reader.problems += [f"line {mark.line}: {{{mark.key} is never closed" for mark in reader.open]
    plain = "".join(reader.chars).removesuffix("\n")
    return Marked(plain, tuple(reader.marks), tuple(orders), tuple(reader.problems))


def _orders(text: str, line: int) -> Iterator[Order]:
    for item in text.split(";"):
        words = item.split()
        if words:
            yield Order(words[0].rstrip(":"), tuple(words[1:]), line)
