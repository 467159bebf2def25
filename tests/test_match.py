from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import marks, match
from evaluation.marks import Link, Marked, Span, ink, mark, shared
from evaluation.match import (
    MODES,
    fit,
    fit_links,
    match_links,
    match_links_given_spans,
    match_spans,
    pair,
    token_counts,
    tokens,
)
from evaluation.tally import count, tally
from ie import brat
from ie.document import Document, Entity, Relation
from ie.errors import InputError
from tests.evaluation_cases import report
from tests.examples import examples
from tests.mutation import FAULTS as FAULTS_IN_SOURCE

LABELS = ("QUANTITY", "PROJECT", "INDICATOR", "PERIOD")


def pair_of(gold: Document, found: Document) -> tuple[Marked, Marked]:
    return mark(gold, gold.text, gold=True), mark(found, gold.text)


def numbers(gold: Document, found: Document, mode: match.Mode = "exact") -> tuple[int, int, int]:
    """Found, spurious and missed spans."""
    matching = match_spans(*pair_of(gold, found), mode=mode)
    return len(matching.pairs), len(matching.spurious), len(matching.missed)


def link_numbers(gold: Document, found: Document, mode: match.Mode = "headline") -> tuple[int, int, int]:
    matching = match_links(*pair_of(gold, found), mode=mode)
    return len(matching.pairs), len(matching.spurious), len(matching.missed)


# --- spans as sets of characters --------------------------------------------------------------------------------------


def test_a_span_cut_at_a_line_end_is_the_span_uncut() -> None:
    text = "12 tỷ  \n đồng"
    assert ink(text, [(3, 5), (9, 13)]) == ink(text, [(3, 13)]) == ((3, 5), (9, 13))


def test_touching_and_overlapping_fragments_merge() -> None:
    assert ink("abcdef", [(3, 5), (0, 2), (2, 4)]) == ((0, 5),)


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (((0, 3),), ((3, 6),), 0),
        (((0, 3),), ((2, 6),), 1),
        (((0, 2), (5, 8)), ((1, 6),), 2),
        (((0, 9),), ((1, 2), (4, 6), (8, 12)), 4),
        (((0, 1), (4, 5)), ((1, 4),), 0),
    ],
    ids=["touching", "one character", "around a gap", "three runs", "inside a gap"],
)
def test_shared_characters(first: marks.Chars, second: marks.Chars, common: int) -> None:
    assert shared(first, second) == shared(second, first) == common


def test_source_fragments_are_judged_not_the_offsets_of_the_reflowed_text() -> None:
    gold = report("thu đạt\n\n{Q:QUANTITY 260}\n{U:UNIT tỷ}")
    flowed = Document(
        "report",
        "thu đạt 260 tỷ",
        (
            Entity("T1", "QUANTITY", ((8, 11),), "260", source=((9, 12),)),
            Entity("T2", "UNIT", ((12, 14),), "tỷ", source=((13, 15),)),
        ),
    )
    assert numbers(gold, flowed) == (2, 0, 0)


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (Entity("T1", "QUANTITY", ((0, 9),), ""), r"report: T1: offsets 0-9 lie beyond the text \(5 characters\)"),
        (Entity("T1", "FIGURE", ((0, 2),), "12"), "report: T1: unknown label 'FIGURE'; use one of QUANTITY"),
        (Entity("T1", "UNIT", ((2, 3),), ""), "report: T1: UNIT covers no character but white space"),
        (Entity("T1", "UNIT", ((0, 2),), "ha"), "report: T1: says 'ha' but its offsets hold '12'"),
    ],
    ids=["beyond the text", "label", "white space", "another text"],
)
def test_predictions_that_do_not_fit_the_text_are_refused(entity: Entity, message: str) -> None:
    with pytest.raises(InputError, match=message):
        mark(Document("report", "12 ha", (entity,)), "12 ha")


