"""The page: every character kept and escaped, nothing from outside; filters, keys and evidence in a real browser."""

import json
import re
import shutil
import subprocess
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Document, Entity
from ie.export.html import page
from ie.export.marks import marked
from ie.normalise import normalise
from ie.schema import schema
from tests.inline_gold import document

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LABELS = list(schema().labels)


class Reader(HTMLParser):
    """Collects text, open tags and addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.stack: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data")]
        if tag not in ("meta", "input", "br", "link"):
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@st.composite
def spans(draw: st.DrawFn) -> Document:
    text = draw(st.text(st.sampled_from("ăb<>&\"'/ \n\U0001f600"), min_size=1, max_size=60))
    pairs = draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 30)), max_size=8))
    entities = tuple(
        Entity(f"T{n}", LABELS[n % len(LABELS)], ((start, min(len(text), start + size)),), "")
        for n, (start, size) in enumerate(pairs, 1)
    )
    return Document("<d>", text, entities)


@given(spans())
def test_no_character_is_lost_and_every_mark_holds_its_span(made: Document) -> None:
    html = marked(made)
    reader = Reader()
    reader.feed(html)
    assert reader.stack == []
    assert reader.text == made.text
    for entity in made.entities:
        assert html.count(f' id="{entity.id}"') == 1
        assert _under(html, entity.id) == made.text[entity.start : entity.end]


def _under(html: str, id: str) -> str:
    """Return the characters that stand inside marks of a span."""
    found, opened = "", []
    for tag, data in re.findall(r"<([^>]*)>|([^<]+)", html):
        if tag.startswith("mark"):
            opened.append(re.search(r'data-id="([^"]*)"', tag)[1])  # type: ignore[index]
        elif tag == "/mark":
            opened.pop()
        elif data and id in opened:
            found += unescape(data)
    return found


def report() -> Document:
    markup = (
        "Báo cáo <b>\n{I1 Thu ngân sách} {P1 năm 2023} tại {L1 xã Tân Lập} ước đạt {Q1*Estimate 57.210} "
        "{U1 triệu đồng}.\nCó {Q3 64/72} {U3 hộ} {I3 đạt chuẩn}, đạt {Q4*Basis=total 98,9}{U4 %}.\n"
    )
    links = (
        "Q1 HAS_UNIT U1; Q3 HAS_UNIT U3; Q4 HAS_UNIT U4; Q1 MEASURES I1; Q1 IN_PERIOD P1; Q1 LOCATED_IN L1; "
        "Q3 MEASURES I3; Q4 RATIO_OF Q3"
    )
    return normalise(document(markup, links, name="</script><img src=x>"))


def test_nothing_comes_from_outside_and_everything_is_escaped() -> None:
    html = page([report(), Document("/*BODY*/", "<script>alert(1)</script>")])
    reader = Reader()
    reader.feed(html)
    assert reader.addresses == ["#facts"]
    assert "http:" not in html
    assert "https:" not in html
    assert "url(" not in html
    assert "@import" not in html
    assert "<img" not in html
    assert html.count("<script>alert") == 0
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "default-src 'none'" in html


STEPS = (Path(__file__).parent / "page_steps.js").read_text("utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_the_page_works_in_a_browser_without_network(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    html = page([report(), Document("second", "Hết.")])
    path.write_text(html.replace("</body>", f"<script>{STEPS}</script></body>"), encoding="utf-8")
    said = json.loads(unescape(re.search(r'data-said="([^"]*)"', _dom(path, tmp_path))[1]))  # type: ignore[index]
    assert said == {
        "all": 3,
        "stops": 1,
        "place": ["57.210 triệu đồng57 210 000 000 VND"],
        "count": "1 of 3",
        "indicator": 2,
        "find": 1,
        "click": "57.210",
        "focus": "MARK",
        "sentence": "Thu ngân sách năm 2023 tại xã Tân Lập ước đạt 57.210 triệu đồng.",
        "links": said["links"],
        "back": True,
        "second": True,
        "enter": "64/72",
        "off": 0,
        "finding": "98,9",
        "other": "second",
        "names": True,
    }
    assert "57.210 LOCATED_IN xã Tân Lập" in said["links"]


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_an_address_with_a_figure_leads_to_it(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page([report()]), encoding="utf-8")
    dom = _dom(path, tmp_path, "#d0-Q4")
    assert re.search(r'<mark class="QUANTITY[^"]*here[^"]*" data-id="d0-Q4"', dom)


def _dom(path: Path, folder: Path, address: str = "") -> str:
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={folder / 'profile'}",
        "--virtual-time-budget=5000",
        "--dump-dom",
        f"{path.as_uri()}{address}",
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
