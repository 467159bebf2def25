"""How good the pipeline is: matching, counts, scores with intervals, comparisons and committed results.

The protocol stands in `README.md` beside this file. Everything is judged on the characters of the source file.
"""