def test_a_prediction_on_another_text_needs_source_offsets() -> None:
    found = Document("report", "12 ha", (Entity("T1", "QUANTITY", ((0, 2),), "12"),))
    with pytest.raises(InputError, match="T1: has no source offsets"):
        mark(found, "12\nha")


@pytest.mark.parametrize(
    ("relation", "message"),
    [("OWNS Q U", "unknown relation 'OWNS'"), ("HAS_UNIT Q X", "HAS_UNIT names X, which is not among the entities")],
)
def test_relations_that_do_not_fit_are_refused(relation: str, message: str) -> None:
    found = report("{Q:QUANTITY 12} {U:UNIT ha}", relation)
    with pytest.raises(InputError, match=message):
        mark(found, found.text)


def test_two_entities_of_one_id_are_refused() -> None:
    entity = Entity("T1", "QUANTITY", ((0, 2),), "12")
    with pytest.raises(InputError, match="same id"):
        mark(Document("report", "12 ha", (entity, entity)), "12 ha")


# --- spans ------------------------------------------------------------------------------------------------------------


def test_label_and_extent_must_both_be_right_in_exact_matching() -> None:
    gold = report("{Q:QUANTITY 12} {U:UNIT tỷ đồng} ở {L:PLACE xã Mường}")
    found = report("{Q:QUANTITY 12} {U:UNIT tỷ} đồng ở {L:PROJECT xã Mường}")
    assert numbers(gold, found, "exact") == (1, 2, 2)
    assert numbers(gold, found, "overlap") == (2, 1, 1)


def test_the_headline_forgives_boundaries_of_indicator_and_period_alone() -> None:
    gold = report("{I:INDICATOR tổng thu} {P:PERIOD tháng 2} đạt {U:UNIT tỷ đồng}")
    found = report("tổng {I:INDICATOR thu} {P:PERIOD tháng} 2 đạt {U:UNIT tỷ} đồng")
    assert numbers(gold, found, "headline") == (2, 1, 1)


def test_nested_spans_are_told_apart_by_label() -> None:
    gold = report("{J:PROJECT Dự án đường {L:PLACE xã Mường}}")
    assert numbers(gold, report("Dự án đường {L:PLACE xã Mường}")) == (1, 0, 1)
    assert numbers(gold, report("{J:PROJECT Dự án đường xã Mường}")) == (1, 0, 1)


def test_spans_of_one_label_nest_too() -> None:
    gold = report("{J:PROJECT Dự án 4 gồm {K:PROJECT Tiểu dự án 1}}")
    assert numbers(gold, gold) == (2, 0, 0)
    assert numbers(gold, report("Dự án 4 gồm {K:PROJECT Tiểu dự án 1}"), "overlap") == (1, 0, 1)


def test_the_same_extent_under_two_labels_is_two_spans() -> None:
    gold = report("{J:PROJECT {L:PLACE cầu Nậm Mu}}")
    assert numbers(gold, gold) == (2, 0, 0)
    assert numbers(gold, report("{L:PLACE cầu Nậm Mu}")) == (1, 0, 1)


def test_every_fragment_of_a_discontinuous_span_counts() -> None:
    gold = report("{I:INDICATOR tổng} (theo giá) {I thu}")
    assert numbers(gold, report("{I:INDICATOR tổng} (theo giá) thu")) == (0, 1, 1)
    assert numbers(gold, report("{I:INDICATOR tổng (theo giá) thu}")) == (0, 1, 1)
    assert numbers(gold, report("tổng ({P:INDICATOR theo giá}) thu"), "overlap") == (0, 1, 1)
    assert numbers(gold, report("tổng (theo giá) {I:INDICATOR thu}"), "overlap") == (1, 0, 0)


def test_one_prediction_answers_one_gold_span_only() -> None:
    gold = report("{A:INDICATOR thu} và {B:INDICATOR chi}")
    assert numbers(gold, report("{A:INDICATOR thu và chi}"), "overlap") == (1, 0, 1)
    assert numbers(report("{A:INDICATOR thu và chi}"), gold, "overlap") == (1, 1, 0)


