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
_OTHER_RELEASE = ("Cannot deserialize model", "Attempt to change dimension", "[E893]")
"""How thinc says that weights are of other layers or widths, and spaCy that it knows no layer that the config names."""


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


def read(path: Path) -> Language:
    """Load the pipeline of a folder anew; ModelError when its weights are those of another release."""
    import spacy
    from thinc.api import NumpyOps

    try:
        nlp = spacy.load(path)
    except ValueError as error:
        said = str(error).partition("\n")[0]
        if not said.startswith(_OTHER_RELEASE):
            raise
        raise ModelError(
            f"{path}: its weights do not fit the layers of this release ({said}); train it again, or install the "
            "release of the library that it was trained with"
        ) from error
    for _, component in nlp.components:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            # OpenBLAS is twice as fast as blis here, at the same results.
            if isinstance(node.ops, NumpyOps):
                node.ops = NumpyOps(use_blis=False)
    return nlp


_load = lru_cache(maxsize=2)(read)


def load(name: str | Path | None = None) -> Language:
    """Load a pipeline once a process: by path, released name, or the default.

    ModelNotFoundError when there is none, ModelError when its weights are those of another release.
    """
    return _load(model_path(name))
