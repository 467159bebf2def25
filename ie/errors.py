"""Errors, sorted by who can mend them. Every message says what, where and what to do next."""

from __future__ import annotations


class IEError(Exception):
    """Root of every error that the toolkit raises on purpose."""


class InputError(IEError, ValueError):
    """The given file or text cannot be read; the user can give another one."""


class FormatError(IEError, ValueError):
    """An annotation file breaks its format; the message names file and line."""


class SchemaError(IEError, ValueError):
    """A label, relation or attribute is not in the schema, or joins the wrong labels."""


class ModelNotFoundError(IEError, OSError):
    """No pipeline stands under the name or path given."""


class ModelError(IEError, ValueError):
    """A pipeline stands there and does not fit this release of the library."""


class OutputError(IEError, OSError):
    """The output cannot be written, most often because the disk is full; what stands is whole."""
