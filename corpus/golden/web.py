"""A golden text as a page of a portal: menu, banner, scripts and boxes of links around it."""

from __future__ import annotations

from html import escape

from corpus.golden.text import Block, Text

_TOP = """<!DOCTYPE html><html lang="vi"><head><meta charset="{charset}"><title>Cổng thông tin</title>
<script>document.write("không phải văn bản")</script><style>.x{{color:red}}</style></head><body>
<div id="header" class="site-banner">CỔNG THÔNG TIN ĐIỆN TỬ</div>
<ul class="main-menu"><li><a href="/gioi-thieu">Giới thiệu</a></li><li><a href="/tin-tuc">Tin tức</a></li>
<li><a href="/van-ban">Văn bản</a></li></ul><div class="wrapper"><div class="content" {style}>
"""
_FOOT = """</div><div class="sidebar"><h3>Tin liên quan</h3><ul><li><a href="/1">Hội nghị tổng kết công tác năm</a></li>
<li><a href="/2">Thông báo lịch tiếp công dân</a></li><li><a href="/3">Kế hoạch tuyển sinh</a></li></ul></div></div>
<div id="footer">Bản quyền thuộc về cổng thông tin. Điện thoại: 0299 000 000</div></body></html>
"""


def page(text: Text, *, charset: str = "utf-8", font: str = "") -> str:
    """Return the page; paragraphs are wrapped as editors wrap them, notes are linked both ways."""
    style = f'style="font-family:{font}"' if font else ""
    parts = [_TOP.format(charset=charset, style=style)]
    table = False
    for block in text.blocks:
        if bool(block.cells) != table:
            table = not table
            parts.append("<table border=1>\n" if table else "</table>\n")
        parts.append(_row(block) if block.cells else f"<p>\n  {_inline(block)}\n</p>\n")
    parts.append("</table>\n" if table else "")
    notes = [note for block in text.blocks for note in block.notes]
    for note in notes:
        back = f'<a href="#r{note.mark}">[{note.mark}]</a>'
        parts.append(f'<div id="n{note.mark}"><p>{back} {escape(note.text)}</p></div>\n')
    return "".join([*parts, _FOOT])


def _row(block: Block) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in block.cells)}</tr>\n"


def _inline(block: Block) -> str:
    parts, at = [], 0
    for note in block.notes:
        parts.append(_wrapped(block.text[at : note.at]))
        parts.append(f'<sup><a href="#n{note.mark}" id="r{note.mark}">{note.mark}</a></sup>')
        at = note.at
    return "".join([*parts, _wrapped(block.text[at:])])


def _wrapped(text: str) -> str:
    """Break lines at every ninth blank, as editors do."""
    words = escape(text, quote=False).split(" ")
    return "".join(w + ("" if i == len(words) - 1 else "\n" if i % 9 == 8 else " ") for i, w in enumerate(words))
