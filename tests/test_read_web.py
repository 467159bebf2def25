"""HTML pages: main content, tables, notes, lists, old fonts, broken and hostile pages."""

import pytest

from corpus.golden.encodings import cp1258, legacy
from ie.errors import InputError
from ie.read import ReadOptions, Source, read_bytes
from ie.reflow import reflow

TEXT = "Tổng thu ngân sách xã Tân Lập ước đạt 260 triệu đồng, bằng 16,5% kế hoạch năm."
OPTIONS = ReadOptions(any_language=True)


def source(body: str, head: str = '<meta charset="utf-8">') -> Source:
    data = f"<html><head>{head}</head><body>{body}</body></html>".encode()
    return read_bytes(data, "r.html", options=OPTIONS)


def lines(body: str) -> list[str]:
    return source(body).text.splitlines()


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        pytest.param("<p>Năng\n  suất <b>ngô</b>  cao</p>", ["Năng suất ngô cao"], id="white space"),
        pytest.param("<p>50 m<sup>2</sup></p>", ["50 m2"], id="superscript"),
        pytest.param("<p>a<script>b()</script><style>c</style><!-- d --></p>", ["a"], id="scripts"),
        pytest.param('<p>a</p><p hidden>b</p><p style="display: none">c</p>', ["a"], id="hidden"),
        pytest.param("<div>a<div>b</div>c</div>", ["a", "b", "c"], id="blocks"),
        pytest.param("<ol start=3><li>a<li>b<ul><li>c</ul></ol>", ["3. a", "4. b", "• c"], id="lists"),
        pytest.param("<ul><li>- a</ul>", ["- a"], id="typed label"),
        pytest.param('<ol type="a"><li><p>a</p></li></ol>', ["a. a"], id="paragraph in a list"),
        pytest.param("<pre>a\nb</pre>", ["a", "b"], id="preformatted"),
        pytest.param("<p>a&nbsp;&lt; 5&#7879;</p>", ["a\u00a0< 5ệ"], id="entities"),
    ],
)
def test_what_stands_on_a_page(body: str, wanted: list[str]) -> None:
    assert lines(body) == wanted


def test_tables_are_rows() -> None:
    body = (
        "<table><caption>ĐVT: triệu đồng</caption><thead><tr><th>Chỉ tiêu<th colspan=2>Số</thead><tr><td rowspan=2>Thu"
        "<td>1<td>2<tr><td>3<td>4</table>"
    )
    assert lines(body) == ["ĐVT: triệu đồng", "| Chỉ tiêu | Số | |", "| Thu | 1 | 2 |", "| | 3 | 4 |"]


def test_main_content_of_a_portal() -> None:
    links = "".join(f'<li><a href="/{n}">Tin số {n} của tỉnh</a></li>' for n in range(9))
    body = (
        f'<div class="top-banner">CỔNG THÔNG TIN</div><ul class="nav">{links}</ul><table><tr><td width=20%><ul>{links}'
        f"</ul></td><td><h1>BÁO CÁO</h1><p>{TEXT}</p><p>{TEXT}</p><p>Tiếp theo.</p></td></tr></table>"
        f'<div id="footer">Bản quyền</div>'
    )
    assert lines(body) == ["BÁO CÁO", TEXT, TEXT, "Tiếp theo."]


def test_links_in_the_text_stay() -> None:
    body = f'<article><p>{TEXT} theo <a href="/qd">Quyết định số 05/QĐ-UBND</a>.</p></article><aside>Khác</aside>'
    assert lines(body) == [f"{TEXT} theo Quyết định số 05/QĐ-UBND."]


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ('<sup><a href="#f1" id="r1">1</a></sup>', '<p id="f1">1 Ước tính. <a href="#r1">↑</a></p>'),
        ('<a href="#_f" name="_r"><sup>[1]</sup></a>', '<div><p><a href="#_r" name="_f">[1]</a> Ước tính.</p></div>'),
        ('<sup><a href="#f" id="r">1</a></sup>', '<ol><li id="f"><p>Ước tính. <a href="#r">↩</a></p></li></ol>'),
    ],
    ids=["plain", "word", "list"],
)
def test_linked_notes(call: str, note: str) -> None:
    read = source(f"<p>Thu 5 tỷ{call} đồng.</p><p>Sau.</p>{note}")
    assert read.layout is not None
    flowed = reflow(read.text, read.layout)
    mark = flowed.footnotes[0].mark
    assert flowed.text == f"Thu 5 tỷ đồng.\n{mark} Ước tính.\nSau.\n"
    assert flowed.footnotes[0].called_at == 8


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (f"<html><p>{TEXT}</p>".encode(), "utf-8"),
        (f"<html><p>{TEXT}</p>".encode("utf-16"), "utf-16"),
        (b'<html><meta charset="windows-1258">' + cp1258(f"<p>{TEXT}</p>"), "cp1258"),
        (
            f'<html><meta charset="utf-8"><p style="font-family: .VnTime">{legacy(TEXT, "tcvn3")}'.encode(),
            "utf-8+tcvn3",
        ),
        (f'<html><font face="VNI-Times">{legacy(TEXT, "vni")}</font>'.encode(), "utf-8+vni"),
    ],
    ids=["utf-8", "utf-16", "cp1258", "tcvn3", "vni"],
)
def test_encodings(data: bytes, encoding: str) -> None:
    from ie.read.plain import canonical

    read = canonical(read_bytes(data, "r.html"))
    assert (read.text, read.encoding) == (TEXT + "\n", encoding)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html></html>", "holds no text"),
        (b"<div>" * 5000 + TEXT.encode(), "nested too deep|holds no text"),
        (b"<html><p>The committee reports to the council every month, as usual.</p>", "does not look Vietnamese"),
    ],
)
def test_broken_and_hostile_pages(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_bytes(data, "r.html")


def test_long_words_and_many_links_take_no_time() -> None:
    read = read_bytes(b"<p>" + b"a" * 1_000_000, "r.html", options=OPTIONS)
    assert len(read.text) == 1_000_001
    nested = b"<div><a href='/x'>aa</a>" * 240 + TEXT.encode()
    assert TEXT in read_bytes(nested, "r.html", options=OPTIONS).text


def test_control_characters_are_no_hindrance() -> None:
    # They stood behind elements that are taken out, where the tree refuses them.
    menu, script = "<nav><a href='/'>Trang</a></nav>", "<script>x</script>"
    page = f"<html><body>{menu}\x0b\x1f\ufffe<p>{TEXT}\x01</p>{script}\x0c</body></html>"
    assert read_bytes(page.encode(), "r.html").text.split("\n")[0].strip() == TEXT
