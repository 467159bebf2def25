"""The relations of a document by their ends, the surest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ie.document import Document, Entity, Relation

Link = tuple[Entity, Relation]


class Links:
    """Looks up relations by head or tail; made once a document. Relations to unknown ids are passed over."""

    def __init__(self, document: Document) -> None:
        known = document.by_id
        self._tails: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
        self._heads: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
        self._quantities = {entity.start: entity.id for entity in document.entities if entity.label == "QUANTITY"}
        for relation in document.relations:
            head, tail = known.get(relation.head), known.get(relation.tail)
            if head is not None and tail is not None:
                self._tails[relation.head, relation.type].append((tail, relation))
                self._heads[relation.tail, relation.type].append((head, relation))
        for ends in (self._tails, self._heads):
            for found in ends.values():
                if len(found) > 1:
                    found.sort(key=_by_score)

    def tails(self, head: str, type: str) -> Sequence[Link]:
        """Return what relations of this type lead to from `head`: by score, then in order of the document."""
        return self._tails.get((head, type), ())

    def best(self, head: str, type: str) -> Entity | None:
        """Return what the surest relation of this type leads to from `head`, None when there is none."""
        found = self._tails.get((head, type))
        return found[0][0] if found else None

    def starting(self, start: int) -> str | None:
        """Return the id of the QUANTITY that starts at a character, None when none does."""
        return self._quantities.get(start)

    def heads(self, tail: str, type: str) -> Sequence[Link]:
        """Return what relations of this type lead to `tail`: by score, then in order of the document."""
        return self._heads.get((tail, type), ())


def _by_score(link: Link) -> float:
    """Order by falling score; a relation without one was given by a person and is sure."""
    score = link[1].score
    return 0.0 if score is None else 1.0 - score
