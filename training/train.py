"""Train the pipeline with `spacy train`: check the reports first, then learn, then say how well per label."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
import srsly
from spacy import util
from spacy.cli._util import setup_gpu
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training.initialize import init_nlp
from spacy.vocab import Vocab
from thinc.api import Config, NumpyOps, set_current_ops

from ie.errors import InputError
from ie.gold import to_reference
from ie.models import read
from ie.tokenizer import UndertheseaTokenizer
from training import vectors
from training.augment import PARTS
from training.calibrate import calibrate
from training.card import Course, card, readable
from training.loop import Place, learn
from training.qualifiers import tune_qualifiers
from training.reports import Reports, data_hash, documents, losses_of
from training.tune import tune, tune_bias

CONFIGS = Path(__file__).parent / "configs"
PRETRAINED = Path(__file__).parent / "pretrained" / "tok2vec.bin"
EMBED_VECTORS, VECTORS_WIDTH = "components.tok2vec.model.embed.vectors", 64
logger = logging.getLogger("training")


@dataclass(frozen=True)
class Plan:
    """What to train on and how long; `sources` and `dev` as in `training.reports`.

    `limit` takes so many training documents alone (`training.sample`), 0 takes all. `start` is a trained pipeline of
    the same architecture whose weights to go on from; `patience` the steps after which training stops when nothing got
    better (0: never, None: as the config says); `vectors` a vocabulary of `training.vectors`; `resume` goes on from the
    checkpoint in `out`; `only` names the components to learn, the others staying as they are in `start` (none: learn
    all); `overrides` are settings of the config by dotted name.
    """

    sources: tuple[str, ...]
    dev: tuple[str, ...]
    out: Path
    config: Path = CONFIGS / "report.cfg"
    init: Path | None = PRETRAINED
    seed: int = 0
    steps: int = 3000
    evaluate_every: int = 250
    augment: float = 1.0
    parts: tuple[str, ...] | None = None
    limit: int = 0
    start: Path | None = None
    only: tuple[str, ...] = ()
    patience: int | None = None
    vectors: Path | None = None
    resume: bool = False
    overrides: tuple[tuple[str, Any], ...] = ()


def config_of(plan: Plan) -> Config:
    """Return the spaCy config of a plan; InputError when the pretrained weights are not where it says."""
    if plan.init is not None and not plan.init.is_file():
        raise InputError(f"{plan.init}: no pretrained weights; give --init FILE, or --no-init to start from nothing")
    if plan.vectors is not None:
        vectors.trained_on(plan.vectors)
    settings: dict[str, Any] = {
        "paths.train": list(plan.sources),
        "paths.dev": list(plan.dev),
        "paths.init_tok2vec": str(plan.init) if plan.init else None,
        "system.seed": plan.seed,
        "training.max_steps": plan.steps,
        "training.eval_frequency": min(plan.evaluate_every, plan.steps),
        "corpora.train.augment.strength": plan.augment,
        "corpora.train.limit": plan.limit,
        **_parts(plan.parts),
        **({} if plan.patience is None else {"training.patience": plan.patience}),
        **({} if plan.vectors is None else {"paths.vectors": str(plan.vectors), EMBED_VECTORS: VECTORS_WIDTH}),
        **dict(plan.overrides),
    }
    config = util.load_config(plan.config, overrides=settings, interpolate=True)
    if plan.only:
        config["training"]["frozen_components"] = _others(config, plan)
    return config


def _others(config: Config, plan: Plan) -> list[str]:
    """Return the components that stay as they are; InputError where those of `plan.only` cannot learn from them."""
    pipeline: list[str] = config["nlp"]["pipeline"]
    unknown = sorted(set(plan.only) - set(pipeline))
    if unknown:
        raise InputError(f"no component {', '.join(unknown)} to learn; use some of {', '.join(pipeline)}")
    if plan.start is None:
        raise InputError(f"{', '.join(plan.only)} cannot be learned alone from nothing; give --start MODEL too")
    last = max(map(pipeline.index, plan.only))
    said = config["training"]["annotating_components"]
    silent = [name for name in pipeline[:last] if name not in said and name not in plan.only]
    if silent:
        raise InputError(
            f"{plan.config.name}: what {', '.join(silent)} say is not shown to {', '.join(plan.only)}; "
            "learn all, or name them in training.annotating_components"
        )
    return [name for name in pipeline if name not in plan.only]


def _parts(chosen: Sequence[str] | None) -> dict[str, float]:
    """Return the settings that leave the chosen parts of augmentation alone on; InputError for an unknown one."""
    unknown = sorted(set(chosen or ()) - set(PARTS))
    if unknown:
        raise InputError(f"unknown part of augmentation {', '.join(unknown)}; use some of {', '.join(PARTS)}")
    return {} if chosen is None else {f"corpora.train.augment.parts.{name}": float(name in chosen) for name in PARTS}


def train(plan: Plan) -> dict[str, Any]:
    """Train and return the scores of the best model, which stands in `plan.out / "model-best"` with its card.

    `train.log` and `metrics.jsonl` in `plan.out` tell the course, `checkpoint.msgpack` lets `resume` go on.
    """
    plan.out.mkdir(parents=True, exist_ok=True)
    with _logged(plan.out / "train.log", fresh=not plan.resume):
        set_current_ops(NumpyOps(use_blis=False))
        setup_gpu(-1, silent=True)
        _same_data(plan)
        report_losses((*plan.sources, *plan.dev))
        nlp = init_nlp(config_of(plan))
        if plan.vectors is not None:
            nlp.meta[vectors.META] = vectors.trained_on(plan.vectors)
        if plan.start is not None:
            go_on(nlp, plan.start)
        place = learn(nlp, plan.out, resume=plan.resume)
        best = plan.out / "model-best"
        _tune(best, plan.dev)
        (best / "README.md").write_text(_card(best, plan, place), "utf-8")
        scores = srsly.read_json(best / "meta.json")["performance"]
        logger.info("%s\nbest model: %s", describe(scores), best)
        return scores  # type: ignore[no-any-return]


def _tune(best: Path, dev: Sequence[str]) -> None:
    """Choose biases and thresholds on the dev reports and measure the pipeline anew with them."""
    tuned = spacy.load(best)
    groups = [[to_reference(document, tuned.tokenizer) for document in documents(source)] for source in dev]
    if tuned.has_pipe("ie_entities"):
        logger.info("bias: %s", tune_bias(tuned, groups))
        logger.info("qualifiers: %s", tune_qualifiers(tuned, groups[0]))
    if tuned.has_pipe("ie_relations"):
        logger.info("thresholds: %s", tune(tuned, groups))
    logger.info("calibration: %s", calibrate(tuned, groups[0]))
    scores = tuned.evaluate(list(Reports(dev, augment=None, seed=0)(tuned)))
    tuned.meta["performance"].update({name: scores[name] for name in tuned.meta["performance"] if name in scores})
    tuned.to_disk(best)


def _card(best: Path, plan: Plan, place: Place) -> str:
    counts = [
        dict(zip(readable(sources), (len(documents(source)) for source in sources), strict=True))
        for sources in (plan.sources, plan.dev)
    ]
    course = Course(steps=place.step, best=place.best[1], seed=plan.seed, only=plan.only)
    return card(best, sources=counts[0], dev=counts[1], course=course)


def _same_data(plan: Plan) -> None:
    """Note the hash of the reports; InputError when a resumed run would go on with others."""
    path, now = plan.out / "data.json", {source: data_hash([source]) for source in (*plan.sources, *plan.dev)}
    if plan.resume and path.is_file() and srsly.read_json(path) != now:
        raise InputError(f"{plan.out}: the reports changed since the run was interrupted; start without --resume")
    srsly.write_json(path, now)


@contextmanager
def _logged(path: Path, *, fresh: bool) -> Iterator[None]:
    """Write what is logged to a file too."""
    handler = logging.FileHandler(path, mode="w" if fresh else "a", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        handler.close()


def trained(folder: Path) -> Language:
    """Load the pipeline of a folder; InputError when there is none."""
    if not (folder / "config.cfg").is_file():
        raise InputError(f"{folder}: no trained pipeline; give a folder such as OUT/model-best")
    return read(folder)


def go_on(nlp: Language, start: Path) -> None:
    """Give `nlp` the weights of the pipeline at `start`; InputError when there is none or its parts differ."""
    weights = trained(start)
    for name, component in nlp.pipeline:
        if not weights.has_pipe(name):
            raise InputError(f"{start}: has no component {name}; start from a pipeline of the same config")
        if not hasattr(component, "model"):
            continue
        try:
            component.model.from_bytes(weights.get_pipe(name).model.to_bytes())
        except ValueError as error:
            raise InputError(f"{start}: {name} is built otherwise; start from a pipeline of the same config") from error


def report_losses(sources: Sequence[str]) -> None:
    """Log what of the gold cannot be put on tokens, by reason and label."""

    def tokenize(text: str) -> Doc:
        return UndertheseaTokenizer(Vocab())(text)

    losses = losses_of(sources, tokenize)
    for (reason, kind), count in sorted(losses.counts.items()):
        logger.warning("gold lost: %s, %s: %d", reason, kind, count)
    logger.info("gold items lost to reflow or tokenisation: %d", losses.total)


def describe(scores: dict[str, Any]) -> str:
    """Return the scores of a training run as lines, one a label and relation."""
    lines = [
        f"core F1 {scores['ie_core_f']:.3f}  spans F1 {scores['ie_spans_f']:.3f}  relations F1 {scores['ie_rel_f']:.3f}"
    ]
    for part in ("ie_spans_per_type", "ie_rel_per_type"):
        lines += [
            f"  {name:<12} F1 {entry['f']:.3f}  support {entry['support']}" for name, entry in scores[part].items()
        ]
    return "\n".join(lines)
