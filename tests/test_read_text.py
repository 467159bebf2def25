import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ie
from corpus.golden.encodings import cp1258, legacy, viqr, windows_1252
from ie.document import Document
from ie.errors import InputError
from ie.layout import Layout, Page, Region
from ie.normalise.fold import fold
from ie.pipeline import tag, tag_text
from ie.read import read
from ie.read.plain import canonical, canonical_text
from ie.read.source import Source
from ie.read.text import decode, vietnamese_share

TEXT = "Tổng thu ngân sách xã Tân Lập ước đạt 260 triệu đồng, theo Nghị quyết số 12/2020/NQ-HĐND; 12 hộ nghèo."
REPORT = (
    "BÁO CÁO\nTình hình tháng 02 năm 2023\n"
    "Tổng thu ngân sách xã Hoà Bình trong tháng ước đạt 260 triệu đồng (luỹ kế 2 tháng 611 triệu đồng, đạt 16,5% kế "
    "hoạch theo Quyết định số 05/QĐ-UBND ngày 06/01/2023 của Uỷ ban nhân dân huyện Đăk Hà).\n"
    "Diện tích gieo trồng 1.250,5 ha; sản lượng thuỷ sản 18 tấn.\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_files(encoding: str) -> None:
    found = decode(TEXT.encode(encoding), "r.txt")
    assert (found.text.lstrip("\ufeff"), found.encoding, found.warnings) == (TEXT, encoding, ())


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (cp1258(TEXT), "cp1258"),
        (legacy(TEXT, "tcvn3").encode("cp1252"), "tcvn3"),
        (legacy(TEXT, "vni").encode("cp1252"), "vni"),
        (viqr(TEXT).encode(), "viqr"),
        (legacy(TEXT, "tcvn3").encode(), "tcvn3"),
        (legacy(TEXT, "vni").encode("utf-16"), "vni"),
    ],
    ids=["cp1258", "tcvn3", "vni", "viqr", "tcvn3 in utf-8", "vni in utf-16"],
)
def test_older_encodings_are_found_and_reported(data: bytes, encoding: str) -> None:
    found = decode(data, "r.txt")
    assert unicodedata.normalize("NFC", found.text).lstrip("\ufeff") == TEXT
    assert found.encoding == encoding
    assert encoding in found.warnings[0]


def test_legacy_lines_among_unicode_lines() -> None:
    other = "Diện tích gieo trồng đạt 1.250,5 ha, sản lượng 18 tấn; El Niño kéo dài, sai số ± 5 µm."
    mixed = f"{other}\n{legacy(TEXT, 'tcvn3')}\n{other}\n"
    found = decode(mixed.encode(), "r.txt")
    assert found.text == f"{other}\n{TEXT}\n{other}\n"
    assert found.encoding == "utf-8+tcvn3"
    assert found.raw == mixed
    assert found.offsets is not None
    at = found.text.index("triệu")
    start, end = found.offsets[at, 0], found.offsets[at + 4, 1]
    assert mixed[start:end] == legacy("triệu", "tcvn3")


def test_capitals_with_tones_of_tcvn_5712() -> None:
    text = "ỦY BAN NHÂN DÂN XÃ TÂN LẬP - BÁO CÁO TÌNH HÌNH PHÁT TRIỂN KINH TẾ, XÃ HỘI"
    found = decode(windows_1252(legacy(text, "tcvn5712-1")), "r.txt")
    assert (found.text, found.encoding) == (text, "tcvn5712-1")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n", "is empty"),
        (" \u3000\n".encode(), "white space only"),
        ("Ủy ban nhân dân".encode() + b"\x01\x02\x03" * 30, "binary"),
        (b"\x89PNG" + bytes(range(128, 256)) * 4, "neither UTF-8"),
        (b"The committee reports to the council every month.", "does not look Vietnamese"),
    ],
)
def test_what_is_no_vietnamese_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        decode(data, "r.txt")


