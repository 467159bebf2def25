"""Read and write figures: a number with its decimals, in every shape of the genre."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from training.vary.forms import forms

_PART = r"(?:(?P<point>[,.])(?P<part>\d{1,2}))?"
_GROUPED = re.compile(rf"(?P<whole>\d{{1,3}}(?P<mark>[. \u00a0])\d{{3}}(?:(?P=mark)\d{{3}})*){_PART}")
_PLAIN = re.compile(rf"(?P<whole>\d+){_PART}")


@dataclass(frozen=True)
class Figure:
    """A number as exact digits: `whole` without marks or leading noughts, `part` the decimals without the mark."""

    whole: str
    part: str = ""

    @property
    def small(self) -> bool:
        """Tell whether the number is a count below a hundred."""
        return not self.part and len(self.whole) <= 2

    def shifted(self, places: int) -> Figure:
        """Return the number times ten to the power of `places`."""
        digits = self.whole + self.part
        point = len(self.whole) + places
        digits = digits.rjust(len(digits) + max(0, 1 - point), "0")
        point = max(point, 1)
        digits = digits.ljust(point, "0")
        return Figure(digits[:point].lstrip("0") or "0", digits[point:].rstrip("0"))


def read(text: str, point: str = ",") -> Figure | None:
    """Return the figure that `text` writes; None when it is none or can be read in two ways (`1,250`).

    `point` is the mark that starts decimals in the report: where it is the dot, `1.250` can be read in two ways too.
    """
    match = _GROUPED.fullmatch(text)
    if match and match["mark"] == "." == (match["point"] or point):
        return None
    match = match or _PLAIN.fullmatch(text)
    if match is None:
        return None
    whole = re.sub(r"\D", "", match["whole"])
    return Figure(whole.lstrip("0") or "0", match["part"] or "")


def written(figure: Figure, rng: random.Random, point: str = ",") -> str:
    """Return the figure in a shape drawn by chance; reading it again gives the same number.

    Decimals start with `point`, the mark of the report, which then groups no thousands.
    """
    whole = figure.whole
    if len(whole) > 3:
        mark = rng.choices((".", "", " ", "\u00a0"), (6 if point == "," else 0, 3, 1, 0.5))[0]
        whole = _grouped(whole, mark)
    elif figure.small and len(whole) == 1 and whole != "0":
        whole = rng.choice(("0", "")) + whole
    return f"{whole}{point}{figure.part}" if figure.part else whole


def _grouped(whole: str, mark: str) -> str:
    return re.sub(r"(?<=\d)(?=(?:\d{3})+$)", mark, whole)


def in_words(figure: Figure) -> str | None:
    """Return a count below a hundred in words, None for any other number or nought."""
    if not figure.small or figure.whole == "0":
        return None
    names = forms()["words"]
    digits = names["digits"]
    if len(figure.whole) == 1:
        return digits[int(figure.whole)]  # type: ignore[no-any-return]
    tens, ones = figure.whole
    head = names["ten"] if tens == "1" else f"{digits[int(tens)]} {names['tens']}"
    if ones == "0":
        return head  # type: ignore[no-any-return]
    if tens == "1":
        return f"{head} {names['five_after_ten'] if ones == '5' else digits[int(ones)]}"
    return f"{head} {names['after_tens'].get(ones, digits[int(ones)])}"


def from_words(text: str) -> Figure | None:
    """Return the count from one to ten that a word names."""
    names = forms()["words"]
    word = text.lower()
    if word == names["ten"]:
        return Figure("10")
    return Figure(str(names["digits"].index(word))) if word in names["digits"][1:] else None
