"""Documents for a command that takes tagged files and reports alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ie.commands.messages import check_tagged, complain

if TYPE_CHECKING:
    from ie.document import Document


class Inputs:
    """The documents of `.jsonl` files as they stand there, of other files tagged now; `failed` counts the rest."""

    def __init__(self, files: Sequence[Path], *, model: str | None = None) -> None:
        self.files = files
        self.model = model
        self.failed = 0

    def __iter__(self) -> Iterator[Document]:
        from ie.export.jsonl import load

        for file in self.files:
            if file.suffix == ".jsonl":
                check_tagged(file)
                yield from load(file)
        yield from self._tagged([file for file in self.files if file.suffix != ".jsonl"])

    def _tagged(self, files: Sequence[Path]) -> Iterator[Document]:
        if not files:
            return
        from ie import load
        from ie.pipeline import Failure, tag_many

        for result in tag_many(files, nlp=load(self.model)):
            if isinstance(result, Failure):
                self.failed += 1
                complain(result.reason)
            else:
                yield result
