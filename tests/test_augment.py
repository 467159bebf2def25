import random
import re
from functools import cache

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab

import corpus
from ie.document import Document, Entity, Relation, fragments_text
from ie.gold import Losses, broken, to_reference
from ie.normalise import normalise
from ie.normalise.units import parse_unit, unit_value
from ie.spans import keys
from ie.tokenizer import UndertheseaTokenizer
from tests.examples import examples
from tests.training_cases import report
from training.augment import PARTS, _whole, augment, create_augmenter, document_of
from training.edits import Edit, apply
from training.reports import Reports
from training.vary import figures
from training.vary.figures import Figure
from training.vary.forms import forms
from training.vary.layout import wraps
from training.vary.letters import tones
from training.vary.places import type_word

SAME_AMOUNT = ("scales", "shapes", "habits", "units", "glue")
TOKENIZER = UndertheseaTokenizer(Vocab())
SEEDS = st.integers(0, 2**32)


@cache
def reports() -> list[Document]:
    """Return the shorter half of the composed reports of the train split."""
    return sorted(corpus.load_documents("train"), key=lambda d: len(d.text))[:40]


def only(*names: str) -> dict[str, float]:
    return {name: 1 / part.share if name in names else 0.0 for name, part in PARTS.items()}


def assert_exact(before: Document, after: Document) -> None:
    assert [(e.id, e.label, e.attributes) for e in after.entities] == [
        (e.id, e.label, e.attributes) for e in before.entities
    ]
    assert after.relations == before.relations
    for entity in after.entities:
        assert entity.text == fragments_text(after.text, entity.fragments)
        assert entity.text.strip() == entity.text != ""
    nested = [(a.id, b.id) for a, b in pairs_of(before)]
    assert [(a.id, b.id) for a, b in pairs_of(after)] == nested


def pairs_of(document: Document) -> list[tuple[Entity, Entity]]:
    """Pairs of spans of which the first holds the second."""
    spans = sorted(document.entities, key=lambda e: (e.start, -e.end))
    found = []
    for index, outer in enumerate(spans):
        for inner in spans[index + 1 :]:
            if inner.start >= outer.end:
                break
            if inner.end <= outer.end:
                found.append((outer, inner))
    return sorted(found, key=lambda pair: (pair[0].id, pair[1].id))


@examples(20)
@given(st.integers(0, 10_000), SEEDS, st.sampled_from([1.0, 2.0, 5.0]))
def test_labels_stay_exact_on_the_corpus(number: int, seed: int, strength: float) -> None:
    document = reports()[number % len(reports())]
    assert_exact(document, augment(document, random.Random(seed), strength=strength))


@pytest.mark.parametrize("name", list(PARTS))
@examples(10)
@given(seed=SEEDS, lines=st.integers(1, 8))
def test_labels_stay_exact_by_part(name: str, seed: int, lines: int) -> None:
    document = report("m", lines=lines, first=seed % 90)
    assert_exact(document, augment(document, random.Random(seed), parts=only(name)))


@pytest.mark.parametrize("name", list(PARTS))
def test_each_part_changes_something_alone(name: str) -> None:
    document = report("m", lines=12)
    assert any(augment(document, random.Random(seed), parts=only(name)) is not document for seed in range(40))


def test_no_part_no_change() -> None:
    document = report("m")
    assert augment(document, random.Random(0), parts=only()) is document
    assert augment(document, random.Random(0), strength=0.0) is document


def test_what_is_no_part_of_the_share_stays_as_written() -> None:
    document = report("m", lines=12)
    assert augment(document, random.Random(0), strength=9.0, share=0.0) is document
    rng = random.Random(1)
    varied = sum(augment(document, rng, strength=9.0, share=0.5) is not document for _ in range(200))
    assert 70 <= varied <= 130
    assert augment(document, random.Random(3), share=1.0) == augment(document, random.Random(3))
    half = create_augmenter(9.0, share=0.5)
    assert {half(document, random.Random(seed)) is document for seed in range(20)} == {True, False}


def assert_same_amounts(document: Document, seed: int) -> None:
    changed = augment(document, random.Random(seed), parts=only(*SAME_AMOUNT))
    for before, after in zip(normalise(document).entities, normalise(changed).entities, strict=True):
        if before.label == "QUANTITY" and before.value:
            assert after.value, (before.text, after.text)
            assert (after.value.number, after.value.unit) == (before.value.number, before.value.unit), after.text


@examples(30)
@given(SEEDS)
@example(896079837)
def test_amounts_stay_the_same_where_only_their_writing_changes(seed: int) -> None:
    assert_same_amounts(report("m", lines=6, first=seed % 80), seed)


@examples(8)
@given(st.integers(0, 39), SEEDS)
@example(33, 0)
def test_amounts_of_the_corpus_stay_the_same(number: int, seed: int) -> None:
    assert_same_amounts(reports()[number], seed)


