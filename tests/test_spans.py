import pytest
import spacy
from spacy.tokens import Doc, Span, SpanGroup

from ie import spans as carry
from ie.spans import Key


def _doc() -> Doc:
    return Doc(spacy.blank("xx").vocab, words=["thu", "1.250", "triệu", "đồng"])


def test_keys_come_back_in_order_of_the_text() -> None:
    doc = _doc()
    carry.set_spans(doc, [Key("UNIT", 2, 4), Key("QUANTITY", 1, 2), Key("UNIT", 2, 4), Key("INDICATOR", 0, 1)])
    assert carry.keys(doc) == [Key("INDICATOR", 0, 1), Key("QUANTITY", 1, 2), Key("UNIT", 2, 4)]
    assert [carry.key(span) for span in doc.spans[carry.GROUP]] == carry.keys(doc)


def test_keys_follow_spans_that_are_set_or_added_by_hand() -> None:
    doc = _doc()
    carry.set_spans(doc, [Key("UNIT", 2, 4)])
    doc.spans[carry.GROUP].append(Span(doc, 1, 2, label="QUANTITY"))
    assert carry.keys(doc) == [Key("QUANTITY", 1, 2), Key("UNIT", 2, 4)]
    doc.spans[carry.GROUP] = [Span(doc, 0, 1, label="INDICATOR")]
    assert carry.keys(doc) == [Key("INDICATOR", 0, 1)]


@pytest.mark.parametrize("change", ["set", "append", "extend", "join", "bytes"])
def test_keys_follow_spans_that_change_in_place(change: str) -> None:
    doc = _doc()
    carry.set_spans(doc, [Key("UNIT", 2, 4)])
    group, new = doc.spans[carry.GROUP], Span(doc, 1, 2, label="QUANTITY")
    if change == "set":
        group[0] = new
    elif change == "append":
        group.append(new)
    elif change == "extend":
        group.extend([new])
    elif change == "join":
        group += SpanGroup(doc, spans=[new])
    else:
        group.from_bytes(SpanGroup(doc, spans=[new]).to_bytes())
    kept = [] if change in ("set", "bytes") else [Key("UNIT", 2, 4)]
    assert carry.keys(doc) == [Key("QUANTITY", 1, 2), *kept]


def test_keys_are_the_callers_own() -> None:
    doc = _doc()
    carry.set_spans(doc, [Key("UNIT", 2, 4)])
    carry.keys(doc).clear()
    assert carry.keys(doc) == [Key("UNIT", 2, 4)]
    assert carry.keys(doc.copy()) == [Key("UNIT", 2, 4)]


def test_keys_survive_being_stored() -> None:
    doc = _doc()
    carry.set_spans(doc, [Key("UNIT", 2, 4)])
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert carry.keys(again) == [Key("UNIT", 2, 4)]
    again.spans[carry.GROUP][0] = Span(again, 0, 1, label="UNIT")
    assert carry.keys(again) == [Key("UNIT", 0, 1)]


@pytest.mark.parametrize("touched", [False, True])
def test_dropped_spans_take_their_scores_along(touched: bool) -> None:
    doc = _doc()
    found = [Key("UNIT", 0, 1), Key("PLACE", 1, 3), Key("PLACE", 2, 3)]
    carry.set_spans(doc, found, dict.fromkeys(found, 0.5))
    if touched:
        doc.spans[carry.GROUP][0] = doc.spans[carry.GROUP][0]
    carry.drop_spans(doc, [found[1]])
    assert carry.keys(doc) == [found[0], found[2]]
    assert [carry.key(span) for span in doc.spans[carry.GROUP]] == carry.keys(doc)
    assert carry.scores(doc) == {found[0]: 0.5, found[2]: 0.5}
