import pytest

import ie
from corpus.golden.encodings import legacy
from ie.errors import InputError
from ie.pipeline import tag_bytes
from ie.read import ReadOptions, Source, read_bytes
from ie.reflow import reflow
from tests.office_files import docx, font, levels, numbered, p, r, table, zipped

ANY = ReadOptions(any_language=True)
TEXT = "Tổng thu ngân sách xã Tân Lập ước đạt 260 triệu đồng"


def source(body: str, **parts: str) -> Source:
    return read_bytes(docx(body, **parts), "r.docx", options=ANY)


def lines(body: str, **parts: str) -> list[str]:
    return source(body, **parts).text.splitlines()


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        pytest.param("<w:ins>" + r("vào") + "</w:ins>", "vào", id="insertion"),
        pytest.param("<w:del><w:r><w:delText>ra</w:delText></w:r></w:del>" + r("x"), "x", id="deletion"),
        pytest.param("<w:moveFrom>" + r("cũ") + "</w:moveFrom><w:moveTo>" + r("mới") + "</w:moveTo>", "mới", id="move"),
        pytest.param("<w:smartTag>" + r("Hà Nội") + "</w:smartTag>", "Hà Nội", id="smart tag"),
        pytest.param("<w:sdt><w:sdtPr/><w:sdtContent>" + r("ô") + "</w:sdtContent></w:sdt>", "ô", id="content control"),
        pytest.param('<w:hyperlink r:id="x">' + r("liên kết") + "</w:hyperlink>", "liên kết", id="link"),
        pytest.param("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r>", "a\tb-c", id="tab"),
        pytest.param('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 5</w:t></w:r>', "≥ 5", id="symbol"),
        pytest.param(r("ẩn", properties="<w:vanish/>") + r("hiện"), "hiện", id="hidden"),
        pytest.param(r("a", properties='<w:vanish w:val="0"/>'), "a", id="not hidden"),
        pytest.param(
            "<w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple>" + r("3") + "</w:fldSimple>", "3", id="field"
        ),
    ],
)
def test_what_stands_in_a_paragraph(inside: str, text: str) -> None:
    assert lines(p(inside)) == [text]


def test_a_deleted_paragraph_end_joins_two() -> None:
    assert lines(p("Thu ngân", properties="<w:rPr><w:del/></w:rPr>") + p(" sách") + p("x")) == ["Thu ngân sách", "x"]


def test_text_boxes_stand_once_after_their_paragraph() -> None:
    box = "<w:txbxContent>" + p("trong hộp") + "</w:txbxContent>"
    drawn = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>" + box + "</wps:txbx></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox>" + box + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(p("trước", drawn) + p("sau")) == ["trước", "trong hộp", "sau"]


def test_headers_are_no_text() -> None:
    assert lines(p("thân"), header1=p("đầu trang")) == ["thân"]


def test_numbering_as_shown() -> None:
    numbering = levels(("upperRoman", "%1."), ("decimal", "%1.%2."), ("lowerLetter", "%3)"), ("bullet", "\uf0b7"))
    words = ["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín"]
    made = "".join(
        p(w, properties=numbered(level)) for w, level in zip(words, (0, 1, 2, 2, 1, 2, 3, 0, 1), strict=True)
    )
    assert lines(made + p("ngoài"), numbering=numbering) == [
        "I. Một", "I.1. Hai", "a) Ba", "b) Bốn", "I.2. Năm", "a) Sáu", "• Bảy", "II. Tám", "II.1. Chín", "ngoài",
    ]  # fmt: skip


def test_numbering_of_styles_and_new_starts() -> None:
    numbering = levels(("decimal", "%1/"), ("decimal", "%1.%2")).replace('w:val="%1.%2"', 'w:val="%1.%2"/><w:isLgl')
    numbering += (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/>'
        "</w:lvlOverride></w:num>"
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Item"><w:basedOn w:val="Base"/></w:style>'
    )
    item = '<w:pStyle w:val="Item"/>'
    body = p("a", properties=item) + p("b", properties=item) + p("c", properties=numbered(0, 2))
    body += p("d", properties=numbered(0, 2)) + p("e", properties=item + '<w:numPr><w:numId w:val="0"/></w:numPr>')
    assert lines(body, numbering=numbering, styles=styles) == ["1/ a", "2/ b", "7/ c", "8/ d", "e"]


NOTES = "".join(
    f'<w:footnote w:id="{id}"{kind}>{p(*text)}</w:footnote>'
    for id, kind, text in (
        ("-1", ' w:type="separator"', ("",)),
        ("5", "", ("<w:r><w:footnoteRef/></w:r>", " Quyết định số 12.")),
        ("6", "", ("<w:r><w:footnoteRef/></w:r>", " Gồm 3 dự án.")),
    )
)


