"""brat's `annotation.conf` and `visual.conf`, made from the schema."""

from __future__ import annotations

from collections.abc import Iterator

from ie.schema import AttributeType, RelationType, schema

_INK, _LINE = "fgColor:black", "borderColor:darken"


def annotation_conf() -> str:
    """Return labels, relation signatures and attributes in brat's form; any two spans may overlap, for they nest."""
    labels = "\n".join(schema().labels)
    relations = "\n".join(line for kind in schema().relations.values() for line in _relation_lines(kind))
    attributes = "\n".join(_attribute_line(kind) for kind in schema().attributes.values())
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    return f"[entities]\n{labels}\n\n[relations]\n{overlap}\n{relations}\n\n[events]\n\n[attributes]\n{attributes}\n"


def _relation_lines(kind: RelationType) -> Iterator[str]:
    if kind.same_label:
        for label in kind.head:
            yield f"{kind.name}\tArg1:{label}, Arg2:{label}"
    else:
        yield f"{kind.name}\tArg1:{'|'.join(kind.head)}, Arg2:{'|'.join(kind.tail)}"


def _attribute_line(kind: AttributeType) -> str:
    on = "<ENTITY>" if set(kind.labels) == set(schema().labels) else "|".join(kind.labels)
    values = f", Value:{'|'.join(kind.values)}" if kind.values else ""
    return f"{kind.name}\tArg:{on}{values}"


def visual_conf() -> str:
    """Return labels and colours in brat's form."""
    names = "\n".join(f"{name} | {name}" for name in (*schema().labels, *schema().relations))
    colours = "\n".join(f"{label.name}\tbgColor:{label.colour}, {_INK}, {_LINE}" for label in schema().labels.values())
    return f"[labels]\n{names}\n\n[drawing]\nSPAN_DEFAULT\t{_INK}, {_LINE}\nARC_DEFAULT\tcolor:black\n{colours}\n"
