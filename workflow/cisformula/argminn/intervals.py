"""What overlaps a set of intervals of a genome."""

import numpy as np


class Intervals:
    """Intervals of a genome, for asking what overlaps them.

    Parameters
    ----------
    chroms : np.ndarray of str, shape (intervals,)
    starts, ends : np.ndarray, shape (intervals,), int64
    """

    def __init__(self, chroms: np.ndarray, starts: np.ndarray, ends: np.ndarray):
        self._by_chrom = {}
        for chrom in np.unique(chroms):
            own = np.flatnonzero(chroms == chrom)
            own = own[np.argsort(starts[own], kind="stable")]
            self._by_chrom[str(chrom)] = starts[own], np.maximum.accumulate(ends[own])

    def overlap(self, chroms: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Whether each asked-for interval shares a base with one of these, shape (asked,), bool."""
        found = np.zeros(len(chroms), dtype=bool)
        for chrom, (first, reached) in self._by_chrom.items():
            rows = np.flatnonzero(chroms == chrom)
            # By start, the first interval that reaches beyond where the asked-for one begins is the only one to check:
            # those before it end too early, those after it begin no earlier.
            place = np.searchsorted(reached, starts[rows], side="right")
            inside = place < len(first)
            found[rows[inside]] = first[place[inside]] < ends[rows[inside]]
        return found
