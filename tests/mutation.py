"""`python tests/mutation.py`: put one fault at a time into the scorer and see that its tests fail.

Each fault is a replacement in one file of a copy of the checkout; the tests of matching and scores then run there. A
fault that no test notices ends the run with status 1. It takes minutes, so it is no test itself.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
TESTS = ("tests/test_match.py", "tests/test_scores.py", "tests/test_compare.py")
PLACE = "fault_of_the_mutation_run"
"""Part of the name of the test that reads the faults themselves and so notices every one."""
COPIED = ("evaluation", "tests", "pyproject.toml")
LINKED = ("ie", "corpus", "training", "models")


@dataclass(frozen=True)
class Fault:
    """A replacement in a file of `evaluation`; `old` stands there once."""

    name: str
    file: str
    old: str
    new: str


FAULTS = (
    Fault("labels ignored", "match.py", "if gold.label != found.label:", "if False:"),
    Fault("exact boundaries forgiven", "match.py", "return gold.size if gold.chars == found.chars else 0", "pass"),
    Fault("types of relations ignored", "match.py", "if gold.type != found.type:", "if False:"),
    Fault("one end of a relation enough", "match.py", "return head + tail if tail else 0", "return head + tail"),
    Fault("one gold answered twice", "match.py", "if i not in partner and j not in taken:", "if j not in taken:"),
    Fault("one prediction answers twice", "match.py", "            taken.add(j)\n", ""),
    Fault("lightest pair first", "match.py", "edges.append((-weight, apart,", "edges.append((weight, apart,"),
    Fault(
        "open spans judged", "match.py", 'return any(fit(gold, span, "overlap") for gold in open_spans)', "return False"
    ),
    Fault("nested tokens counted once", "match.py", "both = min(wanted[cell], given[cell])", "both = 1"),
    Fault("touching spans overlap", "marks.py", "total += max(0, min(", "total += max(0, 1 + min("),
    Fault("white space counts", "marks.py", "if not text[at].isspace()}", "}"),
    Fault(
        "only the first fragment",
        "marks.py",
        "for start, end in fragments for at",
        "for start, end in list(fragments)[:1] for at",
    ),
    Fault("offsets beyond the text pass", "marks.py", "if not 0 <= start <= end <= len(text):", "if False:"),
    Fault("misses forgotten", "tally.py", "*((item.kind, Counts(fn=1)) for item in matching.missed),", ""),
    Fault("inventions forgotten", "tally.py", "*((item.kind, Counts(fp=1)) for item in matching.spurious),", ""),
    Fault(
        "recall over predictions", "scores.py", "return self.tp / self.support if", "return self.tp / self.predicted if"
    ),
    Fault("one-sided test", "scores.py", "(np.abs(shuffled) >= abs(observed)", "(shuffled >= abs(observed)"),
    Fault("interval of one document", "scores.py", "if len(per_document) < 2:", "if False:"),
    Fault("units not compared", "values.py", "lambda a, b: here[a] == there[b]", "same_number"),
)


def main() -> int:
    """Run all faults, or those whose names hold one of the arguments; 1 when one is not caught."""
    chosen = [fault for fault in FAULTS if not sys.argv[1:] or any(word in fault.name for word in sys.argv[1:])]
    missed = [fault.name for fault in chosen if not caught(fault)]
    print(
        f"{len(chosen) - len(missed)} of {len(chosen)} faults caught"
        + (f"; not: {', '.join(missed)}" if missed else "")
    )
    return 1 if missed else 0


def caught(fault: Fault) -> bool:
    """Tell whether a test fails with the fault, and print which."""
    with TemporaryDirectory() as made:
        place = copied(Path(made))
        path = place / "evaluation" / fault.file
        text = path.read_text("utf-8")
        if text.count(fault.old) != 1:
            raise SystemExit(
                f"{fault.name}: {fault.file} holds {fault.old!r} {text.count(fault.old)} times; mend the fault"
            )
        path.write_text(text.replace(fault.old, fault.new), "utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", f"not {PLACE}", *TESTS]
        run = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    print(f"{fault.name}: {f'caught by {failed[1]}' if failed else 'NOT CAUGHT'}", flush=True)
    return failed is not None


def copied(place: Path) -> Path:
    """Copy what a fault may change and link the rest."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__", "results"))
        else:
            shutil.copy(source, place / name)
    for name in LINKED:
        (place / name).symlink_to(ROOT / name)
    return place


if __name__ == "__main__":
    sys.exit(main())
