"""The wheel holds `ie` and its model, nothing else, and works where no checkout is near."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REPORT = "Tổng thu ngân sách xã Tân Lập ước đạt 57.210 triệu đồng.\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (found,) = out.glob("*.whl")
    return found


def test_contents(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ie"}
    for wanted in (
        "schema.toml",
        "export/page.js",
        "export/columns.toml",
        "audit/words.toml",
        "normalise/units.toml",
        "lexicon/places.tsv",
        "export/page.html",
        "py.typed",
    ):
        assert f"ie/{wanted}" in names
    assert "ie/_models/vi_ie_report_sm/tok2vec/model" in names
    assert wheel.stat().st_size < 60_000_000


def test_installed_elsewhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    (tmp_path / "r.txt").write_text(REPORT, encoding="utf-8")
    program = (
        "import ie, spacy, sys; from ie.models import model_path\n"
        f"assert ie.__file__.startswith({str(site)!r}), ie.__file__\n"
        f"assert str(model_path()).startswith({str(site)!r})\n"
        "assert [e.text for e in ie.tag('r.txt').entities if e.label == 'QUANTITY'] == ['57.210']\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-m", "ie", "tag", "r.txt", "-o", "out.jsonl"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "57210000000" in (tmp_path / "out.jsonl").read_text("utf-8")


def test_saved_pipeline_loads_without_importing_ie() -> None:
    program = (
        "import sys, spacy\n"
        f"nlp = spacy.load({str(ROOT / 'models' / 'vi_ie_report_sm')!r})\n"
        f"doc = nlp({REPORT!r})\n"
        "assert [s.text for s in doc.spans['ie'] if s.label_ == 'UNIT'] == ['triệu đồng'], list(doc.spans['ie'])\n"
        "assert any(link.type == 'HAS_UNIT' for link in doc._.ie_relations)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_import_is_light() -> None:
    program = (
        "import ie, sys; print(sorted(m for m in ('spacy','sklearn','datasets','underthesea') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
