"""A small invented corpus and documents made at random, for the tests of the corpus."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from corpus.checks.spans import clash
from corpus.compose import compose_file
from corpus.importer import add
from corpus.markup.compile import in_order
from ie.document import Document, Entity, Fragment, Relation, fragments_text, split_at_line_ends
from ie.schema import schema

_SOURCES = {
    "s1-01": """@title: BÁO CÁO Kết quả sản xuất vụ đông
@place: xã Mường Bú, huyện Mường La
@province: Sơn La
@level: commune
@date: 2018-12-05
@year: 2018
@kind: sector: agriculture
@layout: wrap=50 double page=9 notebar=space
@phenomena: N3 N4
---
I. TRỒNG TRỌT
{I1 Tổng diện tích gieo trồng} {P1 vụ đông 2018} toàn {L1 xã Mường Bú} ước đạt {Q1 1.240} {U ha}[[1]], bằng {Q2 96,5}{U %} kế hoạch, trong đó {I2 ngô} {Q3 310}{U ha}, {I3 rau màu} {Q4 28,4}{U ha}.
%% Q1 m=I1 p=P1 l=L1 +est; Q2 r=Q1 basis=plan; Q3 m=I2 of=Q1; Q4 m=I3 of=Q1
[[1]]: Theo {G1 Quyết định số 118/QĐ-UBND ngày 04/9/2018 của UBND {L huyện Mường La}}.
{Q5 17/19} {U bản} {I4 có tổ thủy lợi}; {J1 Dự án Kè {L suối Nậm Păm}} được cấp {Q6 2,4} {U tỷ đồng} theo {G2 Nghị quyết của HĐND huyện}.
%% Q5 m=I4; J1 f=Q6 b=G2
""",
    "s1-02": """@title: BÁO CÁO Công tác tiếp dân quý II
@place: thành phố Sơn La
@province: Sơn La
@level: city
@date: 2020-06-28
@year: 2020
@kind: quarterly
@layout: clean
@phenomena: N14
---
Trong {P1 quý II} Ban tiếp công dân {L1 thành phố Sơn La} đã tiếp {Q1 214} {U lượt}, {I1 nhận đơn} {Q2 37} {U đơn} (trong đó {Q3 05} {U đơn} {I2 tố cáo}).
%% Q1 p=P1; Q2 m=I1 p=P1; Q3 m=I2 of=Q2
""",
    "s2-01": """@title: Kế hoạch đầu tư công
@place: huyện Nghi Xuân
@province: Hà Tĩnh
@level: district
@date: 2022-01-11
@year: 2022
@kind: plan
@layout: wrap=64
@phenomena: J4
---
{J1 Công trình Nâng cấp {L1 đường Tiên Điền} (đoạn từ ngã tư đến bến đò)} có {I1 tổng mức đầu tư} {Q1 38.500} {U triệu đồng}, {I2 kế hoạch vốn} {P1 năm 2022} là {Q2 12.000} {U triệu đồng}.
%% J1 f=Q1,Q2; Q1 m=I1; Q2 m=I2 p=P1 +plan
""",
    "s3-01": """@title: THÔNG BÁO Kết quả cải cách hành chính
@place: phường Vỹ Dạ
@province: Huế
@level: ward
@date: 2025-08-20
@year: 2025
@kind: monthly
@layout: clean nfd
---
Từ đầu tháng, {L1 phường Vỹ Dạ} tiếp nhận {Q1 1.286} {U hồ sơ}, {I1 trả đúng hạn} {Q2 1.270} {U hồ sơ} (đạt {Q3 98,8}{U %}).
%% Q1 l=L1; Q2 m=I1 of=Q1; Q3 r=Q2 basis=total
""",
}
_SPLITS = {"s1": "train", "s2": "dev", "s3": "test"}


def compiled(folder: Path) -> Path:
    """Compile the sample reports into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for id, source in _SOURCES.items():
        path = folder / f"{id}.inl"
        path.write_text(source, "utf-8")
        composed = compose_file(path, folder)
        assert composed.document is not None, composed.problems
    return folder


