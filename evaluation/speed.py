"""How fast the whole pipeline is against underthesea on the same text, and where its time goes.

Every round takes documents that no round took before. The three programs read all of a round as in use, ours as
`ie tag` does, underthesea a line at a time, and begin in turn, so that what else the machine does strikes all alike. A
figure is the median of the rounds. Time is that of the processor, all threads of the process together; the time on the
wall stands beside it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from threadpoolctl import threadpool_limits

from ie.document import Document
from ie.errors import InputError
from ie.process import settle

PIPELINE, WORDS, NER = _ALL = "pipeline", "word_tokenize", "ner"
PRODUCTS = "matrix products"
STAGES = ("read", "reflow", "tokenise", "features", "tok2vec", "entities", "relations", "normalise", "facts")
COMPONENTS = {"ie_entities": "entities", "ie_relations": "relations"}


@dataclass
class Clock:
    """Seconds of the processor and on the wall, by what was done."""

    processor: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def running(self, what: str) -> Iterator[None]:
        """Add the time spent inside to `what`."""
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.processor[what] = self.processor.get(what, 0.0) + time.process_time() - processor
        self.wall[what] = self.wall.get(what, 0.0) + time.perf_counter() - wall


@dataclass(frozen=True)
class Round:
    """What one round measured: underthesea's words in its texts, and seconds by program and by stage."""

    words: int
    programs: Clock
    stages: Clock


def rounds_of(paths: Sequence[Path], *, documents: int, repeats: int, seed: int) -> list[list[Path]]:
    """Return for each round its files, drawn without putting back; the first file of all warms the programs up.

    Raises InputError when there are too few.
    """
    needed = documents * repeats + 1
    if documents < 1 or repeats < 1 or len(paths) < needed:
        wanted = f"{repeats} rounds of {documents} documents need {needed} texts"
        raise InputError(f"speed: {wanted}, there are {len(paths)}; ask for fewer, at least one of each")
    order = sorted(paths)
    random.Random(seed).shuffle(order)
    return [order[:1], *(order[1 + documents * i : 1 + documents * (i + 1)] for i in range(repeats))]


def measure(nlp: Any, rounds: Sequence[Sequence[Path]]) -> list[Round]:
    """Time every round; the first is thrown away, it fills caches and loads what is loaded late.

    Arithmetic has one thread and the heap is left in peace, as in the `ie` command (`ie.process`).
    """
    settle()
    with threadpool_limits(limits=1):
        return [_timed(nlp, paths, turn) for turn, paths in enumerate(rounds)][1:]


def _timed(nlp: Any, paths: Sequence[Path], turn: int) -> Round:
    programs, stages = Clock(), Clock()
    # Lines: the time of underthesea grows faster than the length of what it is given.
    lines = [line for path in paths for line in path.read_text("utf-8").split("\n") if line.strip()]
    given: dict[str, tuple[Callable[..., Any], list[Any]]] = {
        PIPELINE: (_facts, [(nlp, paths)]),
        WORDS: (_underthesea().word_tokenize, [(line,) for line in lines]),
        NER: (_underthesea().ner, [(line,) for line in lines]),
    }
    words = 0
    for name in (*_ALL[turn % 3 :], *_ALL[: turn % 3]):
        program, calls = given[name]
        with programs.running(name):
            found = [program(*call) for call in calls]
        words += sum(map(len, found)) if name == WORDS else 0
    _staged(nlp, paths, stages)
    _products(nlp, paths, programs)
    return Round(words, programs, stages)


def _facts(nlp: Any, paths: Sequence[Path]) -> list[Any]:
    import ie

    return [ie.facts_of(document) for document in _tagged(nlp, paths)]


def _tagged(nlp: Any, paths: Sequence[Path]) -> list[Document]:
    """Return the tagged documents; InputError when a file cannot be read."""
    from ie.pipeline import Failure, tag_many

    found: list[Document] = []
    for answer in tag_many(paths, nlp=nlp):
        if isinstance(answer, Failure):
            raise InputError(f"speed: {answer.reason}")
        found.append(answer)
    return found


