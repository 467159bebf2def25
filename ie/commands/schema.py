"""`ie schema`: the labels, relations and attributes."""

from __future__ import annotations

import argparse
from typing import Any

from ie.commands.messages import DONE


def add(commands: Any) -> None:
    """Declare the command."""
    schema = commands.add_parser("schema", help="print the labels, relations and attributes")
    schema.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the schema."""
    from ie.schema import schema

    rules = schema()
    print("Labels")
    for label in rules.labels.values():
        print(f"  {label.name:<12}{'core  ' if label.core else '      '}{label.description}")
    print("Relations (head -> tail)")
    for kind in rules.relations.values():
        print(f"  {kind.name:<12}{'|'.join(kind.head)} -> {'|'.join(kind.tail)}: {kind.description}")
    print("Attributes")
    for attribute in rules.attributes.values():
        values = f" ({', '.join(attribute.values)})" if attribute.values else ""
        print(f"  {attribute.name:<12}{attribute.description}{values}")
    return DONE
