"""Everything a training run needs to go on where it stopped: weights, optimizer, random states, place in the pass.

What is guaranteed: a run that is resumed with the same config, reports, packages and machine gives byte for byte the
weights of a run that was never interrupted. A test holds that.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import srsly
from spacy.language import Language
from thinc.api import Model, Optimizer

from ie.errors import FormatError

FILE = "checkpoint.msgpack"
SEEN = "unseen_classes"
"""Attribute of spaCy's transition models that changes while they learn."""


def nodes(nlp: Language) -> list[Model]:
    """Return the distinct nodes of all models of a pipeline, in an order that the config alone decides."""
    found: dict[int, Model] = {}
    for _, pipe in nlp.pipeline:
        model = getattr(pipe, "model", None)
        if isinstance(model, Model):
            for node in model.walk():
                found.setdefault(node.id, node)
    return list(found.values())


def _owners(nlp: Language) -> Iterator[tuple[str, Any]]:
    """Yield what owns parameters with a name that holds in another process: nodes and the shims inside them."""
    for number, node in enumerate(nodes(nlp)):
        yield f"{number}", node
        for inner, shim in enumerate(node.shims):
            yield f"{number}.{inner}", shim


def save(folder: Path, nlp: Language, optimizer: Optimizer, place: dict[str, Any]) -> None:
    """Write the checkpoint of a run into `folder`; `place` says how far it came, in plain values."""
    names = {owner.id: name for name, owner in _owners(nlp)}
    moments: dict[str, dict[str, Any]] = {
        part: {_written(key, names): np.asarray(value) for key, value in (getattr(optimizer, part) or {}).items()}
        for part in ("mom1", "mom2", "averages")
    }
    weights = {name: _weights(owner) for name, owner in _owners(nlp)}
    updates = {_written(key, names): count for key, count in optimizer.nr_update.items()}
    state = {"place": place, "weights": weights, "updates": updates, "random": random_state(), **moments}
    draft = folder / f"{FILE}.new"
    srsly.write_msgpack(draft, state)
    draft.replace(folder / FILE)


def load(folder: Path, nlp: Language, optimizer: Optimizer) -> dict[str, Any]:
    """Put the checkpoint of `folder` into a freshly initialised pipeline and optimizer; return its place.

    Raises FormatError when there is none or it belongs to a pipeline that is built otherwise.
    """
    path = folder / FILE
    if not path.is_file():
        raise FormatError(f"{path}: no checkpoint to resume; start without --resume")
    state = srsly.read_msgpack(path)
    owners = dict(_owners(nlp))
    if set(owners) != set(state["weights"]):
        raise FormatError(f"{path}: is of a pipeline that is built otherwise; resume with the config of the first run")
    for name, owner in owners.items():
        _set_weights(owner, state["weights"][name])
    for part in ("mom1", "mom2", "averages"):
        values = {_read(key, owners): value.copy() for key, value in state[part].items()}
        setattr(optimizer, part, values if getattr(optimizer, part) is not None else None)
    optimizer.nr_update.update({_read(key, owners): count for key, count in state["updates"].items()})
    set_random_state(state["random"])
    return state["place"]  # type: ignore[no-any-return]


def _weights(owner: Any) -> dict[str, Any]:
    if not isinstance(owner, Model):
        return {"shim": owner.to_bytes()}
    held: dict[str, Any] = {n: np.asarray(owner.get_param(n)) for n in owner.param_names if owner.has_param(n)}
    return held | ({SEEN: sorted(owner.attrs[SEEN])} if SEEN in owner.attrs else {})


def _set_weights(owner: Any, held: dict[str, Any]) -> None:
    if not isinstance(owner, Model):
        owner.from_bytes(held["shim"])
        return
    for name, value in held.items():
        if name == SEEN:
            owner.attrs[SEEN] = set(value)
        else:
            owner.set_param(name, owner.ops.asarray(value.copy()))


def _written(key: tuple[int, str], names: dict[int, str]) -> str:
    return f"{names[key[0]]}:{key[1]}"


def _read(text: str, owners: dict[str, Any]) -> tuple[int, str]:
    name, _, parameter = text.partition(":")
    return owners[name].id, parameter


def random_state() -> dict[str, Any]:
    """Return the states of every random generator that training draws from, as plain values."""
    kind, keys, position, has_gauss, gauss = np.random.get_state()
    state: dict[str, Any] = {
        "python": plain(random.getstate()),
        "numpy": [kind, np.asarray(keys), int(position), int(has_gauss), float(gauss)],
    }
    torch = sys.modules.get("torch")
    return state | ({"torch": torch.get_rng_state().numpy()} if torch else {})


def set_random_state(state: dict[str, Any]) -> None:
    """Set the generators to states that `random_state` returned."""
    random.setstate(known(state["python"]))
    kind, keys, position, has_gauss, gauss = state["numpy"]
    np.random.set_state((kind, keys.copy(), position, has_gauss, gauss))
    torch = sys.modules.get("torch")
    if torch and "torch" in state:
        torch.set_rng_state(torch.from_numpy(state["torch"].copy()))


def plain(state: tuple[Any, ...]) -> list[Any]:
    """Return the state of a `random.Random` as lists."""
    version, numbers, gauss = state
    return [version, list(numbers), gauss]


def known(state: list[Any]) -> tuple[Any, ...]:
    """Return what `plain` was given."""
    version, numbers, gauss = state
    return version, tuple(numbers), gauss
