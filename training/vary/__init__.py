"""How reports are varied while training: one module a kind of change, each a list of exact edits."""