def small_corpus(folder: Path) -> Path:
    """Make a corpus of four reports below `folder` and return its root."""
    source, root = compiled(folder / "made"), folder / "root"
    for author, split in _SPLITS.items():
        ids = tuple(id for id in _SOURCES if id.startswith(author))
        added = add(source, split=split, author=author, only=ids, root=root)
        assert added.ids == ids, added.problems
    return root


_WORDS = [
    "tổng",
    "thu",
    "1.250",
    "12,5",
    "ha",
    "xã",
    "Đắk",
    "R'lấp",
    "triệu",
    "đồng",
    "(ước)",
    "%",
    ",",
    "64/72",
    "năm",
]
_ATTRIBUTES = st.lists(
    st.sampled_from([("Estimate", ""), ("Planned", ""), ("Change", ""), ("Basis", "plan"), ("Open", "")]),
    unique_by=lambda pair: pair[0],
    max_size=2,
)


@st.composite
def documents(draw: st.DrawFn, *, interrupted: bool = True, max_spans: int = 8) -> Document:
    """Draw a document as compiling would give it: lines of words, nested spans, relations, attributes."""
    lines = draw(st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8), min_size=1, max_size=4))
    text = "\n".join(" ".join(line) for line in lines) + draw(st.sampled_from(["", "\n"]))
    ranges = _word_ranges(text)
    entities: list[Entity] = []
    for number in range(draw(st.integers(0, max_spans))):
        label = draw(st.sampled_from(sorted(schema().labels)))
        fragments = _fragments(draw, text, ranges, interrupted)
        pairs = draw(_ATTRIBUTES) if label == "QUANTITY" else []
        made = Entity(f"X{number}", label, fragments, fragments_text(text, fragments), tuple(pairs))
        if _fits(made, entities):
            entities.append(made)
    document = Document("drawn", text, tuple(entities), _relations(draw, entities))
    return in_order(in_order(document))


def _word_ranges(text: str) -> list[Fragment]:
    ranges, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        ranges.append((start, start + len(word)))
        start += len(word)
    return ranges


def _fragments(draw: st.DrawFn, text: str, ranges: list[Fragment], interrupted: bool) -> tuple[Fragment, ...]:
    first = draw(st.integers(0, len(ranges) - 1))
    last = draw(st.integers(first, min(first + 3, len(ranges) - 1)))
    fragments = split_at_line_ends(text, ranges[first][0], ranges[last][1])
    if interrupted and last + 2 < len(ranges) and draw(st.booleans()):
        again = draw(st.integers(last + 2, len(ranges) - 1))
        fragments += (ranges[again],)
    return fragments


def _fits(made: Entity, entities: list[Entity]) -> bool:
    """Keep spans that nest within the hull of another or stand apart, so that no edge lies inside a gap's rest."""
    if made.text[0] in ",%(" and len(made.text) == 1 and made.text == ",":
        return False
    if made.text.startswith(",") or made.text.endswith(","):
        return False
    return not any(clash(made, other) or _tangled(made, other) for other in entities)


def _tangled(one: Entity, two: Entity) -> bool:
    """Tell whether pieces of the two spans would make their braces cross."""
    pieces = [(a, b) for entity in (one, two) for a, b in entity.fragments]
    return any(a < c < b < d for a, b in pieces for c, d in pieces)


def _relations(draw: st.DrawFn, entities: list[Entity]) -> tuple[Relation, ...]:
    possible = [
        (type, head.id, tail.id)
        for head in entities
        for tail in entities
        if head is not tail
        for type in schema().types_between(head.label, tail.label)
    ]
    chosen = draw(st.lists(st.sampled_from(possible), unique=True, max_size=6)) if possible else []
    return tuple(Relation(f"R{n}", *link) for n, link in enumerate(chosen, 1))


def with_extras(document: Document) -> Document:
    """Return the document with what only some formats hold: a note, metadata, a score."""
    scored = tuple(replace(entity, score=0.5) for entity in document.entities[:1])
    entities = scored + document.entities[1:]
    return replace(document, entities=entities, notes=("#1\tAnnotatorNotes T1\txem lại",), meta={"kind": "plan"})
