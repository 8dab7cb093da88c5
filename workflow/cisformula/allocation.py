"""How the C library deals with memory that is freed."""

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Numbers of the options in glibc's ``malloc.h``."""
KEPT = 256 * 2**20
"""Bytes that may lie free at the end of the heap."""
LARGEST = 32 * 2**20
"""Bytes of an array up to which it lies on the heap; glibc allows no more."""


def keep_freed_memory() -> bool:
    """Keep what is freed for the next array, instead of handing it back to the system.

    A job that makes and drops arrays of a megabyte, for every motif or every step of a training, otherwise gets each
    anew from the system, page by page, which may take longer than to fill it. Does nothing where the C library is not
    glibc.

    Returns
    -------
    bool
        Whether the C library took both options.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return bool(mallopt and mallopt(TRIM_THRESHOLD, KEPT) and mallopt(MMAP_THRESHOLD, LARGEST))
