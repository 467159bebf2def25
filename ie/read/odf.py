"""Styles and list labels of an ODT: fonts of text, numbers and bullets of lists (ODF 1.3, part 3, 16.30 and 19.880)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ie.read.labels import bullet, number
from ie.read.ooxml import child, value, whole
from ie.read.package import local

if TYPE_CHECKING:
    from lxml import etree

_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_DEPTH = 20
MAX_LEVEL = 10


class Styles:
    """Styles of text and paragraphs, list styles and fonts by name, automatic ones before common ones."""

    def __init__(self, *roots: etree._Element | None) -> None:
        self.known: dict[str, etree._Element] = {}
        self.lists: dict[str, etree._Element] = {}
        self.faces: dict[str, str] = {}
        self.outline: etree._Element | None = None
        self._fonts: dict[str, str] = {}
        for root in roots:
            for part in root if root is not None else ():
                if local(part) in ("automatic-styles", "styles", "font-face-decls"):
                    self._take(part)

    def _take(self, part: etree._Element) -> None:
        for style in part:
            name = value(style, "name") or ""
            match local(style):
                case "style":
                    self.known.setdefault(name, style)
                case "list-style":
                    self.lists.setdefault(name, style)
                case "outline-style":
                    self.outline = style
                case "font-face":
                    self.faces.setdefault(name, (value(style, "font-family") or name).strip("'\""))

    def chain(self, name: str | None) -> list[etree._Element]:
        """Return the style and those above it, nearest first."""
        found: list[etree._Element] = []
        while name in self.known and len(found) < _DEPTH:
            found.append(self.known[name])
            name = value(found[-1], "parent-style-name")
        return found

    def font(self, name: str | None) -> str:
        """Return the font that a style sets, "" when it sets none."""
        key = name or ""
        if key not in self._fonts:
            self._fonts[key] = next((font for style in self.chain(name) if (font := self._own(style))), "")
        return self._fonts[key]

    def _own(self, style: etree._Element) -> str:
        properties = child(style, "text-properties")
        face = value(properties, "font-name")
        return self.faces.get(face, face) if face else (value(properties, "font-family") or "").strip("'\"")

    def hides(self, name: str | None) -> bool:
        """Tell whether a style hides its text."""
        shown = (value(child(style, "text-properties"), "display") for style in self.chain(name))
        return next((said for said in shown if said), "") == "none"

    def list_of(self, name: str | None) -> str | None:
        """Return the list style that a paragraph style brings along."""
        return next((found for style in self.chain(name) if (found := value(style, "list-style-name"))), None)


@dataclass
class Lists:
    """How far each list has counted; a list that continues goes on from the last one of its style."""

    styles: Styles
    counts: dict[str, list[int | None]] = field(default_factory=dict)

    def start(self, style: str) -> None:
        """Begin a list of a style anew."""
        self.counts[style] = [None] * MAX_LEVEL

    def label(self, style: str, level: int, start: int | None = None) -> str:
        """Count one item, level from 0, and return its label as shown with a blank, "" when it has none."""
        level = min(level, MAX_LEVEL - 1)
        counts = self.counts.setdefault(style, [None] * MAX_LEVEL)
        own = self._level(style, level)
        current = counts[level]
        first = whole(value(own, "start-value"), 1)
        counts[level] = start if start is not None else first if current is None else current + 1
        counts[level + 1 :] = [None] * (MAX_LEVEL - level - 1)
        text = self._shown(style, own, level, counts)
        return f"{text} " if text.strip() else ""

    def _shown(self, style: str, own: etree._Element | None, level: int, counts: list[int | None]) -> str:
        if own is None:
            return ""
        if "bullet" in local(own):
            return bullet(value(own, "bullet-char") or "")
        if not value(own, "num-format"):
            return (value(own, "num-prefix") or "") + (value(own, "num-suffix") or "")
        shown = min(max(whole(value(own, "display-levels"), 1), 1), level + 1)
        parts = []
        for at in range(level - shown + 1, level + 1):
            above = self._level(style, at)
            form = value(above, "num-format")
            if form:
                parts.append(
                    number(counts[at] or whole(value(above, "start-value"), 1), _FORMS.get(form[:1], "decimal"))
                )
        return (value(own, "num-prefix") or "") + ".".join(parts) + (value(own, "num-suffix") or "")

    def _level(self, style: str, level: int) -> etree._Element | None:
        found = self.styles.outline if style == OUTLINE else self.styles.lists.get(style)
        return next((p for p in (found if found is not None else ()) if whole(value(p, "level")) == level + 1), None)


OUTLINE = "\0outline"
"""Stands for the numbering of headings where a list style is asked for."""
