"""Places of a report to administrative units: `gazetteer` holds the units, `link` chooses among them.

The key of a unit is its state and the official codes from the province down: `old/14/123/03979` for a commune of
before 1 July 2025 (province, district, commune), `new/14/03979` for one since. Codes were given out anew in 2025, so
the state belongs to the key. A key begins with the key of every unit that contains it.
"""
