import pytest

from ie.outline import leads, outline


def above(text: str) -> list[tuple[int, ...]]:
    return list(outline([line.strip() for line in text.split("\n")]))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("Thu 5.\nTrong đó, thuế 3.\nChi 2.", [(), (0,), ()], id="trong đó goes on"),
        pytest.param("Có 9 xã.\nTrong số đó 4 xã đạt.\nCòn lại 5.", [(), (0,), (1,)], id="and on"),
        pytest.param("Vốn 12.\nPhân theo nguồn: A 7, B 5.", [(), (0,)], id="phân theo"),
        pytest.param("Trong đó có 3.", [()], id="nothing to go on with"),
        pytest.param("Trong nhà máy có 3 lò.\nTrong vườn 2.", [(), ()], id="a plain trong"),
        pytest.param("Chi 5 tỷ đồng.\n1 Gồm A 3, B 2.\n2 Riêng C.\nThu 4.", [(), (0,), (0,), ()], id="footnotes"),
        pytest.param("- Dự án A:\nVốn 5 tỷ.\n- Dự án B:\nVốn 7 tỷ.", [(), (0,), (), (2,)], id="an item leads in"),
        pytest.param("- A:\nx.\ny.", [(), (0,), ()], id="once"),
        pytest.param("- A\n1. B\n- C", [(), (), (1,)], id="a number closes bullets"),
        pytest.param("1. A như sau:\n**(i) B**\nC như sau:\n- D", [(), (0,), (1, 0), (2, 1, 0)], id="lead-ins nest"),
        pytest.param("PHẦN A THÁNG 6\nx.\ny.\nPHẦN B THÁNG 7\nz.", [(), (0,), (0,), (), (3,)], id="capitals"),
        pytest.param("1. A\nKẾ HOẠCH NĂM 2026\nx.", [(), (), (1,)], id="capitals close all"),
        pytest.param("## A\n### B\nx.\n## C\ny.", [(), (0,), (1, 0), (), (3,)], id="markdown"),
        pytest.param("**Mục tiêu**\nx.\n**Vốn**\ny.", [(), (0,), (), (2,)], id="bold"),
        pytest.param("Tên dự án: Kè A\nVốn: 5 tỷ\nQuy mô: 2 km", [(), (0,), (0,)], id="fields"),
        pytest.param("Tên dự án: A\nVốn: 5\nTên dự án: B\nVốn: 6", [(), (0,), (), (2,)], id="the next field"),
        pytest.param("\n\nx\n\n", [(), (), (), (), ()], id="empty ones have none"),
    ],
)
def test_outline(text: str, wanted: list[tuple[int, ...]]) -> None:
    assert above(text) == wanted


def test_a_field_reaches_so_far() -> None:
    found = above("Tên dự án: A\n" + "\n".join(f"Mục {n}." for n in "abcdefghijklmno"))
    assert [0 in ancestors for ancestors in found[1:]] == [True] * 12 + [False] * 3


@pytest.mark.parametrize("text", ["A:\n- b\n+ c", "1. A\n2. B\nI. C\n| d | 5 |\n| e | 6 |", "A\nTrong đó:\nB"])
def test_only_earlier_paragraphs_each_once(text: str) -> None:
    for index, ancestors in enumerate(above(text)):
        assert all(at < index for at in ancestors)
        assert len(set(ancestors)) == len(ancestors)


def test_a_colon_leads_in_within_marks_too() -> None:
    assert leads("**Cụ thể:**")
    assert not leads("Cụ thể: 5")
