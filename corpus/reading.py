"""A second, simple reading of values, written apart from `ie.normalise` to pre-fill value gold and to disagree with it.

It knows the plain forms of the genre only: what it cannot read is left for a person. Where it and the toolkit say
different things, a person reads the text and decides (`python -m corpus values`).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from decimal import Decimal

Record = dict[str, str]

_SCALES = {"trăm": 2, "nghìn": 3, "ngàn": 3, "vạn": 4, "triệu": 6, "trđ": 6, "tr": 6, "tỷ": 9, "tỉ": 9}
_MONEY = {
    "đồng": 0,
    "đ": 0,
    "vnđ": 0,
    "vnd": 0,
    "trđ": 6,
    "tr.đ": 6,
    "tr.đồng": 6,
    "tr đồng": 6,
    "trđồng": 6,
    "ng.đ": 3,
}
_WORDS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
_DIGIT = {word: index for index, word in enumerate(_WORDS)} | {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_SAME = {
    "héc ta": "ha", "hecta": "ha", "m²": "m2", "km²": "km2", "m³": "m3", "mét": "m", "phần trăm": "%", "đô la": "USD",
    "usd": "USD", "euro": "EUR", "yên": "JPY", "mw": "MW", "kw": "kW", "kwh": "kWh", "điểm phần trăm": "điểm %",
    "khoá": "khóa",
}  # fmt: skip
_SYMBOL = r"[A-ZĐ][A-ZĐa-zƯ0-9]*(?:[-/][A-ZĐƯ][A-ZĐa-zƯ0-9]*)*"
_LEGAL = re.compile(rf"(?:số )?:?\b([0-9]+)([a-zđ]?)(?:/((?:19|20)[0-9]{{2}}))?[/-]({_SYMBOL})")


def plain(text: str) -> str:
    """Return a text composed, in small letters, on one line."""
    text = unicodedata.normalize("NFC", text).lower().replace("–", "-").replace("—", "-").replace("\xa0", " ")
    return " ".join(text.split())


def number(text: str) -> Record | None:
    """Return number (and upper) of a QUANTITY as exact decimal text, None when the simple rules do not read it."""
    text = plain(text).strip("()")
    for mark, kind in ((r" ?(?:-|đến|tới) ?", "range"), (r" ?/ ?", "fraction")):
        parts = re.split(mark, text)
        if len(parts) == 2 and all(parts):
            ends = [_single(part) for part in parts]
            return {"kind": kind, "number": exact(ends[0]), "upper": exact(ends[1])} if None not in ends else None  # type: ignore[arg-type]
    found = _single(text)
    return None if found is None else {"kind": "number", "number": exact(found)}


def exact(value: Decimal) -> str:
    """Return exact decimal text without zeros after the last digit that counts."""
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _single(text: str) -> Decimal | None:
    """Read one number: dots and blanks before three digits group, a comma starts decimals, words up to hundreds."""
    if re.fullmatch(r"[0-9]+", text):
        return Decimal(text)
    if re.fullmatch(r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]+)?", text):
        return Decimal(re.sub(r"[. ]", "", text).replace(",", "."))
    if re.fullmatch(r"[0-9]+[.,][0-9]+", text):
        return Decimal(text.replace(",", "."))
    return _spoken(text.split())


def _spoken(words: list[str]) -> Decimal | None:
    total = 0
    current: int | None = None
    for word in words:
        if word in _DIGIT:
            current = (current or 0) + _DIGIT[word]
        elif word == "mười":
            current = (current or 0) + 10
        elif word in ("mươi", "chục") and current is not None:
            current *= 10
        elif word in ("trăm", "nghìn", "ngàn", "triệu") and current is not None:
            total, current = total + current * 10 ** _SCALES[word], None
        elif word not in ("linh", "lẻ"):
            return None
    return None if not words or (current is None and not total) else Decimal(total + (current or 0))


def unit(text: str) -> tuple[str, Decimal]:
    """Return the unit's name and the power of ten that its scale words multiply a number by."""
    head, *rest = re.split(r" ?/ ?", plain(text).strip(" .*"))
    words, power = head.split(), 0
    if head in _MONEY:
        name, power = "VND", _MONEY[head]
    else:
        while words and words[0] in _SCALES:
            power += _SCALES[words.pop(0)]
        name = " ".join(words)
        name = "VND" if name in ("đồng", "đ", "", "vnđ", "đông") else _SAME.get(name, name)
    return "/".join([name, *(_SAME.get(part, part) for part in rest)]), Decimal(10) ** power


