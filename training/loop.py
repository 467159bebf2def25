"""Learn from the reports step by step, keep the best pipeline, write checkpoints to resume from, log to files.

The steps are those of `spacy train`; reports are read anew for every pass, so `max_epochs` only limits their number.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.schemas import ConfigSchemaTraining
from spacy.training.example import Example
from spacy.training.loop import create_evaluation_callback, subdivide_batch, update_meta
from spacy.util import registry, resolve_dot_names
from thinc.api import constant, fix_random_seed
from tqdm import tqdm

from training import checkpoint

METRICS = "metrics.jsonl"
logger = logging.getLogger("training")


@dataclass
class Place:
    """How far a run came: its step, its pass, the batches of the pass that are done, the scores so far by step."""

    step: int = 0
    epoch: int = 0
    batches: int = 0
    scores: list[tuple[float, int]] = field(default_factory=list)
    words: int = 0
    reader: list[Any] | None = None

    @property
    def best(self) -> tuple[float, int]:
        """The best score and its step, the earliest of equals."""
        return max(self.scores, key=lambda pair: (pair[0], -pair[1]))


class Run:
    """One training run of an initialised pipeline into a folder."""

    def __init__(self, nlp: Language, out: Path) -> None:
        config = nlp.config.interpolate()
        self.nlp, self.out = nlp, out
        self.settings: dict[str, Any] = registry.resolve(config["training"], schema=ConfigSchemaTraining)
        names = [self.settings["train_corpus"], self.settings["dev_corpus"]]
        self.reader, dev = resolve_dot_names(config, names)
        self.optimizer = self.settings["optimizer"]
        self.evaluate = create_evaluation_callback(nlp, dev, self.settings["score_weights"])
        rate = self.settings["dropout"]
        self.dropouts = constant(rate) if isinstance(rate, float) else rate
        self.place = Place()
        self.losses: dict[str, float] = {}
        self.started = time.monotonic()
        fix_random_seed(self.settings["seed"] or 0)

    def learn(self, *, resume: bool = False) -> Place:
        """Train until the steps are done, nothing got better for `patience` steps, or the passes are over."""
        if resume:
            self._resume()
        else:
            (self.out / METRICS).unlink(missing_ok=True)
            (self.out / checkpoint.FILE).unlink(missing_ok=True)
        total = self.settings["max_steps"]
        with tqdm(total=total or None, initial=self.place.step, unit="step", disable=None, leave=False) as bar:
            for batch in self._batches():
                self._step(batch)
                bar.update()
                if self.place.step % self.settings["eval_frequency"] == 0 or self.place.step == total:
                    self._measure(bar)
                if self._finished():
                    break
        if not self.place.scores or self.place.scores[-1][1] != self.place.step:
            self._measure(bar)
        return self.place

    def _step(self, batch: list[Example]) -> None:
        drop = next(self.dropouts)
        for part in subdivide_batch(batch, self.settings["accumulate_gradient"]):
            self.nlp.update(
                part,
                drop=drop,
                losses=self.losses,
                sgd=False,  # type: ignore[arg-type]
                exclude=self.settings["frozen_components"],
                annotates=self.settings["annotating_components"],
            )
        for _, pipe in self.nlp.pipeline:
            if getattr(pipe, "is_trainable", False):
                pipe.finish_update(self.optimizer)
        self.optimizer.step_schedules()
        self.place.step += 1
        self.place.batches += 1
        self.place.words += sum(map(len, batch))

    def _batches(self) -> Iterator[list[Example]]:
        """Yield the batches of pass after pass; of the first those that a resumed run has done already are left out."""
        skip = self.place.batches
        while not self.settings["max_epochs"] > 0 or self.place.epoch < self.settings["max_epochs"]:
            own = getattr(self.reader, "random", None)
            self.place.reader = checkpoint.plain(own.getstate()) if own else None
            yield from _after(self.settings["batcher"](self.reader(self.nlp)), skip)
            skip = 0
            self.place.epoch += 1
            self.place.batches = 0

    def _measure(self, bar: tqdm) -> None:
        """Score on the dev reports, keep the pipeline when it is the best so far, write log and checkpoint."""
        with self._averaged():
            score, scores = self.evaluate()
        self.place.scores.append((score, self.place.step))
        best = self.place.best[1] == self.place.step
        if best:
            update_meta(self.settings, self.nlp, {"losses": self.losses, "other_scores": scores})
            self._keep()
        self._log(score, scores, best, bar)
        self.losses.clear()
        checkpoint.save(self.out, self.nlp, self.optimizer, dict(vars(self.place)))

    def _averaged(self) -> Any:
        return self.nlp.use_params(self.optimizer.averages or {})

    def _keep(self) -> None:
        with self._averaged():
            self.nlp.to_disk(self.out / "model-best")

    def _log(self, score: float, scores: dict[str, Any], best: bool, bar: tqdm) -> None:
        names = [name for name in self.settings["score_weights"] if isinstance(scores.get(name), float)]
        shown = "  ".join(f"{name} {100 * scores[name]:.1f}" for name in names)
        seconds = int(time.monotonic() - self.started)
        line = f"step {self.place.step}  pass {self.place.epoch}  {shown}  score {100 * score:.2f}{' *' * best}"
        bar.clear()
        logger.info("%s  (%d s)", line, seconds)
        place = {"step": self.place.step, "epoch": self.place.epoch, "words": self.place.words, "seconds": seconds}
        record = {**place, "score": score, "best": best, "losses": dict(self.losses), "scores": scores}
        with (self.out / METRICS).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record, ensure_ascii=False, default=float) + "\n")

    def _finished(self) -> bool:
        if self.settings["max_steps"] and self.place.step >= self.settings["max_steps"]:
            return True
        patience = self.settings["patience"]
        if patience and self.place.scores and self.place.step - self.place.best[1] >= patience:
            logger.info("stopped early: nothing got better for %d steps", patience)
            return True
        return False

    def _resume(self) -> None:
        held = checkpoint.load(self.out, self.nlp, self.optimizer)
        self.place = Place(**{**held, "scores": [(score, step) for score, step in held["scores"]]})
        for _ in range(self.place.step):
            self.optimizer.step_schedules()
            next(self.dropouts)
        if self.place.reader is not None:
            self.reader.random.setstate(checkpoint.known(self.place.reader))
        logger.info("resumed at step %d, pass %d", self.place.step, self.place.epoch)


def _after(batches: Iterable[Iterable[Example]], skip: int) -> Iterator[list[Example]]:
    """Yield the batches after the first `skip`, which are read, so that the reader stands where it stood, but not used.

    What they draw from the global generators is given back.
    """
    state = checkpoint.random_state()
    for number, batch in enumerate(batches):
        if number == skip and skip:
            checkpoint.set_random_state(state)
        if number >= skip:
            yield list(batch)


def learn(nlp: Language, out: Path, *, resume: bool = False) -> Place:
    """Train an initialised pipeline into `out`; `model-best` stands there afterwards."""
    out.mkdir(parents=True, exist_ok=True)
    return Run(nlp, out).learn(resume=resume)
