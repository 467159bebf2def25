"""Put a trained pipeline into `models/`: only when it did not get worse, without a trace of where it was trained."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy.language import Language
from spacy.strings import StringStore
from thinc.api import Config

from ie.errors import IEError, InputError
from ie.models import DEFAULT
from training.gate import gains_and_losses
from training.reports import Reports, data_hash, documents

HOME = Path(__file__).parents[1]
MODELS = HOME / "models"
MEASURES = ("ie_core_f", "ie_spans_f", "ie_rel_f")
SPLITS = ("corpus:dev", "real:dev")
TOLERANCE = 0.0005
logger = logging.getLogger("training")
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


def unmeasured(now: dict[str, dict[str, float]], before: dict[str, dict[str, float]]) -> list[str]:
    """Return a line for each split on which the last release was measured and this pipeline was not."""
    return [
        f"{split}: not measured, its texts are not here (python -m corpus fetch-real)"
        for split in before
        if split not in now
    ]


def release(model: Path, *, version: str, force: bool = False, target: Path = MODELS / DEFAULT) -> str:
    """Copy `model` to `target` and return what was done.

    Raises InputError when `model` is no pipeline, ReleaseRefusedError when a score fell, or cannot be compared because
    the texts of its split are not here, and `force` is not given.
    """
    if not (model / "config.cfg").is_file():
        raise InputError(f"{model}: no config.cfg; give the folder of a trained pipeline, such as OUT/model-best")
    nlp = spacy.load(model)
    scores = measure(nlp)
    meta = target / "meta.json"
    before = srsly.read_json(meta).get("release_scores", {}) if meta.is_file() else {}
    worse = fallen(scores, before) + unmeasured(scores, before)
    if before:
        logger.info("%s", gains_and_losses(target, model, [split for split in SPLITS if split in scores]))
    if worse and not force:
        raise ReleaseRefusedError("not released, scores fell or are missing: " + "; ".join(worse))
    cards = [folder / "README.md" for folder in (target, model)]
    kept = next((card.read_text("utf-8") for card in cards if card.is_file()), None)
    sources = list(Config().from_disk(model / "config.cfg", interpolate=False)["paths"]["train"])
    nlp.meta.update(_meta(target.name, version, scores, sources, worse))
    _anonymous(nlp)
    shutil.rmtree(target, ignore_errors=True)
    _save(nlp, target)
    if kept is not None:
        cards[0].write_text(kept, encoding="utf-8")
    return f"{target.name} {version}: {scores}" + (f"; fell: {worse}" if worse else "")


def _save(nlp: Language, target: Path) -> None:
    """Write the pipeline without the words of the training texts; labels come back with the components."""
    nlp.to_disk(target, exclude=["vocab"])
    if nlp.vocab.vectors.shape[0]:
        nlp.vocab.to_disk(target / "vocab", exclude=["strings", "lookups"])
        StringStore().to_disk(target / "vocab" / "strings.json")


def _meta(name: str, version: str, scores: dict[str, Any], sources: list[str], worse: list[str]) -> dict[str, Any]:
    return {
        "name": name.removeprefix("vi_"),
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


def _anonymous(nlp: Language) -> None:
    """Take file names of this machine out of the saved config."""
    for name in ("init_tok2vec", "vectors"):
        nlp.config["paths"][name] = None
        nlp.config["initialize"][name] = None
    for name in ("train", "dev"):
        nlp.config["paths"][name] = [source for source in nlp.config["paths"][name] if not source.startswith("brat:")]
        nlp.config["corpora"][name]["sources"] = nlp.config["paths"][name]
