"""What a process that tags many documents sets for itself: one thread of arithmetic, and a heap left in peace.

The matrices of a report are small, and more threads wait for each other: on two cores a second one took a seventh more
of the processors and finished no sooner.
"""

import gc

ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
} | {"OMP_THREAD_LIMIT": "1", "TOKENIZERS_PARALLELISM": "false"}
"""Variables of the environment; libraries read them when they are loaded."""

YOUNG = 20_000
"""How many new objects set off a search for garbage: some documents' worth, instead of 700."""


def settle() -> None:
    """Have the search for garbage pass over all that is there now, and come less often.

    A loaded pipeline is a million objects that stay.
    To be called once, after loading, by a process that is there to tag; a library would do it behind its user's back.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