@pytest.mark.parametrize("line", forms()["units"]["alike"], ids=" ".join)
def test_spellings_that_stand_for_one_another_are_one_unit(line: list[str]) -> None:
    units = [unit_value(unit) if (unit := parse_unit(form)) else None for form in line]
    assert len({unit and (unit.unit, unit.factor) for unit in units}) == 1
    assert units[0] is not None


def mixed(text: str, *numbers: str) -> Document:
    """A report whose quantities are `numbers`, found in it one after the other."""
    entities, at = [], 0
    for count, number in enumerate(numbers, 1):
        at = text.index(number, at)
        entities.append(Entity(f"T{count}", "QUANTITY", ((at, at + len(number)),), number))
        at += len(number)
    return Document("d", text, tuple(entities))


@given(SEEDS)
def test_a_report_has_one_decimal_mark(seed: int) -> None:
    document = mixed("Thu 12,5 tỷ đồng; 1.234,5 tấn; 8,25-9,5%; 2.000 hộ.", "12,5", "1.234,5", "8,25-9,5", "2.000")
    text = augment(document, random.Random(seed), parts=only("habits", "shapes")).text
    assert re.search(r"12\.5 tỷ đồng; 1[ \u00a0]?234\.5 tấn; 8\.25-9\.5%; 2[ \u00a0]?000 hộ", text)


@pytest.mark.parametrize("number", ["1,250", "0,125", "1.2.3"])
def test_the_mark_of_a_report_stays_where_one_figure_can_be_read_in_two_ways(number: str) -> None:
    document = mixed(f"Thu 12,5 tỷ đồng; {number} tấn.", "12,5", number)
    assert all(augment(document, random.Random(seed), parts=only("habits")) is document for seed in range(20))


def test_a_dot_that_the_report_takes_for_decimals_is_not_taken_for_thousands() -> None:
    document = mixed("Đạt 12.5 tấn, 13.5 tấn, 1.250 tấn, 4500 tấn.", "12.5", "13.5", "1.250", "4500")
    seen = {augment(document, random.Random(seed), parts=only("shapes")).text for seed in range(60)}
    assert len(seen) > 1
    assert all("1.250 tấn, " in text and "4.500" not in text for text in seen)


@examples(8)
@given(st.integers(0, 39), SEEDS)
@example(16, 8161276)
def test_tokens_can_hold_the_varied_gold(number: int, seed: int) -> None:
    document = reports()[number]
    lost, more = losses_as_written()[number], Losses()
    to_reference(augment(document, random.Random(seed), strength=2.0), TOKENIZER, losses=more)
    assert more.total <= lost.total, set(more.examples) - set(lost.examples)


@cache
def losses_as_written() -> list[Losses]:
    found = [Losses() for _ in reports()]
    for document, losses in zip(reports(), found, strict=True):
        to_reference(document, TOKENIZER, losses=losses)
    return found


def test_changes_that_reflow_would_break_a_span_after_are_taken_back() -> None:
    document = mixed("Tổng hợp.\nSố hộ.\nSố thôn.\nSố xã.\n25\n", "25")
    stage = apply(document, [Edit(0, 4, "Cộng")])
    # The only number alone on a line, now as small as a page number.
    lost = apply(stage, [Edit(stage.text.index("25"), stage.text.index("25") + 2, "2")])
    assert lost.text.endswith("xã.\n2\n")
    assert not broken(stage)
    assert broken(lost) == {"T1"}
    assert _whole([document, stage, lost]) is stage
    assert _whole([document]) is document
    assert _whole([lost, stage, lost]) is lost


@given(st.integers(0, 10**12), st.integers(0, 99), SEEDS, st.sampled_from(",."))
@example(1250, 0, 1, ",")
def test_a_figure_reads_back_from_every_shape(whole: int, part: int, seed: int, point: str) -> None:
    figure = Figure(str(whole), str(part) if part else "")
    assert figures.read(figures.written(figure, random.Random(seed), point), point) == figure


@given(st.integers(1, 10**9), st.sampled_from([-9, -6, -3, 0, 3, 6, 9]))
def test_shifting_back_and_forth_is_nothing(whole: int, places: int) -> None:
    figure = Figure(str(whole))
    assert figure.shifted(places).shifted(-places) == figure
    moved = figure.shifted(places)
    assert float(f"{moved.whole}.{moved.part or 0}") == pytest.approx(whole * 10.0**places)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1", "một"),
        ("10", "mười"),
        ("15", "mười lăm"),
        ("20", "hai mươi"),
        ("21", "hai mươi mốt"),
        ("35", "ba mươi lăm"),
    ],
)
def test_counts_in_words(number: str, words: str) -> None:
    assert figures.in_words(Figure(number)) == words


