"""What a name in a report was found to be: the administrative unit of a PLACE, the document of a LEGAL.

Frozen records that hang on `Value`. They say how sure the answer is: a name that could be several things keeps them
all as candidates and has none of their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any


@dataclass(frozen=True)
class PlaceCandidate:
    """A unit that a name may stand for: its key, its full name, and the share of the odds it has (0 to 1)."""

    key: str
    name: str
    score: float


@dataclass(frozen=True)
class PlaceLink:
    """The administrative unit that a PLACE names, or what kind of place it is otherwise.

    `type` is the type word written out (`xã`, `sông`, `quốc lộ`), also where only the list or the link tells it.
    A linked place has `level` (province, district, commune), `era` (`old`: the units before 1 July 2025, `new`: those
    since), `name` (in full: `xã Tân Lập, huyện Mộc Châu, tỉnh Sơn La`), `score`, and `status`, what the change of July
    2025 did to the unit: of an old one what became of it (`unchanged`, `renamed`, `merged`, `split`), of a new one how
    it came about (`unchanged`, `renamed`, `merged`, `part` when it is a part of one divided unit). A name that may be
    several units has `candidates`, the likeliest first, and neither level nor name; a road or river has the type alone.
    """

    type: str | None = None
    level: str | None = None
    era: str | None = None
    name: str | None = None
    status: str | None = None
    score: float | None = None
    candidates: tuple[PlaceCandidate, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PlaceLink:
        """Build the link from the data that `plain` gives."""
        candidates = tuple(PlaceCandidate(**each) for each in data.get("candidates", ()))
        return cls(**{**_tuples(data), "candidates": candidates})


@dataclass(frozen=True)
class Citation:
    """The part of a document that is cited; numbers and letters as written (`2a`, `đ`, `III`).

    `start` and `end` are the characters of the report's text that say it, end exclusive.
    """

    article: str | None = None
    clause: str | None = None
    point: str | None = None
    chapter: str | None = None
    appendix: str | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class LegalDocument:
    """What tells a document from others, as far as the reference, its symbol or the report says it.

    `type` is the kind in small letters (`nghị quyết`), `issuer` the issuing body in full with its place
    (`Hội đồng nhân dân tỉnh Sơn La`), `issuer_place` the key of that place, `date` the ISO date of issue. `uid` is the
    key with the issuer's place where local bodies number their own (`QĐ-UBND:806/2022@old/14`); it is set when number,
    year and issuer are known, and two references with one `uid` are to one document.
    """

    type: str | None = None
    number: str | None = None
    year: str | None = None
    symbol: str | None = None
    issuer: str | None = None
    issuer_place: str | None = None
    uid: str | None = None
    date: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class LegalIdentity(LegalDocument):
    """The document that a LEGAL refers to.

    `cited` are the articles cited before the span. `ref` is the id of the entity that introduced a document which this
    span names in short (`Nghị quyết 12`) or points back to; `self` when that is the report. `notes` say where a field
    comes from that does not come from the span: `issuer from symbol`, `issuer from report`, `year from T4`.
    """

    cited: tuple[Citation, ...] = ()
    ref: str | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LegalIdentity:
        """Build the identity from the data that `plain` gives."""
        return cls(**{**_tuples(data), "cited": tuple(Citation(**each) for each in data.get("cited", ()))})


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(item) if isinstance(item, list) else item for name, item in data.items()}


def plain(value: Any) -> Any:
    """Return a record as plain data for JSON: fields that are set, tuples as lists, records as objects."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if is_dataclass(value):
        pairs = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: plain(item) for name, item in pairs if item not in (None, "", ())}
    return value
