"""Set a text as offices and extractors leave it: wrapped, double-spaced, paged, with footnotes at the foot of the page.

Every character of the result knows which character of the plain text it comes from, so annotations move with it
exactly. Footnotes stand in the plain text as `[[1]]` where they are called and as a line `[[1]]: …` anywhere after.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

from ie.document import Document, Entity, Fragment, fragments_text
from ie.errors import FormatError

ADDED = -1
"""Origin of a character that the typesetter adds."""

_CALL = re.compile(r"\[\[(\d+)\]\]")
_NOTE = re.compile(r"\[\[(\d+)\]\]:\s*")
_TABLE_ROW = re.compile(r"\S {4,}\S")
_PAGE_MARKS = {
    "num": "{page}\n",
    "ff": "\f{page}\n",
    "head": "{head}\n{page}\n",
    "dash": "- {page} -\n",
    "trang": "Trang {page}\n",
}
_SPACE_BAR, _LINE_BAR = " " * 59, "_" * 20
_NOTE_EXTRA = 12
"""Footnotes are set smaller, so their lines hold this many characters more."""


@dataclass(frozen=True)
class Layout:
    """How a text is set; the names are the directives of an `@layout:` line.

    `wrap` is the line length in characters (0: paragraphs stay whole), `double` puts a blank line after each line,
    `trail` a blank at each line end, `indent` that many blanks before a paragraph. `page` is the number of lines on a
    page (0: one page), `pagestyle` how the page number looks, `notebar` what stands above footnotes (`space`, a rule,
    or nothing), `notegap` a blank before a footnote mark. `nbsp` makes some blanks non-breaking, `nfd` decomposes all
    letters, `dropblank` leaves empty lines out.
    """

    wrap: int = 0
    double: bool = False
    trail: bool = False
    indent: int = 0
    page: int = 0
    pagestyle: str = "num"
    notebar: str = ""
    notegap: bool = False
    nbsp: bool = False
    nfd: bool = False
    dropblank: bool = False


def layout(directives: str) -> Layout:
    """Read an `@layout:` line; words that are no directive only describe (`clean`, `letterhead`).

    Raises FormatError when a number or a page style is wrong.
    """
    kinds = {item.name: item.default for item in fields(Layout)}
    chosen: dict[str, int | bool | str] = {}
    for word in directives.split():
        name, _, value = word.partition("=")
        if name in kinds:
            chosen[name] = _value(name, value, kinds[name])
    made = Layout(**chosen)  # type: ignore[arg-type]
    if made.pagestyle not in _PAGE_MARKS:
        raise FormatError(f"@layout: pagestyle {made.pagestyle!r} is unknown; use one of {', '.join(_PAGE_MARKS)}")
    return made


def _value(name: str, value: str, default: object) -> int | bool | str:
    if isinstance(default, bool):
        return True
    if isinstance(default, str):
        return value or "line"
    if not value.isdigit():
        raise FormatError(f"@layout: {name} takes a number, not {value!r}")
    return int(value)


@dataclass(frozen=True)
class Strip:
    """Characters with the offset in the plain text that each comes from, `ADDED` for what the typesetter adds."""

    text: str = ""
    origins: tuple[int, ...] = ()

    def __add__(self, other: Strip) -> Strip:
        return Strip(self.text + other.text, self.origins + other.origins)

    def cut(self, start: int, end: int | None = None) -> Strip:
        """Return the part `[start, end)`."""
        return Strip(self.text[start:end], self.origins[start:end])


def added(text: str) -> Strip:
    """Return characters that come from nowhere."""
    return Strip(text, (ADDED,) * len(text))


def joined(strips: Iterable[Strip]) -> Strip:
    """Return the strips one after the other."""
    parts = list(strips)
    return Strip("".join(part.text for part in parts), tuple(o for part in parts for o in part.origins))


@dataclass
class _Row:
    """A line of the page with the footnotes called on it."""

    strip: Strip
    first: bool
    calls: list[str] = field(default_factory=list)


def typeset(plain: str, how: Layout, *, running_head: str = "") -> Strip:
    """Return the text as it is set; FormatError when a footnote is called but not written, or the reverse."""
    body, notes = _body_and_notes(plain)
    rows = [row for line in body for row in _rows(line, how)]
    _check_notes(rows, notes)
    pages = joined(_pages(rows, notes, how, running_head))
    return joined(_characters(pages, how)) if how.nbsp or how.nfd else pages


def _body_and_notes(plain: str) -> tuple[list[Strip], dict[str, Strip]]:
    body: list[Strip] = []
    notes: dict[str, Strip] = {}
    start = 0
    for line in re.findall(r"[^\n]*\n|[^\n]+$", plain):
        strip = Strip(line, tuple(range(start, start + len(line)))).cut(0, len(line) - line.endswith("\n"))
        match = _NOTE.match(line)
        if match:
            notes[match.group(1)] = strip.cut(match.end())
        else:
            body.append(strip)
        start += len(line)
    return body, notes


def _rows(line: Strip, how: Layout) -> list[_Row]:
    """Replace the calls of a paragraph by their numbers and wrap it; each call belongs to the row that shows it."""
    shown, calls = _with_marks(line, how)
    rows = [_Row(part, number == 0) for number, part in enumerate(_wrapped(shown, how.wrap))]
    for call in calls:
        next((row for row in rows if _shows(row.strip, call)), rows[-1]).calls.append(call)
    return rows


def _with_marks(line: Strip, how: Layout) -> tuple[Strip, list[str]]:
    parts, calls, start = [], [], 0
    for match in _CALL.finditer(line.text):
        parts += [line.cut(start, match.start()), added(" " * how.notegap + match.group(1))]
        calls.append(match.group(1))
        start = match.end()
    return joined([*parts, line.cut(start)]), calls


def _shows(strip: Strip, call: str) -> bool:
    digits = "".join(char for char, origin in zip(strip.text, strip.origins, strict=True) if origin == ADDED)
    return re.search(rf"(?<!\d){call}(?!\d)", digits) is not None


def _wrapped(line: Strip, width: int) -> Iterator[Strip]:
    """Cut a line at blanks into parts of at most `width` characters; table rows stay whole."""
    text, start = line.text, 0
    if width and "|" not in text and not _TABLE_ROW.search(text):
        while len(text) - start > width:
            cut = text.rfind(" ", start + 1, start + width + 1)
            if cut <= start:
                cut = text.find(" ", start + width)
            if cut < 0:
                break
            yield line.cut(start, cut + 1)
            start = cut + 1
    yield line.cut(start)


def _check_notes(rows: Iterable[_Row], notes: Mapping[str, Strip]) -> None:
    called = [call for row in rows for call in row.calls]
    for call in called:
        if call not in notes:
            raise FormatError(f"footnote {call} is called but not written; add a line [[{call}]]: …")
    for note in notes:
        if note not in called:
            raise FormatError(f"footnote {note} is never called; put [[{note}]] after the word it belongs to")


def _pages(rows: list[_Row], notes: Mapping[str, Strip], how: Layout, running_head: str) -> Iterator[Strip]:
    line_end = added(" " * how.trail + ("\n\n" if how.double else "\n"))
    page, count = 1, 0
    waiting: list[str] = []
    for index, row in enumerate(rows):
        if how.dropblank and not row.strip.text.strip():
            continue
        indented = row.first and row.strip.text.strip() and not row.strip.text.startswith("|")
        yield added(" " * how.indent if indented else "") + row.strip + line_end
        waiting += row.calls
        count += 1
        if how.page and count >= how.page and index < len(rows) - 1:
            yield from _foot(waiting, notes, how)
            page, count, waiting = page + 1, 0, []
            yield added(_PAGE_MARKS[how.pagestyle].format(page=page, head=running_head))
    yield from _foot(waiting, notes, how)


def _foot(calls: list[str], notes: Mapping[str, Strip], how: Layout) -> Iterator[Strip]:
    if calls:
        bar = _SPACE_BAR if how.notebar == "space" else _LINE_BAR if how.notebar else ""
        yield added(bar + "\n")
    for call in calls:
        note = added(f"{call} ") + notes[call]
        for part in _wrapped(note, how.wrap + _NOTE_EXTRA if how.wrap else 0):
            yield part + added("\n")


def _characters(strip: Strip, how: Layout) -> Iterator[Strip]:
    for char, origin in zip(strip.text, strip.origins, strict=True):
        if how.nbsp and char == " " and origin != ADDED and origin * 7919 % 11 == 0:
            char = "\u00a0"
        parts = unicodedata.normalize("NFD", char) if how.nfd else char
        yield Strip(parts, (origin,) * len(parts))


def move(document: Document, strip: Strip) -> Document:
    """Return a document of the plain text as one of the set text, spans cut at line ends and around footnotes."""
    where: dict[int, list[int]] = {}
    for at, origin in enumerate(strip.origins):
        where.setdefault(origin, []).append(at)
    entities = tuple(_moved(entity, where, strip.text) for entity in document.entities)
    return Document(document.name, strip.text, entities, document.relations, document.notes, document.meta)


def _moved(entity: Entity, where: Mapping[int, list[int]], text: str) -> Entity:
    places = sorted(at for start, end in entity.fragments for o in range(start, end) for at in where.get(o, ()))
    fragments: list[Fragment] = []
    for at in places:
        if text[at].isspace():
            continue
        between = text[fragments[-1][1] : at] if fragments else "\n"
        if between.strip() or "\n" in between:
            fragments.append((at, at + 1))
        else:
            fragments[-1] = (fragments[-1][0], at + 1)
    if not fragments:
        raise FormatError(f"{entity.id} {entity.label} {entity.text!r} has no character left in the set text")
    return Entity(entity.id, entity.label, tuple(fragments), fragments_text(text, fragments), entity.attributes)
