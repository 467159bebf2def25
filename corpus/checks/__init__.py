"""The checks that `python -m corpus check` runs, one kind a module. Each yields problems that name file and line."""
