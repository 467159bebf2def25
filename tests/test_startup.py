"""Loading a pipeline does without spaCy's command line, and leaves it as it would be found."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_SAY = "import json, sys; print(json.dumps(sorted(m for m in sys.modules if m.split('.')[:2] == ['spacy', 'cli'])))"


def _printed(program: str) -> list[str]:
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


@pytest.mark.parametrize("use", ["ie.load()", "ie.tag_text('Thu 12 tỷ đồng')", "ie.facts_of"])
def test_spacy_is_imported_without_its_commands(use: str) -> None:
    assert json.loads(_printed(f"import ie; {use}; {_SAY}")[-1]) == []


def test_commands_load_without_them_too(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("Thu ngân sách đạt 12,5 tỷ đồng.\n", "utf-8")
    call = ["tag", str(tmp_path / "report.txt"), "-o", str(tmp_path / "tagged.jsonl")]
    program = f"import ie.cli, sys; failed = ie.cli.main({call}); {_SAY}; sys.exit(failed)"
    assert json.loads(_printed(program)[-1]) == []


def test_spacy_keeps_its_commands() -> None:
    ask = "import spacy, spacy.cli; print(sorted(c.callback.__name__ for c in spacy.cli.app.registered_commands))"
    said = f"print(spacy.info(silent=True)['spacy_version'] == spacy.__version__); {ask}"
    assert _printed(f"import ie; ie.load(); import spacy; {said}")[-2:] == ["True", _printed(ask)[-1]]


def test_a_spacy_that_is_there_is_left_alone() -> None:
    assert _printed("import spacy; before = spacy.info; import ie; ie.load(); print(spacy.info is before)") == ["True"]


@pytest.mark.parametrize("at_work", [True, False])
def test_the_garbage_collector_is_as_it_was(at_work: bool) -> None:
    before = "" if at_work else "import gc; gc.disable(); "
    assert _printed(f"{before}import ie; ie.load; import gc, spacy; print(gc.isenabled())") == [str(at_work)]
