"""Tables in the text: what heads, units and rows say of each figure, where the model's reading falls short of it.

`rows` finds tables and their cells, `heads` says what a column holds, `links` completes a document with it.
"""

from ie.tables.links import complete

__all__ = ["complete"]
