"""Word lists of the genre, as features: which tokens look like a known place name or unit."""