def test_share_of_vietnamese_letters() -> None:
    assert vietnamese_share("Ủy ban nhân dân thành phố Hồ Chí Minh báo cáo") > 0.2
    assert vietnamese_share("The committee reports to the council every month") == 0.0


def _invisible(text: str) -> str:
    return "".join(char + "\u200b\u00ad"[index % 2] * (index % 5 == 0) for index, char in enumerate(text))


VARIANTS = {
    "decomposed": unicodedata.normalize("NFD", REPORT),
    "new tone placement": REPORT.replace("Hoà", "Hòa")
    .replace("luỹ", "lũy")
    .replace("Uỷ", "Ủy")
    .replace("thuỷ", "thủy"),
    "look-alikes": REPORT.replace("Đ", "Ð").replace("đ", "ð"),
    "invisible characters": _invisible(REPORT),
}


FIELDS = (
    *("kind", "value", "upper", "unit", "indicator", "period_start", "period_end"),
    *("places", "projects", "legal_keys", "qualifiers"),
)


def _said(document: Document) -> list[list[str]]:
    """Return the facts as they are compared: the tone mark of `hoà` may stand on either vowel."""
    return [[fold(str(getattr(fact, name))) for name in FIELDS] for fact in ie.facts_of(document)]


@pytest.mark.parametrize("name", VARIANTS)
def test_spelling_does_not_change_the_facts(name: str) -> None:
    clean, varied = tag_text(REPORT), tag_text(VARIANTS[name])
    assert _said(clean)
    assert _said(varied) == _said(clean)
    for entity in varied.entities:
        pieces = "".join(VARIANTS[name][start:end] for start, end in entity.source)
        assert canonical_text("".join(pieces.split()))[0] == "".join(entity.text.split())


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_entities_of_a_legacy_file_point_to_its_own_characters(encoding: str, tmp_path: Path) -> None:
    written = legacy(REPORT, encoding)
    path = tmp_path / "r.txt"
    path.write_bytes(written.encode("cp1252"))
    document = tag(path)
    assert _said(document) == _said(tag_text(REPORT))
    for entity in document.entities:
        pieces = "".join(written[start:end] for start, end in entity.source)
        assert "".join(pieces.split()) == legacy("".join(entity.text.split()), encoding)
    assert read(path).raw == written


@given(st.text(alphabet="ađÐoe \u0301\u0302\u0323\u200b\u00ad\ufeffx\n", max_size=60))
def test_canonical_text_maps_back(text: str) -> None:
    new, offsets = canonical_text(text)
    if offsets is None:
        assert new == text
        return
    assert len(offsets) == len(new)
    assert (offsets[1:, 0] >= offsets[:-1, 0]).all()
    assert canonical_text(new)[0] == new
    assert unicodedata.normalize("NFC", new) == new
    for char, (start, end) in zip(new, offsets, strict=True):
        assert canonical_text(text[start:end])[0].startswith(char) or unicodedata.combining(char)


def test_layout_follows_the_text() -> None:
    text = unicodedata.normalize("NFD", "Số tệ\u00ad\nnợ1 x")
    boxes = np.array([[i, 0, i + 1, 2] for i in range(len(text))], dtype=np.float32)
    line = text.index("\n")
    call = (text.index("1"), text.index("1") + 1)
    layout = Layout(
        (Page(1, 0, len(text)),),
        (Region(0, line, "paragraph"), Region(line + 1, len(text), "footnote", "1", call)),
        boxes,
    )
    moved = canonical(Source("n", text, "", "str", layout=layout))
    assert moved.text == "Số tệ\nnợ1 x"
    assert moved.layout is not None
    one, two = moved.layout.regions
    assert moved.text[one.start : one.end] == "Số tệ"
    assert moved.text[two.start : two.end] == "nợ1 x"
    assert two.call is not None
    assert moved.text[slice(*two.call)] == "1"
    assert moved.layout.pages[0].end == len(moved.text)
    assert moved.layout.boxes is not None
    assert moved.layout.boxes[1].tolist() == [1, 0, 4, 2]
    assert moved.pages() == layout.pages
