"""What is judged: anything that turns gold documents into predicted ones.

A system is a name and two functions. A new one is added to `SYSTEMS` with one line; nothing else knows about it.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from corpus.files import read_text
from evaluation import outside
from evaluation.manifest import MANIFEST, Fold, own, read
from evaluation.predictions import read_jsonl
from ie import brat
from ie.document import Document, Entity
from ie.errors import InputError

ROOT = Path(__file__).resolve().parents[1]
Predict = Callable[[Sequence[Document]], list[Document]]


@dataclass(frozen=True)
class System:
    """`predict` sees texts and names alone of the documents it is given; `describe` names model and version.

    With `given_spans` it sees the gold spans too and is asked for relations alone.
    """

    name: str
    predict: Predict
    describe: Callable[[], dict[str, str]]
    given_spans: bool = False


class MissingSystemError(InputError):
    """The system is not built on this machine; its runs are skipped."""


def bare(documents: Sequence[Document], *, spans: bool = False) -> list[Document]:
    """Return the documents without their annotations, or with plain spans alone, so that no answer can be looked at."""
    return [Document(d.name, d.text, tuple(map(_plain, d.entities)) if spans else ()) for d in documents]


def _plain(entity: Entity) -> Entity:
    return Entity(entity.id, entity.label, entity.fragments, entity.text)


def answers(judged: System, gold: Sequence[Document]) -> list[Document]:
    """Return a system's predictions for gold documents, which it sees without what it is asked for."""
    return judged.predict(bare(gold, spans=judged.given_spans)) if gold else []


def _pipeline(argument: str) -> System:
    """Return the released pipeline, or the one that stands in the folder `argument` of the checkout."""
    folder = ROOT / argument if argument else None
    if folder is not None and not (folder / "config.cfg").is_file():
        raise MissingSystemError(f"pipeline:{argument} is not built; train it first")

    def predict(documents: Sequence[Document]) -> list[Document]:
        import ie

        nlp = ie.load(folder)
        return [ie.tag_text(document.text, name=document.name, nlp=nlp) for document in documents]

    def describe() -> dict[str, str]:
        import ie

        meta: Mapping[str, object] = ie.load(folder).meta
        sources = ", ".join(str(source) for source in ie.load(folder).config["paths"]["train"])
        shown = argument or f"{meta.get('lang')}_{meta.get('name')}"
        return {"model": shown, "version": "" if argument else str(meta.get("version")), "sources": sources}

    return System("pipeline", predict, describe)


def _pipeline_given_spans(argument: str) -> System:
    """Return the relation step of a pipeline on the gold spans."""
    whole = _pipeline(argument)
    folder = ROOT / argument if argument else None

    def predict(documents: Sequence[Document]) -> list[Document]:
        from evaluation.given import related

        return related(documents, folder)

    return replace(whole, predict=predict, given_spans=True)


def _rules(argument: str) -> System:
    """Return the baseline of patterns and lists."""
    if argument:
        raise InputError(f"rules:{argument}: the rules take no argument")

    def predict(documents: Sequence[Document]) -> list[Document]:
        from evaluation import baselines

        return [baselines.annotate(document.text, name=document.name) for document in documents]

    return System("rules", predict, lambda: {"model": "patterns and lists of evaluation/baselines.toml"})


def _jsonl(argument: str) -> System:
    """Return predictions that stand in a file which `ie tag` wrote; the path is not recorded, its name is."""
    path = Path(argument)
    if not argument or not path.is_file():
        raise InputError(f"jsonl:{argument}: no such file; give the file that `ie tag` wrote")
    return System("jsonl", lambda _: read_jsonl(path), lambda: {"model": path.name})


def _annotation(argument: str) -> System:
    """Return the annotation of another pass: a folder of the checkout with one `NAME.ann` a document, in brat's format.

    The texts are those of the gold, so they need not stand there twice.
    """
    folder = ROOT / argument
    if not argument or not folder.is_dir():
        raise InputError(f"annotation:{argument}: no such folder; give one with a NAME.ann for each document")

    def predict(documents: Sequence[Document]) -> list[Document]:
        return [_annotated(document, folder / f"{document.name}.ann") for document in documents]

    return System("annotation", predict, lambda: {"model": "another pass over the texts by the guidelines"})


def _annotated(document: Document, path: Path) -> Document:
    if not path.is_file():
        raise InputError(f"{path}: not there; annotate {document.name} too, or judge the documents that are")
    return brat.parse(read_text(path), document.text, name=document.name, where=str(path))


