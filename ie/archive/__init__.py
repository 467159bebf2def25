"""Tag a whole archive: folders, zip and tar files in, a Parquet dataset and a manifest out.

The way through: `walk` and `containers` find the inputs, `plan` fixes their order, hashes and shards, `pool` hands them
to processes of `worker`, `shards` keeps what they answer in files of `ledger`, `writer` turns a full shard into Parquet
parts, `manifest` sums up. `run` strings them together; `local` and `ray_backend` are the places where it may work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ie.archive.options import Options
    from ie.archive.run import tag_archive

__all__ = ["Options", "tag_archive"]


def __getattr__(name: str) -> Any:
    """Import the parts only when a function that needs them is asked for."""
    homes = {"Options": "ie.archive.options", "tag_archive": "ie.archive.run"}
    if name not in homes:
        raise AttributeError(f"module 'ie.archive' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(homes[name]), name)
