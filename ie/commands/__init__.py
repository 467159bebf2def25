"""The commands of `ie`, one a module: `add` declares the arguments, `run` does the work and says what came of it.

Modules are light: what a command needs is imported when it runs.
"""
