"""Pages and boxes of spans, from a layout to the JSON and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Document
from ie.export.jsonl import as_dict, from_dict
from ie.layout import Layout, Page, Region
from ie.models import load
from ie.pipeline import tag_source
from ie.read import Source
from tests.examples import examples

TEXT = "Toàn xã Tân Lập trồng mới 260 triệu\nđồng tiền cây giống\fvà 12,5 ha rừng sản xuất năm 2023.\n"


def boxes(text: str) -> np.ndarray:
    """Set the text in a grid: 5 points a character, 14 a line; a form feed starts a page."""
    found = np.full((len(text), 4), np.nan, dtype=np.float32)
    row = column = 0
    for at, char in enumerate(text):
        if char in "\n\f":
            row, column = (0 if char == "\f" else row + 1), 0
            continue
        found[at] = (50 + 5.3 * column, 60 + 14.7 * row, 55.3 + 5.3 * column, 73 + 14.7 * row)
        column += 1
    return found


@pytest.fixture(scope="module")
def tagged() -> Document:
    turn = TEXT.index("\f") + 1
    pages = (Page(1, 0, turn, 595.0, 842.0), Page(2, turn, len(TEXT), 842.0, 595.0, 91.5))
    layout = Layout(pages, (Region(0, len(TEXT), "paragraph"),), boxes(TEXT))
    return tag_source(Source("r.pdf", TEXT, "", "", format="pdf", layout=layout), load())


def test_entities_have_pages_and_a_box_a_line(tagged: Document) -> None:
    by_text = {entity.text: entity for entity in tagged.entities}
    unit = by_text["triệu đồng"]
    assert (unit.page, by_text["12,5"].page) == (1, 2)
    assert [box[0] for box in unit.bbox] == [1, 1]
    assert unit.bbox[1][1:3] == (50.0, 74.69)


def test_boxes_contain_their_characters(tagged: Document) -> None:
    grid = boxes(TEXT)
    for entity in tagged.entities:
        assert len(entity.bbox) == len(entity.source)
        for (start, end), (_, left, top, right, bottom) in zip(entity.source, entity.bbox, strict=True):
            inside = grid[start:end]
            assert (inside[:, 0] >= left).all()
            assert (inside[:, 1] >= top).all()
            assert (inside[:, 2] <= right).all()
            assert (inside[:, 3] <= bottom).all()


def test_json_carries_them_there_and_back(tagged: Document) -> None:
    data = as_dict(tagged)
    assert data["pages"][1] == {
        "number": 2, "width": 842.0, "height": 595.0, "confidence": 91.5, "source": [56, len(TEXT)],
    }  # fmt: skip
    assert all(entity["page"] in (1, 2) for entity in data["entities"])
    again = from_dict(data)
    assert [(e.page, e.bbox) for e in again.entities] == [(e.page, e.bbox) for e in tagged.entities]
    assert (again.pages, again.meta) == (tagged.pages, tagged.meta)


def test_plain_text_has_neither() -> None:
    data = as_dict(tag_source(Source("r.txt", TEXT, "", "utf-8"), load()))
    assert "pages" not in data
    assert not any("page" in entity or "bbox" in entity for entity in data["entities"])


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 300))
@examples(100)
def test_page_of_an_offset(sizes: list[int], at: int) -> None:
    ends = np.cumsum(sizes).tolist()
    pages = tuple(Page(n + 1, end - size, end) for n, (size, end) in enumerate(zip(sizes, ends, strict=True)))
    found = Layout(pages).page_of(at)
    holding = [page.number for page in pages if page.start <= at < page.end]
    assert found == (holding[0] if holding else len(pages))


def test_characters_without_a_box_are_passed_over() -> None:
    grid = boxes("ab\ncd")
    assert Layout((), (), grid).boxes_of([(2, 3)]) == ()
    assert Layout((), (), grid).boxes_of([(1, 3)]) == ((0, 55.29, 60.0, 60.6, 73.0),)
