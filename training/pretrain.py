"""Pretrain the shared token vectors on unlabelled text: guess masked words from their surroundings.

Any folder or file of plain text will do, one paragraph a line (`.xz` is read too). The result is what
`[initialize] init_tok2vec` takes, so `spacy train` starts from it and nobody needs the text again.
Whole underthesea words are masked (Cui et al. 2021, https://arxiv.org/abs/1906.08101), 15 % of the syllables.
"""

from __future__ import annotations

import logging
import lzma
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from spacy import util
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Adam, Model, NumpyOps, Softmax_v2

from ie.errors import InputError
from ie.features import features, norm
from ie.tokenizer import UndertheseaTokenizer, word_starts

MASK_ID = 1
MAX_TOKENS = 400
MIN_CHARACTERS = 60
TOKENS = 4000
"""Of a batch."""
CHUNK = 2000
"""Paragraphs that a process reads at a time."""
logger = logging.getLogger("training")


@dataclass(frozen=True)
class Sample:
    """One paragraph: its feature table, its word starts and the target class of each token (-1: none)."""

    table: np.ndarray
    starts: np.ndarray
    targets: np.ndarray


def lines(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the non-empty lines of the files, folders walked in order of name; InputError where one cannot be read."""
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder; give plain text, one paragraph a line")
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            opener = lzma.open if file.suffix == ".xz" else open
            try:
                with opener(file, "rt", encoding="utf-8") as stream:
                    yield from (line.strip() for line in stream if line.strip())
            except (UnicodeDecodeError, lzma.LZMAError) as error:
                raise InputError(f"{file}: neither UTF-8 text nor an .xz of it; convert it or leave it out") from error


def vocabulary(texts: Iterable[str], size: int) -> dict[str, int]:
    """Return the classes to guess: the most frequent norms of the texts."""
    counts: Counter[str] = Counter()
    tokenizer = UndertheseaTokenizer(Vocab())
    for text in texts:
        counts.update(norm(token.text) for token in tokenizer(text) if not token.is_space)
    return {word: index for index, (word, _) in enumerate(counts.most_common(size))}


def samples(texts: Iterable[str], classes: dict[str, int]) -> Iterator[Sample]:
    """Turn texts into samples, long ones cut."""
    tokenizer = UndertheseaTokenizer(Vocab())
    for text in texts:
        doc = tokenizer(text[: MAX_TOKENS * 8])
        if len(doc) < 8:
            continue
        targets = np.array([classes.get(norm(token.text), -1) for token in doc], dtype=np.int32)
        yield Sample(features(doc)[:MAX_TOKENS], word_starts(doc)[:MAX_TOKENS], targets[:MAX_TOKENS])


def mask(sample: Sample, generator: np.random.Generator, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the table with whole words hidden, and which tokens are to be guessed (bool)."""
    word = np.cumsum(sample.starts)
    chosen = generator.random(int(word[-1]) + 1) < share
    hidden = chosen[word] & (sample.targets >= 0)
    table = sample.table.copy()
    kept = generator.random(len(table)) < 0.1
    rows = np.flatnonzero(hidden & ~kept)
    table[rows, :4] = MASK_ID
    table[rows, 5] = MASK_ID
    return table, hidden


def batches(stream: Iterator[Sample], tokens: int, buffer: int, rng: random.Random) -> Iterator[list[Sample]]:
    """Group samples into batches of about `tokens`, shuffled within a buffer."""
    pool: list[Sample] = []
    for sample in stream:
        pool.append(sample)
        if len(pool) >= buffer:
            yield from _cut(pool, tokens, rng)
            pool = []
    yield from _cut(pool, tokens, rng)


def _cut(pool: list[Sample], tokens: int, rng: random.Random) -> Iterator[list[Sample]]:
    rng.shuffle(pool)
    batch: list[Sample] = []
    size = 0
    for sample in pool:
        batch.append(sample)
        size += len(sample.table)
        if size >= tokens:
            yield batch
            batch, size = [], 0


def pretrain(
    tok2vec: Model,
    stream: Iterator[Sample],
    classes: int,
    out: Path,
    *,
    tokens: int = TOKENS,
    share: float = 0.15,
    rate: float = 0.002,
    steps: int = 8000,
    seed: int = 0,
    report: Callable[[str], None] = logger.info,
) -> None:
    """Train `tok2vec` and save it to `out` every 200 steps; the rate warms up and then falls linearly to zero."""
    generator, rng = np.random.default_rng(seed), random.Random(seed)
    head: Model = Softmax_v2(nO=classes, nI=tok2vec.get_dim("nO"), normalize_outputs=True)
    head.initialize()
    for node in [*tok2vec.walk(), *head.walk()]:
        node.ops = NumpyOps(use_blis=False)
    optimizer = Adam(rate, L2=0.0, grad_clip=1.0)
    started, seen, right, guessed, loss = time.time(), 0, 0, 0, 0.0
    for step, batch in enumerate(batches(stream, tokens, 2000, rng), 1):
        optimizer.learn_rate = rate * min(step / 200, max(1 - step / steps, 0.02))
        masked = [mask(sample, generator, share) for sample in batch]
        vectors, back = tok2vec.begin_update([table for table, _ in masked])
        flat = np.concatenate(vectors)
        rows = np.flatnonzero(np.concatenate([hidden for _, hidden in masked]))
        truth = np.concatenate([sample.targets for sample in batch])[rows]
        guess, back_head = head.begin_update(flat[rows])
        loss += float(-np.log(guess[np.arange(len(rows)), truth] + 1e-9).sum())
        right += int((guess.argmax(axis=1) == truth).sum())
        guessed += len(rows)
        seen += len(flat)
        gradient = guess
        gradient[np.arange(len(rows)), truth] -= 1
        d_flat = np.zeros_like(flat)
        d_flat[rows] = back_head(gradient / len(rows))
        ends = np.cumsum([len(v) for v in vectors])[:-1]
        back(np.split(d_flat, ends))
        head.finish_update(optimizer)
        tok2vec.finish_update(optimizer)
        optimizer.step_schedules()
        if step % 50 == 0:
            rate_now = seen / (time.time() - started)
            report(
                f"step {step} loss {loss / guessed:.3f} right {right / guessed:.3f} tokens {seen} ({rate_now:.0f}/s)"
            )
            right, guessed, loss = 0, 0, 0.0
        if step % 200 == 0:
            out.write_bytes(tok2vec.to_bytes())
        if step >= steps:
            break
    out.write_bytes(tok2vec.to_bytes())


def run(paths: Iterable[Path], out: Path, *, steps: int, classes: int, seed: int, init: Path | None = None) -> None:
    """Pretrain the token vectors of `configs/report.cfg` on the text of `paths` and write them to `out`.

    The text is shuffled and put on tokens once, as much of it as the steps need, and read again, in another order, when
    they need more. It stays in memory, some 60 bytes a token. The same seed gives the same weights on the same machine.
    `init` names weights to go on from.
    """
    from training.train import CONFIGS

    texts = [line for line in lines(paths) if len(line) >= MIN_CHARACTERS]
    if not texts:
        raise InputError(f"no lines of {MIN_CHARACTERS} characters in {', '.join(map(str, paths))}; give plain text")
    random.Random(seed).shuffle(texts)
    known = vocabulary(texts[: max(1, len(texts) // 25)], classes)
    util.fix_random_seed(seed)
    config = util.load_config(CONFIGS / "report.cfg").interpolate()
    tok2vec = registry.resolve({"model": config["components"]["tok2vec"]["model"]})["model"]
    tok2vec.initialize(X=[UndertheseaTokenizer(Vocab())(texts[0])])
    if init is not None:
        tok2vec.from_bytes(init.read_bytes())
    out.parent.mkdir(parents=True, exist_ok=True)
    read = read_samples(texts, known, tokens=steps * TOKENS)
    pretrain(tok2vec, passes(read, random.Random(seed)), len(known), out, steps=steps, seed=seed, report=logger.info)


def read_samples(texts: Sequence[str], classes: dict[str, int], *, tokens: int) -> list[Sample]:
    """Return the samples of the first texts that hold so many tokens together, in their order; all cores read."""
    found: list[Sample] = []
    size = 0
    chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    with multiprocessing.Pool() as pool:
        for made in pool.imap(partial(_samples, classes=classes), chunks):
            found += made
            size += sum(len(sample.table) for sample in made)
            if size >= tokens:
                break
    logger.info("%d paragraphs of %d tokens", len(found), size)
    return found


def _samples(texts: Sequence[str], classes: dict[str, int]) -> list[Sample]:
    return list(samples(texts, classes))


def passes(read: Sequence[Sample], rng: random.Random) -> Iterator[Sample]:
    """Yield the samples over and over, each pass in an order of its own; nothing when there are none."""
    order = list(read)
    while order:
        yield from order
        rng.shuffle(order)
