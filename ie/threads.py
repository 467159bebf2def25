"""One thread of arithmetic a process: the matrices of a report are small, and more threads wait for each other.

On two cores a second thread took a seventh more of the processors and finished no sooner. Libraries read these
variables when they are loaded.
"""

ONE_THREAD = {
    name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
} | {"OMP_THREAD_LIMIT": "1", "TOKENIZERS_PARALLELISM": "false"}
