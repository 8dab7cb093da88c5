"""The best alignment of a query with each target, on either strand."""

from typing import NamedTuple

import numba
import numpy as np

from .column_scores import IntegerScores


class Targets(NamedTuple):
    """Columns of all targets, each target followed by its reverse complement.

    Attributes
    ----------
    columns : np.ndarray, shape (columns, 4)
    starts : np.ndarray, shape (2 * targets,)
        First column of each target and strand: targets at even places, their reverse complements at odd ones.
    widths : np.ndarray, shape (2 * targets,)
    """

    columns: np.ndarray
    starts: np.ndarray
    widths: np.ndarray


class BestAlignments(NamedTuple):
    """Best alignment of a query with each target and strand; arrays of shape (2 * targets,).

    Attributes
    ----------
    log_p : np.ndarray
        Natural logarithm of the p-value.
    offset, overlap : np.ndarray of int
        As in :class:`Alignments`.
    """

    log_p: np.ndarray
    offset: np.ndarray
    overlap: np.ndarray


class Alignments(NamedTuple):
    """Highest-scoring alignment of a query with each target and strand; arrays of shape (2 * targets,).

    Attributes
    ----------
    score : np.ndarray of int
        Sum over the aligned columns plus that of unaligned query columns at their zero.
    offset : np.ndarray of int
        Target column at which the first query column lies.
    overlap : np.ndarray of int
        Number of aligned columns.
    """

    score: np.ndarray
    offset: np.ndarray
    overlap: np.ndarray


def stack_targets(pfms: list[np.ndarray]) -> Targets:
    """Lay out targets, arrays of shape (width, 4), for :func:`best_alignments`."""
    both = [strand for pfm in pfms for strand in (pfm, pfm[::-1, ::-1])]
    widths = np.array([len(pfm) for pfm in both])
    return Targets(np.concatenate(both), np.cumsum(widths) - widths, widths)


def best_alignments(query: IntegerScores, targets: Targets, min_overlap: int) -> Alignments:
    """The highest-scoring alignments; ties go to the larger overlap, then to the target's later columns.

    Parameters
    ----------
    query : IntegerScores
    targets : Targets
    min_overlap : int
        Fewest aligned columns; where a motif is narrower than this, its width.
    """
    return Alignments(*_best_alignments(query.scores, query.zero, targets.starts, targets.widths, min_overlap))


@numba.njit(cache=True, nogil=True)
def _best_alignments(scores, zero, starts, widths, min_overlap):
    width, n = len(scores), len(starts)
    best_score, best_offset, best_overlap = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    for target in range(n):
        needed = min(min_overlap, width, widths[target])
        best = -1
        for end in range(needed, width + widths[target] - needed + 1):
            # The query's last column lies before the target's column `end`.
            first, last = max(0, width - end), min(width, widths[target] + width - end)
            total = zero * (width - (last - first))
            shift = starts[target] + end - width
            for column in range(first, last):
                total += scores[column, shift + column]
            if total > best or (total == best and last - first > best_overlap[target]):
                best = total
                best_offset[target], best_overlap[target] = end - width, last - first
        best_score[target] = best
    return best_score, best_offset, best_overlap
