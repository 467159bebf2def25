"""Make a pipeline a Python package with `spacy package`, so that `pip install` and `spacy.load(NAME)` work."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from spacy.cli.package import package as spacy_package

from ie.errors import IEError


class PackageError(IEError):
    """The wheel could not be built."""


def package(model: Path, out: Path) -> Path:
    """Build a wheel of the pipeline at `model` into `out` and return its path.

    Name and version are those of `meta.json`. Nothing is downloaded: the wheel is built with the setuptools that are
    installed. Raises PackageError with the last line of the build when it fails.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        spacy_package(model, Path(folder), create_sdist=False, create_wheel=False, silent=True, force=True)
        (made,) = Path(folder).iterdir()
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(made)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = sorted((made / "dist").glob("*.whl"))
        if done.returncode or not wheels:
            said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            reason = next((line for line in reversed(said) if "ERROR" in line or "error:" in line), said[-1])
            raise PackageError(f"{model}: no wheel was built ({reason.strip()}); pip install build 'setuptools>=71'")
        return Path(shutil.copy(wheels[0], out))
