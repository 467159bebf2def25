"""The labels, relations and attributes, read once from `schema.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ie.errors import SchemaError


@dataclass(frozen=True)
class Label:
    """A span label: `core` labels are scored on exact boundaries, the others on overlap.

    `needed_by` names a relation: a span that is the tail of none of that type is not what the label means.
    """

    name: str
    description: str
    colour: str
    core: bool
    self_nesting: bool = False
    needed_by: str = ""


@dataclass(frozen=True)
class RelationType:
    """A directed relation: which labels its head and its tail may have."""

    name: str
    description: str
    head: tuple[str, ...]
    tail: tuple[str, ...]
    same_label: bool = False


@dataclass(frozen=True)
class AttributeType:
    """An attribute of a span; an empty `values` means a flag."""

    name: str
    description: str
    labels: tuple[str, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """Everything that may stand in an annotation."""

    labels: dict[str, Label]
    relations: dict[str, RelationType]
    attributes: dict[str, AttributeType]

    def types_between(self, head: str, tail: str) -> tuple[str, ...]:
        """Return the relation types that may lead from a `head` label to a `tail` label."""
        return tuple(name for name in self.relations if self.allows(name, head, tail))

    def allows(self, relation: str, head: str, tail: str) -> bool:
        """Tell whether `relation` may lead from a `head` label to a `tail` label."""
        kind = self.relations.get(relation)
        if kind is None or head not in kind.head or tail not in kind.tail:
            return False
        return head == tail or not kind.same_label

    def check_label(self, label: str, where: str) -> None:
        """Raise SchemaError when `label` is unknown; `where` is named in the message."""
        if label not in self.labels:
            raise SchemaError(f"{where}: unknown label {label!r}; use one of {', '.join(self.labels)}")

    def check_relation(self, relation: str, head: str, tail: str, where: str) -> None:
        """Raise SchemaError when the relation is unknown or joins labels that it may not join."""
        if relation not in self.relations:
            known = ", ".join(self.relations)
            raise SchemaError(f"{where}: unknown relation {relation!r}; use one of {known}")
        if not self.allows(relation, head, tail):
            kind = self.relations[relation]
            wanted = f"{'|'.join(kind.head)} -> {'|'.join(kind.tail)}"
            raise SchemaError(f"{where}: {relation} joins {wanted}, not {head} -> {tail}")

    def check_attribute(self, name: str, value: str | None, label: str, where: str) -> None:
        """Raise SchemaError when the attribute may not stand on `label` with `value`."""
        kind = self.attributes.get(name)
        if kind is None:
            known = ", ".join(self.attributes)
            raise SchemaError(f"{where}: unknown attribute {name!r}; use one of {known}")
        if label not in kind.labels:
            raise SchemaError(f"{where}: {name} may stand on {'|'.join(kind.labels)}, not on {label}")
        if (value or "") not in (kind.values or ("",)):
            wanted = "|".join(kind.values) or "no value"
            raise SchemaError(f"{where}: {name} takes {wanted}, not {value!r}")


def _build(table: dict[str, dict[str, dict[str, object]]]) -> Schema:
    def frozen(entry: dict[str, object]) -> dict[str, object]:
        return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}

    return Schema(
        labels={k: Label(name=k, **frozen(v)) for k, v in table["labels"].items()},  # type: ignore[arg-type]
        relations={k: RelationType(name=k, **frozen(v)) for k, v in table["relations"].items()},  # type: ignore[arg-type]
        attributes={k: AttributeType(name=k, **frozen(v)) for k, v in table["attributes"].items()},  # type: ignore[arg-type]
    )


@cache
def schema() -> Schema:
    """Return the schema of the toolkit."""
    return _build(tomllib.loads(resources.files("ie").joinpath("schema.toml").read_text("utf-8")))
