"""Reads the weights of a linear-chain model in the file format of CRFsuite, which underthesea keeps its models in.

A file is a head, a table of weights, and two tables of names, labels and attributes, each with an index by number. All
numbers are little-endian; offsets count from the beginning of the file, those of a table of names from that table's.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ie.errors import FormatError

_HEAD = struct.Struct("<4sI4sI3I5I")
_WEIGHT = np.dtype([("type", "<u4"), ("source", "<u4"), ("target", "<u4"), ("weight", "<f8")])
_STATE, _TRANSITION = 0, 1


@dataclass(frozen=True)
class Weights:
    """What a model gives each label for each attribute of a token, and each label for the label before.

    `state` is `(attributes, labels)`, `transition` `(labels, labels)` from the row's label to the column's.
    """

    labels: tuple[str, ...]
    attributes: tuple[str, ...]
    state: np.ndarray
    transition: np.ndarray


def read_weights(path: Path) -> Weights:
    """Read a model; FormatError when the file is no CRFsuite model."""
    data = path.read_bytes()
    if data[:4] != b"lCRF" or len(data) < _HEAD.size:
        raise FormatError(f"{path}: is no CRFsuite model; install underthesea anew in the version that pyproject names")
    *_, weights_at, labels_at, attributes_at, _, _ = _HEAD.unpack_from(data)
    labels, attributes = _names(data, labels_at), _names(data, attributes_at)
    (count,) = struct.unpack_from("<I", data, weights_at + 8)
    table = np.frombuffer(data, dtype=_WEIGHT, count=count, offset=weights_at + 12)
    state, transition = np.zeros((len(attributes), len(labels))), np.zeros((len(labels), len(labels)))
    for kind, into in ((_STATE, state), (_TRANSITION, transition)):
        rows = table[table["type"] == kind]
        into[rows["source"], rows["target"]] = rows["weight"]
    return Weights(labels, attributes, state, transition)


def _names(data: bytes, at: int) -> tuple[str, ...]:
    """Return the strings of a table of names by their number."""
    _, _, _, _, count, index = struct.unpack_from("<4s5I", data, at)
    found = []
    for offset in struct.unpack_from(f"<{count}I", data, at + index):
        start = at + offset + 8
        (size,) = struct.unpack_from("<I", data, start - 4)
        found.append(data[start : start + size - 1].decode("utf-8"))
    return tuple(found)
