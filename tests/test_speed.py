from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from evaluation import costs, footprint, runs
from evaluation.__main__ import main
from evaluation.render import rendered
from evaluation.speed import STAGES, Clock, Round, _staged, rounds_of, summed_up
from ie.errors import FormatError, InputError
from ie.models import load

PATHS = [Path(f"{letter}.txt") for letter in "abcdefgh"]


def timed(words: int, pipeline: float, word_tokenize: float, ner: float, **stages: float) -> Round:
    seconds = {"pipeline": pipeline, "word_tokenize": word_tokenize, "ner": ner, "matrix products": pipeline / 4}
    return Round(words, Clock(seconds, {name: 2 * value for name, value in seconds.items()}), Clock(stages, stages))


def test_a_clock_adds_up_what_goes_by_one_name() -> None:
    clock = Clock()
    for _ in range(2):
        with clock.running("read"):
            sum(range(10_000))
    assert set(clock.processor) == set(clock.wall) == {"read"}
    assert clock.wall["read"] > 0


def test_no_document_is_in_two_rounds() -> None:
    rounds = rounds_of(PATHS, documents=3, repeats=2, seed=1)
    assert [len(paths) for paths in rounds] == [1, 3, 3]
    assert len({path for paths in rounds for path in paths}) == 7


@pytest.mark.parametrize(("documents", "repeats"), [(4, 2), (0, 2), (3, 0)])
def test_too_few_texts_are_refused(documents: int, repeats: int) -> None:
    with pytest.raises(InputError, match="there are 8; ask for fewer"):
        rounds_of(PATHS, documents=documents, repeats=repeats, seed=1)


def test_figures_are_medians_of_the_rounds() -> None:
    found = summed_up(
        [
            timed(100, 2.0, 1.0, 6.0, read=1.0, facts=3.0),
            timed(100, 1.0, 0.4, 5.0, read=1.0, facts=1.0),
            timed(200, 4.0, 1.2, 8.0, read=9.0, facts=1.0),
        ]
    )
    assert found["words"] == 400
    assert found["rounds"] == {"to_word_tokenize": [0.5, 0.4, 0.3], "to_ner": [3.0, 5.0, 2.0]}
    assert found["ratio"]["processor"] == found["ratio"]["wall"] == {"to_word_tokenize": 0.4, "to_ner": 3.0}
    assert found["words_per_second"]["pipeline"] == 50.0
    assert found["stages"] == {"read": 0.5, "facts": 0.5}


def test_stages_stand_in_the_order_of_the_pipeline() -> None:
    found = summed_up([timed(1, 1, 1, 1, facts=1.0, spancat=1.0, read=2.0)])
    assert list(found["stages"]) == ["read", "facts", "spancat"]


def test_made_documents_differ_and_the_same_seed_makes_the_same() -> None:
    texts = ["Diện tích gieo trồng cả năm ước đạt 1.234,5 ha, tăng 2,1% so với cùng kỳ.\nNgắn"]
    one, two = (list(footprint.made(texts, documents=4, seed=3)) for _ in range(2))
    assert one == two
    assert len(set(one)) == 4
    assert all("Diện tích" in text and "Ngắn" not in text for text in one)


def test_texts_without_a_paragraph_are_refused() -> None:
    with pytest.raises(InputError, match="no paragraph"):
        next(footprint.made(["ngắn"], documents=1, seed=0))


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "deep" / "b").write_bytes(b"123")
    assert footprint.size(tmp_path) == 8


def test_a_folder_that_does_not_load_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not load in a new process"):
        footprint.load_seconds(tmp_path, repeats=1)


def test_the_command_measures_writes_and_renders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(3):
        text = f"Xã Tân Lập có {number + 12} hộ nghèo, giảm 3,5% so với cùng kỳ năm 2023."
        (texts / f"{number}.txt").write_text(text, "utf-8")
    wanted = ["--texts", str(texts), "--documents", "1", "--repeats", "1", "--memory", "3"]
    assert main(["speed", *wanted, "--results", str(tmp_path)]) == 0
    found = costs.load("pipeline", tmp_path)
    assert found is not None
    assert set(found["stages"]) == set(STAGES)
    assert sum(found["stages"].values()) == pytest.approx(1, abs=0.2)
    assert [number for number, _ in found["memory"]] == [1, 2, 3]
    assert str(tmp_path) not in (tmp_path / "speed" / "pipeline.json").read_text("utf-8")
    page = "".join(
        f"<!-- results:{name} -->\n<!-- /results -->\n" for name in ("speed", "speed/stages", "speed/memory")
    )
    text = rendered(page, known=runs.plan(), folder=tmp_path)
    assert "whole pipeline to `underthesea.ner`" in text
    assert "| relations |" in text
    assert capsys.readouterr().out.endswith("pipeline.json: written\n")


def test_a_folder_without_texts_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speed", "--texts", str(tmp_path), "--results", str(tmp_path)]) == 1
    assert "holds no .txt file" in capsys.readouterr().err


def test_a_result_that_was_not_measured_says_how_to_make_it(tmp_path: Path) -> None:
    page = "<!-- results:speed -->\n<!-- /results -->\n"
    assert "python -m evaluation speed" in rendered(page, known=runs.plan(), folder=tmp_path)


def test_a_broken_result_is_refused(tmp_path: Path) -> None:
    (tmp_path / "speed").mkdir()
    (tmp_path / "speed" / "pipeline.json").write_text("{", "utf-8")
    with pytest.raises(FormatError, match="not JSON"):
        costs.load("pipeline", tmp_path)


def test_the_floor_is_tokens_and_matrix_products_alone() -> None:
    found = summed_up([timed(100, 4.0, 1.0, 6.0, tokenise=1.0, facts=3.0)])
    assert found["floor"] == {"word_tokenize": 0.5, "ner": 3.0}


def test_a_component_without_a_pipe_of_its_own_is_timed_too(tmp_path: Path) -> None:
    nlp = load()
    path = tmp_path / "r.txt"
    path.write_text("Thu ngân sách xã Đại An năm 2025 đạt 15 tỷ đồng, bằng 102% dự toán.\n" * 3, encoding="utf-8")
    clock = Clock()
    parts = [(name, lambda doc, part=part: part(doc)) for name, part in nlp.pipeline]
    with patch.object(type(nlp), "pipeline", parts):
        _staged(nlp, [path], clock)
    assert set(STAGES) == set(clock.processor)
