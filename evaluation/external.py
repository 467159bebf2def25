"""A system judged on other people's annotation: a CoNLL file and a map of its labels to ours."""

from __future__ import annotations

from pathlib import Path

from evaluation import conll, runs
from evaluation.figures import bounds, share
from evaluation.predictions import align
from evaluation.runs import Result, Run
from evaluation.systems import answers, system

METRICS = {"entities.exact": "exact", "entities.overlap": "overlap"}


def evaluate(sample: conll.Sample, *, system_name: str, name: str, seed: int) -> Result:
    """Let a system read the composed texts and judge it on the mapped labels alone."""
    judged = system(system_name)
    pairs = align(sample.documents, answers(judged, sample.documents), what=name)
    run = Run(name, system_name, name, sample.labels)
    return runs.result(run, pairs, about=judged.describe(), seed=seed, with_values=False)


def written(found: Result, sample: conll.Sample, path: Path) -> str:
    """Return the figures as text: a line for each label and way of matching, then what was ignored."""
    model = " ".join(found["system"][key] for key in ("name", "model", "version") if found["system"].get(key))
    lines = [f"{path.name}: {found['documents']} documents, {model}"]
    for metric, how in METRICS.items():
        for label, entry in found["scores"][metric]["labels"].items():
            counts = f"gold {entry['support']}, found {entry['tp']}, spurious {entry['fp']}, missed {entry['fn']}"
            figures = f"P {share(entry['precision'])}, R {share(entry['recall'])}, F1 {share(entry['f1'])}"
            lines.append(f"{label} {how}: {figures} ({bounds(entry['interval']['f1'])}); {counts}")
    ignored = ", ".join(f"{label} {count}" for label, count in sample.ignored.items())
    return "\n".join([*lines, f"ignored: {ignored}"] if ignored else lines) + "\n"
