"""What is judged: anything that turns gold documents into predicted ones.

A system is a name and two functions. A new one is added to `SYSTEMS` with one line; nothing else knows about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from evaluation.predictions import read_jsonl
from ie.document import Document
from ie.errors import InputError

ROOT = Path(__file__).resolve().parents[1]
Predict = Callable[[Sequence[Document]], list[Document]]


@dataclass(frozen=True)
class System:
    """`predict` sees texts and names alone of the documents it is given; `describe` names model and version."""

    name: str
    predict: Predict
    describe: Callable[[], dict[str, str]]


class MissingSystemError(InputError):
    """The system is not built on this machine; its runs are skipped."""


def bare(documents: Sequence[Document]) -> list[Document]:
    """Return the documents without their annotations, so that no system can look at the answer."""
    return [Document(document.name, document.text) for document in documents]


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


SYSTEMS: dict[str, Callable[[str], System]] = {
    "pipeline": _pipeline,
    "rules": _rules,
    "jsonl": _jsonl,
    "underthesea-ner": _underthesea,
    "quantulum3": _quantulum3,
}


def system(spec: str) -> System:
    """Return the system named `NAME` or `NAME:ARGUMENT`; raises InputError for an unknown name."""
    name, _, argument = spec.partition(":")
    if name not in SYSTEMS:
        raise InputError(f"unknown system {name!r}; use one of {', '.join(SYSTEMS)}")
    return replace(SYSTEMS[name](argument), name=name)
