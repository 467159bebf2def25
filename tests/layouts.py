"""Report-like texts set in the layouts of extractors, for property tests: what was set is known exactly."""

from __future__ import annotations

from hypothesis import strategies as st

TEXT = """thu ngân sách đạt tỷ đồng xã Tân Lập kế hoạch tăng so với cùng kỳ 12,5ha 1.234 64/72 vắc-xin năm 2023 (lũy kế
2 tháng) 12/2020/NQ-HĐND hoà thuỷ lợi; Quốc lộ 4D, m2 “Đề án 06” Krông Pắc 12 500"""
WORDS = TEXT.split()
WORDS += ["k\u0300y\u0301", "triệu\u00a0đồng"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
starts = st.sampled_from(("", "- ", "1. ", "a) ", "II. ", "+ ", "**", "| "))
paragraphs = st.lists(st.tuples(starts, words).map("".join), min_size=1, max_size=12)


@st.composite
def layouts(draw: st.DrawFn) -> str:
    """Draw a text: paragraphs wrapped, double-spaced, cut by pages, with footnotes under a bar."""
    width = draw(st.sampled_from((0, 24, 40, 78)))
    gap = draw(st.sampled_from(("\n", "\n\n", "\r\n", " \n\n", "\n \n")))
    page = draw(st.sampled_from((0, 4, 9)))
    lines: list[str] = []
    for paragraph in draw(paragraphs):
        lines += _wrap(paragraph, width)
    out, count, number = [], 0, 1
    for index, line in enumerate(lines):
        out.append(line + gap)
        count += 1
        if page and count >= page and index < len(lines) - 1:
            number, count = number + 1, 0
            if draw(st.booleans()):
                out.append(f"{'_' * 20}\n{number - 1} Ghi chú của trang\n")
            out.append(
                draw(st.sampled_from((f"{number}\n", f"\f{number}\n", f"- {number} -\n", f"UBND xã\n{number}\n")))
            )
    return draw(st.sampled_from(("", " ", "\ufeff"))) + "".join(out)


def _wrap(text: str, width: int) -> list[str]:
    if not width:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
    return [*lines, line]
