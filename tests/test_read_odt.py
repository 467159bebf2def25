"""ODT: what stands in a paragraph, labels, notes, tables, changes, frames; DOC and RTF through LibreOffice."""

from pathlib import Path

import pytest

from corpus.golden.build import GOLDEN
from corpus.golden.encodings import legacy
from ie.errors import InputError
from ie.read import ReadOptions, Source, doc, read_bytes
from ie.reflow import reflow
from tests.office_files import zipped

ANY = ReadOptions(any_language=True)
NAMES = "office text table style fo draw svg"
URN = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
HEAD = " ".join(f'xmlns:{name}="{URN.format(name)}"' for name in NAMES.split())


def odt(body: str, *, styles: str = "", common: str = "") -> bytes:
    content = (
        f"<office:document-content {HEAD}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    written = f"<office:document-styles {HEAD}><office:styles>{common}</office:styles></office:document-styles>"
    return zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "styles.xml": written}
    )


def source(body: str, **parts: str) -> Source:
    return read_bytes(odt(body, **parts), "r.odt", options=ANY)


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d", "a   b\tc\nd"),
        ("<text:change-start/>vào<text:change-end/>", "vào"),
        ("<office:annotation><text:p>lời bàn</text:p></office:annotation>x", "x"),
        ("<text:a>liên kết</text:a> <text:span>đoạn</text:span>", "liên kết đoạn"),
        ("a\n  b", "a   b"),
    ],
)
def test_what_stands_in_a_paragraph(inside: str, text: str) -> None:
    assert source(f"<text:p>{inside}</text:p>").text == text + "\n"


def test_deleted_text_is_passed_over() -> None:
    body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>ra</text:p></text:deletion>"
    body += "</text:changed-region></text:tracked-changes><text:p>còn<text:change/></text:p>"
    assert source(body).text == "còn\n"


def test_labels_as_shown() -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="I" '
        'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix=")" '
        'text:display-levels="2"/></text:list-style>'
        '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" text:bullet-char="-"/>'
        "</text:list-style>"
    )
    item = "<text:list-item><text:p>{}</text:p>{}</text:list-item>".format
    inner = f"<text:list>{item('hai', '')}{item('ba', '')}</text:list>"
    body = f'<text:list text:style-name="L">{item("một", inner)}{item("bốn", "")}</text:list><text:p>giữa</text:p>'
    more = item("năm", "<text:p>tiếp</text:p>")
    body += f'<text:list text:continue-numbering="true" text:style-name="L">{more}</text:list>'
    body += f'<text:list text:style-name="B">{item("sáu", "")}</text:list>'
    wanted = ["I. một", "I.1) hai", "I.2) ba", "II. bốn", "giữa", "III. năm", "tiếp", "- sáu"]
    assert source(body, styles=styles).text.splitlines() == wanted


def test_headings_are_numbered_by_the_outline() -> None:
    common = (
        '<text:outline-style style:name="O"><text:outline-level-style text:level="1" style:num-format="A" '
        'style:num-suffix="."/></text:outline-style>'
    )
    body = '<text:h text:outline-level="1">Thu</text:h><text:h text:outline-level="2">Chi</text:h>'
    assert source(body, common=common).text == "A. Thu\nChi\n"


def test_notes_and_frames_follow_their_paragraph() -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>Ước tính.</text:p></text:note-body></text:note>"
    )
    frame = "<draw:frame><draw:text-box><text:p>trong khung</text:p></draw:text-box></draw:frame>"
    read = source(f"<text:p>Thu 5 tỷ{note} đồng{frame}.</text:p><text:p>Sau.</text:p>")
    assert read.text == "Thu 5 tỷ1 đồng.\ntrong khung\n1 Ước tính.\nSau.\n"
    assert read.layout is not None
    assert reflow(read.text, read.layout).footnotes[0].called_at == 8


def test_tables_are_rows() -> None:
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>".format
    head = f"<table:table-row>{cell('', 'Chỉ tiêu')}{cell('', 'Số')}</table:table-row>"
    body = (
        f"<table:table><table:table-header-rows>{head}</table:table-header-rows>"
        f"<table:table-row>{cell('', 'Thu')}{cell('', '260')}</table:table-row>"
        f"<table:table-row><table:covered-table-cell/>{cell('', '5')}</table:table-row></table:table>"
    )
    assert source(body).text == "| Chỉ tiêu | Số |\n| Thu | 260 |\n| | 5 |\n"


def test_repeated_cells_are_bounded() -> None:
    many = '<table:table-cell table:number-columns-repeated="99999999"><text:p>x</text:p></table:table-cell>'
    read = source(f"<table:table><table:table-row>{many}</table:table-row></table:table>")
    assert len(read.text) < 2000
    assert len(source('<text:p>a<text:s text:c="99999999"/>b</text:p>').text) < 2000


def test_old_fonts_are_converted() -> None:
    styles = '<style:style style:name="T"><style:text-properties fo:font-family=".VnTime"/></style:style>'
    body = f'<text:p>Số <text:span text:style-name="T">{legacy("ngân sách nhà nước", "tcvn3")}</text:span></text:p>'
    assert source(body, styles=styles).text == "Số ngân sách nhà nước\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (zipped({"content.xml": "<a"}), "not well-formed"),
        (zipped({"content.xml": f"<office:document-content {HEAD}/>"}), "no text document"),
        (zipped({"content.xml": "<a/>", "META-INF/manifest.xml": "<m:encryption-data/>"}), "password"),
        (odt("<text:p/>"), "holds no text"),
    ],
)
def test_hostile_and_broken_files(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_bytes(data, "r.odt")


def test_doc_without_libreoffice_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InputError, match=r"notes-a\.doc: .*install libreoffice-writer") as error:
        read_bytes((GOLDEN / "notes-a.doc").read_bytes(), "notes-a.doc")
    assert "\n" not in str(error.value)


def program(folder: Path, script: str) -> None:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(("script", "message"), [("exit 1", "cannot open it"), ("sleep 60", "took more than")])
def test_libreoffice_that_fails_or_hangs(
    script: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(doc, "TIMEOUT", 0.5)
    with pytest.raises(InputError, match=message):
        doc.read(b"\xd0\xcf\x11\xe0", "r.doc", options=ANY)
    assert [path.name for path in tmp_path.iterdir()] == ["soffice"]
