"""What benchmarks share: one core for each process that is measured, and what the process took.

Imports nothing large, since a process starts with the largest memory of the one that started it.
"""

import resource

ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
"""Environment of a process whose libraries are to keep to one thread."""


def cpu_seconds() -> float:
    """Of this process and its finished children."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def peak_mb() -> float:
    """Largest memory of this process, or of one of its finished children, in MB."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