def call(id: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{id}"/></w:r>'


def test_notes_are_tied_to_their_markers() -> None:
    read = source(
        p("Thu đạt 5", call(6), " tỷ đồng; chi", call(5), ".") + p("Tiếp", call(9, "endnote"), " theo."),
        footnotes=NOTES,
        endnotes=f'<w:endnote w:id="9">{p("<w:r><w:endnoteRef/></w:r>", " Cuối.")}</w:endnote>',
    )
    assert read.text.splitlines() == [
        "Thu đạt 51 tỷ đồng; chi2.", "1 Gồm 3 dự án.", "2 Quyết định số 12.", "Tiếpi theo.", "i Cuối.",
    ]  # fmt: skip
    assert read.layout is not None
    notes = [region for region in read.layout.regions if region.kind == "footnote"]
    assert [(note.mark, read.text[slice(*(note.call or (0, 0)))]) for note in notes] == [
        ("1",) * 2,
        ("2",) * 2,
        ("i",) * 2,
    ]
    flowed = reflow(read.text, read.layout)
    assert flowed.text.splitlines()[0] == "Thu đạt 5 tỷ đồng; chi."
    assert [note.called_at for note in flowed.footnotes] == [9, 22, flowed.text.index(" theo")]


def test_marks_of_ones_own() -> None:
    marked = '<w:r><w:footnoteReference w:id="5" w:customMarkFollows="1"/><w:t>(*)</w:t></w:r>'
    notes = f'<w:footnote w:id="5">{p("(*) Ước tính.")}</w:footnote>'
    read = source(p("Thu 5 tỷ", marked, "."), footnotes=notes)
    assert read.text == "Thu 5 tỷ(*).\n(*) Ước tính.\n"


def test_tables_are_rows() -> None:
    merged = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("Thu")
    covered = "<w:tcPr><w:vMerge/></w:tcPr>" + p("")
    body = p("ĐVT: triệu đồng") + table(
        ["TT", "Chỉ tiêu", '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("Năm 2023")],
        ["1", merged, "260", p("18") + p("(ước)")],
        ["2", covered, "611", "5" + ""],
    )
    read = source(body)
    assert read.text.splitlines() == [
        "ĐVT: triệu đồng", "| TT | Chỉ tiêu | Năm 2023 | |", "| 1 | Thu | 260 | 18 (ước) |", "| 2 | | 611 | 5 |",
    ]  # fmt: skip
    assert read.layout is not None
    assert [region.kind for region in read.layout.regions] == ["paragraph", *["table row"] * 3]


def test_notes_of_a_table_follow_it() -> None:
    body = table(["Chỉ tiêu", "Số"], [p("Thu", call(5)), "260"]) + p("sau")
    read = source(body, footnotes=NOTES)
    assert read.text.splitlines()[1:] == ["| Thu1 | 260 |", "1 Quyết định số 12.", "sau"]
    assert read.layout is not None
    assert reflow(read.text, read.layout).footnotes[0].called_at is not None


def test_tables_that_place_text_are_paragraphs() -> None:
    head = table(
        [p("ỦY BAN NHÂN DÂN") + p("XÃ TÂN LẬP"), p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") + p("Độc lập - Tự do")],
        ["Số: 12/BC-UBND", "Tân Lập, ngày 05 tháng 3 năm 2023"],
    )
    foot = table([p("Nơi nhận:") + p("- Như trên;"), p("TM. ỦY BAN NHÂN DÂN") + p("CHỦ TỊCH")])
    read = source(head + p("BÁO CÁO") + foot)
    assert read.text.splitlines() == [
        "ỦY BAN NHÂN DÂN", "XÃ TÂN LẬP", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do", "Số: 12/BC-UBND",
        "Tân Lập, ngày 05 tháng 3 năm 2023", "BÁO CÁO", "Nơi nhận:", "- Như trên;", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH",
    ]  # fmt: skip
    assert read.layout is not None
    kinds = [region.kind for region in read.layout.regions]
    assert kinds == [*["letterhead"] * 6, "paragraph", *["recipients"] * 2, *["signature"] * 2]


def test_line_breaks_part_items() -> None:
    read = source(p("<w:r><w:t>- Thu 5 tỷ;</w:t><w:br/><w:t>- Chi 3 tỷ</w:t><w:br/><w:t>đồng.</w:t></w:r>"))
    assert read.layout is not None
    assert [read.text[a.start : a.end] for a in read.layout.regions] == ["- Thu 5 tỷ;", "- Chi 3 tỷ\nđồng."]


def test_runs_in_old_fonts_are_converted() -> None:
    split = legacy("kế hoạch", "vni")
    body = p(
        r(legacy("Báo cáo ", "tcvn3"), properties=font(".VnTime")),
        r(legacy("tình hình", "tcvn3").lower(), properties=font(".VnTimeH")),
        r(" năm 2005, "),
        r(split[:2], properties=font("VNI-Times")),
        r(split[2:], properties=font("VNI-Times")),
    )
    read = source(body + p(r("Đã gõ Unicode: thuế", properties=font(".VnTime"))))
    assert read.text == "Báo cáo TÌNH HÌNH năm 2005, kế hoạch\nĐã gõ Unicode: thuế\n"
    assert read.encoding == "utf-8+tcvn3+vni"
    assert any("tcvn3" in warning for warning in read.warnings)
    assert read.raw is not None
    at = read.text.index("kế")
    (fragment,) = read.fragments([(at, at + 2)])
    assert read.raw[slice(*fragment)] == legacy("kế", "vni")


def test_fonts_of_styles_count() -> None:
    styles = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{font('Arial')}</w:rPr></w:rPrDefault></w:docDefaults>"
        f'<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr>{font(".VnTime")}</w:rPr></w:style>'
        f'<w:style w:type="character" w:styleId="U"><w:rPr>{font("Arial")}</w:rPr></w:style>'
    )
    old = legacy("ngân sách nhà nước", "tcvn3")
    body = p(r(old)) + p(r("± 5 µm", properties='<w:rStyle w:val="U"/>'))
    assert lines(body, styles=styles) == ["ngân sách nhà nước", "± 5 µm"]


def test_old_text_in_a_new_font_is_found_by_what_it_says() -> None:
    read = source(p(legacy(TEXT, "tcvn3")) + p(TEXT))
    assert read.text == f"{TEXT}\n{TEXT}\n"


def test_facts_of_a_table_row() -> None:
    body = p("Tình hình thu ngân sách năm 2023") + p("ĐVT: triệu đồng")
    document = tag_bytes(docx(body + table(["Chỉ tiêu", "Thực hiện"], ["Thu ngân sách xã", "1.260"])), "r.docx")
    assert any(entity.label == "QUANTITY" and entity.text == "1.260" for entity in document.entities)
    assert document.meta["format"] == "docx"


def test_heads_over_several_columns_are_those_of_each() -> None:
    over = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("Năm 2023")
    rest = "<w:tcPr><w:vMerge/></w:tcPr>" + p("")
    rows = (["Chỉ tiêu", over, "Năm 2024"], [rest, "Kế hoạch", "Thực hiện", rest], ["Lệ phí", "430", "322", "500"])
    title = p("Tình hình thu ngân sách xã Khe Lánh") + p("ĐVT: triệu đồng")
    facts = {fact.text: fact for fact in ie.facts_of(tag_bytes(docx(title + table(*rows)), "r.docx"))}
    assert {text: facts[text].period for text in ("430", "322", "500")} == {
        "430": "Năm 2023",
        "322": "Năm 2023",
        "500": "Năm 2024",
    }


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(docx(p(TEXT))[:400], "damaged", id="torn"),
        pytest.param(zipped({"word/document.xml": "<w:document"}), "not well-formed", id="broken XML"),
        pytest.param(zipped({"word/document.xml": "<document/>"}), "no document in it", id="no body"),
        pytest.param(zipped({"word/document.xml": "<a>" * 400 + "</a>" * 400}), "not well-formed", id="too deep"),
        pytest.param(
            zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'}),
            "declares a document type",
            id="entities",
        ),
        pytest.param(zipped({"word/document.xml": b" " * 40_000_000}), "unpacks to too much", id="bomb"),
        pytest.param(docx(""), "holds no text", id="empty"),
    ],
)
def test_hostile_and_broken_files(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        read_bytes(data, "r.docx")
    assert str(error.value).startswith("r.docx")
    assert "\n" not in str(error.value)


def test_external_links_are_not_followed() -> None:
    from tests.office_files import R

    external = f'<Relationship Id="f" Type="{R}/footnotes" TargetMode="External" Target="http://127.0.0.1:9/f.xml"/>'
    external += f'<Relationship Id="t" Type="{R}/attachedTemplate" TargetMode="External" Target="file:///etc/passwd"/>'
    body = p(TEXT) + '<w:altChunk r:id="c"/>'
    read = source(body, relations=external)
    assert read.text == TEXT + "\n"
    assert read.warnings == ("1 embedded documents were left out",)


def test_characters_are_limited() -> None:
    read = read_bytes(docx(p(TEXT) * 5), "r.docx", options=ReadOptions(max_characters=120))
    assert read.text == f"{TEXT}\n{TEXT}\n"
    assert "max_characters" in read.warnings[0]
