import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.reflow import reflow
from tests.examples import examples
from tests.layouts import layouts


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(layouts() | st.text(max_size=300))
@examples(300)
def test_map_is_exact(source: str) -> None:
    flowed = reflow(source)
    assert len(flowed.text) == len(flowed.offsets)
    for char, at in zip(flowed.text, flowed.offsets, strict=True):
        if not char.isspace():
            assert source[at] == char


@given(layouts(), st.data())
@examples(200)
def test_source_of_a_span_is_its_text_but_for_white_space(source: str, data: st.DataObject) -> None:
    flowed = reflow(source)
    start = data.draw(st.integers(0, len(flowed.text)))
    end = data.draw(st.integers(start, len(flowed.text)))
    fragments = flowed.source(start, end, source)
    assert squeezed("".join(source[a:b] for a, b in fragments)) == squeezed(flowed.text[start:end])
    assert all("\n" not in source[a:b] for a, b in fragments)


@given(layouts())
@examples(200)
def test_nothing_is_lost_silently(source: str) -> None:
    flowed = reflow(source)
    kept = {at for at in flowed.offsets if at >= 0}
    for start, end, _ in flowed.dropped:
        kept.update(range(start, end))
    lost = "".join(char for at, char in enumerate(source) if at not in kept and not char.isspace())
    assert lost == "".join(char for char in lost if char.isdigit() or char in "[]"), lost


def test_empty_text() -> None:
    assert reflow("").text == ""
    assert reflow(" \n\n ").text == ""


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        pytest.param("Thu đạt\n12 tỷ trong\ntháng, tăng.", "Thu đạt 12 tỷ trong tháng, tăng.\n", id="wrapped"),
        pytest.param("Tiêm vắc-\nxin cho lợn\nở các xã.", "Tiêm vắc-xin cho lợn ở các xã.\n", id="hyphen"),
        pytest.param("Số 12/NQ-\nHĐND của tỉnh\nvà huyện.", "Số 12/NQ-HĐND của tỉnh và huyện.\n", id="number"),
        pytest.param("Kinh tế\n- xã hội của\nhuyện nay.", "Kinh tế - xã hội của huyện nay.\n", id="dash goes on"),
        pytest.param("Kết quả:\n- Lúa 12 ha.\n- Ngô 5 ha.", "Kết quả:\n- Lúa 12 ha.\n- Ngô 5 ha.\n", id="bullets stay"),
        pytest.param("I. KINH TẾ\nNông nghiệp ổn định.", "I. KINH TẾ\nNông nghiệp ổn định.\n", id="heading"),
        pytest.param("a  b   c", "a b c\n", id="blanks"),
        pytest.param("một\r\nhai ba\r\nbốn", "một hai ba bốn\n", id="windows line ends"),
    ],
)  # fmt: skip
def test_joins(source: str, wanted: str) -> None:
    assert reflow(source).text == wanted


PAGES = (
    "Trong quý, toàn xã thu hoạch được 90 ha lúa và\n"
    "trồng mới rừng theo đúng quy định1 với diện tích\n"
    "lớn, trong đó rừng sản xuất là chính và còn các\n"
    "____________________\n"
    "1 Gồm 03 thôn vùng cao\n"
    "2\n"
    "loại cây khác phục vụ người dân trong xã.\n"
)


def test_footnote_is_lifted_and_tied() -> None:
    flowed = reflow(PAGES)
    assert "và còn các loại cây khác" in flowed.text
    assert "quy định với" in flowed.text
    (note,) = flowed.footnotes
    assert note.mark == "1"
    assert flowed.text[note.start : note.end] == "1 Gồm 03 thôn vùng cao"
    assert note.called_at is not None
    assert flowed.text[: note.called_at].endswith("quy định")


def test_bar_of_blanks_ends_the_footnotes() -> None:
    source = PAGES.replace("03 thôn vùng cao\n2\n", "03 thôn vùng cao.\n" + " " * 30 + "\n")
    flowed = reflow(source)
    (note,) = flowed.footnotes
    assert flowed.text[note.start : note.end] == "1 Gồm 03 thôn vùng cao."
    assert "và còn các loại cây khác" in flowed.text
    assert [kind for _, _, kind in flowed.dropped].count("footnote bar") == 2


def test_span_across_a_page_has_two_fragments() -> None:
    flowed = reflow(PAGES)
    start = flowed.text.index("các loại cây")
    fragments = flowed.source(start, start + len("các loại cây"), PAGES)
    assert [PAGES[a:b] for a, b in fragments] == ["các", "loại cây"]


def test_page_numbers_and_running_heads_are_dropped() -> None:
    body = "Dòng thứ {} của báo cáo nói về việc trồng lúa\nvà nuôi cá ở các thôn trong xã.\nHết đoạn này.\n"
    source = "".join(f"{body.format(n)}BÁO CÁO XÃ MƯỜNG\n{n + 2}\n" for n in range(3)) + body.format(9)
    flowed = reflow(source)
    assert "BÁO CÁO XÃ" not in flowed.text
    assert {kind for _, _, kind in flowed.dropped} == {"page number", "running head"}


def test_letterhead_and_recipients_are_kept_as_lines() -> None:
    source = (
        "UBND XÃ MƯỜNG KHOA CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 12/BC-UBND Độc lập - Tự do - Hạnh phúc\n"
        "Mường Khoa, ngày 5 tháng 3 năm 2020\nBÁO CÁO\nKết quả tháng 02\nLúa tốt.\nNơi nhận:\n- HĐND;\n- Lưu VP."
    )
    kinds = [block.kind for block in reflow(source).blocks]
    assert kinds[:3] == ["letterhead"] * 3
    assert kinds[-3:] == ["recipients"] * 3


def test_square_metres_are_no_footnote_call() -> None:
    source = "Diện tích 214m2 đất và một phần\nsân bãi đã giao cho dân\n____________________\n2 Theo biên bản\n3\nxong."
    assert "214m2" in reflow(source).text
