from pathlib import Path

import spacy

from ie import brat
from ie import spans as carry
from ie.document import Document, Entity, Relation
from ie.gold import Losses, to_reference
from ie.tokenizer import UndertheseaTokenizer

TOKENIZER = UndertheseaTokenizer(spacy.vocab.Vocab())


def _document(text: str, *spans: tuple[str, str]) -> Document:
    entities = []
    for number, (label, part) in enumerate(spans, 1):
        start = text.index(part)
        entities.append(Entity(f"T{number}", label, ((start, start + len(part)),), part))
    return Document("d", text, tuple(entities), (Relation("R1", "HAS_UNIT", "T1", "T2"),))


def test_spans_and_relations_reach_the_tokens() -> None:
    losses = Losses()
    doc = to_reference(
        _document("Trồng\n12,5ha rừng\nmới.", ("QUANTITY", "12,5"), ("UNIT", "ha")), TOKENIZER, losses=losses
    )
    assert [(k.label, doc[k.start : k.end].text) for k in carry.keys(doc)] == [("QUANTITY", "12,5"), ("UNIT", "ha")]
    assert [(k.type, k.head.label, k.tail.label) for k in carry.relations(doc)] == [("HAS_UNIT", "QUANTITY", "UNIT")]
    assert losses.total == 0


def test_a_span_inside_a_token_is_counted_with_its_relations() -> None:
    losses = Losses()
    to_reference(_document("Trồng 12,5ha rừng", ("QUANTITY", "2,5"), ("UNIT", "ha")), TOKENIZER, losses=losses)
    assert dict(losses.counts) == {("no token boundary", "QUANTITY"): 1, ("relation of a lost span", "HAS_UNIT"): 1}


def test_a_span_on_a_dropped_line_is_counted() -> None:
    text = "Dòng một của báo cáo này\n\f2\nDòng hai của báo cáo này\n"
    losses = Losses()
    to_reference(Document("d", text, (Entity("T1", "QUANTITY", ((26, 27),), "2"),)), TOKENIZER, losses=losses)
    assert dict(losses.counts) == {("reflow dropped it", "QUANTITY"): 1}


def test_sample_loses_nothing(shared: Path) -> None:
    losses = Losses()
    for path in [*(shared / "sample").glob("*.ann"), *(shared / "real-dev").glob("*.ann")]:
        to_reference(brat.read(path), TOKENIZER, losses=losses)
    assert losses.examples == []


def test_corpus_loses_nothing() -> None:
    losses = Losses()
    paths = sorted((Path(__file__).parents[1] / "corpus" / "reports").glob("*.ann"))
    assert paths
    for path in paths:
        to_reference(brat.read(path), TOKENIZER, losses=losses)
    assert losses.examples == []