def test_a_span_predicted_twice_is_right_once() -> None:
    assert numbers(report("{A:QUANTITY 12}"), report("{A:QUANTITY {B:QUANTITY 12}}")) == (1, 1, 0)


def test_the_pair_that_shares_most_goes_first_whatever_the_order() -> None:
    gold = report("{A:INDICATOR tổng thu} {B:INDICATOR ngân sách}")
    found = report("tổng {A:INDICATOR thu ngân sách}", name="report")
    matching = match_spans(*pair_of(gold, found), mode="overlap")
    assert [(a.id, b.id) for a, b in matching.pairs] == [("B", "A")]


def test_an_exact_pair_never_loses_its_place() -> None:
    gold = report("{J:PROJECT {K:PROJECT Dự án 4} gồm đường}")
    found = report("{J:PROJECT {K:PROJECT Dự án 4} gồm} đường")
    matching = match_spans(*pair_of(gold, found), mode="overlap")
    assert {(a.id, b.id) for a, b in matching.pairs} == {("J", "J"), ("K", "K")}


# --- spans whose status is open ---------------------------------------------------------------------------------------


def test_an_open_span_counts_neither_found_nor_missed() -> None:
    gold = report("{P:PERIOD!Open hiện nay} có {Q:QUANTITY 12}")
    assert numbers(gold, report("hiện nay có {Q:QUANTITY 12}")) == (1, 0, 0)
    for mode in MODES:
        assert numbers(gold, report("{P:PERIOD hiện nay} có {Q:QUANTITY 12}"), mode) == (1, 0, 0)
        assert numbers(gold, report("hiện {P:PERIOD nay} có {Q:QUANTITY 12}"), mode) == (1, 0, 0)


def test_another_label_over_an_open_span_is_spurious() -> None:
    gold = report("{P:PERIOD!Open hiện nay}")
    assert numbers(gold, report("{P:INDICATOR hiện nay}"), "overlap") == (0, 1, 0)


def test_a_prediction_that_answers_a_scored_span_is_not_set_aside() -> None:
    gold = report("{A:PROJECT!Open Dự án 4 gồm {B:PROJECT Tiểu dự án 1}}")
    assert numbers(gold, report("Dự án 4 gồm {B:PROJECT Tiểu dự án 1}")) == (1, 0, 0)
    assert numbers(gold, report("Dự án 4 gồm {B:PROJECT Tiểu dự án} 1")) == (0, 0, 1)


def test_relations_that_touch_an_open_span_count_neither_way() -> None:
    relations = ("IN_PERIOD Q P", "HAS_UNIT Q U")
    gold = report("{P:PERIOD!Open hiện nay} có {Q:QUANTITY 12} {U:UNIT ha}", *relations)
    found = report("{P:PERIOD hiện nay} có {Q:QUANTITY 12} {U:UNIT ha}", *relations)
    assert link_numbers(gold, found) == (1, 0, 0)
    assert link_numbers(gold, report("hiện nay có {Q:QUANTITY 12} {U:UNIT ha}", "HAS_UNIT Q U")) == (1, 0, 0)


def test_gold_with_open_spans_over_scored_ones_agrees_with_itself() -> None:
    gold = report("{I:INDICATOR!Open tổng {J:INDICATOR thu}} đạt {Q:QUANTITY 12}", "MEASURES Q I", "MEASURES Q J")
    for mode in MODES:
        assert numbers(gold, gold, mode) == (2, 0, 0)
        assert link_numbers(gold, gold, mode) == (1, 0, 0)


# --- relations --------------------------------------------------------------------------------------------------------

GOLD = report("{I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}", "HAS_UNIT Q U", "MEASURES Q I")


