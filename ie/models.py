"""Find and load a released pipeline. spaCy is imported when one is loaded, not to find it."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ie.errors import ModelError, ModelNotFoundError

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT = "vi_ie_report_sm"


def model_path(name: str | Path | None = None) -> Path:
    """Return the folder of a pipeline: a path, a released name, or the default for None.

    Released pipelines stand in `ie/_models` in a wheel and in `models/` of a checkout.
    """
    if name is not None and (Path(name) / "config.cfg").is_file():
        return Path(name)
    wanted = str(name or DEFAULT)
    inside = Path(str(resources.files("ie")))
    for folder in (inside / "_models" / wanted, inside.parent / "models" / wanted):
        if (folder / "config.cfg").is_file():
            return folder
    raise ModelNotFoundError(f"no pipeline {wanted!r}; give a folder with a config.cfg, or use {DEFAULT}")


@lru_cache(maxsize=2)
def _load(path: Path) -> Language:
    import spacy
    from thinc.api import NumpyOps

    try:
        nlp = spacy.load(path)
    except ValueError as error:
        # What thinc says when the layers of this release are not those that the weights were saved from.
        if not str(error).startswith("Cannot deserialize model"):
            raise
        raise ModelError(
            f"{path}: its weights do not fit the layers of this release ({error}); train it again, or install the "
            "release of the library that it was trained with"
        ) from error
    for _, component in nlp.components:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            # OpenBLAS is twice as fast as blis here, at the same results.
            if isinstance(node.ops, NumpyOps):
                node.ops = NumpyOps(use_blis=False)
    return nlp


def load(name: str | Path | None = None) -> Language:
    """Load a pipeline once a process: by path, released name, or the default.

    ModelNotFoundError when there is none, ModelError when its weights are those of another release.
    """
    return _load(model_path(name))
