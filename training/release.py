"""Put a trained pipeline into `models/`: only when it did not get worse, without a trace of where it was trained."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.language import Language
from thinc.api import Config

from ie.errors import IEError, InputError
from ie.models import DEFAULT
from training.reports import Reports, documents

HOME = Path(__file__).parents[1]
MODELS = HOME / "models"
MEASURES = ("ie_core_f", "ie_spans_f", "ie_rel_f")
SPLITS = ("corpus:dev", "real:dev")
TOLERANCE = 0.0005
DESCRIPTION = (
    "Entity layers (QUANTITY, UNIT, PLACE, PROJECT, LEGAL, INDICATOR, PERIOD) and eight relations for Vietnamese "
    "municipal reports, on syllable tokens with underthesea's words as features."
)


class ReleaseRefusedError(IEError):
    """A score fell against the last release."""


def measure(nlp: Language, splits: Sequence[str] = SPLITS) -> dict[str, dict[str, float]]:
    """Return the scores of a pipeline on each split that has documents, as `spacy train` counts them."""
    found: dict[str, dict[str, float]] = {}
    for split in splits:
        if documents(split):
            scores = nlp.evaluate(list(Reports([split], augment=None, seed=0)(nlp)))
            found[split] = {name: round(float(scores[name]), 4) for name in MEASURES}
    return found


def fallen(now: dict[str, dict[str, float]], before: dict[str, dict[str, float]]) -> list[str]:
    """Return a line for each score that is lower than it was."""
    return [
        f"{split} {name}: {before[split][name]:.4f} -> {now[split][name]:.4f}"
        for split in now
        for name in MEASURES
        if split in before and now[split][name] < before[split][name] - TOLERANCE
    ]


def release(model: Path, *, version: str, force: bool = False, target: Path = MODELS / DEFAULT) -> str:
    """Copy `model` to `target` and return what was done.

    Raises InputError when `model` is no pipeline, ReleaseRefusedError when a score fell and `force` is not given.
    """
    if not (model / "config.cfg").is_file():
        raise InputError(f"{model}: no config.cfg; give the folder of a trained pipeline, such as OUT/model-best")
    nlp = spacy.load(model)
    scores = measure(nlp)
    meta = target / "meta.json"
    before = srsly.read_json(meta).get("release_scores", {}) if meta.is_file() else {}
    worse = fallen(scores, before)
    if worse and not force:
        raise ReleaseRefusedError("not released, scores fell: " + "; ".join(worse))
    card = target / "README.md"
    kept = card.read_text("utf-8") if card.is_file() else None
    sources = list(Config().from_disk(model / "config.cfg", interpolate=False)["paths"]["train"])
    nlp.meta.update(_meta(version, scores, sources, worse))
    _anonymous(nlp)
    shutil.rmtree(target, ignore_errors=True)
    # The words of the training texts stay out of the release; labels come back with the components.
    nlp.to_disk(target, exclude=["vocab"])
    if kept is not None:
        card.write_text(kept, encoding="utf-8")
    return f"{target.name} {version}: {scores}" + (f"; fell: {worse}" if worse else "")


def _meta(version: str, scores: dict[str, Any], sources: list[str], worse: list[str]) -> dict[str, Any]:
    return {
        "name": DEFAULT.removeprefix("vi_"),
        "version": version,
        "description": DESCRIPTION,
        "license": "Apache-2.0",
        "author": "",
        "email": "",
        "url": "",
        "sources": [{"name": source} for source in sources],
        "requirements": ["viet-report-ie"],
        "release_scores": scores,
        "release_notes": [f"released although {line}" for line in worse],
        "training_data": {source: data_hash([source]) for source in sources},
    }


def data_hash(sources: Sequence[str]) -> str:
    """Return a hash over the texts and annotations of the sources."""
    digest = hashlib.sha256()
    for source in sources:
        for document in documents(source):
            digest.update(document.name.encode() + document.text.encode())
            digest.update(repr([(e.label, e.fragments) for e in document.entities]).encode())
            digest.update(repr([(r.type, r.head, r.tail) for r in document.relations]).encode())
    return digest.hexdigest()


def _anonymous(nlp: Language) -> None:
    """Take file names of this machine out of the saved config."""
    nlp.config["paths"]["init_tok2vec"] = None
    nlp.config["initialize"]["init_tok2vec"] = None
    for name in ("train", "dev"):
        nlp.config["paths"][name] = [source for source in nlp.config["paths"][name] if not source.startswith("brat:")]
        nlp.config["corpora"][name]["sources"] = nlp.config["paths"][name]
