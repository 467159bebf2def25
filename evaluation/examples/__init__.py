"""Worked examples, small enough to be read in one go."""
