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
        self._merged = {}
        for chrom in np.unique(chroms):
            own = chroms == chrom
            order = np.argsort(starts[own], kind="stable")
            first, last = starts[own][order], np.maximum.accumulate(ends[own][order])
            new = np.append(True, first[1:] > last[:-1])
            self._merged[str(chrom)] = first[new], last[np.append(np.flatnonzero(new)[1:] - 1, len(last) - 1)]

    def overlap(self, chroms: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Whether each asked-for interval shares a base with one of these, shape (asked,), bool."""
        found = np.zeros(len(chroms), dtype=bool)
        for chrom, (first, last) in self._merged.items():
            rows = np.flatnonzero(chroms == chrom)
            # The first interval that ends after the start is the only one that matters.
            place = np.searchsorted(last, starts[rows], side="right")
            inside = place < len(first)
            found[rows[inside]] = first[place[inside]] < ends[rows[inside]]
        return found