@pytest.mark.parametrize(
    ("found", "strict", "headline", "relaxed"),
    [
        (
            report("{I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}", "HAS_UNIT Q U", "MEASURES Q I"),
            2,
            2,
            2,
        ),
        (
            report("tổng {I:INDICATOR thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}", "HAS_UNIT Q U", "MEASURES Q I"),
            1,
            2,
            2,
        ),
        (
            report("{I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ} đồng", "HAS_UNIT Q U", "MEASURES Q I"),
            1,
            1,
            2,
        ),
        (report("{I:INDICATOR tổng thu} đạt {Q:QUANTITY 12 tỷ} đồng", "MEASURES Q I"), 0, 0, 1),
        (
            report("{I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}", "HAS_UNIT U Q", "MEASURES I Q"),
            0,
            0,
            0,
        ),
        (report("{I:INDICATOR tổng thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}", "IN_PERIOD Q I"), 0, 0, 0),
    ],
    ids=["gold", "indicator cut", "unit cut", "number too long", "turned round", "another type"],
)
def test_relations_by_type_and_ends(found: Document, strict: int, headline: int, relaxed: int) -> None:
    hits = [link_numbers(GOLD, found, mode)[0] for mode in ("exact", "headline", "overlap")]
    assert hits == [strict, headline, relaxed]
    for mode in MODES:
        found_links, spurious, missed = link_numbers(GOLD, found, mode)
        assert (found_links + missed, found_links + spurious) == (2, len(found.relations))


def test_two_relations_cannot_answer_one() -> None:
    found = report(
        "{I:INDICATOR tổng} {J:INDICATOR thu} đạt {Q:QUANTITY 12} {U:UNIT tỷ đồng}",
        "HAS_UNIT Q U",
        "MEASURES Q I",
        "MEASURES Q J",
    )
    assert link_numbers(GOLD, found) == (2, 1, 0)


def test_given_spans_leaves_out_relations_of_missed_and_invented_spans() -> None:
    gold = report("{P:PERIOD tháng 2} thu {Q:QUANTITY 12} {U:UNIT ha}", "HAS_UNIT Q U", "IN_PERIOD Q P")
    found = report("{P:PERIOD tháng 2} {I:INDICATOR thu} {Q:QUANTITY 12} ha", "MEASURES Q I")
    matching = match_links_given_spans(*pair_of(gold, found))
    assert (len(matching.pairs), len(matching.spurious), [link.type for link in matching.missed]) == (
        0,
        0,
        ["IN_PERIOD"],
    )


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_tokens_are_letter_runs_digit_runs_and_single_marks() -> None:
    text = "đạt 1.234,5ha (QĐ-12)"
    assert [text[a:b] for a, b in tokens(text)] == ["đạt", "1", ".", "234", ",", "5", "ha", "(", "QĐ", "-", "12", ")"]


def test_a_decomposed_word_is_one_token() -> None:
    assert tokens(unicodedata.normalize("NFD", "tỷ ha")) == [(0, 3), (4, 6)]


def test_token_counts() -> None:
    gold = report("{I:INDICATOR tổng thu ngân sách} {J:PROJECT a {K:PROJECT b}} {P:PERIOD!Open nay}")
    found = report("tổng {I:INDICATOR thu ngân sách xã}".replace(" xã", "") + " {J:PROJECT a b} {P:PERIOD nay}")
    counts = token_counts(*pair_of(gold, found), tokens(gold.text))
    assert counts == {"INDICATOR": (3, 0, 1), "PROJECT": (2, 0, 1), "PERIOD": (0, 0, 0)}


# --- properties -------------------------------------------------------------------------------------------------------


