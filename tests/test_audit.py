"""The audit by hand: each rule on figures that agree, that are wrong, and that it must keep silent about."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.audit import audit, audit_series
from ie.audit.checks import checked
from ie.audit.figures import SURE, Report
from ie.audit.slips import is_slip
from ie.document import About, Document
from ie.intervals import Interval, coarse, cut, last_place, point, rounded
from ie.normalise import normalise
from tests.inline_gold import document


def kinds(markup: str, relations: str) -> list[str]:
    return [finding.kind for finding in audit(document(markup, relations))]


def sums(markup: str, relations: str) -> list[str]:
    return [each.kind for each in checked(document(markup, relations))]


SHARE = "Có {Q1 64/72} {U1 hộ} {I1 đạt chuẩn}, đạt {Q2 %s}{U2 %%}."
SHARE_LINKS = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q2 RATIO_OF Q1; Q1 MEASURES I1"


@pytest.mark.parametrize("said", ["88,9", "88,8", "89", "88,89", "88,88"])
def test_share_of_a_fraction_rounded_or_cut_off(said: str) -> None:
    assert sums(SHARE % said, SHARE_LINKS) == ["share"]
    assert kinds(SHARE % said, SHARE_LINKS) == []


@pytest.mark.parametrize("said", ["98,9", "88,7", "90", "88,90", "8,89"])
def test_share_of_a_fraction_that_is_wrong(said: str) -> None:
    (finding,) = audit(document(SHARE % said, SHARE_LINKS))
    assert finding.kind == "share"
    assert finding.quantities == ("Q2", "Q1")
    assert "64 hộ / 72 hộ x 100" in finding.arithmetic
    assert Decimal(finding.lower or 0) * 72 <= 6400 <= Decimal(finding.upper or 0) * 72
    assert finding.evidence[0].sentence.startswith("Có 64/72")
    assert finding.score is None


def test_approximate_share_is_taken_as_such() -> None:
    markup = "Có {Q1 64/72} {U1 hộ} {I1 đạt chuẩn}, đạt gần {Q2*Approximate 90}{U2 %}."
    assert sums(markup, SHARE_LINKS) == ["share"]
    assert kinds(markup, SHARE_LINKS) == []


def test_share_of_a_fraction_with_another_figure_between_is_left_alone() -> None:
    markup = "Có {Q1 64/72} {U1 hộ} {I1 đạt chuẩn}, so với mục tiêu {Q3 80} {U3 hộ} mới đạt {Q2 80}{U2 %}."
    assert sums(markup, SHARE_LINKS + "; Q3 HAS_UNIT U3") == []


TOTAL = (
    "{I1 Giá trị sản xuất} {Q1 684,2} {U1 tỷ đồng}, trong đó {I2 thủy sản} {Q2 402,9} {U2 tỷ đồng}, "
    "chiếm {Q3*Basis=total %s}{U3 %%}."
)
TOTAL_LINKS = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q2 PART_OF Q1; Q3 RATIO_OF Q2; Q2 MEASURES I2"


def test_share_of_a_total() -> None:
    assert kinds(TOTAL % "58,9", TOTAL_LINKS) == []
    assert kinds(TOTAL % "85,9", TOTAL_LINKS) == ["share"]


def test_doubtful_relations_accuse_nobody() -> None:
    doubtful = TOTAL_LINKS.replace("Q2 PART_OF Q1", f"Q2 PART_OF Q1 {SURE - 0.1}")
    assert kinds(TOTAL % "71,3", doubtful) == []
    sure = TOTAL_LINKS.replace("Q2 PART_OF Q1", "Q2 PART_OF Q1 0.8").replace("Q3 RATIO_OF Q2", "Q3 RATIO_OF Q2 0.9")
    (finding,) = audit(document(TOTAL % "85,9", sure))
    assert finding.score == 0.8


PAIR = "{I1 Thu ngân sách} đạt {Q1 4.127} {U1 tỷ đồng}/{Q2 5.510} {U2 tỷ đồng} kế hoạch, %s {Q3*%s}{U3 %%}."
PAIR_LINKS = (
    "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q3 RATIO_OF Q1; Q1 MEASURES I1; Q2 MEASURES I1; Q1 PART_OF Q9"
)


@pytest.mark.parametrize(
    ("lead", "share", "found"),
    [
        ("đạt", "Basis=plan 74,9", []),
        ("đạt", "Basis=plan 79,4", ["plan"]),
        ("giảm", "Basis=plan,Change 25,1", []),
        ("vượt", "Basis=plan,Change 25,1", ["plan"]),
    ],
)
def test_pair_of_done_and_plan(lead: str, share: str, found: list[str]) -> None:
    assert kinds(PAIR % (lead, share), PAIR_LINKS.replace("; Q1 PART_OF Q9", "")) == found


def test_plan_of_the_same_indicator_in_brackets() -> None:
    markup = "{I1 Diện tích lúa} {Q1 142,5} {U1 ha} (KH {Q2*Planned 145}{U2 ha}, bằng {Q3*Basis=plan %s}{U3 %%})."
    links = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q1 MEASURES I1; Q2 MEASURES I1; Q3 RATIO_OF Q1"
    assert kinds(markup % "98,3", links) == []
    assert kinds(markup % "93,8", links) == ["plan"]


PARTS = (
    "{I1 Tổng thu} {Q1 214,6} {U1 tỷ đồng}, %s thuế {Q2 88,2} {U2 tỷ đồng}, lệ phí {Q3 %s} {U3 tỷ đồng}, "
    "khác {Q4 74,7} {U4 tỷ đồng}."
)
PARTS_LINKS = "; ".join([*(f"Q{n} HAS_UNIT U{n}" for n in range(1, 5)), *(f"Q{n} PART_OF Q1" for n in range(2, 5))])


@pytest.mark.parametrize(
    ("lead", "part", "found"),
    [
        ("gồm:", "51,7", []),
        ("gồm:", "51,8", []),  # four figures rounded to 0.1 may be off by 0.2
        ("gồm:", "51,2", ["parts"]),
        ("gồm:", "57,1", ["parts"]),
        ("trong đó:", "57,1", ["parts"]),
        ("gồm:", "21,7", ["parts"]),  # far off, but for one digit
        ("gồm:", "23,1", []),  # too far off to be a complete list
        ("trong đó:", "31,7", []),  # one digit, of a short figure in a list that may leave parts out
        ("trong đó:", "517", ["parts"]),  # a part above its total
        ("chủ yếu gồm:", "51,2", []),  # says itself that it leaves parts out
    ],
)
def test_parts_against_their_total(lead: str, part: str, found: list[str]) -> None:
    assert kinds(PARTS % (lead, part), PARTS_LINKS) == found


@pytest.mark.parametrize(("part", "found"), [("40", []), ("41", ["parts"])])
def test_counts_that_take_the_unit_of_their_total_are_whole(part: str, found: list[str]) -> None:
    markup = "Có {Q1 168} {U1 người} nghiện, trong đó ngoài xã hội {Q2 97}, đi cai {Q3 %s}, trại giam {Q4 31}."
    assert kinds(markup % part, "Q1 HAS_UNIT U1; Q2 PART_OF Q1; Q3 PART_OF Q1; Q4 PART_OF Q1") == found


def test_a_total_cut_twice_is_no_error() -> None:
    markup = (
        "{Q1 100} {U1 hộ}, trong đó {Q2 60} {U2 hộ} nghèo, {Q3 40} {U3 hộ} khá; "
        "{Q4 55} {U4 hộ} ở xã, {Q5 45} {U5 hộ} ở chợ."
    )
    links = "; ".join([*(f"Q{n} HAS_UNIT U{n}" for n in range(1, 6)), *(f"Q{n} PART_OF Q1" for n in range(2, 6))])
    assert sums(markup, links) == ["parts"]
    assert kinds(markup, links) == []


@pytest.mark.parametrize(
    ("lead", "share", "found"),
    [
        ("tiếp nhận {Q1 512} {U1 đơn}, giải quyết", "93,9", []),
        ("tiếp nhận {Q1 512} {U1 đơn}, giải quyết", "71,2", ["share"]),
        ("phát hiện {Q1 512} {U1 vụ}, giảm {Q4*Change 3} {U1 vụ}; điều tra làm rõ", "9,39", ["share"]),  # a slip
        ("phát hiện {Q1 512} {U1 vụ}, giảm {Q4*Change 3} {U1 vụ}; điều tra làm rõ", "71,2", []),
        ("có {Q1 512} {U1 hộ}, trồng mới", "93,8", []),  # nothing says that it is of these
    ],
)
def test_share_of_what_was_taken_on(lead: str, share: str, found: list[str]) -> None:
    markup = "Trong kỳ " + lead.replace("U1 vụ}", "U1 đơn}") + f" {{Q2 481}} {{U2 đơn}}, đạt {{Q3 {share}}}{{U3 %}}."
    links = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q3 RATIO_OF Q2"
    markup = markup.replace("{Q4*Change 3} {U1 đơn}", "{Q4*Change 3} {U4 đơn}")
    assert kinds(markup, links + ("; Q4 HAS_UNIT U4" if "Q4" in markup else "")) == found


@pytest.mark.parametrize(("share", "found"), [("48,3", []), ("28,3", ["share"])])
def test_share_before_the_total_that_it_is_of(share: str, found: list[str]) -> None:
    markup = "Mới giải ngân {Q1 42,1} {U1 tỷ đồng} ({Q2 %s}{U2 %%}) trên tổng số vốn giao {Q3 87,2} {U3 tỷ đồng}."
    assert kinds(markup % share, "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q2 RATIO_OF Q1") == found


@pytest.mark.parametrize(("share", "found"), [("42,8", []), ("42,1", ["plan"]), ("61,5", [])])
def test_money_allotted_and_paid_needs_a_slip(share: str, found: list[str]) -> None:
    markup = (
        "Vốn phân bổ {Q1 96.300} {U1 triệu đồng}, giải ngân {Q2 41.250} {U2 triệu đồng}, đạt {Q3*Basis=plan %s}{U3 %%}."
    )
    assert kinds(markup % share, "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q3 RATIO_OF Q2") == found


@pytest.mark.parametrize(("part", "found"), [("232", []), ("332", ["parts"]), ("417", [])])
def test_list_that_is_not_linked(part: str, found: list[str]) -> None:
    markup = (
        "Kinh phí {Q1 1.184} {U1 triệu đồng}, gồm xăng {Q2 312} {U2 triệu đồng}, phụ cấp {Q3 640} {U3 triệu đồng}, "
        "sửa xe {Q4 %s} {U4 triệu đồng}."
    )
    assert kinds(markup % part, "; ".join(f"Q{n} HAS_UNIT U{n}" for n in range(1, 5))) == found


def test_a_part_that_is_written_but_not_linked_is_no_error() -> None:
    markup = (
        "Nợ {Q1 2.118} {U1 triệu đồng}, trong đó kè {Q2 1.340} {U2 triệu đồng}, nhà {Q3 478} {U3 triệu đồng}, chợ 300."
    )
    links = "; ".join([*(f"Q{n} HAS_UNIT U{n}" for n in range(1, 4)), "Q2 PART_OF Q1", "Q3 PART_OF Q1"])
    assert kinds(markup, links) == []


@pytest.mark.parametrize(
    ("said", "wanted", "slip"),
    [
        ("8,57", ("85.6", "85.8"), True),  # its mark moved
        ("73,6", ("76.2", "76.4"), True),  # two digits swapped
        ("49,3", ("94.2", "94.4"), True),
        ("91,9", ("93.8", "94.0"), True),  # one digit
        ("71,2", ("93.8", "94.0"), False),
        ("45", ("64.9", "65.1"), False),  # too few digits to tell
        ("418", ("706", "718"), False),  # too many figures would do
    ],
)
def test_what_one_slip_of_the_pen_can_do(said: str, wanted: tuple[str, str], slip: bool) -> None:
    report = Report(document(f"{{I1 Tỷ lệ}} {{Q1 {said}}}{{U1 %}}.", "Q1 HAS_UNIT U1; Q1 MEASURES I1"))
    assert is_slip(report.ordered[0], Interval(*map(Decimal, wanted))) is slip


@pytest.mark.parametrize(("left", "found"), [("1.690", []), ("1.960", ["remainder"])])
def test_remainder_of_paid_and_due(left: str, found: list[str]) -> None:
    markup = (
        "{I1 Nợ xây dựng} {Q1 4.020} {U1 triệu đồng}, trả được {Q2 2.330} {U2 triệu đồng}, "
        "còn nợ {Q3 %s} {U3 triệu đồng}."
    )
    assert kinds(markup % left, "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3") == found


@pytest.mark.parametrize(
    ("lead", "left", "found"), [("còn", "7", []), ("còn", "9", ["remainder"]), ("nay còn", "9", [])]
)
def test_remainder_of_a_fraction(lead: str, left: str, found: list[str]) -> None:
    markup = f"Chi trả cho {{Q1 64/71}} {{U1 hộ}}; {lead} {{Q2 {left}}} {{U2 hộ}} chưa nhận."
    assert kinds(markup, "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2") == found


@pytest.mark.parametrize(
    ("way", "percent", "found"),
    [("giảm", "28,6", []), ("giảm", "26,8", ["change"]), ("tăng", "28,6", ["change"])],
)
def test_change_against_both_values(way: str, percent: str, found: list[str]) -> None:
    markup = f"{{I1 Hộ nghèo}} từ {{Q1 07}} {{U1 hộ}} xuống {{Q2 05}} {{U2 hộ}}, {way} {{Q3*Change {percent}}}{{U3 %}}."
    links = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q3 RATIO_OF Q2; Q1 MEASURES I1; Q2 MEASURES I1"
    assert kinds(markup, links) == found


@pytest.mark.parametrize(("percent", "found"), [("22,6", []), ("26,2", ["change"])])
def test_change_in_units_against_percent(percent: str, found: list[str]) -> None:
    markup = f"{{Q1 41}} {{U1 vụ}}, giảm {{Q2*Change 12}} {{U2 vụ}} ({{Q3*Change {percent}}}{{U3 %}}) so cùng kỳ."
    links = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q2 RATIO_OF Q1; Q3 RATIO_OF Q1"
    assert kinds(markup, links) == found


@pytest.mark.parametrize("said", ["3,3", "26,6"])
def test_change_of_a_percentage_in_points_or_in_percent(said: str) -> None:
    markup = f"{{I1 Tỷ lệ hộ nghèo}} từ {{Q1 12,4}}{{U1 %}} còn {{Q2 9,1}}{{U2 %}}, giảm {{Q3*Change {said}}}{{U3 %}}."
    links = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q3 HAS_UNIT U3; Q3 RATIO_OF Q2; Q1 MEASURES I1; Q2 MEASURES I1"
    assert sums(markup, links) == ["change"]
    assert kinds(markup, links) == []


REPEAT = (
    "Kết quả {P1 năm 2023}: {I1 tỷ lệ hộ nghèo} còn {Q1 12,4}{U1 %%}.\nĐánh giá chung: {P2 năm 2023} "
    "{I2 tỷ lệ hộ nghèo} còn {Q2 %s}{U2 %%}."
)
REPEAT_LINKS = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 MEASURES I1; Q2 MEASURES I2; Q1 IN_PERIOD P1; Q2 IN_PERIOD P2"


@pytest.mark.parametrize(
    ("said", "found"), [("12,4", []), ("12", []), ("13", ["repeat"]), ("14,2", ["repeat"]), ("1,24", ["repeat"])]
)
def test_one_figure_stated_twice(said: str, found: list[str]) -> None:
    assert sums(REPEAT % said, REPEAT_LINKS) == ["repeat"]
    assert kinds(REPEAT % said, REPEAT_LINKS) == found


def test_figures_far_apart_are_of_two_things() -> None:
    assert sums(REPEAT % "31", REPEAT_LINKS) == []


def test_variants_of_an_indicator_are_one() -> None:
    markup = (
        "{I1 Thu ngân sách nhà nước} {P1 năm 2023} đạt {Q1 412,6} {U1 tỷ đồng}.\n"
        "Năm qua, {I2 tổng thu NSNN} {P2 năm 2023} là {Q2 421,6} {U2 tỷ đồng}."
    )
    links = "; ".join(f"Q{n} HAS_UNIT U{n}; Q{n} MEASURES I{n}; Q{n} IN_PERIOD P{n}" for n in (1, 2))
    assert kinds(markup, links) == ["repeat"]


def test_money_of_two_counts_is_no_repeat() -> None:
    markup = (
        "Có {Q1 20} {U1 dự án}, {I1 tổng số vốn đăng ký} {Q2 7.285,7} {U2 tỷ đồng}.\n"
        "Có {Q3 1.600} {U3 doanh nghiệp}, {I2 vốn đăng ký} {Q4 9.700} {U4 tỷ đồng}."
    )
    links = "; ".join([*(f"Q{n} HAS_UNIT U{n}" for n in range(1, 5)), "Q2 MEASURES I1", "Q4 MEASURES I2"])
    assert kinds(markup, links) == []


def test_values_at_two_prices_are_no_repeat() -> None:
    markup = (
        "BÁO CÁO\nTình hình năm 2023\n"
        "{I1 Giá trị sản xuất công nghiệp} theo giá so sánh {Q1 412,6} {U1 tỷ đồng}.\n"
        "{I2 Giá trị sản xuất công nghiệp} theo giá hiện hành {Q2 472,6} {U2 tỷ đồng}."
    )
    links = "; ".join(f"Q{n} HAS_UNIT U{n}; Q{n} MEASURES I{n}" for n in (1, 2))
    assert kinds(markup, links) == []
    assert kinds(markup.replace("so sánh", "hiện hành"), links) == ["repeat"]


def test_a_national_target_programme_is_no_target() -> None:
    markup = (
        "BÁO CÁO\nTình hình năm 2023\nII. CHƯƠNG TRÌNH MỤC TIÊU QUỐC GIA\n{I1 Tỷ lệ hộ nghèo} {Q1 12,4}{U1 %}.\n"
        "Qua rà soát, {I2 tỷ lệ hộ nghèo} còn {Q2 14,2}{U2 %}."
    )
    links = "; ".join(f"Q{n} HAS_UNIT U{n}; Q{n} MEASURES I{n}" for n in (1, 2))
    assert kinds(markup, links) == ["repeat"]
    assert kinds(markup.replace("CHƯƠNG TRÌNH MỤC TIÊU QUỐC GIA", "MỤC TIÊU NĂM 2024"), links) == []


@pytest.mark.parametrize(
    ("title", "first", "second", "found"),
    [
        ("BÁO CÁO\nTình hình năm 2023\n", "Trong năm, ", "Cả năm, ", ["repeat"]),
        ("QUYẾT ĐỊNH\nVề hạn mức\n", "Trong năm, ", "Cả năm, ", []),  # of no time
        ("BÁO CÁO\nTình hình năm 2023\n", "- Khu A: ", "- Khu B: ", []),  # two items of a list
        ("BÁO CÁO\nTình hình năm 2023\n", "(1) Khu A: ", "(2) Khu B: ", []),
        ("BÁO CÁO\nTình hình năm 2023\n", "Ở {L1 xã Tân Lập}, ", "Ở {L2 xã Chiềng Sơn}, ", []),
    ],
)
def test_what_can_be_a_repeat(title: str, first: str, second: str, found: list[str]) -> None:
    markup = (
        f"{title}{first}{{I1 diện tích rừng trồng}} là {{Q1 100}} {{U1 ha}}.\n"
        f"{second}{{I2 diện tích rừng trồng}} là {{Q2 120}} {{U2 ha}}."
    )
    assert kinds(markup, "; ".join(f"Q{n} HAS_UNIT U{n}; Q{n} MEASURES I{n}" for n in (1, 2))) == found


def test_a_share_of_one_plan_of_several_is_not_held_against_another() -> None:
    markup = (
        "{I1 Thu} {Q1 4.344} {U1 tỷ đồng}, đạt {Q2*Basis=plan 158}{U2 %} chỉ tiêu {Q3*Planned 2.750} {U3 tỷ đồng}; "
        "{Q4*Basis=plan 136}{U4 %} so với chỉ tiêu {Q5*Planned 3.200} {U5 tỷ đồng}."
    )
    links = "; ".join([*(f"Q{n} HAS_UNIT U{n}" for n in range(1, 6)), *(f"Q{n} MEASURES I1" for n in (1, 3, 5))])
    assert kinds(markup, f"{links}; Q2 RATIO_OF Q1; Q4 RATIO_OF Q1") == []


def test_a_target_is_no_repeat() -> None:
    markup = (REPEAT % "13").replace("Đánh giá chung:", "II. MỤC TIÊU NĂM SAU\nTrong năm tới,")
    assert sums(markup, REPEAT_LINKS) == []


def test_figures_of_two_years_are_no_repeat() -> None:
    assert sums((REPEAT % "13").replace("P2 năm 2023", "P2 năm 2022"), REPEAT_LINKS) == []


@pytest.mark.parametrize(("whole", "found"), [("24.760", []), ("2.476", ["cumulative"])])
def test_cumulative_below_its_month(whole: str, found: list[str]) -> None:
    markup = (
        "{I1 Thu ngân sách} {P1 tháng 8 năm 2025} {Q1 3.480} {U1 triệu đồng}, {P2 lũy kế 8 tháng năm 2025} "
        f"{{Q2*Cumulative {whole}}} {{U2 triệu đồng}}."
    )
    links = "Q1 HAS_UNIT U1; Q2 HAS_UNIT U2; Q1 MEASURES I1; Q2 MEASURES I1; Q1 IN_PERIOD P1; Q2 IN_PERIOD P2"
    (finding,) = audit(document(markup, links)) or (None,)
    assert [finding.kind] if finding else found == []
    if finding:
        assert (finding.severity, finding.upper) == ("high", None)


def report(name: str, month: str, said: str, *, cumulative: bool = True, place: str = "huyện Tân Lập") -> Document:
    flag, time = ("*Cumulative", f"lũy kế {month} tháng") if cumulative else ("", f"tháng {month}")
    markup = f"{{I1 Tổng thu ngân sách}} {{P1 {time} năm 2024}} đạt {{Q1{flag} {said}}} {{U1 triệu đồng}}."
    found = document(markup, "Q1 HAS_UNIT U1; Q1 MEASURES I1; Q1 IN_PERIOD P1", name=name)
    return replace(normalise(found), about=About(place=place, date=f"2024-{int(month):02}-25"))


def test_cumulative_that_falls_from_report_to_report() -> None:
    reports = [report("b", "3", "2.900"), report("a", "2", "2.100"), report("c", "4", "2.500")]
    (finding,) = audit_series(reports)
    assert (finding.id, finding.kind) == ("S1", "series")
    assert [each.document for each in finding.evidence] == ["c", "b"]


def test_a_month_restated() -> None:
    first, same, other = (
        report(name, "2", said, cumulative=False) for name, said in zip("abc", ("850", "850", "980"), strict=True)
    )
    assert audit_series([first, same]) == ()
    (finding,) = audit_series([first, other])
    assert finding.kind == "restated"
    assert "850 000 000 VND in a, 980 000 000 VND in c" in finding.message


def test_reports_of_two_places_are_not_compared() -> None:
    reports = [report("a", "2", "2.100"), report("b", "3", "1.900", place="huyện Yên Lạc")]
    assert audit_series(reports) == ()


@pytest.mark.parametrize(
    ("text", "value", "step"),
    [
        ("57.210", "57210", "1"),
        ("94,0", "94", "0.1"),
        ("1,25", "1.25", "0.01"),
        ("1,2 triệu", "1200000", "100000"),
        ("0,0", "0", "0.1"),
        ("hai", "2", "1"),
        ("12 500", "12500", "1"),
        ("02", "2", "1"),
    ],
)
def test_step_of_the_last_digit(text: str, value: str, step: str) -> None:
    assert last_place(text, Decimal(value)) == Decimal(step)


def test_coarse_and_cut() -> None:
    assert coarse(Decimal(1900), Decimal(1)) == 100
    assert cut(Decimal("88.8"), Decimal("0.1")) == Interval(Decimal("88.75"), Decimal("88.9"))


decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False)
positive = st.decimals(min_value="0.001", max_value=10**9, places=3, allow_nan=False)


@given(decimals, decimals, positive, positive)
def test_sums_and_quotients_hold_what_the_figures_can_have_been(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> None:
    unit = Decimal("0.0005")
    first, second = rounded(a, unit), rounded(b, unit)
    assert (first + second).low <= a + b <= (first + second).high
    assert (first - second).low <= a - b <= (first - second).high
    quotient = rounded(a, unit) / Interval(min(c, d), max(c, d))
    assert quotient.low * c <= a <= quotient.high * c or quotient.low <= a / c <= quotient.high


@given(decimals, decimals)
def test_gap_is_zero_just_where_intervals_meet(a: Decimal, b: Decimal) -> None:
    assert (point(a).gap(point(b)) == 0) == point(a).meets(point(b)) == (a == b)


def test_findings_come_in_order_of_the_text_with_ids() -> None:
    markup = SHARE % "98,9" + "\nCó {Q3 3/4} {U3 xã}, đạt {Q4 57}{U4 %}."
    links = SHARE_LINKS + "; Q3 HAS_UNIT U3; Q4 HAS_UNIT U4; Q4 RATIO_OF Q3"
    assert [finding.id for finding in audit(document(markup, links))] == ["A1", "A2"]
