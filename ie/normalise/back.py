"""Words that point back to a document: `Nghị quyết này`, `các quyết định nêu trên`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ie.document import Document
from ie.normalise.bodies import legal_words
from ie.normalise.fold import clean, fold

SELF = "self"
_NEAR = 120
_MOST = 60
"""How many references before the words are looked at."""
_NOT_BACK = (
    r"(?!\s+(?:địa\s+bàn|cơ\s+sở|toàn|diện|đất|các|những|[0-9]|tinh\s+thần|lĩnh\s+vực|phạm\s+vi|tuyến|đường|sông|mạng|"
    r"cả|nền|thực|thế|phương))"
)


@dataclass(frozen=True)
class Introduced:
    """A reference that names its document: id of the entity, characters, kind of document."""

    id: str
    start: int
    end: int
    type: str | None


@dataclass(frozen=True)
class BackReference:
    """Words that point back: characters `[start, end)`, kind, and the ids of the entities that they point to.

    `refs` is `("self",)` when the report itself is meant, and empty when nothing before fits.
    """

    start: int
    end: int
    text: str
    type: str
    refs: tuple[str, ...] = ()


@cache
def _pattern() -> re.Pattern[str]:
    words = legal_words()
    back = words["back"]
    kinds = sorted({*words["types"], *back["any_kind"]}, key=len, reverse=True)
    kind = "|".join(re.escape(kind).replace(r"\ ", r"\s+") for kind in kinds if len(kind) > 3)
    several = "|".join(back["several"])
    point = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in (*back["above"], *back["this"]))
    return re.compile(rf"(?<!\w)(?:({several})\s+)?({kind})\s+({point})(?!\w){_NOT_BACK}", re.IGNORECASE)


def own_kind(document: Document) -> str | None:
    """Return the kind of document that the report is, by its title."""
    title = fold(document.about.title or "") if document.about else ""
    return next((kind for kind in legal_words()["types"] if title.startswith(f"{kind} ")), "báo cáo")


def back_references(text: str, known: Sequence[Introduced], *, own: str | None = None) -> list[BackReference]:
    """Return the words that point back to one of the references before them (`known`, in order of the text).

    `own` is the kind of document that the text is: `Báo cáo này` means itself unless another report was named. Words in
    small letters that fit nothing (`kế hoạch này`) are left out: they may mean no document at all.
    """
    starts = [each.start for each in known]
    found = []
    for match in _pattern().finditer(text):
        last = bisect_right(starts, match.start() - 1)
        before = known[max(0, last - _MOST) : last]
        refs = _referents(match, before, own, text)
        if refs or match[2][0].isupper():
            kind = fold(match[2])
            found.append(BackReference(match.start(), match.end(), clean(match.group()), kind, refs))
    return found


def _referents(match: re.Match[str], before: Sequence[Introduced], own: str | None, text: str) -> tuple[str, ...]:
    kind, several = fold(match[2]), match[1] is not None
    this = fold(match[3]) in legal_words()["back"]["this"]
    fitting = [each for each in before if kind in (each.type, *legal_words()["back"]["any_kind"])]
    if this and not several and kind == own:
        return (SELF,)
    if not fitting:
        return ()
    if not several:
        return (fitting[-1].id,)
    run = [fitting[-1]]
    for each in reversed(fitting[:-1]):
        if run[0].start - each.end > _NEAR or "\n\n" in text[each.end : run[0].start]:
            break
        run.insert(0, each)
    return tuple(each.id for each in run)