def _underthesea() -> Any:
    import underthesea

    return underthesea


def _staged(nlp: Any, paths: Sequence[Path], clock: Clock) -> None:
    """Run the stages of the pipeline one after the other, each on what the one before made of all the files."""
    import ie
    from ie.features import features
    from ie.normalise import normalise
    from ie.pipeline import TOGETHER
    from ie.read import read
    from ie.reflow import reflow

    with clock.running("read"):
        sources = [read(path) for path in paths]
    with clock.running("reflow"):
        flowed = [reflow(source.text) for source in sources]
    with clock.running("tokenise"):
        docs = [nlp.make_doc(each.text) for each in flowed]
    with clock.running("features"):
        for doc in docs:
            features(doc)
    for name, component in nlp.pipeline:
        with clock.running(COMPONENTS.get(name, name)):
            docs = (
                list(component.pipe(docs, batch_size=TOGETHER))
                if hasattr(component, "pipe")
                else [*map(component, docs)]
            )
    bare = [
        replace(tagged, entities=tuple(replace(entity, value=None) for entity in tagged.entities))
        for tagged in _tagged(nlp, paths)
    ]
    with clock.running("normalise"):
        documents = [normalise(document) for document in bare]
    with clock.running("facts"):
        for document in documents:
            ie.facts_of(document)


def _products(nlp: Any, paths: Sequence[Path], clock: Clock) -> None:
    """Tag documents with the clock running at matrix products alone; the vectors of their tokens are made anew."""
    from thinc.api import Ops

    product = Ops.gemm

    def timed(*given: Any, **options: Any) -> Any:
        with clock.running(PRODUCTS):
            return product(*given, **options)

    with patch.object(Ops, "gemm", timed):
        _tagged(nlp, paths)


def summed_up(found: Sequence[Round]) -> dict[str, Any]:
    """Return the medians over the rounds: words per second, ratios to underthesea, shares of the stages."""
    rounds = {f"to_{name}": [_ratio(one.programs.processor, name) for one in found] for name in (WORDS, NER)}
    walls = {f"to_{name}": [_ratio(one.programs.wall, name) for one in found] for name in (WORDS, NER)}
    return {
        "words": sum(one.words for one in found),
        "words_per_second": {
            name: _middle([one.words / one.programs.processor[name] for one in found]) for name in _ALL
        },
        "ratio": {
            "processor": {name: _middle(values) for name, values in rounds.items()},
            "wall": {name: _middle(values) for name, values in walls.items()},
        },
        "rounds": {name: [round(value, 3) for value in values] for name, values in rounds.items()},
        "floor": {name: _middle([one.programs.processor[name] / _bare(one) for one in found]) for name in (WORDS, NER)},
        "stages": {stage: _middle([_share(one, stage) for one in found]) for stage in _stages(found)},
    }


def _middle(values: Sequence[float]) -> float:
    return round(median(values), 4)


def _ratio(seconds: Mapping[str, float], name: str) -> float:
    """Return how many words the pipeline reads while the other program reads one."""
    return seconds[name] / seconds[PIPELINE]


def _bare(one: Round) -> float:
    """Return the seconds that the pipeline would take were it nothing but its tokens and its matrix products."""
    share = one.stages.processor.get("tokenise", 0.0) / sum(one.stages.processor.values())
    return one.programs.processor[PRODUCTS] + share * one.programs.processor[PIPELINE]


def _stages(found: Sequence[Round]) -> list[str]:
    """Return the stages in the order of the pipeline, those of components that are not known here last."""
    seen = found[0].stages.processor
    return [*(stage for stage in STAGES if stage in seen), *(stage for stage in seen if stage not in STAGES)]


def _share(one: Round, stage: str) -> float:
    """Return a stage's share of the time of all stages."""
    return one.stages.processor[stage] / sum(one.stages.processor.values())