def period(text: str, *, year: int, month: int | None) -> Record | None:
    """Return the bounds of a plain time expression; `year` and `month` are what the report is about."""
    text = plain(text).strip(" .,;:()")
    text = re.sub(r"^(?:trong|lũy kế|luỹ kế|cộng dồn|cả|tính chung|tính|từ|ước|so với|thực hiện) ", "", text)
    until = re.match(r"(?:đến hết|tính đến|đến|hết|trước|tới) (?:ngày )?(?=[0-9]{1,2}[/-]|tháng|năm|quý)", text)
    found = _bounds(text[until.end() :] if until else text, year, month)
    if found is None:
        return None
    return {"kind": "period", "end": found[1]} if until else {"kind": "period", "start": found[0], "end": found[1]}


_SEP = r"(?: ?/ ?|,? năm |-)"


def _bounds(text: str, year: int, month: int | None) -> tuple[str, str] | None:
    def match(pattern: str) -> re.Match[str] | None:
        return re.fullmatch(pattern, text)

    if m := match(r"(?:năm )?((?:19|20)[0-9]{2})"):
        return _months(int(m[1]), 1, 12)
    if m := match(r"(?:giai đoạn |thời kỳ |nhiệm kỳ |[0-9] năm )?((?:19|20)[0-9]{2}) ?- ?((?:19|20)[0-9]{2})"):
        return f"{m[1]}-01-01", f"{m[2]}-12-31"
    if m := match(r"năm học ((?:19|20)[0-9]{2}) ?[-/] ?((?:19|20)[0-9]{2})"):
        return f"{m[1]}-09-01", f"{m[2]}-05-31"
    if m := match(r"(?:ngày )?([0-9]{1,2})[/-]([0-9]{1,2})(?:[/-]((?:19|20)[0-9]{2}))?"):
        return _day(int(m[3] or year), int(m[2]), int(m[1]))
    if m := match(r"ngày ([0-9]{1,2}) tháng ([0-9]{1,2}) năm ((?:19|20)[0-9]{2})"):
        return _day(int(m[3]), int(m[2]), int(m[1]))
    if m := match(rf"tháng ([0-9]{{1,2}})(?:{_SEP}((?:19|20)[0-9]{{2}}))?"):
        return _months(int(m[2] or year), int(m[1]), int(m[1]))
    if m := match(rf"quý (iv|i{{1,3}}|[1-4])(?:{_SEP}((?:19|20)[0-9]{{2}}))?"):
        last = 3 * _ROMAN[m[1]]
        return _months(int(m[2] or year), last - 2, last)
    if m := match(r"([0-9]{1,2}|[^\W\d_]+) tháng(?: đầu năm| đầu)?(?:(?: năm)? ((?:19|20)[0-9]{2}))?"):
        return _months(int(m[2] or year), 1, _count(m[1]))
    if m := match(r"([0-9]{1,2}|[^\W\d_]+) tháng cuối năm(?: ((?:19|20)[0-9]{2}))?"):
        return _months(int(m[2] or year), 13 - _count(m[1]), 12)
    if text in ("năm", "năm nay"):
        return _months(year, 1, 12)
    if text in ("tháng", "tháng này") and month:
        return _months(year, month, month)
    return None


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else _DIGIT.get(word, 0)


def _day(year: int, month: int, day: int) -> tuple[str, str] | None:
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return (f"{year}-{month:02}-{day:02}",) * 2  # type: ignore[return-value]


def _months(year: int, first: int, last: int) -> tuple[str, str] | None:
    if not 1 <= first <= last <= 12:
        return None
    return f"{year}-{first:02}-01", f"{year}-{last:02}-{calendar.monthrange(year, last)[1]}"


def legal(text: str) -> Record | None:
    """Return the key of a numbered document, `SYMBOL:NUMBER/YEAR`; the year also from its date."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    text = re.sub(r" ?([-/]) ?", r"\1", text).replace("–", "-")
    found = _LEGAL.search(text)
    if found is None:
        return None
    year = found[3] or next(iter(re.findall(r"(?:[/-]|năm )((?:19|20)[0-9]{2})\b", text[found.end() :])), None)
    key = f"{found[4]}:{int(found[1])}{found[2]}"
    return {"kind": "legal", "key": f"{key}/{year}" if year else key}
