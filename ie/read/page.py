"""The main content of a web page: where most of the text is that is no link, without menus, banners and boxes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml import html

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAME = re.compile(r"[a-z]+")
MIN_SHARE = 0.6
"""Share of a container's text that one child must hold to be the container instead."""
_MAX_LINKS = 0.6
_LISTS = ("ul", "ol", "div", "table", "dl")


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of `html.toml`."""
    table = tomllib.loads((resources.files("ie.read") / "html.toml").read_text("utf-8"))
    return frozenset(table[name].split())


def is_shown(element: html.HtmlElement) -> bool:
    """Tell whether an element is shown: neither hidden nor a header or footer that an office program wrote."""
    if element.get("hidden") is not None or element.get("role") in words("roles"):
        return False
    if element.get("title") in ("header", "footer") and element.tag == "div":
        return False
    return not _HIDDEN.search(element.get("style") or "")


@dataclass
class _Weight:
    """Characters of an element, those of them that are links to other pages, and the number of such links."""

    all: int = 0
    linked: int = 0
    links: int = 0

    @property
    def own(self) -> int:
        """Characters that are no link."""
        return self.all - self.linked


Weights = dict["html.HtmlElement", _Weight]


def _weights(top: html.HtmlElement) -> Weights:
    """Return the weight of every element below and including `top`, in one pass from the last to the first."""
    found: Weights = {}
    for element in reversed(list(top.iter(etree.Element))):
        made = _Weight(_length(element.text))
        for child in element:
            below = found.get(child, _Weight())
            made.all += below.all + _length(child.tail)
            made.linked += below.linked
            made.links += below.links
        if element.tag == "a" and not (element.get("href") or "#").startswith("#"):
            made = _Weight(made.all, made.all, 1)
        found[element] = made
    return found


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def main_content(root: html.HtmlElement, *, keep: Container[html.HtmlElement]) -> html.HtmlElement:
    """Return the element that holds the page's text, emptied of what stands beside it; `keep` is never taken out."""
    body = root.find("body")
    top = body if body is not None else root
    for element in list(_beside(top, _weights(top))):
        if element not in keep and element is not top and element.getparent() is not None:
            element.drop_tree()
    weights = _weights(top)
    while (inner := _fuller(top, weights)) is not None:
        top = inner
    return top


def _beside(top: html.HtmlElement, weights: Weights) -> Iterator[html.HtmlElement]:
    """Yield menus, banners, boxes of links; nothing that holds a good part of the page's text."""
    limit = 0.4 * weights[top].own
    for element, weight in weights.items():
        if (
            element.tag in words("left_out")
            or not is_shown(element)
            or (weight.own <= limit and _stands_beside(element, weight))
        ):
            yield element


def _stands_beside(element: html.HtmlElement, weight: _Weight) -> bool:
    """Tell whether an element is a menu, banner or box by its tag, its names or its links."""
    names = _NAME.findall(f"{element.get('class') or ''} {element.get('id') or ''}".lower())
    if element.tag in words("furniture") or not words("beside").isdisjoint(names):
        return True
    return element.tag in _LISTS and weight.links >= 3 and weight.linked > _MAX_LINKS * weight.all


def _fuller(top: html.HtmlElement, weights: Weights) -> html.HtmlElement | None:
    """Return the child that holds nearly all text of a container, None when the text is spread over several."""
    total = weights[top].own
    inner = [child for child in top if child in weights and weights[child].own > 0]
    for child in inner:
        if child.tag in ("article", "main") and weights[child].own > 0.4 * total:
            return child
    for child in inner:
        if child.tag in words("containers") and weights[child].own > MIN_SHARE * total and _places(child, weights):
            return child
    return None


def _places(element: html.HtmlElement, weights: Weights) -> bool:
    """Tell whether an element may be entered: a table only when one of its cells holds nearly all of it."""
    if element.tag != "table":
        return True
    cells = [cell for cell in element.iter("td") if next(cell.iterancestors("table"), None) is element]
    largest = max(cells, key=lambda cell: weights[cell].own, default=None)
    if largest is None or weights[largest].own <= MIN_SHARE * weights[element].own:
        return False
    return len(list(islice(largest.iter("p", "div", "br"), 3))) > 2
