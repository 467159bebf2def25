"""Train a baseline into a folder, and let the baseline of a folder read a folder of reports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from spacy.tokens import Doc
from spacy.vocab import Vocab

from ie import brat
from ie import spans as carry
from ie.document import Document, Entity, Relation
from ie.errors import InputError
from ie.export.jsonl import dumps
from ie.gold import to_reference
from ie.reflow import Reflowed, reflow
from ie.tokenizer import UndertheseaTokenizer
from training.reports import documents as read_source

KINDS = ("crf", "spacy-ner")
ABOUT = "about.json"


def train(kind: str, sources: Sequence[str], out: Path, *, seed: int, iterations: int, minutes: float) -> None:
    """Train a baseline on `sources`; `iterations` are L-BFGS iterations of `crf`, steps of `spacy-ner`."""
    gold = [document for source in sources for document in read_source(source)]
    if not gold:
        raise InputError(f"{', '.join(sources)}: no report to learn from; see `python -m corpus fetch-real`")
    out.mkdir(parents=True, exist_ok=True)
    if kind == "crf":
        from training.baselines import crf, linear

        tokenize = UndertheseaTokenizer(Vocab())
        docs = [to_reference(document, tokenize) for document in gold]
        crf.train(docs, out, iterations=iterations)
        linear.train(docs, out, seed=seed)
        library, what = (
            "python-crfsuite",
            "conditional random fields (CRFsuite), linear relation classifier (scikit-learn)",
        )
    else:
        from training.baselines import spacy_ner

        made = spacy_ner.train(gold, out, seed=seed, steps=iterations, minutes=minutes)
        library, what = "spacy", f"one `ner` on rule tokens, {made} steps"
    about = {"kind": kind, "model": what, "version": version(library), "sources": ", ".join(sources)}
    (out / ABOUT).write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def tag(folder: Path, reports: Path, out: Path, *, given_spans: bool = False) -> int:
    """Tag the brat or text files of `reports` into a JSONL file as `ie tag` writes it; return how many there were.

    With `given_spans` the spans of the `.ann` files are taken as they stand and relations alone are found.
    """
    about = folder / ABOUT
    if not about.is_file():
        raise InputError(f"{folder}: no {ABOUT}; give a folder that `python -m training baseline` wrote")
    kind = json.loads(about.read_text("utf-8"))["kind"]
    if given_spans and kind != "crf":
        raise InputError(f"{folder}: {kind} finds no relations; --given-spans is for crf")
    found = list(_tagged(kind, folder, list(_read(reports)), given_spans=given_spans))
    out.write_text("".join(dumps(document) + "\n" for document in found), "utf-8")
    return len(found)


def _read(reports: Path) -> Iterator[Document]:
    for path in sorted(reports.glob("*.txt")):
        beside = path.with_suffix(".ann")
        yield brat.read(beside) if beside.is_file() else Document(path.stem, path.read_text("utf-8"))


def _tagged(kind: str, folder: Path, reports: Sequence[Document], *, given_spans: bool) -> Iterator[Document]:
    if kind == "spacy-ner":
        from training.baselines.spacy_ner import Tagger as StockTagger

        yield from map(StockTagger(folder), reports)
        return
    from training.baselines.crf import Tagger
    from training.baselines.linear import Linker

    tokenize = UndertheseaTokenizer(Vocab())
    tagger, linker = Tagger(folder), Linker(folder)
    for report in reports:
        flowed = reflow(report.text)
        doc = to_reference(report, tokenize) if given_spans else tagger(tokenize(flowed.text))
        yield document_of(linker(doc), flowed, report)


def document_of(doc: Doc, flowed: Reflowed, source: Document) -> Document:
    """Return what a Doc of the reflowed text carries as a document with offsets of `source.text`."""
    scores = carry.scores(doc)
    ids = {key: f"T{number}" for number, key in enumerate(carry.keys(doc), 1)}
    entities = []
    for key, id in ids.items():
        span = doc[key.start : key.end]
        place = (span.start_char, span.end_char)
        parts = flowed.source(*place, source.text)
        entities.append(Entity(id, key.label, (place,), span.text, score=scores.get(key), source=parts))
    links = tuple(
        Relation(f"R{number}", link.type, ids[link.head], ids[link.tail], link.score)
        for number, link in enumerate(carry.relations(doc), 1)
    )
    return Document(source.name, flowed.text, tuple(entities), links)