@st.composite
def documents(draw: st.DrawFn, text: str = "ab cd\nef gh ij  kl") -> Document:
    """Nested, discontinuous, doubled and open spans over one text, with relations between them."""
    spans: list[Entity] = []
    status: dict[tuple[str, frozenset[int]], bool] = {}
    for index in range(draw(st.integers(0, 6))):
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=4)))
        parts = tuple(zip(cuts[::2], cuts[1::2], strict=False))
        if ink(text, parts):
            label = draw(st.sampled_from(LABELS))
            # A span drawn twice is open both times or never: which of two equal spans is meant could not be told.
            same = (label, frozenset(at for start, end in parts for at in range(start, end) if not text[at].isspace()))
            is_open = status.setdefault(same, draw(st.integers(0, 5)) == 0)
            spans.append(Entity(f"T{index}", label, parts, "", (("Open", ""),) if is_open else ()))
    ids = [span.id for span in spans]
    chosen = []
    if ids:
        end = st.sampled_from(ids)
        chosen = draw(st.lists(st.tuples(st.sampled_from(["MEASURES", "PART_OF"]), end, end), max_size=5))
    links = tuple(Relation(f"R{i}", *relation) for i, relation in enumerate(chosen))
    return Document("report", text, tuple(spans), links)


def all_counts(
    gold: Document, found: Document, *, with_values: bool = False
) -> dict[str, dict[str, tuple[int, int, int]]]:
    """The counts in every metric, without those that are all nought."""
    found_counts = tally(gold, found, with_values=with_values)
    return {
        metric: {k: (c.tp, c.fp, c.fn) for k, c in counts.items() if c.tp + c.fp + c.fn}
        for metric, counts in found_counts.items()
    }


def flat(counts: dict[str, dict[str, tuple[int, int, int]]]) -> Iterator[tuple[str, str, tuple[int, int, int]]]:
    return ((metric, label, cells) for metric, labels in counts.items() for label, cells in labels.items())


@given(documents())
def test_gold_against_gold_has_no_mistake_in_any_metric(gold: Document) -> None:
    for metric, label, (_, spurious, missed) in flat(all_counts(gold, gold)):
        assert (spurious, missed) == (0, 0), (metric, label)


@given(documents(), documents(), st.randoms(use_true_random=False))
def test_order_and_ids_change_nothing(gold: Document, found: Document, random: object) -> None:
    def shuffled(document: Document) -> Document:
        entities, relations = list(document.entities), list(document.relations)
        random.shuffle(entities)  # type: ignore[attr-defined]
        random.shuffle(relations)  # type: ignore[attr-defined]
        names = {entity.id: f"X{index}" for index, entity in enumerate(entities)}
        return replace(
            document,
            entities=tuple(replace(e, id=names[e.id]) for e in entities),
            relations=tuple(replace(r, head=names[r.head], tail=names[r.tail]) for r in relations),
        )

    assert all_counts(shuffled(gold), shuffled(found)) == all_counts(gold, found)


@given(documents(), documents())
def test_every_item_is_counted_once(gold: Document, found: Document) -> None:
    wanted, given_ = pair_of(gold, found)
    for mode in MODES:
        spans, links = match_spans(wanted, given_, mode=mode), match_links(wanted, given_, mode=mode)
        for matching, golds, predicted in ((spans, wanted.spans, given_.spans), (links, wanted.links, given_.links)):
            right, wrong = [a for a, _ in matching.pairs], [b for _, b in matching.pairs]
            assert Counter(x.id for x in (*right, *matching.missed)) == Counter(x.id for x in golds)
            both = (*wrong, *matching.spurious, *matching.ignored)
            assert Counter(x.id for x in both) == Counter(x.id for x in predicted)


@given(documents(), documents(), st.data())
def test_losing_a_prediction_never_raises_recall(gold: Document, found: Document, data: st.DataObject) -> None:
    if not found.entities:
        return
    lost = data.draw(st.sampled_from(found.entities)).id
    fewer = replace(
        found,
        entities=tuple(e for e in found.entities if e.id != lost),
        relations=tuple(r for r in found.relations if lost not in (r.head, r.tail)),
    )
    before, after = all_counts(gold, found), all_counts(gold, fewer)
    for metric, label, (hits, _, missed) in flat(after):
        if metric not in ("relations.given", "attributes"):
            whole = before[metric].get(label, (0, 0, 0))
            assert hits <= whole[0], (metric, label)
            assert hits + missed == whole[0] + whole[2], (metric, label)


