import logging
import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pytest
import spacy
import srsly

from tests.training_cases import brat_folder, report
from training import gate, release
from training.package import package
from training.train import Plan, train


def can_build() -> bool:
    try:
        return int(version("setuptools").split(".")[0]) >= 71 or find_spec("wheel") is not None
    except PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("trained")
    source = f"brat:{brat_folder(folder / 'reports', reports=2)}"
    train(Plan((source,), (source,), folder / "out", init=None, steps=1, evaluate_every=1))
    return folder / "out" / "model-best", source


def test_a_release_is_gated_shown_and_packaged(
    trained: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    model, source = trained
    monkeypatch.setattr(release, "SPLITS", (source,))
    monkeypatch.setattr(release.measure, "__defaults__", ((source,),))
    target = tmp_path / "models" / "vi_mine"
    target.parent.mkdir()
    release.release(model, version="0.1.0", target=target)
    assert "own reports" in (target / "README.md").read_text("utf-8")
    assert not (target / "vocab").exists()
    meta = srsly.read_json(target / "meta.json")
    meta["release_scores"][source]["ie_core_f"] = 1.1
    srsly.write_json(target / "meta.json", meta)
    with (
        caplog.at_level(logging.INFO, "training"),
        pytest.raises(release.ReleaseRefusedError, match=r"ie_core_f: 1\.1"),
    ):
        release.release(model, version="0.2.0", target=target)
    assert "m0: 0 gains, 0 losses" in caplog.text
    if not can_build():
        pytest.skip("needs setuptools 71 or wheel")
    _installed(package(target, tmp_path / "dist"), tmp_path)


def test_a_release_without_the_texts_of_a_measured_split_is_refused(
    trained: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, source = trained
    monkeypatch.setattr(release, "SPLITS", (source,))
    monkeypatch.setattr(release.measure, "__defaults__", ((source,),))
    target = tmp_path / "vi_mine"
    target.mkdir()
    scores = {"real:dev": dict.fromkeys(release.MEASURES, 0.5)}
    srsly.write_json(target / "meta.json", {"release_scores": scores})
    monkeypatch.setattr(release, "gains_and_losses", lambda *_: "")
    with pytest.raises(release.ReleaseRefusedError, match=r"real:dev: not measured.*fetch-real"):
        release.release(model, version="0.2.0", target=target)
    release.release(model, version="0.2.0", target=target, force=True)
    assert "released although real:dev: not measured" in srsly.read_json(target / "meta.json")["release_notes"][0]


def _installed(wheel: Path, folder: Path) -> None:
    """Install the wheel elsewhere and load the pipeline by its name."""
    assert wheel.name == "vi_mine-0.1.0-py3-none-any.whl"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder / "site"),
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    program = f"import spacy; doc = spacy.load('vi_mine')({report('m', lines=1).text!r}); print(list(doc.spans))"
    environment = {**os.environ, "PYTHONPATH": str(folder / "site")}
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True)
    assert "ie" in done.stdout, done.stderr


def test_what_cannot_be_compared_is_said() -> None:
    assert gate._compare("no-such-run", "pipeline:nowhere").startswith("could not be compared: ")


def test_a_last_release_of_other_layers_is_compared_by_its_results(
    trained: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, _ = trained
    old = shutil.copytree(model, tmp_path / "old")
    shutil.copyfile(old / "ie_entities" / "model", old / "ie_relations" / "model")
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(gate, "_compare", lambda *arguments: asked.append(arguments) or "")
    gate.gains_and_losses(old, model, ["corpus:dev"])
    assert asked == [("pipeline-corpus-dev", f"pipeline:{model}")]


def test_vectors_stay_with_a_release_and_words_do_not(tmp_path: Path) -> None:
    nlp = spacy.blank("xx")
    nlp("một hai")
    nlp.vocab.vectors = spacy.vectors.Vectors(shape=(3, 2))
    release._save(nlp, tmp_path / "m")
    again = spacy.load(tmp_path / "m")
    assert again.vocab.vectors.shape == (3, 2)
    assert "hai" not in (tmp_path / "m" / "vocab" / "strings.json").read_text("utf-8")
