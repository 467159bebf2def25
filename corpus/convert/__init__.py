"""Formats of other tools: export and import, each with the list of what it cannot hold.

`convert` turns a folder of brat files into a file of the format, and such a file into a folder of brat files.
"""

from corpus.convert.formats import FORMATS, Converted, convert

__all__ = ["FORMATS", "Converted", "convert"]
