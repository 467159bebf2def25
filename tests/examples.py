"""How many examples a costly property tries."""

from hypothesis import settings

# What Hypothesis draws where nothing else is said.
_USUAL = 100


def examples(count: int) -> settings:
    """Draws `count` examples in the suite, and so many times more as the loaded profile draws more than usual."""
    return settings(max_examples=max(1, count * settings().max_examples // _USUAL))
