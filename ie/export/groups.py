"""The rows of many documents, gathered table by table into groups of a bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ie.document import Document
from ie.export.columns import tables
from ie.export.rows import Row, Tables


class Groups:
    """The rows of all tables over many documents in groups, so that memory stays bounded; `documents` counts them."""

    def __init__(self, documents: Iterable[Document], size: int) -> None:
        self._documents = documents
        self._size = size
        self.documents = 0

    def __iter__(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield a table's name and `size` rows or a few more; at the end what is left of each, if only nothing."""
        waiting: dict[str, list[Row]] = {name: [] for name in tables()}
        for document in self._documents:
            self.documents += 1
            made = Tables(document)
            for name in waiting:
                waiting[name] += made.rows(name)
                if len(waiting[name]) >= self._size:
                    yield name, waiting[name]
                    waiting[name] = []
        yield from waiting.items()
