"""Numbers: hand-worked cases of every shape, then round trips from a Decimal through the genre's spellings."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.normalise.digits import COMMA_DECIMAL, DECIMAL_DOT, DOT_THOUSANDS, ENGLISH
from ie.normalise.exact import decimal_text, product
from ie.normalise.numbers import UNKNOWN, Habit, parse_number
from ie.normalise.units import parse_unit
from ie.normalise.words import COLLOQUIAL, SCALE_INSIDE

VIETNAMESE = Habit(dot_thousands=6, comma_decimals=20)
DOTTED = Habit(dot_decimals=9)
MIXED = Habit(dot_thousands=4, comma_decimals=9, dot_decimals=6)
FOREIGN = Habit(comma_thousands=5, dot_decimals=7)


def number(text: str, *, unit: str | None = None, habit: Habit = UNKNOWN) -> str | None:
    value = parse_number(text, habit=habit, unit=parse_unit(unit) if unit else None)
    return value.number if value else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", "7"),
        ("02", "2"),
        ("0", "0"),
        ("00", "0"),
        ("1.234", "1234"),
        ("43.120", "43120"),
        ("1.234.567", "1234567"),
        ("8,5", "8.5"),
        ("0,05", "0.05"),
        ("12,50", "12.5"),
        ("1.234,5", "1234.5"),
        ("108.937,00", "108937"),
        ("2.000.000,75", "2000000.75"),
        ("12 500", "12500"),
        ("1 250 000", "1250000"),
        ("12 500,5", "12500.5"),
        ("12\u00a0500", "12500"),
        ("12.\n500", "12500"),
        ("-5.400", "-5400"),
        ("−3,2", "-3.2"),
        ("+4", "4"),
        ("2024", "2024"),
        ("1250", "1250"),
    ],
)
def test_plain_shapes_need_no_note(text: str, expected: str) -> None:
    value = parse_number(text)
    assert value is not None
    assert (value.kind, value.number, value.notes) == ("number", expected, ())


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("21.4", "21.4", DECIMAL_DOT),
        ("0.125", "0.125", DECIMAL_DOT),
        ("98.3", "98.3", DECIMAL_DOT),
        ("1234.5", "1234.5", DECIMAL_DOT),
        ("5973.125", "5973.125", DECIMAL_DOT),
        ("11.151.18", "11151.18", DECIMAL_DOT),
        ("12 500.5", "12500.5", DECIMAL_DOT),
        ("1,234.5", "1234.5", ENGLISH),
        ("1,234,567", "1234567", ENGLISH),
        ("1,234,567.89", "1234567.89", ENGLISH),
    ],
)
def test_foreign_shapes_are_read_and_said(text: str, expected: str, note: str) -> None:
    value = parse_number(text)
    assert value is not None
    assert (value.number, value.notes) == (expected, (note,))


@pytest.mark.parametrize(
    ("text", "unit", "habit", "expected", "notes"),
    [
        # Things that are counted and single đồng have no thousandths.
        ("1.744", "hộ", DOTTED, "1744", ()),
        ("1.744", "đồng", DOTTED, "1744", ()),
        ("12.500", "đồng/kg", DOTTED, "12500", ()),
        ("1,600", "người", VIETNAMESE, "1600", (ENGLISH,)),
        # A measure may have them: the habit of the report decides, doubt is said.
        ("1.744", "km", VIETNAMESE, "1744", ()),
        ("1.744", "km", Habit(), "1744", (DOT_THOUSANDS,)),
        ("1.744", "km", DOTTED, "1.744", (DECIMAL_DOT,)),
        ("1.744", "km", MIXED, "1744", (DOT_THOUSANDS,)),
        ("1.744", "km", FOREIGN, "1.744", (DECIMAL_DOT,)),
        ("57.210", "triệu đồng", VIETNAMESE, "57210", ()),
        ("57.210", "triệu đồng", Habit(), "57210", (DOT_THOUSANDS,)),
        ("1,744", "km", VIETNAMESE, "1.744", ()),
        ("1,744", "km", Habit(), "1.744", (COMMA_DECIMAL,)),
        ("1,744", "km", FOREIGN, "1744", (ENGLISH,)),
        ("1,600", "tỷ đồng", FOREIGN, "1600", (ENGLISH,)),
        # A share of more than a thousand per cent is less likely than three decimals, unless they are round.
        ("12.345", "%", VIETNAMESE, "12.345", (DECIMAL_DOT,)),
        ("1.200", "%", VIETNAMESE, "1200", (DOT_THOUSANDS,)),
        # Group sizes decide alone.
        ("1744.5", "km", VIETNAMESE, "1744.5", (DECIMAL_DOT,)),
        ("0.744", "km", VIETNAMESE, "0.744", (DECIMAL_DOT,)),
        ("1.234,567", "người", VIETNAMESE, "1234567", ("mixed thousands marks",)),
        ("1.234,567", "triệu đồng", VIETNAMESE, "1234.567", ()),
    ],
)
def test_one_mark_before_three_digits(
    text: str, unit: str, habit: Habit, expected: str, notes: tuple[str, ...]
) -> None:
    value = parse_number(text, habit=habit, unit=parse_unit(unit))
    assert value is not None
    assert (value.number, value.notes) == (expected, notes)


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from([Habit(), DOTTED, MIXED, FOREIGN]))
def test_a_factor_of_a_thousand_is_never_silent(left: int, right: int, habit: Habit) -> None:
    value = parse_number(f"{left}.{right:03}", habit=habit, unit=parse_unit("km"))
    assert value is not None
    assert value.notes


def test_habit_shares() -> None:
    assert Habit().share_regular is None
    assert MIXED.share_regular == pytest.approx(13 / 19)
    assert VIETNAMESE.is_clear
    assert not MIXED.is_clear


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("10-15", ("10", "15")),
        ("10 – 15", ("10", "15")),
        ("08 - 09", ("8", "9")),
        ("10 đến 15", ("10", "15")),
        ("từ 3 đến 5", ("3", "5")),
        ("10 tới 15", ("10", "15")),
        ("8,5 - 9", ("8.5", "9")),
        ("2.000 - 3.000", ("2000", "3000")),
        ("1.360,1 - 1.511,1", ("1360.1", "1511.1")),
        ("ba đến năm", ("3", "5")),
        ("1,5 - 2 triệu", ("1500000", "2000000")),
        ("hai đến ba trăm", ("200", "300")),
        ("900 nghìn đến 1,2 triệu", ("900000", "1200000")),
    ],
)
def test_ranges(text: str, bounds: tuple[str, str]) -> None:
    value = parse_number(text)
    assert value is not None
    assert (value.kind, value.number, value.upper) == ("range", *bounds)


def test_a_falling_range_is_said() -> None:
    value = parse_number("15-10")
    assert value is not None
    assert value.notes == ("falling range",)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("64/72", ("64", "72")),
        ("08/23", ("8", "23")),
        ("12 / 12", ("12", "12")),
        ("1/2.000", ("1", "2000")),
        ("30/57,8", ("30", "57.8")),
        ("hai phần ba", ("2", "3")),
        ("một phần tư", ("1", "4")),
        ("một nửa", ("1", "2")),
        ("½", ("1", "2")),
    ],
)
def test_fractions(text: str, parts: tuple[str, str]) -> None:
    value = parse_number(text)
    assert value is not None
    assert (value.kind, value.number, value.upper) == ("fraction", *parts)


@pytest.mark.parametrize(
    ("text", "expected", "note"),
    [
        ("2x0,5", "1", "product 2 x 0.5"),
        ("2 x 30", "60", "product 2 x 30"),
        ("3×1.250", "3750", "product 3 x 1250"),
        ("2x3x4", "24", "product 2 x 3 x 4"),
    ],
)
def test_products(text: str, expected: str, note: str) -> None:
    value = parse_number(text)
    assert value is not None
    assert (value.number, value.notes) == (expected, (note,))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("một", "1"),
        ("Hai", "2"),
        ("mười", "10"),
        ("mười lăm", "15"),
        ("hai mươi", "20"),
        ("hai mươi mốt", "21"),
        ("năm mươi tư", "54"),
        ("tám mươi bẩy", "87"),
        ("hai chục", "20"),
        ("một trăm", "100"),
        ("một trăm linh năm", "105"),
        ("một trăm lẻ năm", "105"),
        ("một trăm hai mươi", "120"),
        ("chín trăm chín mươi chín", "999"),
        ("một nghìn", "1000"),
        ("ba nghìn sáu trăm năm mươi", "3650"),
        ("hai ngàn không trăm linh bốn", "2004"),
        ("hai vạn", "20000"),
        ("mười tám triệu tám trăm nghìn", "18800000"),
        ("ba tỷ, hai trăm triệu", "3200000000"),
        ("hai nghìn tỷ", "2000000000000"),
        ("nghìn tỷ", "1000000000000"),
        ("hai phẩy năm", "2.5"),
        ("ba phẩy không bảy", "3.07"),
        ("hai phẩy hai mươi lăm", "2.25"),
        ("hai phẩy năm triệu", "2500000"),
        ("hai rưỡi", "2.5"),
        ("một triệu rưỡi", "1500000"),
        ("hai trăm rưỡi", "250"),
        ("âm ba", "-3"),
        ("1,2 triệu", "1200000"),
        ("1.5 tỷ", "1500000000"),
        ("2 tỷ 735 triệu", "2735000000"),
        ("3 vạn 5 nghìn", "35000"),
        ("MỘT TRĂM", "100"),
        ("một\u00a0trăm hai  mươi", "120"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("hai triệu tư", "2400000"), ("một trăm hai", "120"), ("năm nghìn mốt", "5100")]
)
def test_colloquial_endings_are_said(text: str, expected: str) -> None:
    value = parse_number(text)
    assert value is not None
    assert value.number == expected
    assert COLLOQUIAL in value.notes


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("2 tỷ 735", "triệu đồng", "2735"),
        ("một trăm ba mươi tỷ, hai trăm bẩy mươi ba", "triệu đồng", "130273"),
        ("hai tỷ năm", "triệu đồng", "2005"),
        ("ba nghìn sáu trăm", "tỷ đồng", "3600"),
        ("mười tám triệu tám trăm nghìn", "đồng", "18800000"),
    ],
)
def test_what_follows_a_larger_scale_word_is_in_the_unit(text: str, unit: str, expected: str) -> None:
    value = parse_number(text, unit=parse_unit(unit))
    assert value is not None
    assert value.number == expected
    assert SCALE_INSIDE in value.notes


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "nhiều", "một số", "hàng trăm", "vài chục", "12ha", "1.23.456,7", "1,2,3", "12 50", "1/2/3",
        "5/0", "abc", "XV", "hai ba bốn", "mươi", "một mươi mười", "phẩy năm", "hai phẩy", "triệu nghìn",
        "một trăm linh", "10-", "x2", "9" * 61,
    ],
)  # fmt: skip
def test_what_is_no_number_stays_unread(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("text", ["khoảng 120", "gần 120", "từ 120", "hơn 120", "ước đạt 120", "~120"])
def test_words_before_the_number_are_skipped(text: str) -> None:
    assert number(text) == "120"


def test_composition_and_tone_do_not_matter() -> None:
    assert number(unicodedata.normalize("NFD", "hai phẩy bảy")) == "2.7"


# --- round trips ---------------------------------------------------------------------------------------------------

amounts = st.decimals(min_value=0, max_value=10**15, places=2, allow_nan=False, allow_infinity=False)
wholes = st.integers(0, 10**15)


def grouped(whole: str, mark: str) -> str:
    head = len(whole) % 3 or 3
    return mark.join([whole[:head], *(whole[i : i + 3] for i in range(head, len(whole), 3))])


def spelled(amount: Decimal, thousands: str, decimals: str) -> str:
    whole, _, rest = decimal_text(amount).partition(".")
    return grouped(whole, thousands) + (decimals + rest if rest else "")


@given(amounts)
def test_vietnamese_spelling_comes_back(amount: Decimal) -> None:
    assert number(spelled(amount, ".", ",")) == decimal_text(amount)


@given(amounts)
def test_bare_and_spaced_spellings_come_back(amount: Decimal) -> None:
    assert number(spelled(amount, "", ",")) == decimal_text(amount)
    assert number(spelled(amount, " ", ",")) == decimal_text(amount)


@given(amounts)
def test_english_spelling_comes_back_in_an_english_report(amount: Decimal) -> None:
    assert number(spelled(amount, ",", "."), habit=FOREIGN) == decimal_text(amount)


@given(amounts, amounts)
def test_ranges_come_back(one: Decimal, other: Decimal) -> None:
    lower, upper = sorted((one, other))
    for connector in ("-", " - ", " – ", " đến "):
        value = parse_number(spelled(lower, ".", ",") + connector + spelled(upper, ".", ","))
        assert value is not None
        assert (value.number, value.upper) == (decimal_text(lower), decimal_text(upper))


@given(wholes, st.integers(1, 10**9))
def test_fractions_come_back(part: int, whole: int) -> None:
    value = parse_number(f"{grouped(str(part), '.')}/{grouped(str(whole), '.')}")
    assert value is not None
    assert (value.kind, value.number, value.upper) == ("fraction", str(part), str(whole))


ONES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def below_thousand(number: int, *, full: bool) -> str:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [ONES[hundreds], "trăm"] if hundreds or full else []
    if tens > 1:
        words += [ONES[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones:
        words.append("mốt" if ones == 1 and tens > 1 else "lăm" if ones == 5 and tens else ONES[ones])
    return " ".join(words)


def in_words(number: int) -> str:
    if number == 0:
        return "không"
    words: list[str] = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        part = number // scale % 1000
        if part:
            words += [below_thousand(part, full=bool(words)), name]
    return " ".join(words).strip()


@given(st.integers(0, 10**12 - 1))
def test_number_words_come_back(whole: int) -> None:
    assert number(in_words(whole)) == str(whole)


@given(st.integers(1, 999_999), st.sampled_from([("nghìn", 3), ("triệu", 6), ("tỷ", 9)]))
def test_scale_words_in_the_number_are_exact(thousandths: int, scale: tuple[str, int]) -> None:
    amount = Decimal(thousandths) / 100
    text = f"{decimal_text(amount).replace('.', ',')} {scale[0]}"
    assert number(text) == decimal_text(amount * 10 ** scale[1])


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    value = parse_number(text)
    assert value is None or value.number is not None


@given(st.text(alphabet="0123456789., -/xđếnmươitrăm", max_size=30))
def test_no_near_number_breaks_the_reader(text: str) -> None:
    value = parse_number(text)
    if value is not None:
        assert value.number is not None
        Decimal(value.number)


def test_nothing_is_rounded() -> None:
    long = "123456789" * 6
    assert number(long) == long
    assert product(Decimal(long), Decimal("0.000001")) == Decimal(f"{long}E-6")


@pytest.mark.parametrize(
    ("given_number", "text"),
    [("1E+3", "1000"), ("1.500", "1.5"), ("0.000", "0"), ("-0", "0"), ("100", "100"), ("1E-7", "0.0000001")],
)
def test_decimal_text_is_plain(given_number: str, text: str) -> None:
    assert decimal_text(Decimal(given_number)) == text