@pytest.mark.parametrize("text", ["1,250", "12/2020", "hai", "1.25.3", "", "1.2.3,4"])
def test_what_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    assert figures.read(text) is None


def test_number_and_unit_change_scale_together() -> None:
    text = "Thu 12,5 tỷ đồng."
    entities = (Entity("T1", "QUANTITY", ((4, 8),), "12,5"), Entity("T2", "UNIT", ((9, 16),), "tỷ đồng"))
    document = Document("d", text, entities, (Relation("R1", "HAS_UNIT", "T1", "T2"),))
    seen = {augment(document, random.Random(seed), parts=only("scales")).text for seed in range(200)}
    assert {"Thu 12.500 triệu đồng.", "Thu 12500 triệu đồng."} <= seen
    assert all(re.sub(r"\D", "", form).startswith("125") for form in seen)


def test_a_shared_unit_keeps_its_scale() -> None:
    text = "Thu 12,5 và 13,5 tỷ đồng."
    entities = (
        Entity("T1", "QUANTITY", ((4, 8),), "12,5"),
        Entity("T2", "QUANTITY", ((12, 16),), "13,5"),
        Entity("T3", "UNIT", ((17, 24),), "tỷ đồng"),
    )
    relations = (Relation("R1", "HAS_UNIT", "T1", "T3"), Relation("R2", "HAS_UNIT", "T2", "T3"))
    document = Document("d", text, entities, relations)
    assert all(augment(document, random.Random(s), parts=only("scales")) is document for s in range(50))


@pytest.mark.parametrize(
    ("text", "form"),
    [("TP. Vinh", "TP."), ("TP.Vinh", "TP."), ("thành phố Vinh", "thành phố"), ("xã", None), ("Vinh", None)],
)
def test_type_words(text: str, form: str | None) -> None:
    found = type_word(text)
    assert (found[0] if found else None) == form


def test_tone_marks_keep_the_length_and_spare_quy() -> None:
    document = Document("d", "Ủy ban hoà giải, quý I, thủy lợi, toàn huyện, HÒA BÌNH")
    forms = {augment(document, random.Random(seed), parts=only("tones")).text for seed in range(20)}
    assert forms == {
        "Uỷ ban hoà giải, quý I, thuỷ lợi, toàn huyện, HOÀ BÌNH",
        "Ủy ban hòa giải, quý I, thủy lợi, toàn huyện, HÒA BÌNH",
    }
    assert all(len(edit.text) == edit.end - edit.start for edit in tones(document, random.Random(1)))


def test_wraps_break_between_words_only() -> None:
    document = report("m", lines=3)
    for edit in wraps(document, random.Random(3)):
        assert document.text[edit.start : edit.end] == " "
        assert edit.text == "\n"


def test_unknown_part_is_named() -> None:
    with pytest.raises(ValueError, match="unknown parts of augmentation number; use some of digits"):
        create_augmenter(parts={"number": 1.0})


def test_the_reader_keeps_a_report_whose_gold_a_change_would_lose() -> None:
    document = report("m", lines=2)

    def harmful(given: Document, rng: random.Random) -> Document:
        place = given.entities[1]
        return apply(given, [Edit(place.start - 1, place.start, "")])

    nlp = spacy.blank("xx")
    nlp.tokenizer = UndertheseaTokenizer(nlp.vocab)
    reader = Reports([], augment=harmful, seed=0)
    reader.documents = [document]
    (found,) = reader(nlp)
    assert len(keys(found.reference)) == len(document.entities)
    assert reader.kept == 1


def test_readers_shuffle_and_vary_anew_on_every_pass_and_repeat_with_the_seed() -> None:
    nlp = spacy.blank("xx")
    nlp.tokenizer = UndertheseaTokenizer(nlp.vocab)

    def passes() -> list[list[str]]:
        reader = Reports([], augment=create_augmenter(2.0), seed=5, shuffle=True)
        reader.documents = [report(f"m{n}", lines=1, first=n) for n in range(6)]
        return [[e.reference.text for e in reader(nlp)] for _ in range(2)]

    first, second = passes()
    assert first != second
    assert passes() == [first, second]


def test_augmenter_of_spacys_own_kind() -> None:
    nlp = spacy.blank("xx")
    nlp.tokenizer = UndertheseaTokenizer(nlp.vocab)
    reference = to_reference(report("m"), nlp.tokenizer)
    assert [e.text for e in document_of(reference).entities]
    change = registry.augmenters.get("ie.augment_examples.v1")(strength=2.0)
    (found,) = change(nlp, Example(nlp.make_doc(reference.text), reference))
    assert found.predicted.text == found.reference.text != reference.text
    assert len(keys(found.reference)) == len(keys(reference))
