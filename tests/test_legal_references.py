"""Documents that a report refers to: lists, short names, issuers, citations, words that point back."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import About, Document, Entity
from ie.export.jsonl import as_dict, from_dict
from ie.identity import LegalIdentity
from ie.normalise.back import Introduced, back_references
from ie.normalise.citations import citations_before, read_citations
from ie.normalise.laws import law_of
from ie.normalise.places.link import link_places
from ie.normalise.references import link_legal
from ie.normalise.time_table import Anchor
from ie.references import references_of

MOC_CHAU = About(place="huyện Mộc Châu", level="district", parents=("tỉnh Sơn La",), date="2021-06-20")
SON_LA = About(place="tỉnh Sơn La", level="province", date="2021-06-20")
LONG_SAP = About(place="xã Lóng Sập", level="commune", parents=("tỉnh Sơn La",), date="2025-09-20")


def linked(text: str, about: About = MOC_CHAU) -> Document:
    """Link a document whose LEGAL spans stand in square brackets and PLACE spans in braces, also inside those."""
    plain, entities, opened = "", [], []
    for part in re.split(r"([\[\]{}])", text):
        if part in ("[", "{"):
            opened.append(len(plain))
        elif part in ("]", "}"):
            start = opened.pop()
            label = "LEGAL" if part == "]" else "PLACE"
            entities.append(Entity(f"T{len(entities) + 1}", label, ((start, len(plain)),), plain[start:]))
        else:
            plain += part
    document = Document("report", plain, tuple(entities), about=about)
    return link_legal(link_places(document, anchor=Anchor(2021, 6)))


def keys(text: str, about: About = MOC_CHAU) -> list[str | None]:
    found = linked(text, about).entities
    return [entity.value.key if entity.value else None for entity in found if entity.label == "LEGAL"]


def identities(text: str, about: About = MOC_CHAU) -> list[LegalIdentity]:
    values = [entity.value for entity in linked(text, about).entities if entity.label == "LEGAL"]
    return [value.legal for value in values if value and value.legal]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theo điểm a khoản 2 Điều 5 ", [("5", "2", "a")]),
        ("theo điểm a, b khoản 2 Điều 5 của ", [("5", "2", "a"), ("5", "2", "b")]),
        ("tại khoản 1, khoản 3 Điều 6 và Điều 14 ", [("6", "1", None), ("6", "3", None), ("14", None, None)]),
        ("khoản 1 Điều 5 và khoản 2\nĐiều 7 ", [("5", "1", None), ("7", "2", None)]),
        ("các điều 5, 6 và 7 ", [("5", None, None), ("6", None, None), ("7", None, None)]),
        ("tại điểm đ khoản 2a Điều 12b, ", [("12b", "2a", "đ")]),
        ("đạt 3 điểm, vượt ", []),
        ("khoản 2 Điều 5 Nghị định và ", []),
        ("", []),
    ],
)
def test_citations(text: str, expected: list[tuple[str | None, ...]]) -> None:
    found = citations_before(text, len(text))
    assert [(each.article, each.clause, each.point) for each in found] == expected
    assert all(text[each.start : each.end].strip() for each in found)


@given(st.integers(1, 300), st.integers(1, 20), st.sampled_from("abcdđeg"))
def test_a_citation_written_out_reads_back(article: int, clause: int, point: str) -> None:
    (found,) = read_citations(f"điểm {point} khoản {clause} Điều {article}")
    assert (found.point, found.clause, found.article) == (point, str(clause), str(article))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[Quyết định số 10/QĐ-UBND], [11/QĐ-UBND]", ["QĐ-UBND:10", "QĐ-UBND:11"]),
        ("các [Quyết định số 10], [11] và [12/QĐ-UBND]", ["QĐ-UBND:10", "QĐ-UBND:11", "QĐ-UBND:12"]),
        ("[Nghị quyết số 5/NQ-HĐND], [số 06] và [7]", ["NQ-HĐND:5", "NQ-HĐND:6", "NQ-HĐND:7"]),
        ("[Kế hoạch số 5/2021/KH-UBND] hay là việc khác [7]", ["KH-UBND:5/2021", None]),
    ],
)
def test_lists_share_their_head(text: str, expected: list[str | None]) -> None:
    assert keys(text) == expected


def test_a_list_shares_its_issuer() -> None:
    first, second = identities("[Quyết định số 10/QĐ-UBND] và [11/QĐ-UBND ngày 3/2/2021 của UBND tỉnh]")
    assert first.issuer == second.issuer == "Ủy ban nhân dân tỉnh Sơn La"
    assert (first.date, second.date) == (None, "2021-02-03")


@pytest.mark.parametrize(
    ("short", "key", "ref"),
    [
        ("[Nghị quyết 12]", "NQ-HĐND:12/2020", "T1"),
        ("[Nghị quyết số 12/NQ-HĐND]", "NQ-HĐND:12/2020", "T1"),
        ("[Nghị quyết số 12/2020/NQ-HĐND]", "NQ-HĐND:12/2020", None),
        ("[Nghị quyết 13]", "NQ:13", None),
        ("[Quyết định 12]", "QĐ:12", None),
        ("[Nghị quyết này]", "NQ-HĐND:12/2020", "T1"),
        ("[Quyết định trên]", None, None),
    ],
)
def test_short_references_find_the_one_that_introduced_them(short: str, key: str | None, ref: str | None) -> None:
    text = f"Theo [Nghị quyết số 12/NQ-HĐND ngày 10/12/2020 của HĐND huyện], vốn đã chia. Nay {short} còn hiệu lực."
    assert keys(text)[1] == key
    value = linked(text).entities[1].value
    assert (value.legal.ref if value and value.legal else None) == ref


def test_a_short_reference_to_two_documents_stays_open() -> None:
    text = (
        "[Nghị quyết số 12/NQ-HĐND ngày 10/12/2020], [Nghị quyết số 12-NQ/HU ngày 3/3/2021]. Theo [Nghị quyết 12] thì"
    )
    assert keys(text)[2] == "NQ:12"
    assert any("several documents fit" in note for note in identities(text)[2].notes)


@pytest.mark.parametrize(
    ("text", "about", "issuer", "place"),
    [
        ("[Quyết định số 8/QĐ-UBND ngày 3/2/2021 của UBND tỉnh]", MOC_CHAU, "Ủy ban nhân dân tỉnh Sơn La", "old/14"),
        ("[Nghị quyết của HĐND huyện]", MOC_CHAU, "Hội đồng nhân dân huyện Mộc Châu", "old/14/123"),
        ("[Quyết định 8 của UBND {huyện Yên Châu}]", MOC_CHAU, "Ủy ban nhân dân huyện Yên Châu", "old/14/124"),
        ("[Quyết định số 8/QĐ-UBND]", MOC_CHAU, "Ủy ban nhân dân", None),
        ("[Quyết định số 8/QĐ-UBND]", SON_LA, "Ủy ban nhân dân tỉnh Sơn La", "old/14"),
        ("[Nghị quyết số 5-NQ/TU]", MOC_CHAU, "Tỉnh ủy Sơn La", "old/14"),
        ("[Nghị quyết số 5-NQ/HU]", MOC_CHAU, "Huyện ủy Mộc Châu", "old/14/123"),
        ("[Nghị định số 5/2020/NĐ-CP]", MOC_CHAU, "Chính phủ", None),
        ("[Quyết định số 9/QĐ-UBND ngày 1/3/2024 của UBND tỉnh]", LONG_SAP, "Ủy ban nhân dân tỉnh Sơn La", "old/14"),
        ("[Quyết định 9 ngày 1/3/2024 của UBND {tỉnh Sơn La}]", LONG_SAP, "Ủy ban nhân dân tỉnh Sơn La", "old/14"),
        ("[Chỉ thị số 2-CT/ĐU ngày 5/8/2025 của Đảng ủy xã]", LONG_SAP, "Đảng ủy xã Lóng Sập", "new/14/04045"),
        ("[Nghị quyết của Ban Thường vụ Huyện ủy]", MOC_CHAU, "Ban Thường vụ Huyện ủy Mộc Châu", "old/14/123"),
        ("[Quyết định số 9/QĐ-UBND ngày 1/8/2025 của UBND tỉnh]", LONG_SAP, "Ủy ban nhân dân tỉnh Sơn La", "new/14"),
    ],
)  # fmt: skip
def test_issuer_in_full(text: str, about: About, issuer: str, place: str | None) -> None:
    (found,) = identities(text, about)
    assert (found.issuer, found.issuer_place) == (issuer, place)


def test_uid_of_national_documents_is_the_key() -> None:
    found = identities(
        "[Thông tư số 1/2017/TT-UBDT]; khác [Nghị quyết số 76/2014/QH13]; khác [Quyết định số 8/2020/QĐ-UBND]"
    )
    assert [each.uid for each in found] == ["TT-UBDT:1/2017", "QH13:76/2014", None]


def test_uid_tells_documents_of_two_places_apart() -> None:
    province, district = (f"[Quyết định số 8/QĐ-UBND ngày 3/2/2021 của UBND {level}]" for level in ("tỉnh", "huyện"))
    uids = [each.uid for each in identities(f"{province} khác {district}")]
    assert uids == ["QĐ-UBND:8/2021@old/14", "QĐ-UBND:8/2021@old/14/123"]


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("Luật Đất đai năm 2013", "QH13:45/2013"),
        ("Luật Đất đai số 45/2013/QH13", "QH13:45/2013"),
        ("Luật Đất đai 2024", "QH15:31/2024"),
        ("Luật NSNN năm 2015", "QH13:83/2015"),
        ("Nghị quyết 30a", "NQ-CP:30a/2008"),
        ("Luật Đất đai", "luật:đất đai"),
        ("Luật Tổ chức chính quyền địa phương năm 2025", "luật:tổ chức chính quyền địa phương/2025"),
    ],
)
def test_well_known_documents_go_by_number(reference: str, key: str) -> None:
    assert keys(f"Theo [{reference}], đất được giao.") == [key]


def test_two_laws_of_one_year_and_title_are_not_guessed() -> None:
    assert law_of("luật:tổ chức chính quyền địa phương/2025") is None
    found = law_of("QH15:72/2025")
    assert found is not None
    assert found.title == "Luật Tổ chức chính quyền địa phương"


def test_title_after_the_reference() -> None:
    (found,) = identities("[Quyết định số 8/QĐ-UBND] về việc giao chỉ tiêu trồng rừng, toàn huyện trồng 5 ha.")
    assert found.title == "giao chỉ tiêu trồng rừng"


KNOWN = [
    Introduced("T1", 0, 10, "nghị quyết"),
    Introduced("T2", 20, 30, "quyết định"),
    Introduced("T3", 32, 40, "quyết định"),
]


@pytest.mark.parametrize(
    ("words", "refs"),
    [
        ("Quyết định này", ("T3",)), ("quyết định nêu trên", ("T3",)), ("các Quyết định trên", ("T2", "T3")),
        ("Nghị quyết đó", ("T1",)), ("văn bản trên", ("T3",)), ("Báo cáo này", ("self",)), ("Chỉ thị này", ()),
    ],
)  # fmt: skip
def test_words_that_point_back(words: str, refs: tuple[str, ...]) -> None:
    text = " " * 50 + f"Thực hiện {words}, huyện đã làm."
    (found,) = back_references(text, KNOWN, own="báo cáo")
    assert found.refs == refs
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    "words", ["kế hoạch này", "quyết định trên địa bàn", "quyết định trên 100 việc", "chương trình đó"]
)
def test_other_words_point_to_nothing(words: str) -> None:
    assert back_references(" " * 50 + words + " thì", KNOWN, own="báo cáo") == []


@given(st.text(alphabet="quyếtđịnhnày trênĐCá \n,.[]", max_size=200), st.integers(0, 5))
def test_any_text_is_survived(text: str, count: int) -> None:
    known = [Introduced(f"T{index}", index, index + 1, "quyết định") for index in range(count)]
    for found in back_references(text, known):
        assert 0 <= found.start < found.end <= len(text)


def test_json_lists_documents_once_and_reads_back() -> None:
    text = (
        "Theo khoản 2 Điều 5 [Nghị quyết số 12/NQ-HĐND ngày 10/12/2020 của HĐND huyện], huyện chia vốn. "
        "[Nghị quyết 12] giao 5 việc. Nghị quyết này còn hiệu lực."
    )
    document = linked(text)
    document = replace(document, about=MOC_CHAU)
    data = json.loads(json.dumps(as_dict(document)))
    assert from_dict(data).entities == document.entities
    (cited,) = data["legal"]
    assert (cited["key"], cited["mentions"], cited["number"]) == ("NQ-HĐND:12/2020", ["T1", "T2"], "12")
    assert cited["cited"][0]["article"] == "5"
    assert [document.text[back["start"] : back["end"]] for back in cited["back"]] == ["Nghị quyết này"]
    assert references_of(document)[0].issuer == "Hội đồng nhân dân huyện Mộc Châu"
