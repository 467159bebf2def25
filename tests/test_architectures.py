from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.vocab import Vocab

from ie import spans as carry
from ie.collect import DROPPED, Collector, bounded_suggester, compatible, group_of
from ie.ner_layers import flattened, longest
from ie.spans import Key
from ie.tokenizer import UndertheseaTokenizer
from tests.training_cases import brat_folder
from training.train import CONFIGS, Plan, train

TOKENIZER = UndertheseaTokenizer(Vocab())
KEYS = st.builds(
    lambda label, start, size: Key(label, start, start + size),
    st.sampled_from(["PLACE", "PROJECT"]),
    st.integers(0, 20),
    st.integers(1, 8),
)


@pytest.mark.parametrize("name", ["report", "ner_layers", "spancat"])
def test_config_trains_a_step_and_loads_again(name: str, tmp_path: Path) -> None:
    source = f"brat:{brat_folder(tmp_path / 'reports')}"
    config = CONFIGS / f"{name}.cfg"
    plan = Plan((source,), (source,), tmp_path / "out", config=config, init=None, steps=1, evaluate_every=1)
    assert "ie_core_f" in train(plan)
    nlp = spacy.load(tmp_path / "out" / "model-best")
    doc = nlp("Thu ngân sách đạt 12,5 tỷ đồng tại xã Tân Lập.")
    assert set(doc.spans) == {"ie"}
    assert not doc.ents


def test_a_layer_learns_its_label_alone() -> None:
    nlp = spacy.blank("xx")
    model = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 16,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 16,
            "depth": 1,
            "embed_size": 100,
            "window_size": 1,
            "maxout_pieces": 1,
            "subword_features": False,
        },
    }
    layer = nlp.add_pipe("ie_ner_layer", config={"label": "PLACE", "model": model})
    tokenize = UndertheseaTokenizer(nlp.vocab)
    reference = tokenize("dự án cầu xã Tân Lập")
    carry.set_spans(reference, [Key("PROJECT", 0, 6), Key("PLACE", 3, 6)])
    example = Example(tokenize(reference.text), reference)
    optimizer = nlp.initialize(lambda: [example])
    for _ in range(60):
        layer.update([example], sgd=optimizer)
    doc = layer(tokenize(reference.text))
    assert [carry.key(span) for span in doc.spans[group_of("PLACE")]] == [Key("PLACE", 3, 6)]
    assert not doc.ents


@given(st.lists(KEYS, max_size=12))
def test_longest_keeps_apart_and_never_drops_what_fits(keys: list[Key]) -> None:
    kept = longest(keys)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    assert all(any(k.start < key.end and key.start < k.end for k in kept) for key in keys)


@given(st.dictionaries(KEYS, st.sampled_from([0.25, 0.5, 0.75]), max_size=12))
def test_compatible_spans_of_a_label_only_nest_where_the_schema_says(found: dict[Key, float]) -> None:
    kept = list(compatible(found))
    for one in kept:
        for other in kept:
            if one.label == other.label and one != other and one.start < other.end and other.start < one.end:
                assert one.label == "PROJECT"
                assert (one.start <= other.start and other.end <= one.end) or (
                    other.start <= one.start and one.end <= other.end
                )


def test_a_better_score_wins_before_length() -> None:
    assert list(compatible({Key("PLACE", 0, 4): 0.5, Key("PLACE", 2, 4): 0.9})) == [Key("PLACE", 2, 4)]
    assert list(compatible({Key("PLACE", 0, 4): 0.5, Key("PLACE", 2, 4): 0.5})) == [Key("PLACE", 0, 4)]


def test_flattened_gold_is_the_layer_alone() -> None:
    reference, predicted = (TOKENIZER("dự án cầu xã Tân Lập") for _ in range(2))
    carry.set_spans(reference, [Key("PROJECT", 0, 6), Key("PLACE", 3, 6)])
    example = flattened(Example(predicted, reference), "PLACE")
    assert [(e.label_, e.text) for e in example.reference.ents] == [("PLACE", "xã Tân Lập")]
    assert example.predicted is predicted


def test_a_span_over_a_line_end_is_left_out() -> None:
    doc = TOKENIZER("Thu 5 tỷ\nChi 3 tỷ")
    doc.spans["sc"] = [Span(doc, start, end, label="INDICATOR") for start, end in ((1, 6), (0, 1))]
    assert carry.keys(Collector(["sc"])(doc)) == [Key("INDICATOR", 0, 1)]


def test_collector_brings_groups_together_and_keeps_scores() -> None:
    doc = TOKENIZER("dự án cầu xã Tân Lập")
    for key in (Key("PROJECT", 0, 6), Key("PLACE", 3, 6)):
        doc.spans[group_of(key.label)] = [spacy.tokens.Span(doc, key.start, key.end, label=key.label)]
    Collector([group_of("PROJECT"), group_of("PLACE")])(doc)
    assert carry.keys(doc) == [Key("PROJECT", 0, 6), Key("PLACE", 3, 6)]
    assert set(carry.scores(doc)) == set(carry.keys(doc))
    assert list(doc.spans) == ["ie"]


def test_suggester_is_bounded_and_counts_what_it_drops() -> None:
    docs = [Doc(TOKENIZER.vocab, words=["a"] * 10), Doc(TOKENIZER.vocab, words=[])]
    docs[0].spans["ie"] = [docs[0][start:end] for start in range(10) for end in range(start + 1, 11)]
    found = bounded_suggester(candidates_key="ie", per_token=2.0)(docs)
    assert found.lengths.tolist() == [15, 0]
    assert int((found.data[:, 1] - found.data[:, 0]).sum()) <= 20
    assert docs[0].user_data[DROPPED] == 40
