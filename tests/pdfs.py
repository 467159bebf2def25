"""Small PDFs of invented reports, drawn with reportlab in a font that has all Vietnamese letters."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import matplotlib
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT = 85.0, 540.0
BODY, NOTE, MARK = 13.0, 9.0, 7.5


@cache
def fonts() -> None:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name, file in (("Serif", "DejaVuSerif.ttf"), ("Bold", "DejaVuSerif-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))


class Report:
    """A canvas with a pen that moves down the page; `^1^` in a text is a raised mark."""

    def __init__(self, *, size: tuple[float, float] = (WIDTH, HEIGHT), packed: bool = False, **options: object) -> None:
        fonts()
        self.stream = io.BytesIO()
        self.canvas = Canvas(self.stream, pagesize=size, pageCompression=int(packed), invariant=True, **options)
        self.width, self.height = size
        self.y = 70.0

    def at(self, x: float, y: float, text: str, size: float = BODY, font: str = "Serif") -> float:
        """Draw a text whose base line lies `y` below the top; return where it ends."""
        for index, part in enumerate(text.split("^")):
            raised = index % 2
            self.canvas.setFont(font, MARK if raised else size)
            self.canvas.drawString(x, self.height - y + (5 if raised else 0), part)
            x += pdfmetrics.stringWidth(part, font, MARK if raised else size)
        return x

    def line(self, text: str, *, indent: float = 0.0, font: str = "Serif", centre: bool = False) -> None:
        x = LEFT + indent
        if centre:
            x = (LEFT + RIGHT - pdfmetrics.stringWidth(text, font, BODY)) / 2
        self.at(x, self.y, text, font=font)
        self.y += 18

    def paragraph(self, text: str, *, indent: float = 36.0, gap: float = 6.0, last: bool = True) -> None:
        """Wrap a text; without `last` its end runs on to the next page."""
        row, first = "", True
        for word in text.split(" "):
            wide = pdfmetrics.stringWidth(f"{row} {word}".replace("^", ""), "Serif", BODY)
            if row and LEFT + (indent if first else 0) + wide > RIGHT:
                self.line(row, indent=indent if first else 0)
                row, first = "", False
            row = f"{row} {word}" if row else word
        self.line(row, indent=indent if first else 0)
        self.y += gap if last else 0

    def columns(self, left: Sequence[str], right: Sequence[str]) -> None:
        """Set two columns of centred lines beside each other, row by row."""
        for index in range(max(len(left), len(right))):
            for centre, side in ((165.0, left), (410.0, right)):
                if index < len(side):
                    width = pdfmetrics.stringWidth(side[index], "Serif", 11)
                    self.at(centre - width / 2, self.y, side[index], 11)
            self.y += 17
        self.y += 10

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, ruled: bool = True) -> None:
        """Draw rows of cells; lines of a cell are parted by `\\n`."""
        top = self.y - 14
        edges = [LEFT]
        for width in widths:
            edges.append(edges[-1] + width)
        heights = [top]
        for row in rows:
            for x, cell in zip(edges, row, strict=False):
                for index, text in enumerate(cell.split("\n")):
                    self.at(x + 4, self.y + 15 * index, text, 11)
            self.y += 15 * max(cell.count("\n") + 1 for cell in row) + 5
            heights.append(self.y - 14)
        if ruled:
            for y in heights:
                self.canvas.line(edges[0], self.height - y, edges[-1], self.height - y)
            for x in edges:
                self.canvas.line(x, self.height - top, x, self.height - heights[-1])
        self.y += 10

    def notes(self, texts: Sequence[str], *, bar: bool = True) -> None:
        """Set footnote lines at the foot of the page, under a short line."""
        y = 770 - 12 * len(texts)
        if bar:
            self.canvas.line(LEFT, self.height - y + 12, LEFT + 140, self.height - y + 12)
        for text in texts:
            self.at(LEFT, y, text, NOTE)
            y += 12

    def page(self, number: str = "", foot: str = "") -> None:
        """End a page with its number at the top and a running line at the foot."""
        if number:
            self.at(self.width / 2 - 4, 40, number)
        if foot:
            self.at(330, 810, foot, 10)
        self.canvas.showPage()
        self.y = 70.0

    def picture(self) -> None:
        """Fill the page with a picture of grey stripes."""
        from PIL import Image

        image = Image.new("L", (120, 170), 230)
        image.paste(90, (20, 40, 100, 44))
        self.canvas.drawImage(ImageReader(image), 0, 0, self.width, self.height)

    def bytes(self) -> bytes:
        self.canvas.save()
        return self.stream.getvalue()


def letterhead(report: Report) -> None:
    report.columns(
        ["ỦY BAN NHÂN DÂN", "XÃ KHE LÁNH", "Số: 214/BC-UBND"],
        ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Khe Lánh, ngày 25 tháng 9 năm 2023"],
    )


def whole() -> bytes:
    """Draw a report of three pages with everything that pages bring: letterhead, notes, table, annex."""
    report = Report()
    letterhead(report)
    report.line("BÁO CÁO", centre=True, font="Bold")
    report.line("Tình hình kinh tế - xã hội tháng 9 năm 2023", centre=True, font="Bold")
    report.paragraph(
        "Trong tháng, toàn xã gieo cấy được 146,5 ha lúa mùa^1^, đạt 98,2% kế hoạch, tăng 3,4 ha so với cùng kỳ "
        "năm trước; diện tích nuôi cá 12.400 m^2^ và 37 ha ngô^2^."
    )
    report.paragraph("Tổng thu ngân sách trên địa bàn ước đạt 260 triệu đồng. Cụ thể như sau:")
    report.line("Biểu 1. Kết quả thu ngân sách (ĐVT: triệu đồng)", centre=True)
    report.table(TABLE, (30, 190, 80, 80))
    report.paragraph(
        "Công tác làm đường bê tông tại thôn Nà Pục được quan tâm; trong tháng đã vận động nhân", last=False
    )
    report.notes(["1^^ Thôn Khe Lánh 52 ha; thôn Nà Pục 94,5 ha.", "2^^ Giống ngô lai do huyện cấp cho 41 hộ."])
    report.page("1", "UBND xã Khe Lánh")
    report.paragraph("dân hiến 157 m đường và 91 ngày công tại xã Khe Lánh.", indent=0)
    report.paragraph("Đến nay còn 64 hộ nghèo, chiếm 7,8% tổng số hộ.")
    report.page("2", "UBND xã Khe Lánh")
    report.paragraph("Trường Tiểu học Khe Lánh có 12 lớp với 300 học sinh.")
    report.columns(["Nơi nhận:", "- UBND huyện;", "- Lưu: VT."], ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Hoàng Văn Slao"])
    report.page("3", "UBND xã Khe Lánh")
    return report.bytes()


TABLE = (
    ("TT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"),
    ("1", "Thu tiền sử dụng đất\ntại khu dân cư", "1.250", "937"),
    ("2", "Lệ phí trước bạ", "430", "322"),
    ("3", "Thu khác", "750", "562"),
)


def drawn(draw: Callable[[Report], None], **options: object) -> bytes:
    """Draw one report."""
    report = Report(**options)  # type: ignore[arg-type]
    draw(report)
    return report.bytes()
