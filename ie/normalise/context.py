"""What the values of a report are read by: the time it speaks of and how it writes numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from ie.document import About
from ie.normalise.about import read_about
from ie.normalise.digits import UNKNOWN, Habit
from ie.normalise.habit import number_habit
from ie.normalise.time_table import Anchor


@dataclass(frozen=True)
class Context:
    """What the whole report tells about the values in it; the fields of `about` are None where it does not say."""

    anchor: Anchor | None = None
    habit: Habit = UNKNOWN
    about: About = field(default_factory=About)


def read_context(text: str) -> Context:
    """Return what a report says of itself, read from its head, its closing formula and all its numbers."""
    about, anchor = read_about(text)
    return Context(anchor, number_habit(text), about)
