"""Reflow by the regions of a layout."""

from hypothesis import given
from hypothesis import strategies as st

from ie.layout import Layout, Region
from ie.reflow import Reflowed, reflow
from tests.examples import examples
from tests.regions import FURNITURE, laid_out

Drawn = tuple[str, tuple[Region, ...]]


def squeezed(text: str) -> str:
    return "".join(text.split())


def flow(source: str, *regions: Region) -> Reflowed:
    return reflow(source, Layout(regions=regions))


@given(laid_out())
@examples(200)
def test_map_is_exact(drawn: Drawn) -> None:
    source, regions = drawn
    flowed = flow(source, *regions)
    assert len(flowed.text) == len(flowed.offsets)
    assert all(source[at] == char for char, at in zip(flowed.text, flowed.offsets, strict=True) if not char.isspace())


@given(laid_out(), st.data())
@examples(200)
def test_source_of_a_span_is_its_text_but_for_white_space(drawn: Drawn, data: st.DataObject) -> None:
    source, regions = drawn
    flowed = flow(source, *regions)
    start = data.draw(st.integers(0, len(flowed.text)))
    end = data.draw(st.integers(start, len(flowed.text)))
    fragments = flowed.source(start, end, source)
    assert squeezed("".join(source[a:b] for a, b in fragments)) == squeezed(flowed.text[start:end])
    assert all("\n" not in source[a:b] for a, b in fragments)


@given(laid_out())
@examples(200)
def test_everything_is_written_once_or_left_out_on_purpose(drawn: Drawn) -> None:
    source, regions = drawn
    flowed = flow(source, *regions)
    kept = [at for at, char in zip(flowed.offsets, flowed.text, strict=True) if not char.isspace()]
    assert len(kept) == len(set(kept))
    left_out = {at for region in regions if region.kind in FURNITURE for at in range(region.start, region.end)}
    left_out |= {at for region in regions if region.call for at in range(*region.call)}
    wanted = {at for at, char in enumerate(source) if not char.isspace()} - left_out
    assert set(kept) == wanted


@given(laid_out())
@examples(200)
def test_footnotes_stand_after_the_block_that_calls_them(drawn: Drawn) -> None:
    source, regions = drawn
    flowed = flow(source, *regions)
    called = {region.mark for region in regions if region.call}
    assert len(flowed.footnotes) == sum(region.kind == "footnote" for region in regions)
    for note in flowed.footnotes:
        assert flowed.text[note.start : note.end] == f"{note.mark} Ghi chú số {note.mark} của báo cáo"
        if note.mark in called:
            assert note.called_at is not None
            (home,) = [b for b in flowed.blocks if b.kind != "footnote" and b.start <= note.called_at <= b.end]
            later = [b for b in flowed.blocks if home.end < b.start < note.start]
            assert all(block.kind == "footnote" for block in later)


def test_paragraph_is_joined_over_a_page_break() -> None:
    source = "Sản lượng lúa1 đạt các\n1 Gồm ba thôn\n2\f\nloại 90 tấn."
    body, note, number, rest = (source.index(part) for part in ("Sản", "1 Gồm", "2\f", "loại"))
    call = source.index("1")
    flowed = flow(
        source,
        Region(body, note - 1, "paragraph"),
        Region(note, number - 1, "footnote", "1", (call, call + 1)),
        Region(number, number + 1, "page number"),
        Region(rest, len(source), "paragraph", continues=True),
    )
    assert flowed.text == "Sản lượng lúa đạt các loại 90 tấn.\n1 Gồm ba thôn\n"
    assert flowed.dropped == ((number, number + 1, "page number"),)
    assert flowed.footnotes[0].called_at == len("Sản lượng lúa")


def test_regions_are_not_judged_by_their_look() -> None:
    # By its look the second line would go on with the first, and the third would be a footnote.
    source = "Thu ngân sách đạt\nbốn tỷ đồng\n1 Chợ đã xây"
    flowed = flow(source, Region(0, 17, "heading"), Region(18, 29, "paragraph"), Region(30, 42, "item"))
    assert flowed.text == "Thu ngân sách đạt\nbốn tỷ đồng\n1 Chợ đã xây\n"
    assert [block.kind for block in flowed.blocks] == ["heading", "paragraph", "item"]


def test_text_outside_the_regions_is_kept() -> None:
    assert flow("Một. Hai. Ba.", Region(5, 9, "paragraph")).text == "Một.\nHai.\nBa.\n"
