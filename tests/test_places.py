"""Places to administrative units: what is linked, to what, and what stays open."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import About, Document, Entity, Value
from ie.export.jsonl import as_dict, from_dict
from ie.normalise import normalisation_report, normalise
from ie.normalise.about import read_about
from ie.normalise.places.gazetteer import gazetteer
from ie.normalise.places.link import link_places
from ie.normalise.places.spelling import name_key
from ie.normalise.time_table import Anchor
from ie.places import places_of

UNITS = gazetteer()


def marked(text: str) -> Document:
    """Return a document whose PLACE spans stand in square brackets."""
    plain, entities = "", []
    for index, part in enumerate(re.split(r"\[(.*?)\]", text, flags=re.DOTALL)):
        if index % 2:
            entities.append(Entity(f"T{len(entities) + 1}", "PLACE", ((len(plain), len(plain) + len(part)),), part))
        plain += part
    return Document("report", plain, tuple(entities))


def values(text: str, *, year: int = 2021, month: int = 6) -> list[Value]:
    document = marked(text)
    document = replace(document, about=replace(read_about(document.text)[0], date=None))
    found = link_places(document, anchor=Anchor(year, month)).entities
    return [entity.value for entity in found if entity.value is not None]


def names(text: str, *, year: int = 2021, month: int = 6) -> list[str | None]:
    return [value.place.name if value.place else None for value in values(text, year=year, month=month)]


MOC_CHAU = "ỦY BAN NHÂN DÂN    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nHUYỆN MỘC CHÂU    Độc lập - Tự do - Hạnh phúc\n"
SON_LA = "UBND TỈNH SƠN LA\nBÁO CÁO\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (MOC_CHAU + "Lúa ở [xã Tân Lập] được mùa.", "xã Tân Lập, huyện Mộc Châu, tỉnh Sơn La"),
        (MOC_CHAU + "Lúa ở [Xã  Lóng\nSập] được mùa.", "xã Lóng Sập, huyện Mộc Châu, tỉnh Sơn La"),
        (MOC_CHAU + "Chợ [TT. Mộc Châu] họp phiên.", "thị trấn Mộc Châu, huyện Mộc Châu, tỉnh Sơn La"),
        (MOC_CHAU + "Dân [XÃ QUI HƯỚNG] hiến đất.", "xã Qui Hướng, huyện Mộc Châu, tỉnh Sơn La"),
        (MOC_CHAU + "Dân [xã Quy Hướng] hiến đất.", "xã Qui Hướng, huyện Mộc Châu, tỉnh Sơn La"),
        (MOC_CHAU + "Xe lên [H. Yên Châu] chậm.", "huyện Yên Châu, tỉnh Sơn La"),
        ("Thóc [xã Tân Lập], [huyện Lục Ngạn].", "xã Tân Lập, huyện Lục Ngạn, tỉnh Bắc Giang"),
        ("Đường [xã Ea H’leo], [huyện Ea Hleo], [tỉnh Đăk Lăk].", "xã Ea H'Leo, huyện Ea H'leo, tỉnh Đắk Lắk"),
        (SON_LA + "Dự án tại [xã Tân Lập] ([huyện Mộc Châu]).", "xã Tân Lập, huyện Mộc Châu, tỉnh Sơn La"),
        ("UBND QUẬN 11\n[Phường 1] vệ sinh.", "phường 1, quận 11, thành phố Hồ Chí Minh"),
        ("UBND THÀNH PHỐ ĐÀ LẠT\n[P. 01] vệ sinh.", "phường 1, thành phố Đà Lạt, tỉnh Lâm Đồng"),
        ("Đoàn thăm [TP.HCM].", "thành phố Hồ Chí Minh"),
        ("Đoàn thăm [TP. Hoà Bình], [tỉnh Hoà Bình].", "thành phố Hòa Bình, tỉnh Hòa Bình"),
    ],
)  # fmt: skip
def test_linked(text: str, name: str) -> None:
    assert (names(text)[0] or "").lower() == name.lower()


def test_list_shares_its_type_word_and_district() -> None:
    found = names(SON_LA + "Các xã [Tân Lập], [Lóng Sập] và [Chiềng Sơn], [huyện Mộc Châu] có điện.")
    assert found[:3] == [f"xã {name}, huyện Mộc Châu, tỉnh Sơn La" for name in ("Tân Lập", "Lóng Sập", "Chiềng Sơn")]


def test_neighbours_tell_the_province() -> None:
    text = "Các xã [Nậm Mười], [Sùng Đô], [An Lương] của [huyện Văn Chấn] thiếu nước. [xã Tân Thịnh] cũng vậy."
    assert names(text)[-1] == "xã Tân Thịnh, huyện Văn Chấn, tỉnh Yên Bái"


def test_bare_ambiguous_name_has_candidates_and_no_key() -> None:
    (value,) = values("Đoàn công tác đến [xã Quyết Tiến] ngày hôm qua.")
    assert value.key == "xã Quyết Tiến"
    assert value.place is not None
    assert value.place.level is None
    assert {each.key for each in value.place.candidates} >= {"old/02/029/00904", "old/31/315/11770"}
    assert sum(each.score for each in value.place.candidates) <= 1


def test_city_and_province_of_one_name_stay_open_where_both_fit() -> None:
    value = values("UBND THÀNH PHỐ SƠN LA\nDân [Sơn La] tưới rau. [phường Chiềng Lề] tưới rau.")[0]
    assert value.key == "Sơn La"
    assert value.place is not None
    assert {each.key for each in value.place.candidates} >= {"old/14", "old/14/116"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sông Đà", "sông"), ("QL 6", "quốc lộ"), ("chợ Tân Lập", "chợ"), ("cầu Long Biên", "cầu"),
        ("KCN Mai Sơn", "khu công nghiệp"), ("bản Áng", "bản"), ("Lào", "quốc gia"), ("Tây Bắc", "vùng"),
    ],
)  # fmt: skip
def test_other_places_stay_unlinked_with_their_type(text: str, kind: str) -> None:
    (value,) = values(f"{MOC_CHAU}Bên [{text}] đông vui.")
    assert value.place is not None
    assert (value.place.type, value.place.level, value.place.candidates) == (kind, None, ())


def test_hamlets_in_a_list_are_no_communes() -> None:
    found = values(MOC_CHAU + "Các bản [Tân Lập], [Lóng Sập] có điện.")
    assert [value.place.level for value in found if value.place] == [None, None]


def test_units_since_july_2025() -> None:
    head = "UBND XÃ LÓNG SẬP\nTỈNH SƠN LA\nBÁO CÁO\n"
    new, district, past = values(
        head + "[xã Lóng Sập] thuộc [huyện Mộc Châu] trước đây; [xã Chiềng Khừa] cũ.", year=2025, month=9
    )
    assert (new.key, new.place and new.place.era) == ("old/14/123/04045", "old")
    assert (district.key, past.key) == ("old/14/123", "old/14/123/04024")
    assert values(head + "[xã Lóng Sập] có 30 bản.", year=2025, month=9)[0].key == "new/14/04045"
    assert values(head + "[xã Lóng Sập] có 30 bản.", year=2025, month=3)[0].key == "old/14/123/04045"


def test_a_merger_names_old_units() -> None:
    head = "UBND XÃ MƯỜNG LẠN\nTỈNH ĐIỆN BIÊN\n"
    found = values(head + "[xã Mường Lạn] nhập từ các xã [Mường Lạn], [Nậm Lịch] và [Xuân Lao].", year=2025, month=10)
    assert [value.key for value in found] == [
        "new/11/03313",
        "old/11/102/03313",
        "old/11/102/03312",
        "old/11/102/03302",
    ]
    assert found[2].place is not None
    assert "spelled Nặm Lịch" in found[2].place.notes


def test_the_issue_date_decides_over_the_title() -> None:
    document = marked("UBND XÃ LÓNG SẬP\nTỈNH SƠN LA\n[xã Lóng Sập]")
    for day, era in (("2025-06-30", "old"), ("2025-07-01", "new")):
        about = About(place="xã Lóng Sập", parents=("tỉnh Sơn La",), date=day)
        found = link_places(replace(document, about=about), anchor=Anchor(2025, 6))
        value = found.entities[0].value
        assert found.about is not None
        assert found.about.unit == (value and value.key)
        assert value is not None
        assert value.place is not None
        assert value.place.era == era


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("old/14", "unchanged"), ("old/17", "merged"), ("new/25", "merged"), ("old/14/123", "split"),
        ("old/14/123/04045", "merged"), ("old/01/001/00019", "split"), ("old/31/318", "renamed"),
    ],
)  # fmt: skip
def test_status(key: str, status: str) -> None:
    assert UNITS.status(UNITS.units[key]) == status


def test_provinces_are_linked_both_ways() -> None:
    assert [each.key for each in UNITS.counterparts("old/17")] == ["new/25"]
    assert {each.key for each in UNITS.counterparts("new/25")} == {"old/17", "old/25", "old/26"}


def test_divided_commune_is_a_part_of_each_of_its_heirs() -> None:
    heirs = UNITS.counterparts("old/01/001/00019")
    assert len(heirs) > 1
    assert {heir.status for heir in heirs} == {"part"}
    assert all("old/01/001/00019" in {old.key for old in UNITS.counterparts(heir.key)} for heir in heirs)


@given(st.sampled_from(sorted(key for key, unit in UNITS.units.items() if unit.level == "commune")))
def test_old_to_new_to_old_comes_back(key: str) -> None:
    start = UNITS.today(key)
    assert start is not None
    for other in UNITS.counterparts(key):
        assert start.key in {back.key for back in UNITS.counterparts(other.key)}
        assert other.key.startswith("new") is (start.era == "old")
    assert UNITS.counterparts(key) or start.state == "2022"


@given(st.sampled_from(sorted(UNITS.units)))
def test_a_name_spelled_otherwise_is_the_same(key: str) -> None:
    unit = UNITS.units[key]
    for spelling in (unit.name.upper(), unit.name.lower(), unit.name.replace("-", " – "), f" {unit.name} "):
        assert name_key(spelling) == name_key(unit.name)
    assert key in {named.unit.key for named in UNITS.named(unit.name)}


@given(
    st.lists(st.sampled_from(["xã Tân Lập", "Quyết Tiến", "huyện Mộc Châu", "QL 6", "tỉnh Sơn La", "P. 3", "", "Lào"]))
)
def test_any_mix_gets_odds_that_make_sense(spans: list[str]) -> None:
    document = link_places(marked(", ".join(f"[{span}]" for span in spans)))
    for entity in document.entities:
        place = entity.value.place if entity.value else None
        assert place is None or place.score is None or 0.8 <= place.score <= 1
        assert place is None or not (place.level and place.candidates)
    counts = normalisation_report(document)["PLACE"]
    assert counts["linked"] + counts["ambiguous"] + counts["unlinked"] == len(spans)


def test_json_carries_links_and_units_and_reads_back() -> None:
    document = normalise(marked(MOC_CHAU + "Năm 2021, [xã Tân Lập] và [xã Quyết Tiến]; [xã Tân Lập] lần nữa."))
    data = json.loads(json.dumps(as_dict(document)))
    assert from_dict(data).entities == document.entities
    assert data["places"][0]["mentions"] == ["T1", "T3"]
    assert [each["key"] for each in data["places"][0]["counterparts"]] == ["new/14/03997"]
    assert places_of(document)[0].key == "old/14/123/03997"
