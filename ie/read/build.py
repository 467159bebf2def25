"""Puts together the text and layout of a document from paragraphs, rows and notes, whatever format they came from.

Runs set in a font with an encoding of its own (`.VnTime`, `VNI-Times`) are converted here, paragraph by paragraph, for
a letter of VNI may be spread over two runs. A font's word is checked against what its text says: Unicode text is often
left in an old font, and old text pasted into a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

import numpy as np

from ie import lines as look
from ie.layout import Layout, Region
from ie.read import evidence
from ie.read.legacy import convert
from ie.read.offsets import identity
from ie.read.source import Content, ReadOptions


@dataclass(frozen=True)
class Run:
    """Characters in one font: `encoding` is that of the font, None for Unicode; `capitals` as in `legacy.convert`."""

    text: str
    encoding: str | None = None
    capitals: bool = False


@dataclass(frozen=True, eq=False)
class Call:
    """The marker of a note where it stands in the text, as shown."""

    mark: str


Part = Run | Call


@dataclass
class Paragraph:
    """A paragraph, row or note; a note names the call it belongs to and starts with its mark."""

    parts: list[Part] = field(default_factory=list)
    kind: str = "paragraph"
    call: Call | None = None

    def text(self) -> str:
        """Return the characters as they came, marks included."""
        return "".join(part.text if isinstance(part, Run) else part.mark for part in self.parts)


class Builder:
    """Collects paragraphs in reading order; `content` makes one text and layout of them."""

    def __init__(self, options: ReadOptions) -> None:
        self.limit = options.max_characters
        self.size = 0
        self.full = False
        self.paragraphs: list[Paragraph] = []

    def add(self, paragraph: Paragraph) -> None:
        """Take a paragraph that holds something; what goes beyond the limit of characters is left out."""
        size = len(paragraph.text())
        self.full = self.full or self.size + size > self.limit
        if not self.full and paragraph.text().strip():
            self.size += size + 1
            self.paragraphs.append(paragraph)

    def content(self, *, encoding: str = "utf-8", warnings: Iterable[str] = ()) -> Content:
        """Return the text, one paragraph a line, with its regions, and its map back where runs were converted."""
        said = list(warnings)
        if self.full:
            said.append(f"longer than {self.limit} characters (max_characters); the rest was left out")
        paragraphs, found = _encodings(self.paragraphs)
        for name, count in found.items():
            encoding += f"+{name}"
            said.append(f"{count} paragraphs hold text in {name}, an encoding before Unicode; it was converted")
        writer = _Writer()
        for paragraph in paragraphs:
            writer.write(paragraph)
        return writer.content(encoding, tuple(said), converted=bool(found))


def _encodings(paragraphs: list[Paragraph]) -> tuple[list[Paragraph], dict[str, int]]:
    """Return the paragraphs with the encodings that their text bears out, and in how many each stands."""
    paragraphs = _unbelieved(paragraphs)
    doubtful = [p for p in paragraphs if evidence.is_doubtful(_plain(p))]
    whole = evidence.legacy_encoding("\n".join(map(_plain, doubtful))) if doubtful else None
    if whole:
        better = {id(p) for p in doubtful if evidence.gains(_plain(p), whole)}
        paragraphs = [_all_in(p, whole) if id(p) in better else p for p in paragraphs]
    counts: dict[str, int] = {}
    for paragraph in paragraphs:
        for name in sorted({part.encoding for part in paragraph.parts if isinstance(part, Run) and part.encoding}):
            counts[name] = counts.get(name, 0) + 1
    return paragraphs, counts


def _plain(paragraph: Paragraph) -> str:
    return "".join(part.text for part in paragraph.parts if isinstance(part, Run) and not part.encoding)


def _all_in(paragraph: Paragraph, encoding: str) -> Paragraph:
    parts = [
        replace(part, encoding=encoding) if isinstance(part, Run) and not part.encoding else part
        for part in paragraph.parts
    ]
    return replace(paragraph, parts=parts)


def _unbelieved(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Take the encoding from runs that read better as they are, and from those with nothing to convert."""
    found = []
    for paragraph in paragraphs:
        for name in {part.encoding for part in paragraph.parts if isinstance(part, Run) and part.encoding}:
            text = "".join(p.text for p in paragraph.parts if isinstance(p, Run) and p.encoding == name)
            unicode = evidence.tally(text, None).good > evidence.tally(text, name).good
            if unicode or text.isascii():
                paragraph = _without(paragraph, name, keep_capitals=not unicode)
        found.append(paragraph)
    return found


