"""Take the token vectors out of a trained pipeline, in the form that `[initialize] init_tok2vec` takes."""

from __future__ import annotations

from pathlib import Path

from ie.errors import InputError
from training.train import trained

COMPONENT = "tok2vec"


def save(model: Path, out: Path) -> None:
    """Write the weights of the token vectors of the pipeline at `model` to `out`; InputError when it has none."""
    nlp = trained(model)
    if not nlp.has_pipe(COMPONENT):
        raise InputError(f"{model}: has no component {COMPONENT}; give a pipeline with shared token vectors")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(nlp.get_pipe(COMPONENT).model.to_bytes())