@given(documents(), documents(), st.sampled_from(LABELS))
def test_a_spurious_span_never_raises_precision(gold: Document, found: Document, label: str) -> None:
    """The span added stands on text of its own, where gold has nothing."""
    text = gold.text + " zz"
    longer = replace(gold, text=text)
    place = ((len(text) - 2, len(text)),)
    more = replace(found, text=text, entities=(*found.entities, Entity("X", label, place, "")))
    before, after = all_counts(longer, replace(found, text=text)), all_counts(longer, more)
    for metric in ("entities.exact", "entities.overlap", "entities.headline", "entities.token"):
        hits, spurious, missed = before[metric].get(label, (0, 0, 0))
        assert after[metric][label] == (hits, spurious + 1, missed)


@given(documents(), documents())
def test_looser_matching_never_finds_less(gold: Document, found: Document) -> None:
    wanted, given_ = pair_of(gold, found)
    for matcher in (match_spans, match_links):
        hits = [len(matcher(wanted, given_, mode=mode).pairs) for mode in ("exact", "headline", "overlap")]
        assert hits == sorted(hits)


# --- against other scorers --------------------------------------------------------------------------------------------


def cells(span: Span) -> frozenset[int]:
    return frozenset(at for start, end in span.chars for at in range(start, end))


def brute_force(gold: Marked, found: Marked) -> list[tuple[int, int]]:
    """Greedy matching by looking at every pair again after each choice, on plain sets of characters."""
    left, right, chosen = list(gold.spans), list(found.spans), []
    while True:
        options = [
            (-len(cells(a) & cells(b)), len(cells(a) ^ cells(b)), sorted(a.chars), sorted(b.chars), i, j)
            for i, a in enumerate(left)
            for j, b in enumerate(right)
            if a.label == b.label and cells(a) & cells(b)
        ]
        if not options:
            return sorted(chosen)
        *_, i, j = min(options)
        chosen.append((len(cells(left[i]) & cells(right[j])), len(cells(left[i]) ^ cells(right[j]))))
        del left[i], right[j]


def largest(gold: Marked, found: Marked) -> int:
    """The most pairs that any one-to-one matching by overlap can have."""
    slots = [*found.spans, *([None] * len(gold.spans))]
    best = 0
    for order in set(permutations(range(len(slots)), len(gold.spans))):
        hits = sum(
            slots[j] is not None and fit(a, slots[j], "overlap") > 0 for a, j in zip(gold.spans, order, strict=True)
        )
        best = max(best, hits)
    return best


@given(documents(), documents())
def test_overlap_matching_agrees_with_brute_force(gold: Document, found: Document) -> None:
    wanted, given_ = pair_of(replace(gold, entities=tuple(replace(e, attributes=()) for e in gold.entities)), found)
    pairs = match_spans(wanted, given_, mode="overlap").pairs
    ours = sorted((len(cells(a) & cells(b)), len(cells(a) ^ cells(b))) for a, b in pairs)
    assert ours == brute_force(wanted, given_)


@examples(40)
@given(documents(), documents())
def test_greedy_matching_is_within_half_of_the_largest(gold: Document, found: Document) -> None:
    wanted, given_ = pair_of(replace(gold, relations=()), replace(found, relations=()))
    wanted, given_ = replace(wanted, spans=wanted.spans[:3]), replace(given_, spans=given_.spans[:3])
    size = len(match_spans(wanted, given_, mode="overlap").pairs)
    assert size <= largest(wanted, given_) <= 2 * size


