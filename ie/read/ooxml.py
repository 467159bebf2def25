"""Styles and numbering of a DOCX: which font a run is set in, which label a paragraph shows.

ISO/IEC 29500-1, 17.3.2 (fonts), 17.7 (styles) and 17.9 (numbering), as far as they decide what is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ie.read.labels import bullet, number
from ie.read.package import local

if TYPE_CHECKING:
    from lxml import etree

MAX_LEVEL = 8
_DEPTH = 20
"""Longest chain of styles followed; Word's own are shorter than ten."""


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first element below by local names, None when a step is missing."""
    for name in path:
        if element is None:
            return None
        element = next((part for part in element if local(part) == name), None)
    return element


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """Return an attribute by its local name, None without element or attribute."""
    if element is None:
        return None
    return next((str(text) for key, text in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def is_on(element: etree._Element | None) -> bool:
    """Tell whether a toggle property stands and is not switched off."""
    return element is not None and value(element) not in ("0", "false", "off", "none")


def whole(text: str | None, default: int = 0) -> int:
    """Return a whole number from an attribute, the default when it holds none."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


@dataclass
class Styles:
    """The styles by id; what a style does not say it takes from the one it is based on."""

    known: dict[str, etree._Element] = field(default_factory=dict)
    defaults: etree._Element | None = None
    normal: str | None = None

    @classmethod
    def of(cls, root: etree._Element | None) -> Styles:
        """Read the styles part; a document may have none."""
        styles = cls()
        for element in root if root is not None else ():
            if local(element) == "docDefaults":
                styles.defaults = child(element, "rPrDefault", "rPr")
            id = value(element, "styleId") if local(element) == "style" else None
            if id:
                styles.known[id] = element
                if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true", "on"):
                    styles.normal = id
        return styles

    def chain(self, id: str | None) -> list[etree._Element]:
        """Return the style and those it is based on, nearest first."""
        found: list[etree._Element] = []
        while id in self.known and len(found) < _DEPTH:
            found.append(self.known[id])
            id = value(child(found[-1], "basedOn"))
        return found

    def font(self, run: etree._Element | None, paragraph: etree._Element | None) -> str:
        """Return the font of a run by its properties, its styles or the defaults; "" for a theme's."""
        styles = [
            *self.chain(value(child(run, "rStyle"))),
            *self.chain(value(child(paragraph, "pStyle")) or self.normal),
        ]
        for properties in (run, *(child(style, "rPr") for style in styles), self.defaults):
            fonts = child(properties, "rFonts")
            name = value(fonts, "ascii") or value(fonts, "hAnsi")
            if name or value(fonts, "asciiTheme"):
                return name or ""
        return ""

    def numbering(self, paragraph: etree._Element | None) -> tuple[str | None, int | None, str | None]:
        """Return `numId` and level of a paragraph, its own or its style's, and the style that gave the number."""
        own = child(paragraph, "numPr")
        id, level = value(child(own, "numId")), value(child(own, "ilvl"))
        by = None
        for style in self.chain(value(child(paragraph, "pStyle")) or self.normal):
            properties = child(style, "pPr", "numPr")
            if id is None and child(properties, "numId") is not None:
                id, by = value(child(properties, "numId")), value(style, "styleId")
            level = level or value(child(properties, "ilvl"))
        return id, None if level is None else min(max(whole(level), 0), MAX_LEVEL), by


@dataclass
class _Level:
    form: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    suffix: str = "\t"