def _without(paragraph: Paragraph, encoding: str, *, keep_capitals: bool) -> Paragraph:
    parts: list[Part] = []
    for part in paragraph.parts:
        if isinstance(part, Run) and part.encoding == encoding and not (part.capitals and keep_capitals):
            part = Run(part.text)
        parts.append(part)
    return replace(paragraph, parts=parts)


class _Writer:
    """Writes paragraphs one after the other and keeps where they and the calls of notes stand."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.raw: list[str] = []
        self.maps: list[np.ndarray] = []
        self.at = self.raw_at = 0
        self.regions: list[Region] = []
        self.calls: dict[Call, tuple[int, int]] = {}
        self.owners: dict[int, Call] = {}

    def write(self, paragraph: Paragraph) -> None:
        """Write one paragraph and the line end after it."""
        start, first = self.at, len(self.text)
        for part in _merged(paragraph.parts):
            if isinstance(part, Call):
                self.calls[part] = (self.at, self.at + len(part.mark))
                part = Run(part.mark)
            self._run(part)
        text = "".join(self.text[first:])
        if paragraph.call is not None:
            self.owners[len(self.regions)] = paragraph.call
            self.regions.append(Region(start, self.at, paragraph.kind, paragraph.call.mark))
        else:
            self.regions += [Region(start + a, start + b, paragraph.kind) for a, b in _stretches(text)]
        self._run(Run("\n"))

    def _run(self, run: Run) -> None:
        if run.encoding:
            text, offsets = convert(run.text, run.encoding, capitals=run.capitals)
            offsets = offsets + np.int32(self.raw_at)
        else:
            text, offsets = run.text, identity(self.raw_at, self.raw_at + len(run.text))
        self.text.append(text)
        self.raw.append(run.text)
        self.maps.append(offsets)
        self.at += len(text)
        self.raw_at += len(run.text)

    def content(self, encoding: str, warnings: tuple[str, ...], *, converted: bool) -> Content:
        """Return what was written; the map is kept where something was converted."""
        regions = tuple(
            replace(region, call=self.calls.get(self.owners[index])) if index in self.owners else region
            for index, region in enumerate(self.regions)
        )
        made = Content("".join(self.text), encoding, warnings, Layout((), regions))
        return replace(made, raw="".join(self.raw), offsets=np.concatenate(self.maps)) if converted else made


def _merged(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield the parts with neighbouring runs of one font as one run."""
    for key, group in groupby(parts, key=_font):
        if key is None:
            yield from group
        else:
            yield Run("".join(part.text for part in group if isinstance(part, Run)), *key)


def _font(part: Part) -> tuple[str | None, bool] | None:
    return None if isinstance(part, Call) else (part.encoding, part.capitals)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Cut a paragraph at the line breaks in it where a new item or sentence begins: people part items by breaks."""
    start, at = 0, 0
    lines = text.split("\n")
    for line, after in pairwise(lines):
        at += len(line) + 1
        if _parts(line.strip(), after.strip()):
            yield start, at - 1
            start = at
    yield start, len(text)


def _parts(line: str, after: str) -> bool:
    if not line or not after:
        return False
    return bool(look.marker(after)) or line[-1] in look.TERMINAL + ":;" or look.is_upper(line) != look.is_upper(after)