@given(documents(), documents())
def test_exact_matching_agrees_with_counting_keys(gold: Document, found: Document) -> None:
    wanted, given_ = pair_of(gold, found)
    for matcher, golds, predicted in (
        (match_spans, wanted.spans, given_.spans),
        (match_links, wanted.links, given_.links),
    ):
        common = Counter(x.key for x in golds) & Counter(x.key for x in predicted)
        assert len(matcher(wanted, given_, mode="exact").pairs) == sum(common.values())


@given(documents(), documents())
def test_exact_spans_agree_with_spacy(gold: Document, found: Document) -> None:
    """spaCy scores contiguous spans as sets over tokens; here every character that is not white space is a token."""
    from spacy.scorer import Scorer
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan
    from spacy.training import Example
    from spacy.vocab import Vocab

    vocab = Vocab()
    places = [at for at, char in enumerate(gold.text) if not char.isspace()]

    def contiguous(document: Document) -> Document:
        keys = {}
        for entity in document.entities:
            whole = (entity.start, entity.end)
            keys[entity.label, ink(gold.text, [whole])] = replace(entity, fragments=(whole,), attributes=())
        return replace(document, entities=tuple(keys.values()), relations=())

    def as_doc(document: Document) -> Doc:
        doc = Doc(vocab, words=[gold.text[at] for at in places])
        runs = [(e.label, ink(gold.text, e.fragments)) for e in document.entities]
        spans = [(label, places.index(chars[0][0]), places.index(chars[-1][1] - 1) + 1) for label, chars in runs]
        doc.spans["ie"] = [SpacySpan(doc, start, end, label=label) for label, start, end in spans]
        return doc

    gold, found = contiguous(gold), contiguous(found)
    scores = Scorer.score_spans(
        [Example(as_doc(found), as_doc(gold))],
        "spans_ie",
        getter=lambda doc, _: doc.spans["ie"],
        has_annotation=lambda doc: True,
        allow_overlap=True,
    )
    ours = count(match_spans(*pair_of(gold, found), mode="exact"))
    theirs = scores["spans_ie_per_type"] or {}
    for label, counts in ours.items():
        figures = (counts.precision or 0.0, counts.recall or 0.0, counts.f1 or 0.0)
        assert figures == pytest.approx((theirs[label]["p"], theirs[label]["r"], theirs[label]["f"]))


# --- the checks themselves --------------------------------------------------------------------------------------------


def check_gold_is_perfect() -> bool:
    gold = report("{J:PROJECT Dự án {K:PROJECT số 1}} {P:PERIOD!Open nay} {I:INDICATOR thu} (x) {I chi}", "PART_OF K J")
    return all(not (fp or fn) for _, _, (_, fp, fn) in flat(all_counts(gold, gold)))


def check_touching_spans_do_not_overlap() -> bool:
    return numbers(report("{A:INDICATOR ab}cd"), report("ab{A:INDICATOR cd}"), "overlap") == (0, 1, 1)


def check_one_to_one() -> bool:
    gold = report("{A:INDICATOR thu} và {B:INDICATOR chi}")
    return numbers(gold, report("{A:INDICATOR thu và chi}"), "overlap") == (1, 0, 1)


def check_labels_matter() -> bool:
    return numbers(report("{A:PLACE ab}"), report("{A:PROJECT ab}"), "overlap") == (0, 1, 1)


def check_all_fragments_matter() -> bool:
    return numbers(report("{A:PLACE ab} c {A de}"), report("{A:PLACE ab} c de")) == (0, 1, 1)


def check_open_counts_neither_way() -> bool:
    return numbers(report("{A:PLACE!Open ab}"), report("{A:PLACE ab}")) == (0, 0, 0)


def check_core_boundaries_matter() -> bool:
    return numbers(report("{A:UNIT tỷ đồng}"), report("{A:UNIT tỷ} đồng"), "headline") == (0, 1, 1)


def check_direction_matters() -> bool:
    gold = report("{A:PROJECT ab} {B:PROJECT cd}", "PART_OF A B")
    return link_numbers(gold, report("{A:PROJECT ab} {B:PROJECT cd}", "PART_OF B A")) == (0, 1, 1)


