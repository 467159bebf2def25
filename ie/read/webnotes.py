"""Footnotes of HTML: a short mark that links to a block further down, which links back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import html

_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[ivxlc]{1,6}|[a-z]|\*{1,3})[\])]?")
_BACK = re.compile(r"[\[(]?(?:\d{1,3}|[ivxlc]{1,6}|[a-z]|\*{1,3})[\])]?\.?|[↑↩^⇑\ufe0e]+")
_BLOCKS = frozenset(("p", "li", "div", "td", "dd", "aside", "section"))


@dataclass
class Notes:
    """The markers with their notes' elements, the notes' elements, the links back to the text."""

    calls: dict[html.HtmlElement, html.HtmlElement] = field(default_factory=dict)
    bodies: set[html.HtmlElement] = field(default_factory=set)
    backs: set[html.HtmlElement] = field(default_factory=set)

    def apart(self, element: html.HtmlElement) -> bool:
        """Tell whether an element is no part of the running text."""
        return element in self.bodies or element in self.backs


def find_notes(root: html.HtmlElement) -> Notes:
    """Return the footnotes of a page; a note is called once, from above."""
    notes = Notes()
    order = {element: at for at, element in enumerate(root.iter())}
    named: dict[str, html.HtmlElement] = {}
    for element in order:
        for key in ("id", "name"):
            if isinstance(element.tag, str) and element.get(key):
                named.setdefault(element.get(key) or "", element)
    for link in root.iter("a"):
        target = named.get((link.get("href") or "")[1:]) if (link.get("href") or "").startswith("#") else None
        text = "".join(link.text_content().split())
        if target is None or target is link:
            continue
        if order[target] < order[link] and _BACK.fullmatch(text):
            notes.backs.add(link)
        elif order[target] > order[link] and _MARK.fullmatch(text):
            _tie(link, target, notes)
    return notes


def _tie(link: html.HtmlElement, target: html.HtmlElement, notes: Notes) -> None:
    body = target
    while body is not None and body.tag not in _BLOCKS:
        body = body.getparent()
    above = link.getparent()
    if body is None or body in notes.bodies or any(body is one for one in link.iterancestors()) or above is None:
        return
    notes.calls[link] = body
    notes.bodies.add(body)
