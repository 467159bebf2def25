import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ie
from ie.errors import InputError, ModelError, ModelNotFoundError
from ie.models import load, model_path
from ie.pipeline import MAX_PIECE, TOGETHER, Failure, _pieces, tag, tag_bytes, tag_many, tag_text
from ie.select import above
from tests.examples import examples

REPORT = (
    "BÁO CÁO\nTình hình tháng 02 năm 2023\n1. Thu ngân sách\n"
    "Tổng thu ngân sách xã Tân Lập trong tháng ước đạt 260 triệu\n"
    "đồng (lũy kế 2 tháng 611 triệu đồng, đạt 16,5% kế hoạch).\n"
)


@given(st.text(alphabet="ab .\n", max_size=300).map(lambda text: text * 150))
@examples(30)
def test_pieces_cover_the_text(text: str) -> None:
    found, _ = _pieces(text)
    assert all(len(piece) <= MAX_PIECE for piece, _ in found)
    assert all(text[offset : offset + len(piece)] == piece for piece, offset in found)
    covered = "".join(piece for piece, _ in found)
    assert "".join(covered.split()) == "".join(text.split())


def test_tagging_is_the_same_alone_and_among_others(tmp_path: Path) -> None:
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.txt"
        path.write_text(REPORT + "Toàn xã có 12 hộ nghèo.\n" * number, encoding="utf-8")
        paths.append(path)
    together = list(tag_many([*paths, tmp_path / "none.txt"]))
    assert [type(result) for result in together[:3]] == [ie.Document] * 3
    assert isinstance(together[3], Failure)
    assert [tag(path) for path in paths] == together[:3]


def test_files_are_answered_in_their_order_whatever_is_tagged_together(tmp_path: Path) -> None:
    """Unreadable, empty and long files between short ones, more of them than are tagged together."""
    texts = {f"{n:02}.txt": REPORT + f"Toàn xã có {n} hộ nghèo.\n" for n in range(TOGETHER + 3)}
    texts["03.txt"] = ""
    texts["05.txt"] = REPORT * (2 * MAX_PIECE // len(REPORT))
    paths = [tmp_path / name for name in (*texts, "none.txt")]
    for path in paths[:-1]:
        path.write_text(texts[path.name], encoding="utf-8")
    answers = list(tag_many(paths))
    failed = {answer.path.name for answer in answers if isinstance(answer, Failure)}
    assert failed == {"03.txt", "none.txt"}
    names = [answer.path.name if isinstance(answer, Failure) else answer.name for answer in answers]
    assert names == [path.name for path in paths]
    assert [answer.text for answer in answers if not isinstance(answer, Failure)] == [
        tag(path).text for path in paths if path.name not in failed
    ]


def test_bytes_are_tagged_as_the_file_is(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_text(REPORT, encoding="utf-8")
    assert tag_bytes(path.read_bytes(), "r.txt") == tag(path)
    with pytest.raises(InputError, match=r"in\.zip!/r\.txt: is empty"):
        tag_bytes(b"", "in.zip!/r.txt")


def test_offsets_of_a_wrapped_unit() -> None:
    document = tag_text(REPORT)
    unit = next(entity for entity in document.entities if entity.text == "triệu đồng")
    assert [REPORT[a:b] for a, b in unit.source] == ["triệu", "đồng"]


def test_relations_link_known_entities() -> None:
    document = tag_text(REPORT)
    known = document.by_id
    pairs = {(r.type, known[r.head].text, known[r.tail].text) for r in document.relations}
    assert ("HAS_UNIT", "260", "triệu đồng") in pairs
    assert ("RATIO_OF", "16,5", "611") in pairs


def test_min_score_drops_relations_of_dropped_entities() -> None:
    document = tag_text(REPORT)
    limit = max(entity.score or 0 for entity in document.entities)
    kept = above(document, limit)
    ids = {entity.id for entity in kept.entities}
    assert 0 < len(ids) < len(document.entities)
    assert all(r.head in ids and r.tail in ids for r in kept.relations)


def test_unknown_model_is_named() -> None:
    with pytest.raises(ModelNotFoundError, match="no-such-model"):
        load("no-such-model")
    assert (model_path() / "config.cfg").is_file()


def test_weights_that_do_not_fit_are_one_line(tmp_path: Path) -> None:
    old = shutil.copytree(model_path(), tmp_path / "old")
    shutil.copyfile(old / "ie_entities" / "model", old / "ie_relations" / "model")
    with pytest.raises(ModelError, match="old: its weights do not fit"):
        load(old)


def test_layers_of_another_width_are_one_line(tmp_path: Path) -> None:
    narrow = shutil.copytree(model_path(), tmp_path / "narrow")
    config = (narrow / "config.cfg").read_text("utf-8")
    assert "hidden = 64" in config
    (narrow / "config.cfg").write_text(config.replace("hidden = 64", "hidden = 48"), "utf-8")
    with pytest.raises(ModelError, match=r"narrow: its weights do not fit .*; train it again"):
        load(narrow)


def test_a_layer_of_another_release_is_one_line(tmp_path: Path) -> None:
    new = shutil.copytree(model_path(), tmp_path / "new")
    config = (new / "config.cfg").read_text("utf-8")
    (new / "config.cfg").write_text(config.replace("ie.LayeredTagger.v2", "ie.LayeredTagger.v9"), "utf-8")
    with pytest.raises(
        ModelError, match=r"new: its weights do not fit .*ie\.LayeredTagger\.v9.*; train it again"
    ) as told:
        load(new)
    assert "\n" not in str(told.value)


def test_a_large_vocabulary_keeps_nothing_of_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    import ie

    nlp = ie.load()
    text = "Xã Tân Lập có 7.131 hộ nghèo, giảm 3,57% so với năm 2023."
    before = ie.tag_text(text, nlp=nlp)
    monkeypatch.setattr("ie.pipeline.MAX_STRINGS", 0)
    known = len(nlp.vocab.strings)
    assert ie.tag_text(text, nlp=nlp) == before
    ie.tag_text(text.replace("7.131", "8.264.917,35"), nlp=nlp)
    assert len(nlp.vocab.strings) == known