def _folds(argument: str) -> System:
    """Return the pipelines of folds in a folder of the checkout; each reads the documents that its fold held out."""
    out = ROOT / argument
    if not argument or not (out / MANIFEST).is_file():
        raise MissingSystemError(f"folds:{argument} is not built; cut the folds and train their pipelines first")
    made, _ = read(out)

    def predict(documents: Sequence[Document]) -> list[Document]:
        return [found for fold in made for found in _of_fold(fold, out / fold.name, documents)]

    return System("folds", predict, lambda: {"model": f"one pipeline for each of {len(made)} folds"})


def _of_fold(fold: Fold, folder: Path, documents: Sequence[Document]) -> list[Document]:
    """Return what the fold's own system says of the documents that it holds out."""
    held = [document for document in documents if document.name in fold.dev]
    return [found for found in system(own(folder)).predict(held) if found.name in fold.dev]


def _underthesea(argument: str) -> System:
    """Return underthesea's named entities; its LOC is a PLACE."""
    return _peer("underthesea-ner", "underthesea", argument, lambda text, name: _peers().places(text, name=name))


def _quantulum3(argument: str) -> System:
    """Return quantulum3's quantities and units."""
    return _peer("quantulum3", "quantulum3", argument, lambda text, name: _peers().quantities(text, name=name))


def _peers() -> ModuleType:
    from evaluation import peers

    return peers


def _peer(name: str, package: str, argument: str, annotate: Callable[[str, str], Document]) -> System:
    """Return a tool of others as it ships; raises MissingSystemError when its package is not installed."""
    if argument:
        raise InputError(f"{name}:{argument}: {name} takes no argument")
    if find_spec(package) is None:
        raise MissingSystemError(f"{package} is not installed; pip install {package}")

    def predict(documents: Sequence[Document]) -> list[Document]:
        return [annotate(document.text, document.name) for document in documents]

    return System(name, predict, lambda: {"model": f"{package} as it ships", "version": version(package)})


def _crf(argument: str) -> System:
    """Return the trained baseline: a CRF a label and a linear relation classifier on its spans."""
    return _trained("crf", argument)


def _crf_given_spans(argument: str) -> System:
    """Return the linear relation classifier on the gold spans."""
    return replace(_trained("crf", argument, "--given-spans"), given_spans=True)


def _spacy_ner(argument: str) -> System:
    """Return the trained baseline that is spaCy's `ner` as it comes."""
    return _trained("spacy-ner", argument)


def _trained(kind: str, argument: str, *options: str) -> System:
    """Return a baseline of `build/baselines`, or of the folder `argument` of the checkout."""
    folder = ROOT / (argument or f"build/baselines/{kind}")
    if not (folder / outside.ABOUT).is_file():
        shown = folder.relative_to(ROOT).as_posix()
        raise MissingSystemError(f"{shown} is not built; python -m training baseline {kind} --out {shown}")
    command = [sys.executable, "-m", "training", "baseline-tag", str(folder), "{folder}", "-o", "{out}", *options]
    return System(kind, lambda documents: outside.answers(command, documents, name=kind), lambda: outside.about(folder))


def _command(argument: str) -> System:
    """Return any program: `command:PROGRAM … {folder} … {out}`."""
    if "{out}" not in argument or "{folder}" not in argument:
        raise InputError(f"command:{argument}: say where {{folder}} and {{out}} go, as in `tagger {{folder}} {{out}}`")
    words = shlex.split(argument)
    name = Path(words[0]).name
    return System("command", lambda documents: outside.answers(words, documents, name=name), lambda: {"model": name})


SYSTEMS: dict[str, Callable[[str], System]] = {
    "pipeline": _pipeline,
    "pipeline-given-spans": _pipeline_given_spans,
    "rules": _rules,
    "jsonl": _jsonl,
    "annotation": _annotation,
    "folds": _folds,
    "underthesea-ner": _underthesea,
    "quantulum3": _quantulum3,
    "crf": _crf,
    "crf-given-spans": _crf_given_spans,
    "spacy-ner": _spacy_ner,
    "command": _command,
}


def system(spec: str) -> System:
    """Return the system named `NAME` or `NAME:ARGUMENT`; raises InputError for an unknown name."""
    name, _, argument = spec.partition(":")
    if name not in SYSTEMS:
        raise InputError(f"unknown system {name!r}; use one of {', '.join(SYSTEMS)}")
    return replace(SYSTEMS[name](argument), name=name)