def check_misses_are_counted() -> bool:
    return numbers(report("{A:UNIT ab} {B:UNIT cd}"), report("ab cd")) == (0, 0, 2)


CHECKS: tuple[Callable[[], bool], ...] = (
    check_gold_is_perfect,
    check_touching_spans_do_not_overlap,
    check_one_to_one,
    check_labels_matter,
    check_all_fragments_matter,
    check_open_counts_neither_way,
    check_core_boundaries_matter,
    check_direction_matters,
    check_misses_are_counted,
)


def fit_whatever_label(gold: Span, found: Span, mode: match.Mode) -> int:
    return fit(replace(gold, label=found.label), found, mode)


def fit_by_overlap_alone(gold: Span, found: Span, mode: match.Mode) -> int:
    return fit(gold, found, "overlap")


def fit_by_first_fragment(gold: Span, found: Span, mode: match.Mode) -> int:
    return fit(replace(gold, chars=gold.chars[:1]), replace(found, chars=found.chars[:1]), mode)


def fit_links_either_way(gold: Link, found: Link, mode: match.Mode) -> int:
    turned = replace(found, head=found.tail, tail=found.head)
    return fit_links(gold, found, mode) or fit_links(gold, turned, mode)


def inclusive_ends(first: marks.Chars, second: marks.Chars) -> int:
    return shared([(start, end + 1) for start, end in first], second)


def without_misses(gold, found, weigh):  # type: ignore[no-untyped-def]
    return replace(pair(gold, found, weigh), missed=())


def many_to_one(gold, found, weigh):  # type: ignore[no-untyped-def]
    pairs = tuple((a, b) for a in gold for b in found if a.kind == b.kind and weigh(a, b))
    hit, used = {id(a) for a, _ in pairs}, {id(b) for _, b in pairs}
    return match.Matching(
        pairs, tuple(a for a in gold if id(a) not in hit), tuple(b for b in found if id(b) not in used)
    )


FAULTS: dict[str, tuple[str, Callable[..., object]]] = {
    "labels ignored": ("fit", fit_whatever_label),
    "every label by overlap": ("fit", fit_by_overlap_alone),
    "first fragment only": ("fit", fit_by_first_fragment),
    "direction ignored": ("fit_links", fit_links_either_way),
    "ends inclusive": ("shared", inclusive_ends),
    "misses forgotten": ("pair", without_misses),
    "many to one": ("pair", many_to_one),
    "open spans forgotten": ("_leans_on", lambda spans, span: False),
    "open spans swallow all": ("_leans_on", lambda spans, span: True),
}


def test_a_sound_matcher_passes_every_check() -> None:
    assert [check.__name__ for check in CHECKS if not check()] == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_matcher_is_caught(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Labels are also kept apart by the buckets of `pair`, so that fault has to get past those too.
    if fault == "labels ignored":
        monkeypatch.setattr(Span, "kind", "", raising=True)
    monkeypatch.setattr(match, *FAULTS[fault])
    assert [check.__name__ for check in CHECKS if not check()]


def test_every_fault_of_the_mutation_run_has_its_place() -> None:
    for fault in FAULTS_IN_SOURCE:
        text = (Path(match.__file__).parent / fault.file).read_text("utf-8")
        assert text.count(fault.old) == 1, fault.name


# --- local gold -------------------------------------------------------------------------------------------------------


def test_local_gold_against_itself_is_perfect() -> None:
    shared_folder = Path(__file__).parents[2] / "shared"
    paths = sorted(shared_folder.glob("real-dev/*.ann")) + sorted(shared_folder.glob("sample/*.ann"))
    if not paths:
        pytest.skip("no local gold beside the checkout")
    for path in paths:
        gold = brat.read(path)
        for metric, label, (_, spurious, missed) in flat(all_counts(gold, gold, with_values=True)):
            assert (spurious, missed) == (0, 0), (path.stem, metric, label)