class Numbering:
    """The lists of a document and how far each has counted."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._abstract: dict[str, etree._Element] = {}
        self._numbers: dict[str, etree._Element] = {}
        self._levels: dict[tuple[str, int], _Level] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        self._styles = styles
        for element in root if root is not None else ():
            if local(element) == "abstractNum":
                self._abstract[value(element, "abstractNumId") or ""] = element
            elif local(element) == "num":
                self._numbers[value(element, "numId") or ""] = element

    def of(self, paragraph: etree._Element | None) -> str:
        """Count a paragraph by its properties and return its label as shown, "" when it has none."""
        id, level, style = self._styles.numbering(paragraph)
        if id is None or id not in self._numbers:
            return ""
        return self._label(id, self._level_of_style(id, style) if level is None else level)

    def _level_of_style(self, id: str, style: str | None) -> int:
        """Return the level that a list links to a style, the first when it links none."""
        abstract = self._abstract.get(self._abstract_id(id))
        for part in abstract if abstract is not None and style else ():
            if local(part) == "lvl" and value(child(part, "pStyle")) == style:
                return min(max(whole(value(part, "ilvl")), 0), MAX_LEVEL)
        return 0

    def _label(self, id: str, level: int) -> str:
        abstract = self._abstract_id(id)
        counts = self._counts.setdefault(abstract, [None] * (MAX_LEVEL + 1))
        self._override(id, level, counts)
        for above in range(level):
            if counts[above] is None:
                counts[above] = self._level(id, above).start
        own = self._level(id, level)
        current = counts[level]
        counts[level] = own.start if current is None else current + 1
        for below in range(level + 1, MAX_LEVEL + 1):
            restart = self._level(id, below).restart
            if restart is None or (restart and level < restart):
                counts[below] = None
        return self._shown(id, own, counts)

    def _shown(self, id: str, own: _Level, counts: list[int | None]) -> str:
        if own.form == "bullet":
            return bullet(own.text) + " " if own.text.strip() else ""

        def part(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = self._level(id, at)
            form = "decimal" if own.legal else shown.form
            return number(counts[at] or 0, form)

        text = re.sub(r"%([1-9])", part, own.text)
        return text + own.suffix if text.strip() else ""

    def _abstract_id(self, id: str) -> str:
        """Return the list that a number stands for, followed through list styles."""
        for _ in range(_DEPTH):
            abstract = value(child(self._numbers.get(id), "abstractNumId")) or ""
            style = value(child(self._abstract.get(abstract), "numStyleLink"))
            linked = self._styles.chain(style)
            through = value(child(linked[0], "pPr", "numPr", "numId")) if linked else None
            if through is None or through == id or through not in self._numbers:
                return abstract
            id = through
        return abstract

    def _override(self, id: str, level: int, counts: list[int | None]) -> None:
        """Start anew where a number says so, once for each of its levels."""
        for override in self._numbers[id]:
            at = whole(value(override, "ilvl"))
            start = value(child(override, "startOverride"))
            if local(override) == "lvlOverride" and start and 0 <= at <= level and (id, at) not in self._started:
                self._started.add((id, at))
                counts[at] = whole(start) - 1 if at == level else whole(start)

    def _level(self, id: str, level: int) -> _Level:
        if (id, level) not in self._levels:
            self._levels[id, level] = self._read_level(id, level)
        return self._levels[id, level]

    def _read_level(self, id: str, level: int) -> _Level:
        levels = _levels(self._abstract.get(self._abstract_id(id)), "lvl", level)
        for override in _levels(self._numbers.get(id), "lvlOverride", level):
            levels += _levels(override, "lvl", level)
        if not levels:
            return _Level()
        own = levels[-1]
        suffix = {"space": " ", "nothing": ""}.get(value(child(own, "suff")) or "", " ")
        restart = value(child(own, "lvlRestart"))
        return _Level(
            value(child(own, "numFmt")) or "decimal",
            value(child(own, "lvlText")) or "",
            whole(value(child(own, "start")), 0),
            None if restart is None else whole(restart),
            is_on(child(own, "isLgl")),
            suffix,
        )


def _levels(parent: etree._Element | None, name: str, level: int) -> list[etree._Element]:
    return [
        part
        for part in (parent if parent is not None else ())
        if local(part) == name and whole(value(part, "ilvl"), -1) == level
    ]
