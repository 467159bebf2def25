import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.golden.encodings import legacy, viqr
from ie.errors import InputError
from ie.read.evidence import legacy_encoding
from ie.read.legacy import ENCODINGS, convert, font_encoding, letters
from ie.read.syllables import is_syllable

SENTENCE = "Tổng thu ngân sách xã Đông Hải ước đạt 260 triệu đồng, bằng 16,5% kế hoạch; giảm nghèo còn 12 hộ."
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"


@pytest.mark.parametrize(
    ("encoding", "written", "meant"),
    [
        ("tcvn3", "Uû ban nh©n d©n x· T©n LËp", "Uỷ ban nhân dân xã Tân Lập"),
        ("tcvn3", "n­íc s¹ch", "nước sạch"),
        ("tcvn3", "CéNG HOµ X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("tcvn3", "Sè: 12/BC-UBND", "Số: 12/BC-UBND"),
        ("tcvn5712-1", "B\u0192O C\u0192O", "BÁO CÁO"),
        ("vni", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("vni", "UÛY BAN NHAÂN DAÂN THÒ TRAÁN", "ỦY BAN NHÂN DÂN THỊ TRẤN"),
        ("vni", "Quyeát ñònh soá 12/QÑ-UBND", "Quyết định số 12/QĐ-UBND"),
        ("viqr", "dda.t 12 ty? ddo^`ng (ta(ng 5%)", "đạt 12 tỷ đồng (tăng 5%)"),
        ("viqr", "xa~ Hoa\\. Nga`y 5 tha'ng 3", "xã Hoa. Ngày 5 tháng 3"),
        ("viqr", "theo ba'o ca'o cu?a ta. Kinh te^'", "theo báo cáo của ta. Kinh tế"),
        ("viqr", "dd/mm/yyyy", "dd/mm/yyyy"),
    ],
)
def test_conversion(encoding: str, written: str, meant: str) -> None:
    text, offsets = convert(written, encoding)
    assert text == meant
    assert len(offsets) == len(text)


def test_capitals_of_a_font() -> None:
    assert convert("b¸o c¸o", "tcvn3", capitals=True)[0] == "BÁO CÁO"


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@given(text=st.text(alphabet=VIETNAMESE + " .,;0123456789-/%", max_size=80))
def test_every_letter_comes_back_from_where_it_stood(encoding: str, text: str) -> None:
    written = [legacy(char, encoding) for char in text]
    back, offsets = convert("".join(written), encoding)
    assert back == text
    assert ["".join(written)[start:end] for start, end in offsets] == written


@given(text=st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " .,?^(+'`~\\", max_size=60))
@example(text="\\D")
def test_viqr_round_trip(text: str) -> None:
    # No word ends in a bare ă; the escaped full stop says that the writer kept to the rules.
    strict = re.sub("[ăĂ](?![a-z])", "ăn", text) + " ta."
    back, offsets = convert(viqr(strict), "viqr")
    assert back == strict
    assert all(a < b for a, b in offsets)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_offsets_never_descend(encoding: str) -> None:
    _, offsets = convert("C«ng tr×nh: a^'b \\. aùâöñ\u0192 ddo^`ng", encoding)
    assert (offsets[1:, 0] >= offsets[:-1, 1]).all()


def test_unknown_encoding_is_named() -> None:
    with pytest.raises(InputError, match="viscii"):
        convert("a", "viscii")


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", ("tcvn3", False)),
        (".VnTimeH", ("tcvn3", True)),
        ("ABCDEF+.VnArial,Bold", ("tcvn3", False)),
        ("VnTimeH", ("tcvn3", True)),
        ("VNI-Times", ("vni", False)),
        ("ABCDEF+VNI-Helve-Bold", ("vni", False)),
        ("Times New Roman", None),
        ("Vnunicode", None),
    ],
)
def test_encoding_of_a_font(font: str, encoding: tuple[str, bool] | None) -> None:
    assert font_encoding(font) == encoding


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_encoding_is_found_by_what_the_text_says(encoding: str) -> None:
    assert legacy_encoding(legacy(SENTENCE, encoding)) == encoding
    assert legacy_encoding(viqr(SENTENCE)) == "viqr"


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        unicodedata.normalize("NFD", SENTENCE),
        "El Niño pasó por São Paulo ± 5 µm (Ø 16)",
        "Is it a? Or b. (c)",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert legacy_encoding(text) is None


@pytest.mark.parametrize(
    ("word", "plausible"),
    [("nghiệp", True), ("QUÝ", True), ("huyện", True), ("hoà", True), ("cộx", False), ("mãt", False), ("tưâ", False)],
)
def test_syllables(word: str, plausible: bool) -> None:
    assert is_syllable(word) is plausible
    assert is_syllable(unicodedata.normalize("NFD", word)) is plausible


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_tables_agree_with_another_library(encoding: str) -> None:
    """viparse has its tables from real documents; it knows neither `ẳ` nor capitals of TCVN3."""
    tables = pytest.importorskip(f"viparse.normalize.{encoding}")
    ours = letters(encoding)
    assert len(tables._ENTRIES) > 70
    assert {form: ours.get(form, form) for form, _ in tables._ENTRIES} == dict(tables._ENTRIES)
